"""Whether an agent's words hold a waybill at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from bot.understanding.slots.waybill import by_shape

_RUN = re.compile(r"[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*")
_SHORTEST, _LONGEST = 8, 40
_DIGITS = 6
"""A number of no known carrier's form has at least so many."""


def holds_waybill(text: str) -> bool:
    """True for "SF2000011112222", "顺丰 SF 2000 0111 12222", "UPS 1Z12345E0205271688"; false for "abc" and "寄了"."""
    return any(_is_waybill(number.upper()) for number in _numbers(text))


def _is_waybill(number: str) -> bool:
    if not _SHORTEST <= len(number) <= _LONGEST:
        return False
    return by_shape(number) is not None or sum(map(str.isdigit, number)) >= _DIGITS


def _numbers(text: str) -> Iterator[str]:
    """Each run of letters and digits, whole, by groups, and the groups with digits together as they are printed."""
    for run in _RUN.findall(text):
        groups = re.split("[ -]", run)
        yield from groups
        for digits, together in groupby(groups, key=lambda group: any(map(str.isdigit, group))):
            if digits:
                yield "".join(together)
