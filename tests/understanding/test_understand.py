"""Whole messages, as they come."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.meaning import Meaning
from bot.lexicon import load_lexicon
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.recognise import Thresholds
from bot.understanding.slots import Context, masked
from bot.understanding.understand import MAX_LENGTH, legible, understand

OWN = Context(orders=("2600018003", "2600018114"))


def read(text: str, book: Phrasebook) -> Meaning:
    return understand(text, book, Thresholds(), Context())


@pytest.mark.parametrize("text", ["我要打12315投诉你们", "再不处理我就打12315了", "I will call 12315 on you"])
def test_12315_is_heard_in_a_sentence(text: str, book: Phrasebook) -> None:
    assert read(text, book).intent == "platform_intervention"


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("订单１２３４５６７８９０１到哪了", "订单12345678901到哪了"),
        ("ＳＦ１２３４５６７８９０１２到哪了", "SF123456789012到哪了"),
        ("退我２０元", "退我20元"),
        ("我要退款！！快递到哪了", "我要退款!!快递到哪了"),
        ("where is my ﬁrst parcel", "where is my first parcel"),
    ],
)
def test_wide_characters_are_read_as_plain_ones(typed: str, same: str, book: Phrasebook) -> None:
    one, other = read(typed, book), read(same, book)
    assert (one.candidates, one.slots, one.sureness) == (other.candidates, other.slots, other.sureness)


@pytest.mark.parametrize(
    "number", ["JJD0123456789012", "JVGL1234567890", "GM1234567890", "1Z999AA10123456784", "SF1234567890123"]
)
def test_which_waybill_it_is_tells_nothing_of_what_is_wanted(number: str) -> None:
    assert masked(f"where is {number}") == masked("where is YT1234567890123")


def test_a_word_that_begins_like_a_waybill_stays_a_word() -> None:
    assert masked("two storefronts") == "two storefronts"


@pytest.mark.parametrize(
    "text", ["\ud83d", "我要退款\udc00", "\ud83d\udc00 refund \ud83d", "\ufdfa" * 1000, "\0"]
)
def test_no_odd_character_is_a_fault(text: str, book: Phrasebook) -> None:
    assert read(text, book).text == text


def test_half_an_emoji_hides_nothing_of_the_rest(book: Phrasebook) -> None:
    assert read("我要退款\ud83d", book).intent == "request_refund"


def test_a_character_that_stands_for_many_costs_no_more_than_many() -> None:
    assert len(legible("\ufdfa" * 1000, load_lexicon())) == MAX_LENGTH


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("order 2600018003", set()),
        ("order 260018003", {"order_number"}),
        ("sent back with 1Z999AA10123456785", {"tracking_number"}),
        ("where is my parcel", set()),
    ],
)
def test_a_number_that_was_mended_or_looks_mistyped_is_to_be_confirmed(
    text: str, doubts: set[str], book: Phrasebook
) -> None:
    meaning = understand(text, book, Thresholds(), OWN)
    assert meaning.doubts == doubts
    assert doubts <= meaning.slots.keys()


@given(st.text(max_size=1200) | st.text(alphabet="退款我要快递没收到不是卫衣 abcde,。!", max_size=400))
@settings(max_examples=80)
def test_whatever_is_typed_it_is_read_without_a_fault(book: Phrasebook, text: str) -> None:
    titles = Context(orders=OWN.orders, lines=("女士连帽卫衣 燕麦色 M", "Merino throw blanket, charcoal"))
    found = understand(text, book, Thresholds(), titles)
    assert all(0 <= guess.confidence <= 1 for guess in found.candidates)
    assert found.exact <= found.slots.keys()


@pytest.mark.parametrize("text", ["it arrived", "It came!", "it arrived today"])
def test_who_only_says_that_it_came_asks_for_nothing(text: str, book: Phrasebook) -> None:
    meaning = understand(text, book, Thresholds(), Context())
    assert meaning.intent is None
    assert meaning.exact & {"came", "received"}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("it arrived broken", "parcel_damaged"),
        ("arrived in pieces", "parcel_damaged"),
        ("has it arrived", "track_parcel"),
        ("it hasn't arrived yet", "track_parcel"),
        ("it never arrived", "parcel_lost"),
        ("it arrived but it's the wrong colour", "wrong_or_missing_item"),
    ],
)
def test_what_is_told_with_it_is_heard(text: str, intent: str, book: Phrasebook) -> None:
    assert understand(text, book, Thresholds(), Context()).intent == intent
