"""What is known of a buyer moves what is in doubt, and leaves plain words plain."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.meaning import Meaning
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.recognise import Thresholds
from bot.understanding.slots import Context
from bot.understanding.understand import understand

OPEN_CASE = {"refund_status": 3.0, "revoke_refund": 3.0}
NO_CASE = {"refund_status": 0.35, "revoke_refund": 0.35}
NOT_SHIPPED = {**NO_CASE, "request_refund": 2.0}


def meant(text: str, book: Phrasebook, odds: dict[str, float]) -> Meaning:
    context = Context(today=date(2026, 11, 20), odds=odds)
    return understand(text, book, Thresholds(), context)


@pytest.mark.parametrize(
    ("text", "odds", "intent"),
    [
        ("取消", OPEN_CASE, "revoke_refund"),
        ("cancel", OPEN_CASE, "revoke_refund"),
        ("cancel that please", NOT_SHIPPED, "request_refund"),
        ("cancel it", OPEN_CASE, "revoke_refund"),
    ],
)
def test_what_can_be_meant_here_is_meant(
    text: str, odds: dict[str, float], intent: str, book: Phrasebook
) -> None:
    without = meant(text, book, {})
    within = meant(text, book, odds)
    assert without.intent != intent
    assert within.intent == intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [("撤销退款", "revoke_refund"), ("退款到哪一步了", "refund_status"), ("不退了", "revoke_refund")],
)
def test_plain_words_stay_plain(text: str, intent: str, book: Phrasebook) -> None:
    assert meant(text, book, NO_CASE).intent == intent


@pytest.mark.parametrize("text", ["我的快递到哪了", "我要退款", "hello", "where is my parcel"])
def test_another_wish_is_not_overruled(text: str, book: Phrasebook) -> None:
    assert meant(text, book, OPEN_CASE).intent == meant(text, book, {}).intent


def test_the_explanation_names_the_odds(book: Phrasebook) -> None:
    signals = {guess.intent: guess.signal for guess in meant("取消", book, OPEN_CASE).candidates}
    assert signals["revoke_refund"].endswith("odds ×3")


@pytest.mark.parametrize(
    ("text", "view"), [("推款", "sound"), ("wo yao tuikuan", "sound"), ("want my cash back", "meaning")]
)
def test_the_explanation_names_the_view_that_carried_it(text: str, view: str, book: Phrasebook) -> None:
    assert meant(text, book, {}).candidates[0].signal == f"message: {view}"
