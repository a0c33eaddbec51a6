import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web import reader
from bot.channels.web.text import LONGEST, clean
from bot.domain.messages import Attachment, Choice, Command, Medium
from bot.errors import UnreadableUpdate


def test_a_message_comes_out_as_it_went_in() -> None:
    photo = Attachment(Medium.PHOTO, "file:ab", "a.jpg", 12)
    incoming = reader.read(reader.message("我要退款", files=[photo], language="zh", name="小林"))
    assert (incoming.text, incoming.attachments) == ("我要退款", (photo,))
    assert (incoming.language, incoming.name, incoming.command) == ("zh", "小林", None)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/start", Command("start")),
        ("/Start  abc def ", Command("start", "abc def")),
        ("/orders@shouhou_bot", Command("orders")),
        (" /language en", Command("language", "en")),
        ("/", None),
        ("/12 pieces", None),
        ("1/2", None),
        ("退款/退货", None),
    ],
)
def test_commands_are_read_like_in_a_messenger(text: str, command: Command | None) -> None:
    assert reader.read(reader.message(text)).command == command


def test_a_tap_is_a_choice_with_the_words_of_its_button() -> None:
    incoming = reader.read(reader.tap("12|reason|quality", "Quality problem"))
    assert incoming.choice == Choice("12", "reason", "quality")
    assert incoming.text == "Quality problem"


def test_what_no_store_should_hold_is_dropped() -> None:
    assert clean("a\x00b\ud83dc\x1b[31m\r\nd\x9be") == "abc[31m\nde"
    assert len(clean("退" * 9000)) == LONGEST
    assert clean("👍🏽 \u200fمرحبا") == "👍🏽 \u200fمرحبا"


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"kind": "dance"},
        {"kind": "message", "text": 7},
        {"kind": "message", "text": "x", "files": {"a": 1}},
        {"kind": "message", "text": "x", "files": [{"medium": "smell", "ref": "", "name": "", "size": 0}]},
        {"kind": "message", "text": "x", "files": ["file"]},
        {"kind": "tap"},
    ],
)
def test_an_odd_payload_is_said_to_be_unreadable(payload: dict[str, object]) -> None:
    with pytest.raises(UnreadableUpdate):
        reader.read(payload)


@given(st.text())
def test_any_text_is_read_into_something_a_store_can_hold(text: str) -> None:
    incoming = reader.read(json.loads(json.dumps(reader.message(text))))
    incoming.text.encode()
    assert "\x00" not in incoming.text
