"""Replies to buyers over real HTTP."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.telegram import Limits, Telegram
from bot.domain.messages import Attachment, Medium
from bot.errors import Blocked, DeliveryError, Refused, TryLater, Uncertain
from bot.pipeline.deliveries import Channel
from tests.channels.telegram.conftest import Start
from tests.channels.telegram.support import delivery
from tests.doubles.bot_api import BotApi, Fault, User
from tests.doubles.bot_api.media import TINY_PICTURE


def out(telegram: Telegram) -> Channel:
    return telegram.channels[0]


def photo(api: BotApi, name: str = "p.png") -> Attachment:
    stored = api.world.files.add("photo", TINY_PICTURE, name, "image/png")
    return Attachment(Medium.PHOTO, f"telegram:{stored.id}", name)


async def test_text_with_tags_and_buttons(api: BotApi, telegram: Telegram, buyer: User) -> None:
    buttons = (
        ("是", "3|received|yes"),
        ("否", "3|received|no"),
        ("看一下这个物流链接好吗", "https://example.com/t"),
    )
    ref = await out(telegram).deliver(delivery("<b>您好</b> A &amp; B", buttons=buttons))
    message = await buyer.hears("您好 A & B")
    assert ref == str(message.id)
    assert message.entities[0]["type"] == "bold"
    assert [[b.text for b in row] for row in message.buttons] == [["是", "否"], ["看一下这个物流链接好吗"]]
    assert message.button("是") is not None
    assert api.violations == []


async def test_markup_that_can_not_be_read_arrives_plain(telegram: Telegram, buyer: User) -> None:
    await out(telegram).deliver(delivery("1 < 2 and <b>bold</i> <blink>x</blink>"))
    message = await buyer.hears()
    assert message.text == "1 < 2 and bold x"
    assert message.entities == []


async def test_a_text_that_is_too_long_comes_in_parts_with_the_buttons_last(
    api: BotApi, telegram: Telegram, buyer: User
) -> None:
    text = "\n\n".join(f"<b>第{i}段</b>" + "好😀" * 500 for i in range(6))
    await out(telegram).deliver(delivery(text, buttons=(("好", "1|a|b"),)))
    messages = buyer.unheard()
    assert len(messages) == 3
    assert [bool(message.buttons) for message in messages] == [False, False, True]
    assert all(message.entities[0]["type"] == "bold" for message in messages)
    assert api.violations == []


@pytest.mark.parametrize("text", ["", "  \n ", "\x00", "\ud83d", "<b> </b>"])
async def test_nothing_to_say_is_refused_before_telegram_has_to(
    api: BotApi, telegram: Telegram, text: str
) -> None:
    with pytest.raises(Refused):
        await out(telegram).deliver(delivery(text))
    assert not api.log.of("sendMessage")


async def test_hostile_text_arrives_without_what_breaks_it(
    api: BotApi, telegram: Telegram, buyer: User
) -> None:
    await out(telegram).deliver(
        delivery(
            "a\x00b\ud83dc \u202eright to left",
            buttons=(("x\x00y", "1|a|b"), ("", "1|a|c"), ("long", "1|a|" + "长" * 30)),
        )
    )
    message = await buyer.hears("abc")
    assert message.labels == ["xy"]
    assert api.violations == []


class TestErrors:
    """What each answer means for the outbox row."""

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            (Fault.server_error(), TryLater),
            (Fault.bad_gateway(), TryLater),
            (Fault.too_many(3), TryLater),
            (Fault.dropped(), Uncertain),
            (Fault.accepted_then_dropped(), Uncertain),
            (Fault.accepted_then_timeout(), Uncertain),
            (Fault.garbage(), Uncertain),
        ],
        ids=lambda value: getattr(value, "name", ""),
    )
    async def test_faults(
        self, api: BotApi, telegram: Telegram, buyer: User, fault: Fault, kind: type[DeliveryError]
    ) -> None:
        api.faults.next("sendMessage", fault)
        with pytest.raises(kind) as caught:
            await out(telegram).deliver(delivery())
        assert api.token not in repr(caught.value)
        assert caught.value.__context__ is None

    async def test_telegram_says_when_to_come_again(
        self, api: BotApi, telegram: Telegram, buyer: User
    ) -> None:
        api.faults.next("sendMessage", Fault.too_many(17))
        with pytest.raises(TryLater) as caught:
            await out(telegram).deliver(delivery())
        assert caught.value.after == timedelta(seconds=17)

    async def test_blocked_by_the_buyer(self, telegram: Telegram, buyer: User) -> None:
        await buyer.blocks_bot()
        with pytest.raises(Blocked):
            await out(telegram).deliver(delivery())

    @pytest.mark.parametrize("address", ["404", "999999999999"])
    async def test_nobody_there(self, telegram: Telegram, address: str) -> None:
        with pytest.raises(Blocked):
            await out(telegram).deliver(delivery(address=address))

    async def test_an_address_that_is_none(self, telegram: Telegram) -> None:
        with pytest.raises(Refused):
            await out(telegram).deliver(delivery(address="web:abc"))

    async def test_nobody_listens_there(self, api: BotApi, start: Start) -> None:
        telegram = await start(base_url="http://127.0.0.1:9/bot")
        with pytest.raises(TryLater) as caught:
            await out(telegram).deliver(delivery())
        assert api.token not in repr(caught.value)

    async def test_a_token_revoked_meanwhile(self, api: BotApi, telegram: Telegram, buyer: User) -> None:
        api.token = "12345:OTHER"
        with pytest.raises(TryLater):
            await out(telegram).deliver(delivery())


class TestFiles:
    """Attachments, by Telegram's id or from our own shelf."""

    async def test_a_photo_carries_the_words_and_the_buttons(
        self, api: BotApi, telegram: Telegram, buyer: User
    ) -> None:
        given = delivery("看图", attachments=(photo(api),), buttons=(("好", "1|a|b"),))
        await out(telegram).deliver(given)
        (message,) = buyer.unheard()
        assert (message.media, message.text, message.labels) == ("photo", "看图", ["好"])

    async def test_pictures_come_as_one_album(self, api: BotApi, telegram: Telegram, buyer: User) -> None:
        await out(telegram).deliver(delivery("三张", attachments=tuple(photo(api) for _ in range(3))))
        messages = buyer.unheard()
        assert [message.text for message in messages] == ["三张", "", ""]
        assert len({message.album for message in messages}) == 1

    async def test_words_with_buttons_stand_below_an_album(
        self, api: BotApi, telegram: Telegram, buyer: User
    ) -> None:
        attachments = tuple(photo(api) for _ in range(12))
        await out(telegram).deliver(delivery("十二张", attachments=attachments, buttons=(("好", "1|a|b"),)))
        messages = buyer.unheard()
        assert len(messages) == 13
        assert messages[-1].labels == ["好"]

    async def test_our_own_file_is_uploaded(
        self, api: BotApi, start: Start, buyer: User, tmp_path: Path
    ) -> None:
        shelf = tmp_path / "x"
        shelf.write_bytes(TINY_PICTURE)
        telegram = await start(files=lambda ref: (shelf, "收据.png"))
        ref = f"file:{hashlib.sha256(TINY_PICTURE).hexdigest()}"
        await out(telegram).deliver(delivery("图", attachments=(Attachment(Medium.PHOTO, ref),)))
        (call,) = api.log.of("sendPhoto")
        assert [(upload.name, upload.content) for upload in call.files.values()] == [
            ("收据.png", TINY_PICTURE)
        ]

    async def test_an_album_of_uploads(self, api: BotApi, start: Start, buyer: User) -> None:
        telegram = await start(files=lambda ref: (TINY_PICTURE, "a.png"))
        attachments = tuple(Attachment(Medium.PHOTO, f"file:{n}") for n in range(2))
        await out(telegram).deliver(delivery("图", attachments=attachments))
        assert len(buyer.unheard()) == 2
        assert api.violations == []

    async def test_what_telegram_takes_for_no_picture_goes_as_a_document(
        self, start: Start, buyer: User
    ) -> None:
        telegram = await start(files=lambda ref: (b"not a picture", "a.png"))
        await out(telegram).deliver(delivery("图", attachments=(Attachment(Medium.PHOTO, "file:1"),)))
        (message,) = buyer.unheard()
        assert (message.media, message.text) == ("document", "图")

    async def test_a_file_of_another_kind_is_sent_as_what_it_is(
        self, api: BotApi, telegram: Telegram, buyer: User
    ) -> None:
        stored = api.world.files.add("voice", b"OggS", "v.oga", "audio/ogg")
        video = Attachment(Medium.VIDEO, f"telegram:{stored.id}")
        await out(telegram).deliver(delivery("听", attachments=(video,)))
        (message,) = buyer.unheard()
        assert (message.media, message.text) == ("voice", "听")

    async def test_a_file_that_is_gone_is_named_and_the_words_arrive(
        self, telegram: Telegram, buyer: User
    ) -> None:
        gone = (
            Attachment(Medium.PHOTO, "file:1", "箱子.jpg"),
            Attachment(Medium.PHOTO, "telegram:no", "b.jpg"),
        )
        await out(telegram).deliver(delivery("看图", attachments=gone, buttons=(("好", "1|a|b"),)))
        messages = buyer.unheard()
        assert [message.text for message in messages] == ["📎 箱子.jpg", "📎 b.jpg", "看图"]
        assert messages[-1].labels == ["好"]

    async def test_what_is_no_file_is_named(self, telegram: Telegram, buyer: User) -> None:
        await out(telegram).deliver(delivery("看", attachments=(Attachment(Medium.OTHER, "", "poll"),)))
        assert [message.text for message in buyer.unheard()] == ["📎 poll", "看"]


class TestHalfWay:
    """A delivery of several messages that fails in the middle."""

    async def test_what_was_sent_is_not_sent_again(
        self, api: BotApi, telegram: Telegram, buyer: User
    ) -> None:
        api.faults.next("sendMessage", None, Fault.server_error())
        given = delivery("好" * 4096 + "再" * 4096 + "见")
        with pytest.raises(TryLater):
            await out(telegram).deliver(given)
        await out(telegram).deliver(given)
        assert [message.text[0] for message in buyer.unheard()] == ["好", "再", "见"]

    async def test_another_delivery_does_not_mix_in(
        self, api: BotApi, telegram: Telegram, buyer: User
    ) -> None:
        api.faults.next("sendMessage", None, Fault.server_error())
        with pytest.raises(TryLater):
            await out(telegram).deliver(delivery("好" * 5000))
        await out(telegram).deliver(delivery("别的", number=2))
        assert buyer.unheard()[-1].text == "别的"


async def test_the_limit_of_a_chat_is_kept_before_telegram_says_so(
    api: BotApi, start: Start, buyer: User
) -> None:
    telegram = await start(limits=Limits())
    for number in range(5):
        await out(telegram).deliver(delivery(number=number))
    with pytest.raises(TryLater) as caught:
        await out(telegram).deliver(delivery(number=5))
    assert timedelta(0) < caught.value.after <= timedelta(seconds=1)
    assert len(api.log.of("sendMessage")) == 5


async def test_a_place_is_shown_on_a_map_where_telegram_takes_it(
    api: BotApi, telegram: Telegram, buyer: User
) -> None:
    place = Attachment(Medium.LOCATION, "", "31.230000,121.470000 菜鸟驿站")
    await out(telegram).deliver(delivery("在这里", attachments=(place,)))
    (call,) = api.log.of("sendLocation")
    assert (call.params["latitude"], call.params["longitude"]) == (31.23, 121.47)
    await buyer.hears("在这里")
