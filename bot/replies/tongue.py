"""One language: its words, and how it writes money, days and lengths of time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime, format_timedelta
from babel.numbers import format_currency
from markupsafe import Markup, escape

from bot.domain.calendar import Weekday
from bot.domain.cases import Event, Goods, Kind, Phase, Reason, Responsibility, Role, State
from bot.domain.conversation import FlagReason, Holder, Priority
from bot.domain.evidence import Proof
from bot.domain.feedback import Cause
from bot.domain.files import FileState
from bot.domain.guides import Measure
from bot.domain.ladder import Rung
from bot.domain.messages import Medium
from bot.domain.money import Money
from bot.domain.options import Option
from bot.domain.orders import ParcelState
from bot.domain.refunds import Purpose, RefundState
from bot.domain.terms import Span, Unit
from bot.domain.verdicts import Rule

Words = Mapping[str, Mapping[str, str]]
"""Group to key to wording."""

ENUMS: Mapping[str, type[StrEnum]] = {
    "weekday": Weekday,
    "cause": Cause,
    "state": State,
    "reason": Reason,
    "kind": Kind,
    "goods": Goods,
    "event": Event,
    "rule": Rule,
    "flag": FlagReason,
    "priority": Priority,
    "medium": Medium,
    "file": FileState,
    "proof": Proof,
    "rung": Rung,
    "holder": Holder,
    "measure": Measure,
    "parcel": ParcelState,
    "phase": Phase,
    "responsibility": Responsibility,
    "role": Role,
    "refund": RefundState,
    "purpose": Purpose,
    "unit": Unit,
    "option": Option,
}
"""The group that words each enum's values."""

FORMATS = ("date", "day", "time", "moment")
"""Keys of the group `format`: how the language writes a day with its year, a day, a time, and a day with its time."""

_GROUPS: dict[type, str] = {enum: group for group, enum in ENUMS.items()}
_WEB = re.compile(r"https?://[^\s<>\"']+")
_DIGITS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Tongue:
    """How one language says values."""

    language: str
    words: Words
    timezone: tzinfo
    """The shop's: all times are told in it."""

    @property
    def locale(self) -> Locale:
        """What Babel knows of the language; English where it knows nothing."""
        return _locale(self.language)

    def word(self, value: str, group: str = "") -> str:
        """The wording of an enum's value, or of any key of a named group; the key itself where nobody worded it."""
        group = group or group_of(type(value))
        return self.words.get(group, {}).get(value, str(value))

    def carrier(self, code: str) -> str:
        """A carrier's name."""
        return self.word(code, "carrier")

    def money(self, amount: Money) -> str:
        """An amount with its sign: ``¥59.90``."""
        return format_currency(amount.decimal, amount.currency, locale=self.locale)

    def date(self, at: datetime) -> str:
        """The day with its year."""
        return self._written(at, "date", "d MMM y")

    def day(self, at: datetime) -> str:
        """The day."""
        return self._written(at, "day", "d MMM")

    def time(self, at: datetime) -> str:
        """The time of day."""
        return self._written(at, "time", "HH:mm")

    def moment(self, at: datetime) -> str:
        """The day and the time."""
        return self._written(at, "moment", "d MMM, HH:mm")

    def minutes(self, count: int) -> str:
        """A length of time given in minutes; whole hours are said as hours."""
        if count >= 60 and count % 60 == 0:
            return self.hours(count // 60)
        return self._lasting(timedelta(minutes=count), "minute")

    def hours(self, count: int) -> str:
        """A length of time given in hours."""
        return self._lasting(timedelta(hours=count), "hour")

    def span(self, span: Span) -> str:
        """A length of time somebody has, in the unit it is counted in: working days are not days."""
        if span.unit in (Unit.HOURS, Unit.DAYS):
            length = timedelta(**{span.unit.value: span.count})
            return self._lasting(length, "hour" if span.unit is Unit.HOURS else "day")
        return f"{span.count} {self.word(span.unit)}"

    def _lasting(self, length: timedelta, unit: Literal["day", "hour", "minute"]) -> str:
        """In this unit, however many: what is due within 48 hours is not due within 2 days."""
        return format_timedelta(length, granularity=unit, threshold=10**9, locale=self.locale)

    def _written(self, at: datetime, key: str, otherwise: str) -> str:
        pattern = self.words.get("format", {}).get(key, otherwise)
        return format_datetime(at, pattern, tzinfo=self.timezone, locale=self.locale)


def group_of(kind: type) -> str:
    """The group that words an enum; empty for any other type."""
    return _GROUPS.get(kind, "")


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def plural(count: int, one: str, many: str) -> str:
    """``1 photo``, ``3 photos``."""
    return f"{count} {one if count == 1 else many}"


def short(text: str, length: int) -> str:
    """On one line, cut to this many characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def mask(number: str) -> str:
    """A phone or another number with only its last digits shown."""
    return "*" * min(len(number[:-_DIGITS_SHOWN]), 7) + number[-_DIGITS_SHOWN:]


def link(address: str, words: str) -> Markup:
    """The words, linked when the address is one of the web; the words alone for anything else."""
    if not _WEB.fullmatch(address):
        return escape(words)
    return Markup('<a href="{}">{}</a>').format(address, words)
