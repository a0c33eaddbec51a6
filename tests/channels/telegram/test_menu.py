"""The list of commands."""

from __future__ import annotations

import json

import pytest
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup

from bot.channels.telegram import Telegram
from bot.channels.telegram.keyboard import columns, keyboard
from bot.flows.desk import STAFF_COMMANDS
from tests.channels.telegram.conftest import Start
from tests.channels.telegram.support import STAFF_CHAT
from tests.doubles.bot_api import BotApi, Fault, Group

WORDS = {"zh": {"start": "开始", "help": "帮助"}, "en": {"start": "Begin", "help": "x" * 300}}
DEFAULT = json.dumps({"type": "default"})


async def test_each_language_and_everybody_else(api: BotApi, telegram: Telegram) -> None:
    assert await telegram.set_menu(WORDS)
    listed = {
        language: [c["description"][:5] for c in cs] for (_, language), cs in api.world.commands.items()
    }
    assert listed == {"": ["开始", "帮助"], "zh": ["开始", "帮助"], "en": ["Begin", "xxxxx"]}
    assert api.violations == []


async def test_agents_have_theirs_in_the_group_only(api: BotApi, telegram: Telegram, group: Group) -> None:
    staff = {"en": dict.fromkeys(STAFF_COMMANDS, "does it")}
    assert await telegram.set_menu(WORDS, staff)
    scopes = {scope for scope, _ in api.world.commands}
    assert json.dumps({"chat_id": STAFF_CHAT, "type": "chat"}, sort_keys=True) in scopes
    assert api.violations == []


@pytest.mark.parametrize("fault", [Fault.server_error(), Fault.accepted_then_dropped()])
async def test_a_menu_that_can_not_be_set_stops_nothing(
    api: BotApi, telegram: Telegram, fault: Fault
) -> None:
    api.faults.next("setMyCommands", fault)
    assert not await telegram.set_menu(WORDS)


async def test_without_a_group_the_agents_menu_is_left_out(api: BotApi, start: Start) -> None:
    telegram = await start(staff_chat=None)
    assert await telegram.set_menu(WORDS, {"en": {"claim": "take it"}})
    assert len(api.world.commands) == 3


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (["是", "否"], [2]),
        (["A", "B", "C", "D"], [3, 1]),
        (["质量有问题", "不喜欢了", "其他"], [2, 1]),
        (["我要查一下我的快递到哪里了", "我要退款"], [1, 1]),
        (["x" * 40, "y", "z"], [1, 2]),
    ],
)
def test_short_labels_share_a_row(labels: list[str], rows: list[int]) -> None:
    made = keyboard([(label, "1|a|b") for label in labels])
    assert isinstance(made, InlineKeyboardMarkup)
    assert [len(row) for row in made.inline_keyboard] == rows


def test_a_button_that_shares_the_phone_number_asks_the_messenger_for_it() -> None:
    made = keyboard([("📱 分享我的手机号", "7|contact|share")])
    assert isinstance(made, ReplyKeyboardMarkup)
    assert made.keyboard[0][0].request_contact


def test_wide_characters_count_twice() -> None:
    assert columns("a好") == 3


def test_no_buttons_no_keyboard() -> None:
    assert keyboard([]) is None
    assert keyboard([("", "1|a|b"), ("x", "")]) is None
