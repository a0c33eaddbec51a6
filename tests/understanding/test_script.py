"""Simplified or Traditional: told by the characters that differ."""

from __future__ import annotations

import pytest

from bot.understanding.phrasebook import Phrasebook
from bot.understanding.script import script_of


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("我要退款，訂單還沒到", "Hant"),
        ("我要退款，订单还没到", "Hans"),
        ("我要退款", ""),
        ("where is it", ""),
        ("我的包裹到哪裏了", "Hant"),
        ("退貨 单", ""),
        ("", ""),
        ("\ud800貨", "Hant"),
    ],
)
def test_the_characters_tell_the_script(text: str, script: str, book: Phrasebook) -> None:
    assert script_of(text, book.lexicon, "Hant") == script


def test_simplified_characters_are_no_news_where_no_others_were_written(book: Phrasebook) -> None:
    assert script_of("我要退款，订单还没到", book.lexicon, "") == ""


@pytest.mark.parametrize(
    ("text", "traditional"),
    [
        ("便携手冲咖啡壶", "便攜手沖咖啡壺"),
        ("冲牙器", "沖牙器"),
        ("冲泡", "沖泡"),
        ("冲锋衣", "衝鋒衣"),
        ("缓冲", "緩衝"),
    ],
)
def test_poured_water_is_no_rush(text: str, traditional: str, book: Phrasebook) -> None:
    assert book.lexicon.traditional(text) == traditional
