"""Files on the double: handed out by the Bot API's rules, and by none of ours."""

from __future__ import annotations

import aiohttp
import pytest
from telegram import Bot
from telegram.error import BadRequest

from tests.doubles.bot_api import BotApi, Fault, User
from tests.doubles.bot_api.files import DOWNLOAD_LIMIT
from tests.doubles.bot_api.media import TINY_PICTURE
from tests.doubles.clients import Clock


async def status(address: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        await response.read()
        return response.status


async def test_an_identifier_nobody_was_given_is_a_violation(api: BotApi, bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)wrong file_id"):
        await bot.get_file("AgACAgIA-made-up")
    assert len(api.violations) == 1


async def test_a_file_that_was_lost_is_nobodys_fault(api: BotApi, bot: Bot, buyer: User) -> None:
    message = await buyer.sends_photo()
    file = await bot.get_file(message.file_id)
    api.world.files.lose(message.file_id)
    with pytest.raises(BadRequest, match="temporarily unavailable"):
        await bot.get_file(message.file_id)
    assert await status(str(file.file_path)) == 404
    assert not api.violations


async def test_bots_are_given_no_file_above_twenty_megabytes(bot: Bot, buyer: User) -> None:
    largest = await buyer.sends_document(content=bytes(DOWNLOAD_LIMIT))
    assert (await bot.get_file(largest.file_id)).file_size == 20 << 20
    larger = await buyer.sends_document(content=bytes(DOWNLOAD_LIMIT + 1))
    with pytest.raises(BadRequest, match=r"(?i)file is too big"):
        await bot.get_file(larger.file_id)


async def test_a_link_lives_for_an_hour_and_for_its_bot_only(
    api: BotApi, bot: Bot, buyer: User, clock: Clock
) -> None:
    message = await buyer.sends_photo()
    address = str((await bot.get_file(message.file_id)).file_path)
    assert await status(address) == 200
    assert await status(address.replace(api.token, "54321:OTHER")) == 404
    assert await status(address.rpartition("/")[0] + "/file_99.png") == 404
    clock.moves(3601)
    assert await status(address) == 404


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (Fault.expired(), 404),
        (Fault.server_error(), 500),
        (Fault.bad_gateway(), 502),
        (Fault.too_many(2), 429),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
async def test_downloads_meet_their_faults(
    fault: Fault, answer: int, api: BotApi, bot: Bot, buyer: User
) -> None:
    message = await buyer.sends_photo()
    address = str((await bot.get_file(message.file_id)).file_path)
    api.faults.next("download", fault)
    assert await status(address) == answer
    assert await status(address) == 200


async def test_a_download_may_break_in_the_middle(api: BotApi, bot: Bot, buyer: User) -> None:
    message = await buyer.sends_photo(content=TINY_PICTURE)
    address = str((await bot.get_file(message.file_id)).file_path)
    api.faults.next("download", Fault.cut_off())
    with pytest.raises(aiohttp.ClientError):
        await status(address)
    assert [call.fault for call in api.log.of("download")] == ["cut_off"]
