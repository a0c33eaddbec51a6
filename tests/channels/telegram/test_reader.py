"""What updates say, as buyers and agents really send them (through the double), and as hostile ones would."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram import TelegramReader
from bot.channels.telegram.keyboard import keyboard
from bot.channels.telegram.reader import NOTHING
from bot.domain.messages import AgentAct, Attachment, Choice, Command, Contact, Incoming, Medium
from bot.errors import UnreadableUpdate
from tests.channels.telegram.support import STAFF_CHAT
from tests.channels.telegram.test_router import anything
from tests.doubles.bot_api import BotApi, Group, User

reader = TelegramReader(STAFF_CHAT, "shouhou_test_bot")
BUYER = {"id": 42, "type": "private", "first_name": "小林"}
PERSON = {"id": 42, "is_bot": False, "first_name": "小林", "last_name": "Lin", "language_code": "zh-hans"}
NAMED: dict[str, Any] = {"name": "小林 Lin", "language": "zh-hans"}


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 1, "date": 1700000000, "chat": BUYER, "from": PERSON, **content}


def said(**content: Any) -> Incoming:
    return reader({"update_id": 1, "message": message(**content)})


FILE = {"file_id": "F", "file_unique_id": "U", "file_size": 5}
LOOK = {"width": 10, "height": 10}
LONG = {**FILE, "duration": 3}
PLACE = {"latitude": 31.23, "longitude": 121.47}


class TestBuyers:
    """Each kind of message has its sense."""

    def test_text(self) -> None:
        assert said(text=" 我的快递到哪了 ") == Incoming("我的快递到哪了", ref="1", **NAMED)

    @settings(deadline=None)
    @given(
        text=st.one_of(
            st.text(max_size=30), st.sampled_from(["/start abc", "/help@other_bot", " /x", "\x00", " "])
        ),
        person=st.fixed_dictionaries(
            {"id": st.just(42), "is_bot": st.just(False), "first_name": st.text(max_size=5)},
            optional={
                "last_name": st.text(max_size=5),
                "language_code": st.sampled_from(["zh-hans", "en", ""]),
            },
        ),
    )
    def test_mere_words_say_the_same_whether_or_not_the_library_reads_them(
        self, text: str, person: dict[str, Any]
    ) -> None:
        words = {**message(text=text), "from": person}
        left_to_the_library = {**words, "has_protected_content": True}
        assert reader({"update_id": 1, "message": words}) == reader(
            {"update_id": 1, "message": left_to_the_library}
        )

    def test_text_is_cleaned_and_bounded(self) -> None:
        assert said(text="a\x00b\ud83dc").text == "abc"
        assert len(said(text="好" * 10_000).text) == 8192

    @pytest.mark.parametrize(
        ("content", "attachment"),
        [
            (
                {"photo": [{**FILE, **LOOK}, {**FILE, "file_id": "big", "width": 90, "height": 90}]},
                Attachment(Medium.PHOTO, "telegram:big", "", 5),
            ),
            (
                {"video": {**LONG, **LOOK, "file_name": "v.mp4"}},
                Attachment(Medium.VIDEO, "telegram:F", "v.mp4", 5),
            ),
            (
                {"animation": {**LONG, **LOOK}, "document": {**FILE, "file_id": "D"}},
                Attachment(Medium.VIDEO, "telegram:F", "", 5),
            ),
            ({"video_note": {**LONG, "length": 9}}, Attachment(Medium.VIDEO_NOTE, "telegram:F", "", 5)),
            (
                {"document": {**FILE, "file_name": "收据.pdf"}},
                Attachment(Medium.DOCUMENT, "telegram:F", "收据.pdf", 5),
            ),
            ({"voice": LONG}, Attachment(Medium.VOICE, "telegram:F", "", 5)),
            ({"audio": {**LONG, "title": "Song"}}, Attachment(Medium.VOICE, "telegram:F", "Song", 5)),
            (
                {
                    "sticker": {
                        **FILE,
                        **LOOK,
                        "type": "regular",
                        "is_animated": False,
                        "is_video": False,
                        "emoji": "😡",
                    }
                },
                Attachment(Medium.STICKER, "telegram:F", "😡", 5),
            ),
            ({"location": PLACE}, Attachment(Medium.LOCATION, "", "31.230000,121.470000")),
            (
                {
                    "venue": {"location": PLACE, "title": "菜鸟驿站", "address": "南京路1号"},
                    "location": PLACE,
                },
                Attachment(Medium.LOCATION, "", "31.230000,121.470000 菜鸟驿站, 南京路1号"),
            ),
            ({"dice": {"emoji": "🎲", "value": 3}}, Attachment(Medium.OTHER, "", "dice")),
            ({"a_kind_of_tomorrow": {}}, Attachment(Medium.OTHER, "", "message")),
        ],
        ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
    )
    def test_things(self, content: dict[str, Any], attachment: Attachment) -> None:
        assert said(**content).attachments == (attachment,)
        assert said(**content).text == ""
        assert said(**content).name == "小林 Lin"

    def test_a_caption_is_words(self) -> None:
        assert said(photo=[{**FILE, **LOOK}], caption="箱子烂了").text == "箱子烂了"

    @pytest.mark.parametrize(
        ("content", "own"),
        [
            ({"user_id": 42}, True),
            ({"user_id": 43}, False),
            ({}, False),
        ],
    )
    def test_only_the_senders_own_contact_is_own(self, content: dict[str, Any], own: bool) -> None:
        shared = {"phone_number": "+86 138-0000 1234", "first_name": "x", **content}
        assert said(contact=shared).contact == Contact("8613800001234", own)

    def test_a_forwarded_contact_proves_nothing(self) -> None:
        shared = {"phone_number": "13800001234", "first_name": "x", "user_id": 42}
        origin = {"type": "hidden_user", "date": 1, "sender_user_name": "x"}
        assert said(contact=shared, forward_origin=origin).contact == Contact("13800001234", own=False)

    @pytest.mark.parametrize(
        ("text", "command"),
        [
            ("/start", Command("start")),
            ("/start  abc-DEF_1", Command("start", "abc-DEF_1")),
            ("/Help@Shouhou_Test_Bot", Command("help")),
            ("/language zh\nplease", Command("language", "zh\nplease")),
            ("/", None),
            ("/ start", None),
            ("请 /start", None),
            ("/退款", None),
        ],
    )
    def test_commands(self, text: str, command: Command | None) -> None:
        assert said(text=text).command == command

    def test_forwarded_words_are_words(self) -> None:
        origin = {"type": "hidden_user", "date": 1, "sender_user_name": "x"}
        assert said(text="发货了吗", forward_origin=origin).text == "发货了吗"

    def test_an_edit(self) -> None:
        edited = reader({"update_id": 1, "edited_message": message(text="不退了", edit_date=1700000001)})
        assert edited == Incoming("不退了", edited=True, ref="1", **NAMED)

    def test_a_live_location_that_moves_says_nothing(self) -> None:
        assert reader({"update_id": 1, "edited_message": message(location=PLACE)}) == NOTHING

    def test_a_tap(self) -> None:
        tap = {
            "id": "1",
            "from": PERSON,
            "chat_instance": "x",
            "message": message(text="?"),
            "data": "7|reason|late",
        }
        assert reader({"update_id": 1, "callback_query": tap}) == Incoming(
            choice=Choice("7", "reason", "late"),
            **NAMED,
        )

    def test_a_tap_under_a_message_too_old_to_be_shown(self) -> None:
        old = {"message_id": 1, "date": 0, "chat": BUYER}
        tap = {"id": "1", "from": PERSON, "chat_instance": "x", "message": old, "data": "|start|track_parcel"}
        assert reader({"update_id": 1, "callback_query": tap}).choice == Choice("", "start", "track_parcel")

    @pytest.mark.parametrize(
        "update",
        [
            {"update_id": 1},
            {"update_id": 1, "channel_post": {**message(text="x"), "chat": {"id": -6, "type": "channel"}}},
            {"update_id": 1, "message": message(pinned_message=message(text="x"))},
            {"update_id": 1, "message": {**message(text="x"), "chat": {"id": -5, "type": "group"}}},
            {
                "update_id": 1,
                "message": {**message(text="x"), "chat": {"id": STAFF_CHAT, "type": "supergroup"}},
            },
            {
                "update_id": 1,
                "callback_query": {"id": "1", "from": PERSON, "chat_instance": "x", "game_short_name": "g"},
            },
        ],
    )
    def test_what_says_nothing(self, update: dict[str, Any]) -> None:
        assert reader(update) == NOTHING


class TestHostile:
    """Only `UnreadableUpdate`, whatever comes."""

    @pytest.mark.parametrize(
        "update",
        [
            {"update_id": 1, "message": "hello"},
            {"update_id": 1, "message": {"text": "no chat"}},
            {"update_id": 1, "message": message(text=5)},
            {"update_id": 1, "message": message(text="x", date=10**30)},
            {"update_id": 1, "message": message(photo=[{}])},
            {"message": message(text="no id")},
        ],
    )
    def test_not_the_documented_shape(self, update: dict[str, Any]) -> None:
        with pytest.raises(UnreadableUpdate) as caught:
            reader(update)
        assert caught.value.__context__ is None

    @settings(deadline=None)
    @given(
        anything,
        st.dictionaries(
            st.sampled_from(
                ["text", "caption", "photo", "from", "contact", "location", "entities", "sticker"]
            ),
            anything,
        ),
    )
    def test_anything(self, update: Any, content: dict[str, Any]) -> None:
        for tried in (update, {"update_id": 1, "message": message() | content}):
            if not isinstance(tried, dict):
                continue
            try:
                read = reader(tried)
            except UnreadableUpdate:
                continue
            assert isinstance(read.text, str)
            (read.text + read.name + read.language).encode()
            assert "\x00" not in read.text + read.name + read.language


class TestRealUpdates:
    """The double's users, read."""

    async def test_each_thing_a_buyer_does(self, api: BotApi, buyer: User) -> None:
        album = await buyer.sends_album(2, "两张")
        await buyer.sends_document("a.pdf", caption="发票")
        await buyer.sends_voice()
        await buyer.sends_sticker()
        await buyer.sends_location()
        await buyer.shares_contact("+8613800000042")
        await buyer.edits(album[0], "三张")
        await buyer.blocks_bot()
        read = [reader(update) for update in api.pending_updates]
        assert [one.text for one in read] == ["在吗", "两张", "", "发票", "", "", "", "", "三张", ""]
        assert [len(one.attachments) for one in read] == [0, 1, 1, 1, 1, 1, 1, 0, 1, 0]
        assert read[7].contact == Contact("8613800000042", own=True)
        assert read[-1] == NOTHING


ACCOUNT = "telegram:99"
"""Of the agent."""


class TestAgents:
    """The staff group."""

    @pytest.fixture
    def agent(self, api: BotApi) -> User:
        return api.user(99, first_name="Amy", username="amy_lee")

    @pytest.mark.parametrize(
        ("text", "act"),
        [
            ("您好,我来处理", AgentAct("say", "Amy", text="您好,我来处理")),
            ("//买家很急", AgentAct("note", "Amy", text="买家很急")),
            ("/note 买家很急，/refuse 先别点", AgentAct("note", "Amy", text="买家很急，/refuse 先别点")),
            ("/macro refund_time", AgentAct("macro", "Amy", text="refund_time")),
            ("/claim", AgentAct("claim", "Amy")),
            ("/release@shouhou_test_bot", AgentAct("release", "Amy")),
            ("/agree R2401010001", AgentAct("agree", "Amy", "R2401010001")),
            ("/return r2401010001", AgentAct("agree_return", "Amy", "R2401010001")),
            ("/refuse R1 the seal is\nbroken", AgentAct("refuse", "Amy", "R1", text="the seal is\nbroken")),
            ("/reject R1 少了配件", AgentAct("goods_rejected", "Amy", "R1", text="少了配件")),
            ("/intact R1", AgentAct("goods_intact", "Amy", "R1")),
            ("/waybill R1 SF1234567890", AgentAct("ship_back", "Amy", "R1", text="SF1234567890")),
            ("/intervene R1 both want it", AgentAct("intervene", "Amy", "R1", text="both want it")),
            ("/agree", AgentAct("agree", "Amy")),
            ("/dance now", AgentAct("unknown", "Amy", text="/dance now")),
            ("/say hello", AgentAct("unknown", "Amy", text="/say hello")),
            ("/refuse：R1 破损", AgentAct("unknown", "Amy", text="/refuse：R1 破损")),
            ("/waybill R1 abc", AgentAct("unknown", "Amy", text="/waybill R1 abc")),
            ("/waybill R1", AgentAct("ship_back", "Amy", "R1")),
            ("／release", AgentAct("release", "Amy")),
        ],
    )
    async def test_words_and_commands(
        self, api: BotApi, group: Group, agent: User, text: str, act: AgentAct
    ) -> None:
        topic = group.open_topic("小林 #7")
        said = await agent.says(text, chat=group, topic=topic.id)
        assert reader(api.pending_updates[-1]) == Incoming(
            act=act, account=ACCOUNT, ref=str(said.id), posted=True
        )

    async def test_a_photo_goes_to_the_buyer(self, api: BotApi, group: Group, agent: User) -> None:
        topic = group.open_topic("小林 #7")
        await agent.sends_photo("这样接", chat=group, topic=topic.id)
        read = reader(api.pending_updates[-1])
        assert read.act == AgentAct("say", "Amy", text="这样接")
        assert [one.medium for one in read.attachments] == [Medium.PHOTO]

    async def test_what_is_not_for_the_desk(self, api: BotApi, group: Group, agent: User) -> None:
        topic = group.open_topic("x", by=agent)
        group.close_topic(topic.id, by=agent)
        group.reopen_topic(topic.id, by=agent)
        await agent.says("in the General topic", chat=group)
        await agent.says("/claim@another_bot", chat=group, topic=topic.id)
        line = await agent.says("oops", chat=group, topic=topic.id)
        await agent.edits(line, "better")
        read = [reader(update) for update in api.pending_updates]
        assert [one for one in read if one != NOTHING] == [
            Incoming(act=AgentAct("say", "Amy", text="oops"), account=ACCOUNT, ref=str(line.id), posted=True),
            Incoming(
                act=AgentAct("edit", "Amy", text="better"), account=ACCOUNT, ref=str(line.id), posted=True
            ),
        ]

    async def test_other_bots_and_hidden_administrators(self, api: BotApi, group: Group, agent: User) -> None:
        topic = group.open_topic("小林 #7")
        sent = (await agent.says("hello", chat=group, topic=topic.id)).raw
        bot = {"id": 1, "is_bot": True, "first_name": "Helper"}
        assert reader({"update_id": 1, "message": {**sent, "from": bot}}) == NOTHING
        hidden = {**sent, "from": bot, "sender_chat": sent["chat"], "author_signature": "店长"}
        assert reader({"update_id": 1, "message": hidden}).act == AgentAct("say", "店长", text="hello")
        channel = {**sent, "from": bot, "sender_chat": {"id": -9, "type": "channel", "title": "News"}}
        assert reader({"update_id": 1, "message": channel}) == NOTHING

    @pytest.mark.parametrize(
        ("data", "act"),
        [
            ("desk|act|claim", AgentAct("claim", "Amy")),
            ("desk|act|agree:R1:4", AgentAct("agree", "Amy", "R1", 4)),
            ("desk|act|agree:R1:x", AgentAct("agree", "Amy", "R1", 0)),
            ("desk|act|", None),
            ("7|reason|late", None),
        ],
    )
    async def test_taps(
        self, api: BotApi, telegram: Any, group: Group, agent: User, data: str, act: AgentAct | None
    ) -> None:
        topic = group.open_topic("小林 #7")
        buttons = keyboard([("tap", data)])
        await telegram.bot.send_message(STAFF_CHAT, "card", message_thread_id=topic.id, reply_markup=buttons)
        await agent.taps("tap", chat=group)
        assert reader(api.pending_updates[-1]) == (Incoming(act=act, account=ACCOUNT) if act else NOTHING)
