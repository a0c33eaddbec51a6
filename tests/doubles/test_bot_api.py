"""The double of the Bot API is as strict as the original: each rule is tried with a real client."""

from __future__ import annotations

import asyncio
import html
import json
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    KeyboardButton,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.helpers import escape_markdown
from telegram.request import HTTPXRequest

from tests.doubles.bot_api import Backoff, BotApi, Fault, Group, Limits, NoSuchButton, NotHeard, User
from tests.doubles.bot_api.control import Control
from tests.doubles.bot_api.html import parse_html
from tests.doubles.bot_api.markdown import parse_markdown
from tests.doubles.bot_api.media import TINY_PICTURE

STAFF = -1001234567890
Raw = Callable[..., Awaitable[dict[str, Any]]]


class Clock:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def __call__(self) -> float:
        return self.time

    def moves(self, seconds: float) -> None:
        self.time += seconds


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else python-telegram-bot warns of its next version


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def api(clock: Clock) -> AsyncIterator[BotApi]:
    async with BotApi(clock=clock, limits=Limits.off()) as api:
        yield api


@asynccontextmanager
async def bot_of(api: BotApi, read_timeout: float = 10) -> AsyncIterator[Bot]:
    def request() -> HTTPXRequest:
        return HTTPXRequest(read_timeout=read_timeout, httpx_kwargs={"verify": False})  # no TLS here

    bot = Bot(
        api.token,
        base_url=api.base_url,
        base_file_url=api.base_file_url,
        request=request(),
        get_updates_request=request(),
    )
    async with bot:
        yield bot


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with bot_of(api) as bot:
        yield bot


@pytest.fixture
async def raw(api: BotApi) -> AsyncIterator[Raw]:
    """`await raw("sendMessage", json={…})`: the answer, whatever it is."""
    async with aiohttp.ClientSession() as session:

        async def call(method: str, **given: Any) -> dict[str, Any]:
            async with session.post(f"{api.base_url}{api.token}/{method}", **given) as response:
                answer: dict[str, Any] = await response.json()
                return answer

        yield call


@pytest.fixture
async def buyer(api: BotApi) -> User:
    buyer = api.user(42, first_name="小林", language_code="zh-hans")
    await buyer.commands("/start")
    return buyer


@pytest.fixture
def group(api: BotApi) -> Group:
    return api.forum_group(STAFF, title="售后")


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=f"do:{label}")] for label in labels]
    )


class TestConversation:
    async def test_a_buyer_asks_and_hears_the_answer(self, api: BotApi, bot: Bot, buyer: User) -> None:
        await buyer.says("我的快递到哪了")

        updates = await bot.get_updates()
        message = updates[-1].message
        assert message
        assert message.text
        assert message.from_user
        await bot.send_message(message.chat_id, f"{message.from_user.first_name}, 在路上")

        assert (await buyer.hears("在路上")).text == "小林, 在路上"
        assert not api.violations

    async def test_commands_are_marked_as_entities(self, bot: Bot, buyer: User) -> None:
        await buyer.commands("/start payload")

        *_, update = await bot.get_updates()
        assert update.message
        assert update.message.parse_entities() == {
            MessageEntity(type="bot_command", offset=0, length=6): "/start"
        }

    async def test_hears_returns_each_message_once_in_order(self, bot: Bot, buyer: User) -> None:
        for text in ("one", "two", "three", "four"):
            await bot.send_message(42, text)

        assert (await buyer.hears()).text == "one"
        assert [message.text for message in await buyer.hears(n=2)] == ["two", "three"]
        assert [message.text for message in buyer.unheard()] == ["four"]

    async def test_what_is_not_said_shows_the_chat(self, bot: Bot, buyer: User) -> None:
        await bot.send_message(42, "你好", reply_markup=keyboard("退款"))

        with pytest.raises(NotHeard, match=r"#2 bot: 你好 \[退款\]"):
            await buyer.hears("再见", timeout=0.01)

    async def test_a_tap_reaches_the_bot_and_is_answered(self, bot: Bot, buyer: User) -> None:
        await bot.send_message(42, "要退款吗？", reply_markup=keyboard("要", "不要"))
        tap = await buyer.taps("要")

        *_, update = await bot.get_updates()
        assert update.callback_query
        assert update.callback_query.data == "do:要"
        await update.callback_query.answer("好的", show_alert=True)
        await update.callback_query.edit_message_text("已申请")

        await tap.answered()
        assert (tap.text, tap.alert) == ("好的", True)
        assert (await buyer.sees("已申请")).labels == []

    async def test_a_button_that_is_not_there_cannot_be_tapped(self, bot: Bot, buyer: User) -> None:
        await bot.send_message(42, "要退款吗？", reply_markup=keyboard("要"))

        with pytest.raises(NoSuchButton, match='no button "退货"; visible: "要" on #2'):
            await buyer.taps("退货")

    async def test_the_newest_button_of_a_label_is_tapped(self, bot: Bot, buyer: User) -> None:
        await bot.send_message(42, "old", reply_markup=keyboard("ok"))
        new = await bot.send_message(42, "new", reply_markup=keyboard("ok"))

        assert (await buyer.taps("ok")).message.id == new.message_id

    async def test_the_reply_keyboard_shares_the_own_contact(self, bot: Bot, buyer: User) -> None:
        keys = ReplyKeyboardMarkup([[KeyboardButton("手机号", request_contact=True)], ["算了"]])
        await bot.send_message(42, "怎么联系您？", reply_markup=keys)
        await buyer.presses("手机号")
        await buyer.presses("算了")

        *_, contact, text = await bot.get_updates()
        assert contact.message
        assert contact.message.contact
        assert contact.message.contact.user_id == 42
        assert text.message
        assert text.message.text == "算了"

    async def test_an_album_is_as_many_updates_with_one_group(self, bot: Bot, buyer: User) -> None:
        await buyer.sends_album(3, caption="破损")

        _, *parts = [update.message for update in await bot.get_updates()]
        assert [part.caption for part in parts if part] == ["破损", None, None]
        assert len({part.media_group_id for part in parts if part}) == 1

    async def test_all_kinds_of_messages_arrive_readable(self, bot: Bot, buyer: User) -> None:
        await buyer.sends_document()
        await buyer.sends_voice()
        await buyer.sends_sticker()
        await buyer.sends_location()
        await buyer.sends_video("看这里")
        await buyer.shares_contact("+8613800000000", own=False)

        _, *parts = [update.message for update in await bot.get_updates()]
        assert all(part and part.effective_attachment for part in parts)
        assert len(parts) == 6

    async def test_edits_reach_the_bot_and_deletions_do_not(self, api: BotApi, bot: Bot, buyer: User) -> None:
        message = await buyer.says("订单 123")
        await buyer.edits(message, "订单 124")
        await buyer.deletes(message)

        *_, said, edited = await bot.get_updates()
        assert said.message
        assert said.message.text == "订单 123"
        assert edited.edited_message
        assert edited.edited_message.text == "订单 124"
        assert message not in api.chat(42).messages

    async def test_a_photo_can_be_downloaded(self, bot: Bot, buyer: User, clock: Clock) -> None:
        message = await buyer.sends_photo(content=TINY_PICTURE)

        file = await bot.get_file(message.file_id)
        assert bytes(await file.download_as_bytearray()) == TINY_PICTURE
        clock.moves(3601)
        with pytest.raises(InvalidToken):
            await file.download_as_bytearray()


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


class Hook:
    """A web server that notes what is posted to it."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.statuses: list[int] = []
        self.answer: dict[str, Any] | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.in_flight = self.most = 0
        self.url = ""

    async def serve(self, request: web.BaseRequest) -> web.Response:
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        body = await request.json()
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        await self.gate.wait()
        self.in_flight -= 1
        self.bodies.append(body)
        status = self.statuses.pop(0) if self.statuses else 200
        return web.json_response(self.answer, status=status) if self.answer else web.Response(status=status)

    @property
    def texts(self) -> list[str]:
        return [body["message"]["text"] for body in self.bodies if "message" in body]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    runner = web.ServerRunner(web.Server(hook.serve), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    yield hook
    hook.gate.set()
    await runner.cleanup()


class TestWebhook:
    @pytest.fixture
    async def api(self, clock: Clock) -> AsyncIterator[BotApi]:
        async with BotApi(clock=clock, limits=Limits.off(), backoff=Backoff(first=0.01)) as api:
            yield api

    async def test_updates_are_posted_with_the_secret(
        self, api: BotApi, bot: Bot, hook: Hook, buyer: User
    ) -> None:
        await bot.set_webhook(hook.url, secret_token="s-1_A")
        await buyer.says("hi")

        await api.drained()
        assert hook.texts == ["/start", "hi"]
        assert hook.secrets == ["s-1_A", "s-1_A"]
        assert Update.de_json(hook.bodies[0], bot).effective_user

    async def test_what_is_refused_is_tried_again_in_order(
        self, api: BotApi, bot: Bot, hook: Hook, buyer: User
    ) -> None:
        hook.statuses = [500, 503, 200]
        await bot.set_webhook(hook.url)
        await buyer.says("second")

        await api.drained()
        assert hook.texts == ["/start", "/start", "/start", "second"]
        info = await bot.get_webhook_info()
        assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"

    async def test_chats_do_not_wait_for_each_other_and_a_tap_overtakes(
        self, api: BotApi, bot: Bot, hook: Hook, buyer: User
    ) -> None:
        await bot.send_message(42, "?", reply_markup=keyboard("ok"))
        hook.gate.clear()
        await bot.set_webhook(hook.url)
        await buyer.says("same chat, so it waits")
        await buyer.taps("ok")
        await api.user(7).says("hi")
        async with asyncio.timeout(10):
            while hook.in_flight < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        hook.gate.set()

        await api.drained()
        assert hook.most == 3
        assert [("callback_query" in body) for body in hook.bodies].index(True) < 3
        assert hook.texts[-1] == "same chat, so it waits"

    async def test_max_connections_is_kept(self, api: BotApi, bot: Bot, hook: Hook) -> None:
        await bot.set_webhook(hook.url, max_connections=2)
        for number in range(10):
            await api.user(number + 1).says("hi")

        await api.drained()
        assert hook.most <= 2
        assert len(hook.texts) == 10

    async def test_a_certificate_can_be_given(self, bot: Bot) -> None:
        await bot.set_webhook("https://example.com:8443/", certificate=b"-----BEGIN CERTIFICATE-----")
        assert (await bot.get_webhook_info()).has_custom_certificate
        await bot.delete_webhook()

    async def test_get_updates_is_refused_meanwhile(self, bot: Bot, hook: Hook) -> None:
        await bot.set_webhook(hook.url)
        with pytest.raises(Conflict, match="webhook is active"):
            await bot.get_updates()

        await bot.delete_webhook()
        assert await bot.get_updates() == ()

    async def test_pending_updates_can_be_dropped(
        self, api: BotApi, bot: Bot, hook: Hook, buyer: User
    ) -> None:
        await bot.set_webhook(hook.url, drop_pending_updates=True)

        assert api.pending == 0
        assert (await bot.get_webhook_info()).url == hook.url

    async def test_a_method_in_the_answer_is_performed(
        self, api: BotApi, bot: Bot, hook: Hook, buyer: User
    ) -> None:
        hook.answer = {"method": "sendMessage", "chat_id": 42, "text": "from the answer"}
        await bot.set_webhook(hook.url)

        await buyer.hears("from the answer")

    @pytest.mark.parametrize(
        ("given", "complaint"),
        [
            ({"url": "http://example.com/"}, "An HTTPS URL must be provided"),
            ({"url": "https://example.com:8080/"}, "only on ports 80, 88, 443 or 8443"),
            ({"url": "nonsense"}, "invalid webhook URL"),
            ({"url": "https://example.com/", "secret_token": "ä"}, "unallowed characters"),
            ({"url": "https://example.com/", "secret_token": "x" * 257}, "too long"),
        ],
    )
    async def test_bad_settings(self, bot: Bot, given: dict[str, str], complaint: str) -> None:
        with pytest.raises(BadRequest, match=f"(?i){complaint}"):
            await bot.set_webhook(**given)  # type: ignore[arg-type]


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


class TestMarkup:
    @pytest.mark.parametrize(
        ("source", "plain", "kinds"),
        [
            ("a &lt;b&gt; &amp; &quot;c&#33;&#x21;", 'a <b> & "c!!', []),
            ("&nbsp; & 5 > 3", "&nbsp; & 5 > 3", []),
            ("<b>粗<i>斜</i></b>", "粗斜", [("bold", 0, 2), ("italic", 1, 1)]),
            ("😀<u>x</u>", "😀x", [("underline", 2, 1)]),
            ("<a href='https://a.com?x=1&amp;y=2'>x</a>", "x", [("text_link", 0, 1)]),
            ("<a href='tg://user?id=5'>x</a>", "x", [("text_mention", 0, 1)]),
            ("<a href='nowhere'>x</a>", "x", []),
            ('<pre><code class="language-python">x</code></pre>', "x", [("pre", 0, 1)]),
            ("<b>a<code>b</code>c</b>", "abc", [("bold", 0, 1), ("code", 1, 1), ("bold", 2, 1)]),
            ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
            ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
            ("<tg-emoji emoji-id='5368324170671202286'>👍</tg-emoji>", "👍", [("custom_emoji", 0, 2)]),
            (" \n<b> x </b> ", "x", [("bold", 0, 1)]),
            ("<B>x</B><s></s>", "x", [("bold", 0, 1)]),
        ],
    )
    async def test_html(
        self, bot: Bot, buyer: User, source: str, plain: str, kinds: list[tuple[str, int, int]]
    ) -> None:
        message = await bot.send_message(42, source, parse_mode="HTML")

        assert message.text == plain
        assert [(str(e.type), e.offset, e.length) for e in message.entities] == kinds
        again = await bot.send_message(42, message.text_html, parse_mode="HTML")
        assert again.text == plain
        assert [(str(e.type), e.offset, e.length) for e in again.entities] == kinds

    @given(text=st.text(st.characters(exclude_categories=["Cs"])))
    def test_escaped_text_comes_back_as_it_was(self, text: str) -> None:
        assert parse_html(html.escape(text)) == (text, [])
        assert parse_markdown(escape_markdown(text, version=2)) == (text, [])

    @pytest.mark.parametrize(
        ("source", "complaint"),
        [
            ("快<div>x</div>", 'Unsupported start tag "div" at byte offset 3'),
            ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
            ("5 < 3", 'Unsupported start tag "" at byte offset 2'),
            ("5 <3", "Unclosed start tag at byte offset 2"),
            ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
            ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
            ("x</b>", "Unexpected end tag at byte offset 1"),
            ("<b>x</b", "Unclosed end tag at byte offset 4"),
            ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
            ("<a href=x_y>z</a>", "Unexpected end of name token at byte offset 8"),
            ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
            ("<tg-emoji emoji-id='a'>x</tg-emoji>", "Invalid custom emoji identifier specified"),
            ("&#xD83D;", "Text contains invalid Unicode characters"),
        ],
    )
    async def test_broken_html(self, api: BotApi, raw: Raw, buyer: User, source: str, complaint: str) -> None:
        answer = await raw("sendMessage", data={"chat_id": 42, "text": source, "parse_mode": "HTML"})

        assert answer["description"].startswith(f"Bad Request: can't parse entities: {complaint}")
        assert len(api.violations) == 1

    @pytest.mark.parametrize(
        ("markdown", "plain", "kinds"),
        [
            (r"1\. a\-b\!", "1. a-b!", []),
            ("*粗 _斜_*", "粗 斜", [("bold", 0, 3), ("italic", 2, 1)]),
            ("__u__ ~s~ ||x||", "u s x", [("underline", 0, 1), ("strikethrough", 2, 1), ("spoiler", 4, 1)]),
            ("`a.b` ```py\nx!\n```", "a.b x!", [("code", 0, 3), ("pre", 4, 2)]),
            (r"[x](https://a.com/\))", "x", [("text_link", 0, 1)]),
            ("![👍](tg://emoji?id=5368324170671202286)", "👍", [("custom_emoji", 0, 2)]),
            (">a\n>b\nc", "a\nb\nc", [("blockquote", 0, 4)]),
            (">a\n>b||", "a\nb", [("expandable_blockquote", 0, 3)]),
        ],
    )
    async def test_markdown(
        self, bot: Bot, buyer: User, markdown: str, plain: str, kinds: list[tuple[str, int, int]]
    ) -> None:
        message = await bot.send_message(42, markdown, parse_mode="MarkdownV2")

        assert message.text == plain
        assert [(str(e.type), e.offset, e.length) for e in message.entities] == kinds

    @pytest.mark.parametrize(
        ("markdown", "complaint"),
        [
            ("5.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
            ("a>b", "Character '>' is reserved"),
            ("快*x", "Can't find end of Bold entity at byte offset 3"),
            ("[x](https://a", "Can't find end of a URL at byte offset 4"),
            ("*a _b* c_", "Can't find end of Italic entity at byte offset 8"),
            ("![x]", "The entity must contain a tg://emoji or tg://time URL"),
        ],
    )
    async def test_broken_markdown(self, raw: Raw, buyer: User, markdown: str, complaint: str) -> None:
        answer = await raw("sendMessage", data={"chat_id": 42, "text": markdown, "parse_mode": "MarkdownV2"})

        assert answer["description"].startswith(f"Bad Request: can't parse entities: {complaint}")


class TestSending:
    async def test_users_must_write_first_and_may_block(self, api: BotApi, bot: Bot) -> None:
        stranger = api.user(5)
        with pytest.raises(Forbidden, match=r"(?i)bot can't initiate conversation with a user"):
            await bot.send_message(5, "hi")

        await stranger.says("hi")
        await bot.send_message(5, "hi")
        await stranger.blocks_bot()
        with pytest.raises(Forbidden, match=r"(?i)bot was blocked by the user"):
            await bot.send_message(5, "hi")

        await stranger.unblocks_bot()
        await bot.send_message(5, "hi")
        changes = [u.my_chat_member for u in await bot.get_updates() if u.my_chat_member]
        assert [str(change.new_chat_member.status) for change in changes] == ["kicked", "member"]

    async def test_files_are_uploaded_and_sent_again(self, bot: Bot, buyer: User) -> None:
        sent = await bot.send_photo(42, TINY_PICTURE, caption="<b>x</b>", parse_mode="HTML")
        again = await bot.send_photo(42, sent.photo[-1].file_id)

        assert again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id
        with pytest.raises(BadRequest, match=r"(?i)can't use file of type photo as document"):
            await bot.send_document(42, sent.photo[-1].file_id)
        with pytest.raises(BadRequest, match=r"[Ww]rong file identifier"):
            await bot.send_photo(42, "AgAC")

    async def test_every_kind_of_file(self, api: BotApi, bot: Bot, buyer: User) -> None:
        await bot.send_document(42, b"%PDF", filename="label.pdf", caption="退货标签")
        await bot.send_video(42, b"video")
        await bot.send_voice(42, b"OggS")
        await bot.send_sticker(42, b"RIFF")

        assert [m.media for m in await buyer.hears(n=4)] == ["document", "video", "voice", "sticker"]
        assert not api.violations

    async def test_files_must_be_files(self, bot: Bot, buyer: User) -> None:
        with pytest.raises(BadRequest, match=r"(?i)file must be non-empty"):
            await bot.send_document(42, b"")
        with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
            await bot.send_photo(42, b"no picture")
        with pytest.raises(BadRequest, match=r"(?i)message caption is too long"):
            await bot.send_photo(42, TINY_PICTURE, caption="x" * 1025)

    async def test_albums(self, api: BotApi, bot: Bot, buyer: User) -> None:
        photos = [InputMediaPhoto(TINY_PICTURE, caption=str(number)) for number in range(3)]
        sent = await bot.send_media_group(42, photos)

        assert len({message.media_group_id for message in sent}) == 1
        assert [message.text for message in await buyer.hears(n=3)] == ["0", "1", "2"]
        wrong: list[list[InputMediaPhoto | InputMediaDocument]] = [
            [photos[0]],
            [*photos * 4],
            [photos[0], InputMediaDocument(b"x")],
        ]
        for media in wrong:
            with pytest.raises(BadRequest):
                await bot.send_media_group(42, media)
        assert len(api.violations) == 3

    async def test_copies_keep_albums_and_skip_what_is_gone(
        self, api: BotApi, bot: Bot, buyer: User, group: Group
    ) -> None:
        album = [message.id for message in await buyer.sends_album(2)]
        copies = await bot.copy_messages(STAFF, 42, [*album, 999])

        copied = [group.find(copy.message_id) for copy in copies]
        albums = {message.album for message in copied if message}
        assert len(copies) == 2
        assert len(albums) == 1
        with pytest.raises(BadRequest, match="strictly increasing"):
            await bot.copy_messages(STAFF, 42, list(reversed(album)))

    async def test_a_copy_has_no_author_and_a_forward_has(self, bot: Bot, buyer: User, group: Group) -> None:
        message = await buyer.says("你好")
        copy = await bot.copy_message(STAFF, 42, message.id)
        forward = await bot.forward_message(STAFF, 42, message.id)

        copied = group.find(copy.message_id)
        assert copied
        assert copied.text == "你好"
        assert "forward_origin" not in copied.raw
        assert forward.forward_origin
        with pytest.raises(BadRequest, match=r"(?i)message to copy not found"):
            await bot.copy_message(STAFF, 42, 999)

    async def test_editing(self, api: BotApi, bot: Bot, buyer: User) -> None:
        sent = await bot.send_message(42, "a", reply_markup=keyboard("x"))
        with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
            await sent.edit_text("a", reply_markup=keyboard("x"))
        with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
            await sent.edit_reply_markup(keyboard("x"))
        await sent.edit_text("b")
        with pytest.raises(BadRequest, match=r"(?i)message can't be edited"):
            await bot.edit_message_text("c", 42, 1)
        with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
            await bot.edit_message_text("c", 42, 999)

        (standing,) = [message for message in api.chat(42).messages if message.from_bot]
        assert (standing.text, standing.labels, standing.edited) == ("b", [], True)

    async def test_deleting(self, api: BotApi, bot: Bot, buyer: User, clock: Clock) -> None:
        first = await bot.send_message(42, "a")
        late = await bot.send_message(42, "b")
        assert await first.delete()
        with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
            await first.delete()
        clock.moves(48 * 3600 + 1)
        with pytest.raises(BadRequest, match=r"(?i)message can't be deleted"):
            await late.delete()

        assert [message.text for message in api.chat(42).messages] == ["/start", "b"]

    async def test_replies(self, api: BotApi, bot: Bot, buyer: User) -> None:
        question = await buyer.says("?")
        await bot.send_message(42, "!", reply_to_message_id=question.id)
        assert (await buyer.hears()).reply_to == question.id
        with pytest.raises(BadRequest, match=r"(?i)message to be replied not found"):
            await bot.send_message(42, "!", reply_to_message_id=999)
        await bot.send_message(42, "!", reply_to_message_id=999, allow_sending_without_reply=True)

    async def test_reactions_actions_and_pins(self, api: BotApi, bot: Bot, buyer: User) -> None:
        message = await buyer.says("thanks")
        await bot.set_message_reaction(42, message.id, "👍")
        with pytest.raises(BadRequest, match=r"(?i)reaction_invalid"):
            await bot.set_message_reaction(42, message.id, ReactionTypeEmoji("🧦"))
        assert await bot.send_chat_action(42, "typing")
        with pytest.raises(BadRequest, match=r"(?i)wrong parameter action"):
            await bot.send_chat_action(42, "dancing")
        assert await bot.pin_chat_message(42, message.id)

        assert message.pinned
        assert message.reactions == [{"type": "emoji", "emoji": "👍"}]


class TestTopics:
    async def test_a_case_has_its_topic(self, api: BotApi, bot: Bot, group: Group) -> None:
        agent = api.user(9, first_name="客服")
        topic = await bot.create_forum_topic(STAFF, "小林 #123")
        thread = topic.message_thread_id
        await bot.send_message(STAFF, "问物流", message_thread_id=thread, reply_markup=keyboard("接手"))
        await agent.taps("接手", chat=group, topic=thread)
        await agent.says("您好", chat=group, topic=thread)

        tap, said = await bot.get_updates()
        assert tap.callback_query
        assert tap.callback_query.message
        assert said.message
        assert said.message.message_thread_id == thread
        assert said.message.reply_to_message
        assert said.message.reply_to_message.forum_topic_created
        assert (await agent.hears(chat=group, topic=thread)).text == "问物流"
        assert [m.text for m in group.topic_messages(thread)] == ["问物流", "您好"]

    async def test_a_deleted_topic_is_not_found(self, api: BotApi, bot: Bot, group: Group) -> None:
        topic = group.open_topic("case")
        group.delete_topic(topic.id)

        for thread in (topic.id, 999, 1):
            with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
                await bot.send_message(STAFF, "hi", message_thread_id=thread)
        with pytest.raises(BadRequest, match=r"(?i)topic_id_invalid"):
            await bot.close_forum_topic(STAFF, topic.id)
        assert await bot.send_chat_action(STAFF, "typing", message_thread_id=topic.id)
        assert api.pending == 0

    async def test_a_closed_topic_is_closed(self, bot: Bot, group: Group) -> None:
        topic = group.open_topic("case")
        await bot.close_forum_topic(STAFF, topic.id)
        with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
            await bot.send_message(STAFF, "hi", message_thread_id=topic.id)
        with pytest.raises(BadRequest, match=r"(?i)topic_not_modified"):
            await bot.close_forum_topic(STAFF, topic.id)

        await bot.reopen_forum_topic(STAFF, topic.id)
        await bot.send_message(STAFF, "hi", message_thread_id=topic.id)

    async def test_topics_are_renamed_and_deleted_by_the_bot(self, bot: Bot, group: Group) -> None:
        topic = group.open_topic("case")
        await bot.edit_forum_topic(STAFF, topic.id, name="case, done")
        with pytest.raises(BadRequest, match=r"(?i)topic_not_modified"):
            await bot.edit_forum_topic(STAFF, topic.id, name="case, done")
        message = await bot.send_message(STAFF, "hi", message_thread_id=topic.id)
        await message.pin()
        await bot.unpin_all_forum_topic_messages(STAFF, topic.id)
        await bot.delete_forum_topic(STAFF, topic.id)

        assert not group.topics
        assert not group.messages

    @pytest.mark.parametrize("name", ["", "x" * 129])
    async def test_names_have_a_length(self, bot: Bot, group: Group, name: str) -> None:
        with pytest.raises(BadRequest):
            await bot.create_forum_topic(STAFF, name)

    async def test_the_bot_needs_the_right(self, bot: Bot, group: Group) -> None:
        group.bot_can_manage_topics = False
        with pytest.raises(BadRequest, match=r"(?i)not enough rights"):
            await bot.create_forum_topic(STAFF, "case")

    async def test_private_chats_are_no_forums(self, bot: Bot, buyer: User) -> None:
        with pytest.raises(BadRequest, match=r"(?i)the chat is not a forum"):
            await bot.create_forum_topic(42, "case")

    async def test_agents_close_topics_and_the_bot_is_told(self, api: BotApi, bot: Bot, group: Group) -> None:
        topic = group.open_topic("case")
        group.close_topic(topic.id, by=api.user(9))

        (update,) = await bot.get_updates()
        assert update.message
        assert update.message.forum_topic_closed

    async def test_the_bot_can_be_removed(self, bot: Bot, group: Group) -> None:
        group.remove_bot()
        with pytest.raises(Forbidden, match="kicked"):
            await bot.send_message(STAFF, "hi")

    async def test_chats_and_members_can_be_looked_up(self, api: BotApi, bot: Bot, group: Group) -> None:
        await api.user(9).says("hi", chat=group)
        owner = api.user(10)
        group.add_member(owner, "creator")

        assert (await bot.get_chat(STAFF)).is_forum
        members = [await bot.get_chat_member(STAFF, number) for number in (9, 10, 12345)]
        assert [str(member.status) for member in members] == ["member", "creator", "administrator"]
        with pytest.raises(BadRequest):
            await bot.get_chat_member(STAFF, 404)


class TestProfile:
    async def test_commands_by_language(self, bot: Bot) -> None:
        await bot.set_my_commands([BotCommand("start", "开始")], language_code="zh")
        assert await bot.get_my_commands() == ()
        assert (await bot.get_my_commands(language_code="zh"))[0].command == "start"
        await bot.delete_my_commands(language_code="zh")
        assert await bot.get_my_commands(language_code="zh") == ()

    @pytest.mark.parametrize(
        ("commands", "language", "complaint"),
        [
            ([("Start", "x")], "", "BOT_COMMAND_INVALID"),
            ([("x" * 33, "x")], "", "BOT_COMMAND_INVALID"),
            ([("x", "")], "", "command description must be non-empty"),
            ([("x", "y" * 257)], "", "BOT_COMMAND_DESCRIPTION_INVALID"),
            ([("x", "y")] * 101, "", "at most 100 commands"),
            ([("x", "y")], "zho", "invalid language code specified"),
        ],
    )
    async def test_bad_commands(
        self, raw: Raw, commands: list[tuple[str, str]], language: str, complaint: str
    ) -> None:
        listed = [{"command": name, "description": words} for name, words in commands]
        answer = await raw("setMyCommands", json={"commands": listed, "language_code": language})

        assert complaint in answer["description"]

    async def test_descriptions(self, bot: Bot) -> None:
        await bot.set_my_description("退换货", language_code="zh")
        await bot.set_my_short_description("x" * 120)
        assert (await bot.get_my_description("zh")).description == "退换货"
        with pytest.raises(BadRequest, match="at most 120"):
            await bot.set_my_short_description("x" * 121)


class TestLimits:
    @pytest.fixture
    async def api(self, clock: Clock) -> AsyncIterator[BotApi]:
        async with BotApi(clock=clock, limits=Limits(chat_burst=3)) as api:
            yield api

    async def test_twenty_a_minute_in_a_group_over_all_topics(
        self, bot: Bot, group: Group, clock: Clock
    ) -> None:
        threads = [group.open_topic(name).id for name in ("a", "b")]
        for number in range(20):
            await bot.send_message(STAFF, "hi", message_thread_id=threads[number % 2])
            clock.moves(1)
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(STAFF, "hi")

        assert refused.value.retry_after == timedelta(seconds=40)
        clock.moves(40)
        await bot.send_message(STAFF, "hi")

    async def test_one_a_second_in_private_after_a_burst(self, bot: Bot, buyer: User, clock: Clock) -> None:
        for _ in range(3):
            await bot.send_message(42, "hi")
        with pytest.raises(RetryAfter):
            await bot.send_message(42, "hi")
        clock.moves(1)
        await bot.send_message(42, "hi")

    async def test_thirty_a_second_overall(self, api: BotApi, bot: Bot) -> None:
        for number in range(1, 32):
            await api.user(number).says("hi")
        for number in range(1, 31):
            await bot.send_message(number, "hi")
        with pytest.raises(RetryAfter):
            await bot.send_message(31, "hi")

    async def test_a_refusal_tells_when_to_come_back(self, raw: Raw, buyer: User) -> None:
        answers = [await raw("sendMessage", json={"chat_id": 42, "text": "hi"}) for _ in range(4)]

        assert answers[-1] == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 1",
            "parameters": {"retry_after": 1},
        }


class TestFaults:
    async def test_nothing_is_done(self, api: BotApi, bot: Bot, buyer: User) -> None:
        api.faults.next(
            "sendMessage", Fault.too_many(7), Fault.server_error(), Fault.bad_gateway(), Fault.dropped()
        )
        for error in (RetryAfter, NetworkError, NetworkError, NetworkError):
            with pytest.raises(error):
                await bot.send_message(42, "hi")

        assert buyer.unheard() == []
        assert not api.log.uncertain
        await bot.send_message(42, "hi")

    async def test_done_but_not_told(self, api: BotApi, buyer: User) -> None:
        faults = [Fault.accepted_then_dropped(), Fault.garbage(), Fault.accepted_then_timeout()]
        api.faults.next("sendMessage", *faults)
        async with bot_of(api, read_timeout=0.2) as bot:
            for number, error in enumerate((NetworkError, TelegramError, TimedOut)):
                with pytest.raises(error):
                    await bot.send_message(42, str(number))

        assert [message.text for message in await buyer.hears(n=3)] == ["0", "1", "2"]
        assert [call.fault for call in api.log.uncertain] == [fault.name for fault in faults]

    async def test_one_can_be_let_pass(self, api: BotApi, bot: Bot, buyer: User) -> None:
        api.faults.next("sendMessage", None, Fault.server_error())
        await bot.send_message(42, "hi")
        with pytest.raises(NetworkError):
            await bot.send_message(42, "hi")

    async def test_rates_are_the_same_for_the_same_seed(self) -> None:
        async def outcomes() -> list[str]:
            async with BotApi(seed=7, limits=Limits.off()) as api:
                api.faults.rate(Fault.server_error(), 0.5)
                await api.user(42).says("hi")
                async with bot_of(api) as bot:
                    for _ in range(20):
                        try:
                            await bot.send_message(42, "hi")
                        except NetworkError:
                            continue
                return [call.outcome for call in api.log.of("sendMessage")]

        first = await outcomes()
        assert first == await outcomes()
        assert set(first) == {"ok", "server_error (nothing done)"}


class TestLife:
    async def test_a_fixed_port_can_be_had_again(self) -> None:
        async with BotApi() as first:
            port = first.port
        async with BotApi(port=port) as second, bot_of(second) as bot:
            assert second.base_url == f"http://127.0.0.1:{port}/bot"
            assert (await bot.get_me()).username == "shouhou_test_bot"

    async def test_it_ends_while_a_bot_still_polls(self) -> None:
        async with BotApi() as api, aiohttp.ClientSession() as session:
            poll = asyncio.create_task(session.post(f"{api.base_url}{api.token}/getUpdates?timeout=50"))
            await api.wait_for(lambda: api.polled)
        with suppress(aiohttp.ClientError):
            (await poll).release()

    async def test_it_runs_as_a_process_of_its_own(self) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.doubles.bot_api", "--port", "0", stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout
        async with asyncio.timeout(60):
            line = (await process.stdout.readline()).decode()
            async with aiohttp.ClientSession() as session:
                address = line.split()[-1].removesuffix("/bot")
                async with session.get(f"{address}/control/stats") as response:
                    assert (await response.json())["injected"] == 0
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0


class TestControl:
    async def test_a_bench_puts_messages_in_and_reads_the_tally(self, api: BotApi, bot: Bot) -> None:
        api.control = Control(api)
        async with aiohttp.ClientSession() as session:

            async def control(method: str, name: str, **given: Any) -> dict[str, Any]:
                async with session.request(method, f"{api.url}/control/{name}", **given) as response:
                    answer: dict[str, Any] = await response.json()
                    return answer

            assert await control("POST", "inject", json={"messages": 6, "users": 2}) == {"started": 6}
            await api.wait_for(lambda: api.pending == 6)
            messages = [update.message for update in await bot.get_updates()]
            for message in [*messages[1:], messages[1]]:
                assert message
                assert message.text
                await bot.send_message(message.chat_id, message.text)
            stats = await control("GET", "stats")

            assert (stats["injected"], stats["replies"], stats["duplicates"]) == (6, 6, 1)
            assert (stats["missing"], stats["out_of_order"], stats["violations"]) == (1, 0, [])
            assert "there are:" in (await control("GET", "nonsense"))["error"]
            assert "error" in await control("POST", "inject", json={"massages": 6})
            rates = [{"name": "too_many", "share": 1, "retry_after": 3}]
            assert await control("POST", "faults", json={"rates": rates}) == {"rates": 1}
            with pytest.raises(RetryAfter):
                await bot.send_message(100_000, "hi")
