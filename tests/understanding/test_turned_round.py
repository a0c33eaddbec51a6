"""Small words that turn a meaning round, and wishes told with words nobody taught."""

from __future__ import annotations

import pytest

from bot.domain.meaning import Meaning
from bot.understanding.marks import agree, negative
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.recognise import NONE, Thresholds
from bot.understanding.slots import Context
from bot.understanding.understand import understand


def read(text: str, book: Phrasebook, asking: str = "") -> Meaning:
    return understand(text, book, Thresholds(), Context(asking=asking))


def takes_back(text: str) -> bool:
    """A message, clause by clause, drops a refund or keeps the goods: what a plain request does not."""
    return not agree(text, "refund", "request_refund")


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


WISHES = {
    "request_refund": """
        refund the socks
        refund notebook
        refund my speaker
        cancel my headphones
        卫衣想退
        杯子想退
        耳机退了吧 不想要了
        退卫衣
    """,
    "return_goods": """
        return the socks
        I want to send the lamp back
        卫衣想退货
        不合适 想寄回去
    """,
    "quality_issue": """
        my speaker is broken
        it broke
        broken
        doesnt work
        耳机有问题
    """,
    "not_as_described": """
        not as pictured
        颜色跟图片不一样
    """,
    "wrong_or_missing_item": """
        尺码不对
    """,
}
"""What is asked for, or told, in plain words: docs/intents.md says which is which."""
TAKES_BACK = """
    cancel the refund for my socks
    don't refund the socks
    no refund for the socks
    我不想退卫衣了
    耳机不退了
    卫衣别退了
    取消耳机的退款
    算了不退了
    我不退了
    耳机留着吧
"""


@pytest.mark.parametrize(
    ("text", "intent"), [(text, intent) for intent, texts in WISHES.items() for text in lines(texts)]
)
def test_a_plain_wish_is_never_taken_for_its_reverse(text: str, intent: str, book: Phrasebook) -> None:
    assert read(text, book).intent == intent
    assert not takes_back(text)


def test_what_may_be_several_things_is_asked_about(book: Phrasebook) -> None:
    meaning = read("wrong size", book)  # another size, the wrong one sent, or money back
    assert meaning.intent is None
    assert "revoke_refund" not in {guess.intent for guess in meaning.candidates}


@pytest.mark.parametrize("text", lines(TAKES_BACK))
def test_taking_back_is_heard(text: str, book: Phrasebook) -> None:
    assert read(text, book).intent == "revoke_refund"
    assert takes_back(text)


@pytest.mark.parametrize(
    "text", ["cancel", "stop", "cancel the order, refund me", "取消订单,退款", "再不退我就投诉"]
)
def test_what_takes_nothing_back_does_not_revoke(text: str, book: Phrasebook) -> None:
    assert read(text, book).intent != "revoke_refund"


@pytest.mark.parametrize(
    "text", ["我不同意", "不可以", "不确认", "别提交", "don't", "do not submit", "不要提交"]
)
def test_no_is_never_yes(text: str, book: Phrasebook) -> None:
    assert read(text, book).intent == "deny"
    assert read(text, book).slots.get("yes_no") != "yes"


@pytest.mark.parametrize("text", ["确认", "確認", "確認提交", "没问题", "没错", "沒錯", "sounds good"])
def test_yes_is_yes(text: str, book: Phrasebook) -> None:
    assert read(text, book).intent == "affirm"
    assert read(text, book).slots["yes_no"] == "yes"


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("不用平台介入了", "platform_intervention"),
        ("别投诉", "complaint"),
        ("杯子收到是碎的，别给我换货", "exchange_goods"),
        ("不用改地址了", "change_address"),
        ("dont need an invoice", "invoice"),
        ("no repair needed", "warranty_repair"),
        ("no invoice please", "invoice"),
        ("地址没写错", "change_address"),
        ("no need to change the address", "change_address"),
    ],
)
def test_who_says_they_do_not_want_it_does_not_get_it(text: str, refused: str, book: Phrasebook) -> None:
    for thresholds in (Thresholds(), Thresholds(act=0.1, ask=0.05, margin=0.0)):
        meaning = understand(text, book, thresholds, Context())
        assert meaning.intent != refused
        assert refused not in meaning.wishes


def test_a_thing_that_is_missing_is_not_refused(book: Phrasebook) -> None:
    assert read("there was no invoice in the box, send me the invoice", book).intent == "invoice"


def test_a_story_and_a_wish_lead_to_the_wish(book: Phrasebook) -> None:
    assert read("我还没收到货，我要退款", book).intent == "request_refund"
    assert read("杯子收到是碎的，给我换货", book).intent == "exchange_goods"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("不要换货 要退货", "return_goods"),
        ("i changed my mind, not keeping it, how do i return", "return_goods"),
        ("i'm not complaining, just a suggestion: thicker box", "feedback"),
    ],
)
def test_where_a_message_says_what_is_not_wanted_a_clause_may_say_what_is(
    text: str, intent: str, book: Phrasebook
) -> None:
    assert read(text, book).candidates[0].intent == intent


@pytest.mark.parametrize(
    "text", ["i haven't sent the return yet, whats the address", "我跟男朋友吵架了 好难过", "快递到哪了 急用"]
)
def test_a_clause_never_says_more_surely_than_the_message_what_is_wanted(text: str, book: Phrasebook) -> None:
    best = read(text, book).candidates[0]
    assert best.signal.startswith("message")


def test_a_wish_is_no_surer_than_the_words_it_was_told_with(book: Phrasebook) -> None:
    for text in ("it broke after a day, i want my money back", "杯子收到是碎的，给我换货"):
        best = read(text, book).candidates[0]
        parts = [read(part, book).candidates for part in (text, *text.replace("，", ",").split(","))]
        assert best.confidence <= max(
            guess.confidence for found in parts for guess in found if guess.intent == best.intent
        )


@pytest.mark.parametrize("text", ["bye", "goodbye", "再见"])
def test_who_says_goodbye_agrees_to_nothing(text: str, book: Phrasebook) -> None:
    assert read(text, book).intent == "goodbye"
    assert "yes_no" not in read(text, book).slots


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("no never arrived", {"received": "no", "reason": "not_received"}),
        ("my blanket never arrived", {"received": "no", "reason": "not_received"}),
        ("yeah got em", {"received": "yes"}),
        ("got it", {"received": "yes"}),
        ("it broke", {"reason": "quality"}),
        ("doesnt work", {"reason": "quality"}),
        ("wrong size", {"reason": "changed_mind"}),
        ("尺码不对", {"reason": "changed_mind"}),
        ("小了", {"reason": "changed_mind"}),
        ("买多了", {"reason": "changed_mind"}),
        ("not as pictured", {"reason": "not_as_described"}),
    ],
)
def test_what_is_told_in_passing(text: str, slots: dict[str, str], book: Phrasebook) -> None:
    assert slots.items() <= read(text, book, "received").slots.items()


@pytest.mark.parametrize("text", ["no never arrived", "my blanket never arrived", "got it"])
def test_what_answers_the_question_is_an_answer(text: str, book: Phrasebook) -> None:
    assert "received" in read(text, book, "received").exact


def test_the_marks_part_the_taught_phrases(book: Phrasebook) -> None:
    asks = [word.text for word in book.wordings if word.intent == "request_refund" and takes_back(word.text)]
    assert asks == ["忘记取消了还能退款吗"]
    agrees = [word.text for word in book.wordings if word.intent == "affirm" and negative(word.text)]
    assert all(text.endswith("why not") for text in agrees)
    revokes = [word.text for word in book.wordings if word.intent == "revoke_refund"]
    assert sum(map(takes_back, revokes)) / len(revokes) > 0.9


def test_every_taught_wording_is_its_own_intent_and_asks_for_one_thing(book: Phrasebook) -> None:
    for wording in book.wordings:
        meaning = read(wording.text, book)
        assert meaning.wishes == (), wording
        if wording.intent == NONE:
            assert meaning.intent is None, wording
        elif not number_alone(wording.text):
            assert meaning.candidates[0].intent == wording.intent, wording


def number_alone(text: str) -> bool:
    """It answers a question, or is a number; it asks for nothing."""
    return all(word.isascii() and any(map(str.isdigit, word)) for word in text.split())
