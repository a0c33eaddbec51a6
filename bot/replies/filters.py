"""What a template may do with a value: ``{{ amount|money }}``. One table for the sandbox and for the linter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.money import Money
from bot.domain.terms import Span
from bot.replies import tongue as say
from bot.replies.tongue import Tongue


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter: what it takes, what it gives, and what it does."""

    takes: tuple[type, ...]
    gives: type
    does: Callable[..., Any]
    """Called with the language, the value and the arguments."""
    arguments: tuple[type, ...] = ()
    optional: int = 0
    """How many of the last arguments may be left out."""
    mend: str = ""
    """How it is written."""


FILTERS: dict[str, Filter] = {
    "money": Filter((Money,), str, Tongue.money),
    "date": Filter((datetime,), str, Tongue.date),
    "day": Filter((datetime,), str, Tongue.day),
    "time": Filter((datetime,), str, Tongue.time),
    "moment": Filter((datetime,), str, Tongue.moment),
    "minutes": Filter((int,), str, Tongue.minutes),
    "span": Filter((Span,), str, Tongue.span),
    "hours": Filter((int,), str, Tongue.hours),
    "word": Filter((StrEnum, str), str, Tongue.word, (str,), 1, 'write value|word, or code|word("carrier")'),
    "carrier": Filter((str,), str, Tongue.carrier),
    "plural": Filter(
        (int,),
        str,
        lambda _, *values: say.plural(*values),
        (str, str),
        0,
        'write count|plural("photo", "photos")',
    ),
    "short": Filter((str,), str, lambda _, *values: say.short(*values), (int,), 0, "write title|short(20)"),
    "mask": Filter((str,), str, lambda _, number: say.mask(number)),
    "link": Filter(
        (str,), str, lambda _, *values: say.link(*values), (str,), 0, 'write address|link("words")'
    ),
    "count": Filter((tuple,), int, lambda _, values: len(values)),
}
