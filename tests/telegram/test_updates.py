"""Each kind of update gets a sensible answer or a sensible silence, and none is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.conversation import Holder
from bot.shop.links import sign
from tests.doubles.bot_api import User
from tests.play.stage import SECRET
from tests.play.telegram import TelegramBuyer, TelegramStage, raw_message
from tests.telegram.looking import inbox_states, nothing_lost, said

Act = Callable[[User], Awaitable[Any]]
LIN = "12000004821"
"""The phone number on 小林's orders in the sample shop."""


async def forwards(user: User) -> None:
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "邻居"}
    raw_message(user, {"text": "我的快递到哪了", "forward_origin": origin})


async def posts(user: User, **content: object) -> None:
    raw_message(user, dict(content))


async def polls(user: User) -> None:
    option = {"persistent_id": "1", "text": "是", "voter_count": 0}
    poll = {
        "id": "1",
        "question": "?",
        "options": [option],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    }
    await posts(user, poll=poll)


ANSWERED: dict[str, tuple[Act, str]] = {
    "text": (lambda user: user.says("你好"), "greeting/hello"),
    "caption": (lambda user: user.sends_photo("转人工"), "escalate/queued"),
    "photo": (lambda user: user.sends_photo(), "talk/file_only"),
    "album of 4": (lambda user: user.sends_album(4), "talk/file_only"),
    "album of 8": (lambda user: user.sends_album(8), "talk/file_only"),
    "album with words": (lambda user: user.sends_album(3, "转人工"), "escalate/queued"),
    "document": (lambda user: user.sends_document(), "talk/file_only"),
    "video": (lambda user: user.sends_video(), "talk/file_only"),
    "own contact": (lambda user: user.shares_contact(f"+{LIN}"), "command/start_linked"),
    "own contact without orders": (
        lambda user: user.shares_contact("+8613800000000"),
        "talk/contact_no_orders",
    ),
    "somebody's contact": (lambda user: user.shares_contact(f"+{LIN}", own=False), "talk/contact_not_own"),
    "location": (lambda user: user.sends_location(), "talk/file_only"),
    "sticker": (lambda user: user.sends_sticker(), "talk/file_only"),
    "voice": (lambda user: user.sends_voice(), "talk/file_only"),
    "forwarded": (forwards, "order/number"),
    "poll": (polls, "talk/file_only"),
    "dice": (lambda user: posts(user, dice={"emoji": "🎲", "value": 3}), "talk/file_only"),
    "a kind of message that is yet to come": (
        lambda user: posts(user, hologram={"size": 3}),
        "talk/file_only",
    ),
    "/start": (lambda user: user.commands("/start"), "command/start"),
    "/start from elsewhere": (lambda user: user.commands("/start ad_campaign_7"), "command/start_bad_link"),
    "/orders": (lambda user: user.commands("/orders"), "command/no_orders"),
    "/orders to us by name": (lambda user: user.commands("/orders@shouhou_test_bot"), "command/no_orders"),
    "/cases": (lambda user: user.commands("/cases"), "command/no_cases"),
    "/human": (lambda user: user.commands("/human"), "escalate/queued"),
    "/cancel": (lambda user: user.commands("/cancel"), "command/nothing_to_cancel"),
    "/language": (lambda user: user.commands("/language"), "command/language"),
    "/help": (lambda user: user.commands("/help"), "command/help"),
    "unknown command": (lambda user: user.commands("/dance now"), "command/unknown"),
    "a slash": (lambda user: user.says("/"), "talk/fallback"),
}


@pytest.mark.parametrize("kind", ANSWERED)
async def test_answered(kind: str, stage: TelegramStage, buyer: TelegramBuyer) -> None:
    act, reply = ANSWERED[kind]
    await act(buyer.user)
    await stage.api.drained()
    await stage.later(timedelta(seconds=2))
    assert said(stage) == [reply]
    assert (await buyer.hears()).text
    await nothing_lost(stage)


async def ignores(user: User) -> None:
    """Somebody who only tries the block button."""
    await user.blocks_bot()
    await user.unblocks_bot()


async def moves(user: User) -> None:
    """A live location, on its way."""
    message = await user.sends_location()
    edited = {
        **message.raw,
        "edit_date": 2,
        "location": {"latitude": 31.5, "longitude": 121.5, "live_period": 900},
    }
    user.world.updates.add_raw({"edited_message": edited}, "edited_message", f"chat:{user.id}")


SILENT: dict[str, Act] = {
    "blocked and unblocked": ignores,
    "pinned": lambda user: posts(user, pinned_message={"message_id": 1, "date": 0, "chat": user.chat.brief}),
    "timer set": lambda user: posts(user, message_auto_delete_timer_changed={"message_auto_delete_time": 60}),
}


@pytest.mark.parametrize("kind", SILENT)
async def test_silence(kind: str, stage: TelegramStage, buyer: TelegramBuyer) -> None:
    await SILENT[kind](buyer.user)
    await nothing_lost(stage)
    assert not buyer.news()


async def test_a_live_location_is_answered_once(stage: TelegramStage, buyer: TelegramBuyer) -> None:
    await moves(buyer.user)
    await nothing_lost(stage)
    assert said(stage) == ["talk/file_only"]


@pytest.mark.parametrize(
    "body",
    [
        {"hologram": {"from": {"id": 42}}},
        {"message": {"hologram": 1}},
        {"message": "not an object"},
        {"callback_query": {"id": 5}},
        {},
    ],
    ids=str,
)
async def test_updates_of_no_chat_are_kept(
    body: dict[str, object], stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    stage.api.raw_update(body)
    await buyer.says("你好")
    assert "您好" in (await buyer.hears()).text
    states = await inbox_states(stage)
    assert len(states) == 2
    assert set(states) <= {"done", "shunted"}


async def test_an_unreadable_message_is_shelved_and_a_person_called(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    await buyer.garbles("what")
    assert "客服" in (await buyer.hears()).text
    await nothing_lost(stage, shunted=1)
    assert (await buyer.conversation()).holder is Holder.QUEUED
    assert said(stage) == ["talk/holding"]
    await buyer.says("还在吗")
    await nothing_lost(stage, shunted=1)


async def test_an_edit_is_read_as_what_it_says_now(stage: TelegramStage, buyer: TelegramBuyer) -> None:
    message = await buyer.user.says("asdf")
    await buyer.hears()
    await buyer.user.edits(message, "转人工")
    assert "人工客服" in (await buyer.hears()).text
    await nothing_lost(stage)


async def test_a_signed_link_links_the_order(stage: TelegramStage, buyer: TelegramBuyer) -> None:
    payload = sign("2600018003", SECRET, stage.clock() + timedelta(days=1))
    await buyer.user.commands(f"/start {payload}")
    assert "2600018003" in (await buyer.hears()).text
    await buyer.says("我的快递到哪了")
    assert "YT7300018003001" in (await buyer.hears()).text


async def test_taps_are_answered_and_a_second_tap_does_nothing_twice(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    payload = sign("2600018002", SECRET, stage.clock() + timedelta(days=1))
    await buyer.user.commands(f"/start {payload}")
    await buyer.says("我要退款")
    await buyer.hears()
    taps = [await buyer.user.taps("✅ 取消并退款") for _ in range(2)]
    for tap in taps:
        await tap.answered()
    assert (await buyer.hears()).text.count("申请已提交") == 1
    assert said(stage)[-2:] == ["request_refund/opened", "talk/sent_already"]
    conversation = await buyer.conversation()
    cases = await stage.database.read(lambda unit: unit.cases(conversation.id))
    assert len(cases) == 1
    await nothing_lost(stage)


async def test_five_messages_in_one_go_are_each_answered_in_order(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    for text in ("你好", "/orders", "/cases", "/help", "谢谢"):
        await buyer.user.says(text)
    await buyer.hears()
    wanted = ["greeting/hello", "command/no_orders", "command/no_cases", "command/help", "thanks/welcome"]
    assert said(stage) == wanted
    await nothing_lost(stage)


async def test_the_menu_is_listed_in_both_languages_and_for_agents(stage: TelegramStage) -> None:
    await stage.api.wait_for(lambda: len(stage.api.world.commands) >= 6, what="six menus")
    by_language = {
        code: [one["command"] for one in found] for (_, code), found in stage.api.world.commands.items()
    }
    assert set(by_language) == {"", "zh", "en"}
