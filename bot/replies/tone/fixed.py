"""Numbers of days and money typed into a text where the reply has a value that says what holds today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.domain.money import Money
from bot.domain.replies import Reply
from bot.domain.terms import Span as Length
from bot.replies.finding import Finding, Severity
from bot.replies.shapes import attributes_of, shape_of
from bot.replies.tone.book import Book
from bot.replies.tone.phrases import Phrase, Span, covered, spans
from bot.replies.tone.prose import Prose
from bot.replies.tone.sheet import Sheet

_NUMBER = 12
"""Characters a typed number may have."""
_NAMED = 3
"""Values named in a finding."""
_SAID_BY: Mapping[str, tuple[type, ...]] = {"time": (int, datetime, Length), "money": (Money,)}
"""The unit's list to the types of the values that tell it."""


def typed_in(sheet: Sheet, said: Prose, book: Book) -> Iterator[Finding]:
    """A finding for each number with a unit that some value of the reply could say."""
    for unit, kinds in _SAID_BY.items():
        values = _values(sheet.declared, kinds)
        for start, end in _numbers(said.text, unit, book) if values else ():
            typed = said.text[start:end].strip(" ,.")
            parts = (f"“{typed}” is typed in", book.numbers.why, book.numbers.instead)
            told = "; ".join(part.rstrip(".。") for part in parts if part)
            named = ", ".join(values[:_NAMED])
            yield Finding(sheet.path, said.line(start), Severity.WARNING, f"{told} ({named})")


def _numbers(text: str, unit: str, book: Book) -> Iterator[Span]:
    for entry in book.numbers[unit]:
        for start, end in spans(text, entry):
            before = _number_before(text, start, book.numbers["words"])
            after = _digits_after(text, end) if unit == "money" else end
            span = (before, end) if before < start else (start, after)
            if span != (start, end) and not covered(text, span, book.numbers["unless"]):
                yield span


def _number_before(text: str, at: int, words: tuple[Phrase, ...]) -> int:
    """Where the number begins that stands before this place; the place itself when there is none."""
    begin = max(0, at - _NUMBER)
    head = text[begin:at].rstrip(" -")
    digits = head.rstrip("0123456789.,")
    if any(char.isdigit() for char in head[len(digits) :]):
        return begin + len(digits)
    starts = [start for word in words for start, end in spans(head, word) if end == len(head)]
    return begin + min(starts) if starts else at


def _digits_after(text: str, at: int) -> int:
    tail = text[at : at + _NUMBER]
    rest = tail.lstrip().lstrip("0123456789.,")
    return at + len(tail) - len(rest) if tail.lstrip()[:1].isdigit() else at


def _values(declared: Reply, kinds: tuple[type, ...]) -> list[str]:
    """The reply's values of these kinds, and times and amounts that are parts of one."""
    hints = {**declared.values, **(declared.label_values or {})}
    direct = [name for name, hint in hints.items() if _is(hint, kinds)]
    parts = [
        f"{name}.{part}"
        for name, hint in hints.items()
        for part, shape in attributes_of(shape_of(hint).kind).items()
        if shape.kind in kinds and shape.kind is not int
    ]
    return direct + parts


def _is(hint: Any, kinds: tuple[type, ...]) -> bool:
    return shape_of(hint).kind in kinds
