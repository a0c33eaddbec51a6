"""What follows words that announce it, and words that are read only where they tell what they are taught for."""

from __future__ import annotations

import pytest

from bot.understanding.phrasebook import Phrasebook, compile_phrasebook
from bot.understanding.phrases import PhraseFile
from tests.understanding.slots.reading import read

FRENCH = PhraseFile(
    "fr",
    "invoice",
    (),
    {
        "title": {"after": ("au nom de", "nom :"), "no": ("au nom de tous",)},
        "after_no": {"after": ("non",), "no": ("non plus",)},
        "company": {"yes": ("société",)},
    },
)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("开发票 抬头是某某（上海）有限公司", "某某(上海)有限公司"),
        ("抬头:Smith Ltd", "Smith Ltd"),
        ("the name is  Smith & Sons Ltd.", "Smith & Sons Ltd."),
        ("Title: ACME", "ACME"),
        ("please put a title on it", None),
        ("rename it", None),
        ("the name is", None),
    ],
)
def test_the_name_on_an_invoice_follows_the_words_for_it(
    text: str, title: str | None, book: Phrasebook
) -> None:
    assert read(text, "title", book).slots.get("title") == title


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("No the blanket", "the blanket"),
        ("nope, the blanket", "the blanket"),
        ("不对 台灯", "台灯"),
        ("no", None),
        ("no longer the blanket", None),
        ("there is no blanket", None),
        ("nothing but the blanket", None),
    ],
)
def test_what_follows_a_no_to_what_was_said_before(text: str, instead: str | None, book: Phrasebook) -> None:
    assert read(text, "reason", book).slots.get("after_no") == instead


def test_nothing_was_said_before_where_nothing_is_asked(book: Phrasebook) -> None:
    assert "after_no" not in read("No the blanket", book=book).slots


@pytest.mark.parametrize(
    ("text", "asking", "slots"),
    [
        ("la facture au nom de Dupont", "title", {"title": "Dupont"}),
        ("Nom: Dupont SARL", "title", {"title": "Dupont SARL"}),
        ("au nom de tous", "title", {}),
        ("non, la lampe", "reason", {"after_no": "la lampe"}),
        ("non plus la lampe", "reason", {}),
        ("pour une société", "made_out", {"company": "yes"}),
        ("pour une société", "reason", {}),
    ],
)
def test_another_language_is_taught_them_by_its_files(text: str, asking: str, slots: dict[str, str]) -> None:
    assert read(text, asking, compile_phrasebook([FRENCH])).slots == slots


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("鞋码偏小 建议改进", "size"),
        ("less plastic please", "packaging"),
        ("希望换个好点的快递合作", "delivery"),
        ("your website is hard to use on a phone", "page"),
        ("没有说明书", "page"),
        ("多搞点活动呗", None),
    ],
)
def test_what_a_suggestion_is_about(text: str, cause: str | None, book: Phrasebook) -> None:
    assert read(text, "words", book).slots.get("cause") == cause


@pytest.mark.parametrize("text", ["我有个建议", "提个建议", "I have a suggestion", "just some feedback"])
def test_that_there_is_a_suggestion_is_none_yet(text: str, book: Phrasebook) -> None:
    assert "unsaid" in read(text, "words", book).exact


def test_words_that_tell_other_things_elsewhere_are_not_read_there(book: Phrasebook) -> None:
    assert (
        not {"cause", "company", "fell"}
        & read("the quality of your company, 20 less", book=book).slots.keys()
    )


@pytest.mark.parametrize(
    ("text", "fell"), [("it's 20 less now", "yes"), ("降了20", "yes"), ("降了到80", "no")]
)
def test_by_how_much_a_price_fell_or_to_what(text: str, fell: str, book: Phrasebook) -> None:
    assert read(text, "price", book).slots.get("fell") == fell
