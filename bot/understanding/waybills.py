"""Whether words hold a waybill at all: one rule for the buyer who sends goods back and for the agent who notes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from bot.understanding.slots.carrier import carrier_beside
from bot.understanding.slots.waybill import by_shape

_RUN = re.compile(r"[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*")
_SHORTEST, _LONGEST = 8, 40
_DIGITS = 6
"""A number of no known carrier's form has at least so many."""


def holds_waybill(text: str) -> bool:
    """True for "SF2000011112222", "顺丰 SF 2000 0111 12222", "UPS 1Z12345E0205271688"; false for "abc" and "寄了"."""
    return waybill_in(text) != ""


def waybill_in(text: str) -> str:
    """The likeliest waybill in these words, in capitals and without spaces; empty when there is none.

    One of a known carrier's form comes before any other number, and the longest before its own pieces.
    """
    found = [number.upper() for number in _numbers(text) if _is_waybill(number.upper())]
    return max(found, key=lambda number: (by_shape(number) is not None, len(number)), default="")


def with_carrier(number: str, text: str, carrier: str = "") -> str:
    """The number as it is noted: behind its carrier's code ("ZTO 73100099988877") where its own letters do not tell it.

    `text` is the words it stood in, `carrier` a code that was read there.
    """
    code = carrier or carrier_beside(text)
    tells = bool(number) and number[0].isalpha()
    return number if tells or not code else f"{code.upper()} {number}"


def carrier_and_number(noted: str) -> tuple[str, str]:
    """Who carries it, by its code, and the number itself, of a waybill as it is noted; the code is empty where nothing tells."""
    named = carrier_beside(noted)
    number = (waybill_in(noted.partition(" ")[2]) if named else "") or waybill_in(noted)
    shape = by_shape(number)
    return (shape.carrier if shape else "") or named, number


def _is_waybill(number: str) -> bool:
    if not _SHORTEST <= len(number) <= _LONGEST:
        return False
    return by_shape(number) is not None or sum(map(str.isdigit, number)) >= _DIGITS


def _numbers(text: str) -> Iterator[str]:
    """Each run of letters and digits by groups, and the groups with digits together as they are printed, with the letters
    before them where a carrier's numbers begin so."""
    for run in _RUN.findall(text):
        groups = re.split("[ -]", run)
        yield from groups
        before = ""
        for digits, together in groupby(groups, key=lambda group: any(map(str.isdigit, group))):
            number = "".join(parts := list(together))
            if digits:
                yield number
                yield from [before + number] if by_shape((before + number).upper()) else []
            before = "" if digits else parts[-1]
