"""What buyers say of their measures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.understanding.measures import measures


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("我165,110斤,穿什么码", {"height": 165, "weight": 55}),
        ("身高170体重130", {"height": 170, "weight": 65}),
        ("一米七 60公斤", {"height": 170, "weight": 60}),
        ("1米65,100斤", {"height": 165, "weight": 50}),
        ("1.72m 68kg", {"height": 172, "weight": 68}),
        ("亲 165 55kg 啥码", {"height": 165, "weight": 55}),
        ("160斤穿多大", {"weight": 80}),
        ("体重50", {"weight": 50}),
        ("脚长25厘米", {"foot": 25}),
        ("42码的脚", {"foot": 26}),
        ("腰围70cm 臀围 95厘米", {"waist": 70, "hips": 95}),
        ("I'm 5'6 and 140 lbs", {"height": 167.6, "weight": 63.5}),
        ("5 ft 10, 80 kilos", {"height": 177.8, "weight": 80}),
        ("165cm 50kg what size", {"height": 165, "weight": 50}),
        ("my foot is 26 cm long", {"foot": 26}),
        ("my waist is 32 inches", {"waist": 81.3}),
        ("I weigh 150", {"weight": 68}),
        ("有尺码表吗", {}),
        ("order 2600018006", {}),
        ("退我 165 块", {}),
    ],
)
def test_what_is_said_is_read(said: str, meant: dict[str, float]) -> None:
    assert measures(said) == meant


@given(some.text(max_size=300))
def test_nothing_is_ever_out_of_bounds(said: str) -> None:
    assert all(3 <= number <= 230 for number in measures(said).values())


@given(some.integers(140, 205), some.integers(40, 120))
def test_centimetres_and_kilograms_are_read_as_they_are(height: int, weight: int) -> None:
    assert measures(f"{height}cm {weight}kg") == {"height": height, "weight": weight}
