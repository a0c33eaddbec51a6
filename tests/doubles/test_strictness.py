"""The double of the Bot API is as strict as the original: what it refuses, and in which words."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
from telegram import (
    Bot,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from telegram.error import (
    BadRequest,
    InvalidToken,
)

from tests.doubles.bot_api import BotApi, Group, User
from tests.doubles.clients import STAFF, Clock, Raw, keyboard


class TestStrictness:
    async def test_the_token_must_be_right(self, api: BotApi) -> None:
        bot = Bot("12345:WRONG", base_url=api.base_url)
        with pytest.raises(InvalidToken):
            await bot.initialize()
        await bot.shutdown()

    async def test_unknown_methods_and_parameters_are_violations(self, api: BotApi, raw: Raw) -> None:
        assert (await raw("sendMesage"))["error_code"] == 404
        answer = await raw("sendMessage", json={"chat_id": 42, "text": "hi", "colour": "red"})
        assert answer["description"] == 'Bad Request: unknown parameter "colour" in sendMessage'
        assert len(api.violations) == 2

    async def test_methods_are_case_insensitive(self, raw: Raw) -> None:
        assert (await raw("GETME"))["ok"]

    @pytest.mark.parametrize(
        ("given", "complaint"),
        [
            ({"chat_id": 42}, "message text is empty"),
            ({"text": "hi"}, "chat_id is empty"),
            ({"chat_id": 42, "text": ""}, "message text is empty"),
            ({"chat_id": 42, "text": " \n "}, "text must be non-empty"),
            ({"chat_id": 42, "text": "x" * 4097}, "message is too long"),
            ({"chat_id": 42, "text": "😀" * 2049}, "message is too long"),
            ({"chat_id": 42, "text": 7}, "can't parse text: Input should be a valid string"),
            ({"chat_id": 42, "text": "a\x00b"}, "strings must not contain NUL characters"),
            ({"chat_id": 42, "text": "\ud83d"}, "strings must be encoded in UTF-8"),
            ({"chat_id": 42, "text": "hi", "parse_mode": "BBCode"}, "unsupported parse_mode"),
            ({"chat_id": 42, "text": "hi", "message_thread_id": "x"}, "can't parse message_thread_id"),
            (
                {"chat_id": 42, "text": "hi", "reply_markup": "{"},
                "can't parse reply keyboard markup JSON object",
            ),
            ({"chat_id": 42, "text": "hi", "reply_markup": []}, "object expected as reply markup"),
            ({"chat_id": 42, "text": "hi", "reply_markup": {"inline": []}}, "can't parse reply markup"),
            (
                {"chat_id": 42, "text": "hi", "entities": [{"type": "bold", "offset": 1, "length": 9}]},
                "outside",
            ),
        ],
    )
    async def test_broken_requests(
        self, api: BotApi, raw: Raw, buyer: User, given: dict[str, Any], complaint: str
    ) -> None:
        answer = await raw("sendMessage", json=given)

        assert (answer["ok"], answer["error_code"]) == (False, 400)
        assert complaint in answer["description"]
        assert len(api.violations) == 1

    @pytest.mark.parametrize("length", [1, 4096])
    async def test_texts_up_to_the_limit_pass(self, bot: Bot, buyer: User, length: int) -> None:
        await bot.send_message(42, "x" * length)
        await bot.send_message(42, f"<b>{'x' * length}</b>", parse_mode="HTML")

    async def test_invalid_utf8_is_refused(self, raw: Raw) -> None:
        header = {"Content-Type": "application/x-www-form-urlencoded"}
        for body in (b"chat_id=42&text=%FF", b"chat_id=42&text=\xff"):
            answer = await raw("sendMessage", data=body, headers=header)
            assert answer["description"] == "Bad Request: strings must be encoded in UTF-8"

    async def test_form_json_query_and_multipart_are_the_same(self, raw: Raw, buyer: User) -> None:
        markup = {"inline_keyboard": [[{"text": "ok", "callback_data": "1"}]]}
        given = {"chat_id": "42", "text": "hi", "reply_markup": json.dumps(markup)}
        multipart = aiohttp.FormData(given, default_to_multipart=True)
        answers = [
            await raw("sendMessage", data=given),
            await raw("sendMessage", json={"chat_id": 42, "text": "hi", "reply_markup": markup}),
            await raw("sendMessage", params=given),
            await raw("sendMessage", data=multipart),
        ]

        assert all(answer["result"]["reply_markup"] == markup for answer in answers)

    @pytest.mark.parametrize(
        ("button", "complaint"),
        [
            ({"text": "x", "callback_data": "快" * 22}, "BUTTON_DATA_INVALID"),
            ({"text": "x"}, "text buttons are unallowed in the inline keyboard"),
            ({"text": "", "callback_data": "1"}, "inline keyboard button text must be non-empty"),
            ({"callback_data": "1"}, "can't parse reply markup at inline_keyboard.0.0.text"),
            ({"text": "x", "callback_data": "1", "url": "https://a.com"}, "more than one action"),
            ({"text": "x", "url": "http://localhost:80/"}, "Wrong HTTP URL"),
            ({"text": "x", "calback_data": "1"}, 'unknown field "calback_data"'),
        ],
    )
    async def test_broken_buttons(
        self, raw: Raw, buyer: User, button: dict[str, str], complaint: str
    ) -> None:
        markup = {"inline_keyboard": [[button]]}
        answer = await raw("sendMessage", json={"chat_id": 42, "text": "hi", "reply_markup": markup})

        assert complaint in answer["description"]

    async def test_a_keyboard_is_rows_of_buttons(self, raw: Raw, buyer: User) -> None:
        markup = {"inline_keyboard": [{"text": "x", "callback_data": "1"}]}
        answer = await raw("sendMessage", json={"chat_id": 42, "text": "hi", "reply_markup": markup})

        assert "can't parse reply markup" in answer["description"]

    async def test_contacts_are_asked_for_in_private_only(self, bot: Bot, group: Group) -> None:
        keys = ReplyKeyboardMarkup([[KeyboardButton("手机号", request_contact=True)]])
        with pytest.raises(BadRequest, match=r"(?i)phone number can be requested in private chats only"):
            await bot.send_message(STAFF, "?", reply_markup=keys)

    async def test_a_query_can_be_answered_in_time_only(self, bot: Bot, buyer: User, clock: Clock) -> None:
        await bot.send_message(42, "?", reply_markup=keyboard("ok"))
        tap = await buyer.taps("ok")
        with pytest.raises(BadRequest, match=r"(?i)query is too old"):
            await bot.answer_callback_query("0")
        with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
            await bot.answer_callback_query(tap.id, "x" * 201)

        clock.moves(151)
        with pytest.raises(BadRequest, match=r"(?i)query is too old"):
            await bot.answer_callback_query(tap.id)

    async def test_a_violation_can_be_read(self, api: BotApi, raw: Raw) -> None:
        await raw("sendMessage", json={"chat_id": 42})

        assert (
            str(api.violations[0]) == "sendMessage({'chat_id': 42}) -> 400 Bad Request: message text is empty"
        )

    async def test_what_can_happen_to_anyone_is_no_violation(self, api: BotApi, bot: Bot) -> None:
        with pytest.raises(BadRequest, match=r"[Cc]hat not found"):
            await bot.send_message(999, "hi")
        assert not api.violations
