"""What people say of their measures, in centimetres and kilograms: 165cm 110斤, 一米七, "5'6, 140 lb", "my foot is 25 cm"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.understanding.slots.numeral import HAN, han_number

_NUMBER = r"\d{1,3}(?:\.\d{1,2})?"
_FEET = re.compile(
    r"(?<![\d.])(?P<feet>[4-6])\s?(?:'|′|’|ft\b|feet\b|foot\b)\s?(?P<inches>\d{1,2})?(?:\"|″|”|''|\s?in(?:ch(?:es)?)?\b)?"
)
_METRES = re.compile(
    rf"(?P<metres>[12一])\s?(?:米|m(?![a-z]))\s?(?P<rest>\d{{1,2}}|{HAN}{{1,3}})?|(?<![\d.])(?P<decimal>[12]\.\d{{1,2}})\s?(?:米|m(?![a-z]))"
)
_WITH_UNIT = re.compile(
    rf"(?<![\d.])(?P<number>{_NUMBER})\s?(?P<unit>cm|厘米|公分|kg|kgs|kilos?|公斤|千克|斤|lbs?|pounds?|st(?:one)?\b|inch(?:es)?|in\b|寸)",
    re.IGNORECASE,
)
_OF = (
    ("foot", re.compile(r"脚长|脚|foot|feet", re.IGNORECASE)),
    ("chest", re.compile(r"胸围|胸|chest|bust", re.IGNORECASE)),
    ("waist", re.compile(r"腰围|腰|waist", re.IGNORECASE)),
    ("hips", re.compile(r"臀围|臀|hips?", re.IGNORECASE)),
    ("head", re.compile(r"头围|head", re.IGNORECASE)),
)
_HEIGHT = re.compile(
    r"(?:身高|个子|高|\bheight|\btall|\bheight is)\s?(?:是|大概|about|is)?\s?(?P<number>1[3-9]\d|20\d)(?![\d.])|(?P<before>1[3-9]\d|20\d)\s?(?:tall|高)"
)
_WEIGHT = re.compile(
    r"(?:体重|\bweight|\bweigh|重)\s?(?:是|大概|about|is)?\s?(?P<number>\d{2,3}(?:\.\d)?)(?![\d.])"
)
_SHOE = re.compile(
    r"(?<![\d.])(?P<number>3[4-9]|4\d)\s?(?:码|号)的?脚|(?:鞋码|穿|wear|shoe size|size)\s?(?:是|eu)?\s?(?P<after>3[4-9]|4\d)(?![\d.])",
    re.IGNORECASE,
)
_BARE_HEIGHT = re.compile(r"(?<![\d.])(?P<number>1[4-9]\d|20\d)(?![\d.]|\s?(?:斤|kg|公斤|lb|块|元))")
_CM = {"cm": 1.0, "厘米": 1.0, "公分": 1.0, "inch": 2.54, "inches": 2.54, "in": 2.54, "寸": 3.33}
_KG = {
    **dict.fromkeys(("kg", "kgs", "kilo", "kilos", "公斤", "千克"), 1.0),
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), 0.4536),
    **dict.fromkeys(("st", "stone"), 6.35),
    "斤": 0.5,
}
_HEAVY = 85
"""From this number on a weight without its unit is in 斤 where Chinese is written, and in pounds elsewhere: nearly all who
buy clothes weigh less in kilograms, and more in the others."""
_LOOKED_BACK = 10
_BOUNDS = {"height": (50, 230), "weight": (3, 200), "foot": (8, 35), "head": (30, 70)}
_LONGEST = 200


def measures(text: str) -> dict[str, float]:
    """Measure to number; what could be none is left out. Of a measure told twice the first counts."""
    said = unicodedata.normalize("NFKC", text[:_LONGEST]).lower()
    found: dict[str, float] = {}
    for name, number in _all(said):
        least, most = _BOUNDS.get(name, (20, 200))
        if least <= number <= most:
            found.setdefault(name, round(number, 1))
    if "height" not in found and "weight" in found and (bare := _BARE_HEIGHT.search(_WEIGHT.sub(" ", said))):
        found["height"] = float(bare["number"])
    return found


def _all(said: str) -> Iterator[tuple[str, float]]:
    for match in _FEET.finditer(said):
        yield "height", int(match["feet"]) * 30.48 + int(match["inches"] or 0) * 2.54
    for match in _METRES.finditer(said):
        yield "height", _metres(match)
    for match in _WITH_UNIT.finditer(said):
        yield from _with_unit(match, said)
    for match in _HEIGHT.finditer(said):
        yield "height", float(match["number"] or match["before"])
    for match in _WEIGHT.finditer(said):
        yield "weight", _weight(float(match["number"]), said)
    for match in _SHOE.finditer(said):
        yield (
            "foot",
            (int(match["number"] or match["after"]) + 10) / 2,
        )  # the European number in centimetres of foot


def _metres(match: re.Match[str]) -> float:
    if match["decimal"]:
        return float(match["decimal"]) * 100
    whole = 200 if match["metres"] == "2" else 100
    rest = match["rest"] or "0"
    number = int(rest) if rest.isascii() else han_number_or_none(rest)
    return whole + (number * 10 if number < 10 else number)


def han_number_or_none(text: str) -> int:
    """A Chinese numeral; 0 where it is none."""
    try:
        return han_number(text)
    except ValueError:
        return 0


def _with_unit(match: re.Match[str], said: str) -> Iterator[tuple[str, float]]:
    number, unit = float(match["number"]), match["unit"]
    if unit in _KG:
        yield "weight", number * _KG[unit]
        return
    length = number * _CM[unit]
    before, after = said[max(match.start() - _LOOKED_BACK, 0) : match.start()], said[match.end() :][:6]
    named = _named(before, after)
    if named:
        yield named, length
    elif length >= 100:
        yield "height", length


def _named(before: str, after: str) -> str:
    """What is measured: what was named last before the number, else right behind it."""
    found = [(match.start(), name) for name, words in _OF for match in words.finditer(before)]
    behind = [(match.start(), name) for name, words in _OF for match in words.finditer(after)]
    return max(found)[1] if found else min(behind)[1] if behind else ""


def _weight(number: float, said: str) -> float:
    if number < _HEAVY:
        return number
    return number * (0.5 if any("\u3400" <= char <= "\u9fff" for char in said) else 0.4536)
