"""What helps an owner to write phrases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from bot.lexicon import load_lexicon
from bot.understanding.lexicon import Lexicon
from bot.understanding.phrasebook import Phrasebook, compile_phrasebook
from bot.understanding.phrases import PhraseFile, variants
from bot.understanding.recognise import Thresholds
from bot.understanding.recogniser import dealt
from bot.understanding.teaching import (
    Idle,
    Misheard,
    as_phrase,
    effect,
    idle,
    rehearsals,
    stolen,
    suggestions,
)

TAUGHT: Mapping[str, Sequence[str]] = {
    "track_parcel": (
        "where is my parcel",
        "where is the package now",
        "track my parcel",
        "is my parcel on the way",
        "parcel tracking please",
        "which city is my package in",
    ),
    "request_refund": (
        "i want a refund",
        "refund my order",
        "give me my money back",
        "money back please",
        "cancel it and refund me",
        "please refund the lamp",
    ),
    "escalate": (
        "talk to a human",
        "get me a person",
        "human agent please",
        "i want a real person",
        "connect me with an agent",
        "let me speak with somebody",
    ),
    "thanks": ("thank you", "thanks a lot", "cheers mate", "much appreciated", "thx", "many thanks"),
    "invoice": (
        "i need an invoice",
        "send me the invoice",
        "invoice for my company",
        "where do i get a receipt",
        "receipt please",
        "make out a bill to our firm",
    ),
}
PLAIN = Lexicon()
SURE = Thresholds(0.6, 0.25, 0.04)


def book(taught: Mapping[str, Sequence[str]] = TAUGHT, **more: Sequence[str]) -> Phrasebook:
    """The phrases above, with some added."""
    intents = {name: (*phrases, *more.get(name, ())) for name, phrases in taught.items()}
    return compile_phrasebook(PhraseFile("en", name, phrases) for name, phrases in intents.items())


# -- phrases that others steal


def test_a_phrase_in_the_wrong_file_is_stolen_and_the_thief_and_its_nearest_phrase_are_named() -> None:
    found = stolen(book(thanks=("i want a refund of my money back please",)))
    first = found[0]
    assert (first.language, first.intent, first.thief) == ("en", "thanks", "request_refund")
    assert first.phrase == "i want a refund of my money back please"
    assert first.nearest in TAUGHT["request_refund"]
    assert first.share >= 0.8


def test_phrases_that_are_at_home_are_not_stolen() -> None:
    assert [one.phrase for one in stolen(book()) if one.intent == "request_refund"] == []


def test_wordings_of_one_phrase_do_not_vouch_for_each_other() -> None:
    found = stolen(book(thanks=("i want a refund [please]",)))
    assert [one.phrase for one in found if one.intent == "thanks"] == ["i want a refund [please]"]


def test_the_same_phrases_are_stolen_each_time() -> None:
    one = book(thanks=("refund me my money",))
    assert stolen(one) == stolen(one)


def test_a_book_with_one_intent_has_no_thieves() -> None:
    assert not any(rehearsals(book({"thanks": TAUGHT["thanks"]})))


def test_phrases_are_rehearsed_as_they_are_learned() -> None:
    taught = (
        PhraseFile("zh", "request_refund", ("我要退款", "tuikuan", "refund吧", "把钱退我")),
        PhraseFile("en", "coupon", ("my voucher", "is there a discount")),
    )
    found = compile_phrasebook(taught)
    scripts = {wording.text: found.lesson(wording).script for wording in found.wordings}
    assert {text for text, script in scripts.items() if script == "latin"} == {
        "my voucher",
        "is there a discount",
    }
    latin = dealt([found.lesson(wording) for wording in found.wordings])["latin"]
    assert [lesson.text for lesson in latin] == [
        "tuikuan",
        "my voucher",
        "is there a discount",
        "coupon",
        "request refund",
    ]


# -- phrases that add nothing


def test_a_phrase_that_differs_in_spelling_only_adds_nothing() -> None:
    file = PhraseFile("en", "track_parcel", ("Where is my parcel?", "where is my parcel", "track it"))
    assert list(idle(file, PLAIN)) == [Idle("where is my parcel", "Where is my parcel?")]


def test_of_two_that_say_the_same_the_one_with_fewer_wordings_adds_nothing() -> None:
    file = PhraseFile("en", "track_parcel", ("where is my parcel", "where is my (parcel|order)"))
    assert list(idle(file, PLAIN)) == [Idle("where is my parcel", "where is my (parcel|order)")]


def test_a_phrase_of_which_one_wording_is_new_adds_something() -> None:
    file = PhraseFile("zh", "track_parcel", ("快递到哪了", "(快递|包裹)到哪了", "查(快递|物流)"))
    assert [one.phrase for one in idle(file, PLAIN)] == ["快递到哪了"]


def test_a_phrase_that_stands_there_twice_is_told() -> None:
    assert list(idle(PhraseFile("zh", "thanks", ("谢谢", "多谢", "谢谢")), PLAIN)) == [Idle("谢谢", "谢谢")]


def test_a_phrase_in_other_characters_only_adds_nothing() -> None:
    file = PhraseFile("zh", "track_parcel", ("快递到哪里了", "快遞到哪裡了", "查快递"))
    assert list(idle(file, load_lexicon())) == [Idle("快遞到哪裡了", "快递到哪里了")]


# -- messages as phrases


@pytest.mark.parametrize(
    ("said", "taught"),
    [
        ("call me on 13800138000", "call me on …"),
        ("call +1 (415) 555-2671 today", "call … today"),
        ("mail ann.lee@example.com please", "mail … please"),
        ("发到ann@example.com谢谢", "发到…谢谢"),
        ("电话一三八零零一三八零零零", "电话…"),
        ("look at https://example.com/a?token=1", "look at …"),
        ("my code is 4432", "my code is …"),
        ("where is 2600018003", "where is {order_number}"),
        ("where is SF1234567890123", "where is {tracking_number}"),
        ("退我35块", "退我{amount}"),
        ("size 42 after 3 days", "size 42 after 3 days"),
        ("two\nlines", "two lines"),
        ("[a] (b|c) {d}", "a b c d"),
        ("red\x1b[31m", "red 31m"),
    ],
)
def test_a_message_is_taught_without_what_it_says_about_a_person(said: str, taught: str) -> None:
    assert as_phrase(said) == taught


@pytest.mark.parametrize("said", ["", "13800138000", "2600018003", "😀", "…", "word " * 100, "a" * 1_000_000])
def test_what_is_no_phrase_is_not_taught(said: str) -> None:
    assert as_phrase(said) == ""


def test_every_phrase_made_of_a_message_can_be_read_as_one() -> None:
    for said in ("a [b (c|d", "{x} y", "}{", "q|||", "]]] so what"):
        assert variants(as_phrase(said) or "x")


# -- suggestions


def test_messages_alike_are_one_suggestion_and_the_most_frequent_come_first() -> None:
    heard = ["where's my doodad", "wheres my doodad", "where's my doodad?", "ocelot"]
    found = suggestions(map(Misheard, ["ocelot", *heard, "where's my doodad"]), book(), Thresholds(1.1), "en")
    assert [(one.phrase, one.count) for one in found] == [("where's my doodad", 4), ("ocelot", 2)]


def test_what_buyers_tapped_then_is_suggested_and_giving_up_tells_nothing() -> None:
    heard = [Misheard("zorg blip", tap) for tap in ("escalate", "escalate", "invoice", "")]
    (one,) = suggestions(heard, book(), Thresholds(1.1), "en")
    assert (one.intent, one.tapped, one.count) == ("invoice", 1, 4)


def test_what_is_understood_by_now_is_no_longer_suggested() -> None:
    heard = [Misheard("where is my parcel", "track_parcel"), Misheard("13800138000")]
    assert suggestions(heard, book(), SURE, "en") == ()


def test_what_was_rejected_is_not_suggested_again_nor_what_is_like_it() -> None:
    heard = [Misheard("zorg blip zap"), Misheard("zorg blip zapp"), Misheard("ocelot")]
    found = suggestions(heard, book(), Thresholds(1.1), "en", rejected=["zorg blip zap"])
    assert [one.phrase for one in found] == ["ocelot"]


# -- what teaching changes


def test_the_effect_names_messages_that_are_understood_differently_then() -> None:
    after = book(invoice=("fapiao for the doodad", "i need a fapiao"))
    (change,) = effect(book(), after, ["where is my doodad fapiao", "where is my parcel"], SURE).messages
    assert (change.before, change.after) == ("track_parcel", "invoice")


def test_the_effect_warns_of_phrases_that_new_ones_take_away() -> None:
    moved = {**TAUGHT, "thanks": ("grazie", "merci"), "invoice": (*TAUGHT["invoice"], *TAUGHT["thanks"])}
    found = effect(book(), book(moved), [], SURE).phrases
    assert {change.text for change in found} == set(TAUGHT["thanks"])
    assert all(change.worse and change.after == "invoice" for change in found)


def test_teaching_the_same_once_more_changes_nothing() -> None:
    found = effect(book(), book(), ["where is my parcel", "ocelot"], SURE)
    assert (found.messages, found.phrases) == ((), ())
