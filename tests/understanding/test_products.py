"""A product's name says which thing is meant; what is asked of it stays, whatever the product is called."""

from __future__ import annotations

import pytest

from bot.domain.meaning import Meaning, Sureness
from bot.flows.naming import named
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.recognise import Thresholds
from bot.understanding.slots import Context
from bot.understanding.understand import understand


def meant(text: str, title: str, book: Phrasebook) -> Meaning:
    return understand(text, book, Thresholds(), Context(lines=(title,)))


@pytest.mark.parametrize(
    ("text", "title", "intent"),
    [
        ("就退台灯", "护眼台灯 三档调光", "request_refund"),
        ("书桌我不想要了", "可升降儿童书桌 原木色", "request_refund"),
        ("refund the hand cream", "Hand cream trio", "request_refund"),
        ("where is my blanket", "Merino throw blanket", "track_parcel"),
        ("退AirPods", "AirPods Pro 降噪耳机", "request_refund"),
    ],
)
def test_the_wish_is_heard_beside_the_name(text: str, title: str, intent: str, book: Phrasebook) -> None:
    assert meant(text, title, book).intent == intent


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("台灯", "护眼台灯"),
        ("那个台灯", "护眼台灯"),
        ("the blanket", "Merino throw blanket"),
        ("and the coffee set?", "Coffee set, stoneware"),
        ("the notebook A5", "Paper notebook A5"),
        ("空气炸锅 4.5L", "空气炸锅 4.5L"),
        ("socks, 3 pairs", "Wool socks (3 pairs)"),
        ("AirPods呢", "AirPods Pro 降噪耳机"),
    ],
)
def test_a_name_alone_asks_for_nothing(text: str, title: str, book: Phrasebook) -> None:
    assert meant(text, title, book).sureness is Sureness.UNKNOWN


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("退货", "T恤 七天无理由退货"),
        ("退款", "不满意退款 手机壳"),
        ("发票", "发票夹 A5"),
        ("快递", "快递盒 十个"),
        ("不退了", "不退色T恤"),
        ("human", "Human anatomy poster"),
        ("return", "Return of the King DVD"),
        ("怎么还没发货", "当天发货 台灯"),
        ("没有收到退款", "没有烦恼 抱枕"),
        ("return the blanket please", "Throw blanket, free return"),
        ("耳机快递呢", "降噪耳机 顺丰快递包邮"),
    ],
)
def test_a_title_that_holds_the_words_of_a_wish_takes_nothing_from_it(
    text: str, title: str, book: Phrasebook
) -> None:
    without, beside = meant(text, "保温杯", book), meant(text, title, book)
    assert (beside.intent, beside.sureness) == (without.intent, without.sureness)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("不要退款", "不要生气抱枕"),
        ("先不要退款了", "不要生气抱枕"),
        ("I never asked for a refund", "Never give up poster"),
        ("dont refund me", "Dont panic mug"),
    ],
)
def test_no_title_turns_a_no_into_a_yes(text: str, title: str, book: Phrasebook) -> None:
    assert meant(text, title, book).intent != "request_refund"


def test_what_names_a_thing_to_be_chosen_names_it_in_a_message(book: Phrasebook) -> None:
    titles = ("Panic mug, white", "Merino throw blanket", "护眼台灯 三档调光")
    for said, place in (("the mug", 0), ("the blankets", 1), ("那个台灯", 2)):
        assert named(said, titles) == place
        meaning = understand(said, book, Thresholds(), Context(lines=titles))
        assert meaning.sureness is Sureness.UNKNOWN
