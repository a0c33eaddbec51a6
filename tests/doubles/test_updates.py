"""The double of the Bot API is as strict as the original: how updates are fetched, in order and once."""

from __future__ import annotations

import asyncio

import pytest
from telegram import (
    Bot,
)
from telegram.error import (
    BadRequest,
    Conflict,
)

from tests.doubles.bot_api import BotApi, Group, User
from tests.doubles.clients import Clock, Raw, bot_of, keyboard


class TestUpdates:
    async def test_an_offset_confirms_what_is_before_it(self, api: BotApi, bot: Bot, buyer: User) -> None:
        await buyer.says("a")
        await buyer.says("b")
        first, second, *_ = await bot.get_updates()

        assert [update.update_id for update in await bot.get_updates(offset=second.update_id)] == [
            second.update_id,
            second.update_id + 1,
        ]
        assert api.pending == 2
        assert first.update_id not in {update["update_id"] for update in api.pending_updates}

    async def test_a_negative_offset_forgets_all_but_the_last(
        self, api: BotApi, bot: Bot, buyer: User
    ) -> None:
        await buyer.says("a")
        await buyer.says("b")

        assert len(await bot.get_updates(offset=-1)) == 1
        assert api.pending == 1

    async def test_limit_is_kept(self, bot: Bot, buyer: User) -> None:
        await buyer.says("a")

        assert len(await bot.get_updates(limit=1)) == 1

    async def test_a_long_poll_ends_with_the_first_update(self, api: BotApi, bot: Bot) -> None:
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await api.wait_for(lambda: api.polled)
        await api.user(7).says("hi")

        (update,) = await poll
        assert update.message
        assert update.message.text == "hi"

    async def test_a_second_poll_ends_the_first_with_409(self, api: BotApi, bot: Bot) -> None:
        first = asyncio.create_task(bot.get_updates(timeout=30))
        await api.wait_for(lambda: api.polled)
        await bot.get_updates()

        with pytest.raises(Conflict, match="only one bot instance"):
            await first

    async def test_a_poll_whose_bot_died_ends_with_it(self, api: BotApi, bot: Bot) -> None:
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await api.wait_for(lambda: api.polled)
        poll.cancel()

        await asyncio.wait([poll])
        async with asyncio.timeout(10):
            while api.polled:  # noqa: ASYNC110 -- nothing announces a hang-up
                await asyncio.sleep(0.01)

    async def test_only_the_kinds_asked_for_come(self, bot: Bot, buyer: User) -> None:
        await bot.get_updates(allowed_updates=["callback_query"])
        await buyer.says("not asked for")
        await bot.get_updates()

        assert [update.message.text for update in await bot.get_updates() if update.message] == ["/start"]

    async def test_reactions_come_only_when_asked_for(self, bot: Bot, buyer: User, group: Group) -> None:
        message = await buyer.says("hi", chat=group)
        await buyer.reacts(message, "👍")
        await bot.get_updates(allowed_updates=["message", "message_reaction"])
        await buyer.reacts(message, "👎")

        reactions = [update.message_reaction for update in await bot.get_updates() if update.message_reaction]
        assert len(reactions) == 1

    async def test_unknown_kinds_are_a_violation(self, api: BotApi, bot: Bot) -> None:
        with pytest.raises(BadRequest, match="mesage"):
            await bot.get_updates(allowed_updates=["mesage"])
        assert len(api.violations) == 1

    async def test_old_updates_are_gone(self, bot: Bot, buyer: User, clock: Clock) -> None:
        await bot.send_message(42, "?", reply_markup=keyboard("ok"))
        await buyer.taps("ok")
        clock.moves(151)
        assert [update.callback_query for update in await bot.get_updates()] == [None]

        clock.moves(86400)
        assert await bot.get_updates() == ()

    async def test_updates_of_any_shape_can_be_put_in(self, api: BotApi, raw: Raw) -> None:
        api.raw_update({"message": {"text": 7}})
        api.raw_update({"update_id": 1, "new_kind": []})

        result = (await raw("getUpdates"))["result"]
        assert [sorted(update) for update in result] == [["message", "update_id"], ["new_kind", "update_id"]]

    async def test_updates_outlive_the_bot(self, api: BotApi, buyer: User) -> None:
        async with bot_of(api) as bot:
            await bot.get_updates()
        async with bot_of(api) as bot:
            assert len(await bot.get_updates()) == 1
