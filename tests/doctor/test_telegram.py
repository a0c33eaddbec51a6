"""Telegram as the doctor finds it, over HTTP at the double."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.config import Config, load
from bot.doctor import Finding
from bot.doctor.telegram import check_telegram
from tests.doctor.graded import CONSIDER, OK, WRONG, finding, grades
from tests.doubles.bot_api import BotApi, Fault
from tests.doubles.bot_api.webhook import Setting

GROUP = -1001234567890
HOOK = "https://chat.shop.example/telegram"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        api.forum_group(GROUP, title="客服")
        yield api
        expected = ("Unauthorized", "chat not found", "Forbidden")  # what some tests are about
        strange = [call for call in api.violations if not any(word in call.description for word in expected)]
        assert not strange, "\n".join(map(str, strange))
        changing = [call.method for call in api.log if not call.method.lower().startswith("get")]
        assert changing == [], "looking changes nothing"


def config(api: BotApi, *, mode: str = "polling", staff: int | None = GROUP, token: str = "") -> Config:
    environ = {
        "TELEGRAM_BOT_TOKEN": token or api.token,
        "SHOUHOU_TELEGRAM__BASE_URL": api.base_url,
        "SHOUHOU_TELEGRAM__MODE": mode,
        "SHOUHOU_TELEGRAM__WEBHOOK_URL": HOOK,
        "SHOUHOU_WEBHOOK_SECRET": "a-secret_1",
    }
    found = load(None, environ)
    return replace(found, telegram=replace(found.telegram, staff_chat=staff))


def now() -> datetime:
    return datetime.now(UTC)


async def look(settings: Config) -> list[Finding]:
    return await check_telegram(settings, now)


async def test_a_bot_that_is_set_up_well(api: BotApi) -> None:
    found = await look(config(api))
    assert set(grades(found).values()) == {OK}
    assert finding(found, "token").told.startswith("@")
    assert finding(found, "staff group").told == "客服"


async def test_without_a_token_nothing_is_asked() -> None:
    assert await check_telegram(load(None, {}), now) == []


async def test_a_token_that_is_not_taken_and_is_not_repeated(api: BotApi) -> None:
    found = await look(config(api, token="99999:WRONG-TOKEN"))
    assert grades(found) == {"token": WRONG}
    assert "WRONG-TOKEN" not in str(found)


async def test_a_telegram_that_can_not_be_reached_is_told_without_the_token() -> None:
    async with BotApi() as gone:
        settings = config(gone)
    found = await look(settings)
    assert grades(found) == {"Bot API": WRONG}
    assert gone.token.split(":")[1] not in str(found)


@pytest.mark.parametrize("fault", [Fault.bad_gateway(), Fault.server_error(), Fault.too_many()])
async def test_a_telegram_in_trouble_is_no_wrong_token_and_no_group_without_the_bot(
    api: BotApi, fault: Fault
) -> None:
    api.faults.next("getMe", fault)
    assert grades(await look(config(api))) == {"Bot API": WRONG}
    api.faults.next("getChat", fault)
    found = grades(await look(config(api)))
    assert "staff group" not in found
    assert found["Bot API"] is WRONG


@pytest.mark.parametrize(("seconds", "grade"), [(2, OK), (-15, CONSIDER), (90, WRONG), (-3600, WRONG)])
async def test_a_clock_that_is_wrong_shows_against_telegrams(
    api: BotApi, seconds: float, grade: object
) -> None:
    found = await check_telegram(config(api), lambda: now() + timedelta(seconds=seconds))
    assert grades(found)["clock"] is grade


async def test_a_webhook_somebody_set_while_we_poll(api: BotApi) -> None:
    _webhook(api, "https://other.example/hook")
    found = await look(config(api))
    assert grades(found)["updates"] is CONSIDER
    assert "other.example" in finding(found, "updates").told


async def test_a_webhook_that_is_ours_and_one_that_is_not(api: BotApi) -> None:
    assert grades(await look(config(api, mode="webhook")))["updates"] is CONSIDER
    _webhook(api, HOOK)
    assert grades(await look(config(api, mode="webhook")))["updates"] is OK


async def test_a_webhook_that_fails_tells_telegrams_words(api: BotApi) -> None:
    _webhook(api, HOOK)
    api.world.webhook.last_error = "SSL error: certificate verify failed"
    api.world.webhook.last_error_date = int(now().timestamp()) - 60
    found = await look(config(api, mode="webhook"))
    assert grades(found)["updates"] is WRONG
    assert "certificate verify failed" in finding(found, "updates").told


async def test_rights_that_are_missing_in_the_staff_group(api: BotApi) -> None:
    group = api.forum_group(GROUP)
    group.bot_can_pin_messages = False
    assert grades(await look(config(api)))["right to pin messages"] is CONSIDER
    group.bot_can_manage_topics = False
    assert grades(await look(config(api)))["right to manage topics"] is WRONG


async def test_a_group_without_topics_or_without_the_bot(api: BotApi) -> None:
    api.forum_group(-1005, forum=False)
    assert grades(await look(config(api, staff=-1005)))["topics"] is WRONG
    assert grades(await look(config(api, staff=-1006)))["staff group"] is WRONG
    api.forum_group(GROUP).remove_bot()
    assert grades(await look(config(api)))["staff group"] is WRONG
    assert grades(await look(config(api, staff=None)))["staff group"] is OK


def _webhook(api: BotApi, url: str) -> None:
    """As another program had it set."""
    api.world.webhook.set(Setting(url))
