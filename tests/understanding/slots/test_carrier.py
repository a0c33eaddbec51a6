"""The carrier a message names."""

from __future__ import annotations

import pytest

from bot.carriers.directory import carrier_of
from bot.understanding.slots import words_en, words_zh
from tests.understanding.slots.reading import slot


@pytest.mark.parametrize(
    ("text", "carrier"),
    [
        ("顺丰到哪了", "sf"),
        ("是圆通快递吗", "yto"),
        ("FedEx says delivered", "fedex"),
        ("顺丰还是圆通", None),
        ("在京东买的", None),
        ("ups and downs", None),
        ("upset", None),
    ],
)
def test_a_carrier_is_named_for_certain_or_not_at_all(text: str, carrier: str | None) -> None:
    assert slot("carrier", text) == carrier


@pytest.mark.parametrize(
    "names",
    [words_zh.CARRIERS, words_zh.CARRIERS_BESIDE, words_en.CARRIERS, words_en.CARRIERS_BESIDE],
)
def test_every_name_leads_to_a_carrier_of_the_directory(names: dict[str, str]) -> None:
    assert all(carrier_of(code) for code in names.values())
