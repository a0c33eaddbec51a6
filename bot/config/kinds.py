"""The kinds of values a setting may have: how each is read from text, checked, and written back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.config.currency import currencies, meant
from bot.config.public_days import check_place
from bot.domain.authority import Amounts
from bot.domain.money import Money
from bot.domain.terms import Span, Unit
from bot.errors import MoneyError

_PASSWORD = re.compile(r"(://[^:/@\s]*:).*(@)|((?:password|sslpassword|passwd)=)[^&\s]*", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff/][\w\u4e00-\u9fff ./:+-]*")
_NOT_PLAIN = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Control characters and those that turn the direction of text; not those that join emoji."""
_LONGEST = 500
_MOST_DAYS = 36_500
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Kind(Protocol):
    """One kind of value."""

    @property
    def allowed(self) -> str:
        """Which values are allowed, in words."""
        ...

    def read(self, text: str) -> Any:
        """The value; ValueError says what it is not."""
        ...

    def write(self, value: Any) -> str:
        """The value as it is written in YAML."""
        ...


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false, and no other words for it."""

    allowed: str = "true, false"

    def read(self, text: str) -> bool:
        if text not in ("true", "false"):
            raise ValueError("is not true or false")
        return text == "true"

    def write(self, value: bool) -> str:
        return "true" if value else "false"


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds."""

    least: int
    most: int

    @property
    def allowed(self) -> str:
        return f"whole numbers from {self.least} to {self.most}"

    def read(self, text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,18}", text):
            raise ValueError("is not a whole number")
        number = int(text)
        if not self.least <= number <= self.most:
            raise ValueError("is out of bounds")
        return number

    def write(self, value: int) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Kept:
    """For how many days something is kept; 0: for ever."""

    least: int = 1

    @property
    def allowed(self) -> str:
        return f"0 for ever, or days from {self.least} to {_MOST_DAYS}"

    def read(self, text: str) -> int:
        days = Whole(0, _MOST_DAYS).read(text)
        if 0 < days < self.least:
            raise ValueError("is too short")
        return days

    def write(self, value: int) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Number:
    """A number within bounds; not for money."""

    least: float
    most: float

    @property
    def allowed(self) -> str:
        return f"numbers from {self.least:g} to {self.most:g}"

    def read(self, text: str) -> float:
        if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", text):
            raise ValueError("is not a number")
        number = float(text)
        if not self.least <= number <= self.most:
            raise ValueError("is out of bounds")
        return number

    def write(self, value: float) -> str:
        return f"{value:g}"


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text."""

    allowed: str = "a line of text"
    pattern: str = r".+"

    def read(self, text: str) -> str:
        if _HIDDEN.search(text) or len(text) > _LONGEST:
            raise ValueError(f"is not one printable line of at most {_LONGEST} characters")
        if not re.fullmatch(self.pattern, text):
            raise ValueError("does not fit" if text else "is empty")
        return text

    def write(self, value: str) -> str:
        return quoted(value)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    names: tuple[str, ...]

    @property
    def allowed(self) -> str:
        return ", ".join(self.names)

    def read(self, text: str) -> str:
        if text not in self.names:
            raise ValueError("is none of the choices")
        return text

    def write(self, value: str) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day."""

    allowed: str = "times of day from 00:00 to 23:59"

    def read(self, text: str) -> time:
        found = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", text)
        if not found:
            short = re.fullmatch(r"[0-9]:[0-5][0-9]", text)
            raise ValueError("is not a time of day" + (f'; write "0{text}"' if short else ""))
        return time(int(found[1]), int(found[2]))

    def write(self, value: time) -> str:
        return f'"{value:%H:%M}"'


@dataclass(frozen=True, slots=True)
class Day:
    """A date."""

    allowed: str = "dates such as 2026-10-08"

    def read(self, text: str) -> date:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError("is not a date")
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError("is no day of the calendar") from None

    def write(self, value: date) -> str:
        return value.isoformat()


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week; Monday is 0."""

    allowed: str = ", ".join(WEEK)

    def read(self, text: str) -> int:
        if text not in WEEK:
            raise ValueError(
                "is no day of the week" + (f"; write {text.lower()}" if text.lower() in WEEK else "")
            )
        return WEEK.index(text)

    def write(self, value: int) -> str:
        return WEEK[value]


@dataclass(frozen=True, slots=True)
class Country:
    """A country whose public holidays are known, or a region of it."""

    allowed: str = "country codes such as CN, with a region such as DE-BY, or empty"

    def read(self, text: str) -> str:
        check_place(text)
        return text

    def write(self, value: str) -> str:
        return quoted(value)


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency by its code."""

    allowed: str = "codes such as CNY, USD or EUR"

    def read(self, text: str) -> str:
        if text not in currencies():
            mend = f"; write {meant(text)}" if meant(text) else ""
            raise ValueError(f"is not an ISO 4217 code{mend}")
        return text

    def write(self, value: str) -> str:
        return quoted(value)


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone."""

    allowed: str = "names of the IANA time zone database, such as Asia/Shanghai"

    def read(self, text: str) -> ZoneInfo:
        try:
            return ZoneInfo(text)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("is not a time zone known here") from None

    def write(self, value: ZoneInfo) -> str:
        return value.key


@dataclass(frozen=True, slots=True)
class Url:
    """An address with one of these schemes."""

    schemes: tuple[str, ...]
    may_be_empty: bool = False

    @property
    def allowed(self) -> str:
        begun = ", ".join(f"{scheme}://…" for scheme in self.schemes)
        return f"{begun}, or empty" if self.may_be_empty else begun

    def read(self, text: str) -> str:
        if not text and self.may_be_empty:
            return text
        if not text.isprintable() or " " in text or len(text) > _LONGEST:
            raise ValueError("is not an address" if text else "is empty")
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            raise ValueError("is not an address") from None
        if parts.scheme not in self.schemes or not (parts.netloc or parts.scheme == "sqlite") or port == 0:
            raise ValueError("is not such an address")
        return text

    def write(self, value: str) -> str:
        return quoted(masked(value))


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder; relative to the folder the command is run in."""

    allowed: str = "a path"

    def read(self, text: str) -> Path:
        if not text or not text.isprintable():
            raise ValueError("is not a path" if text else "is empty")
        return Path(text)

    def write(self, value: Path) -> str:
        return quoted(value.as_posix())


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time somebody has."""

    allowed: str = "such as 48 hours, 7 days, 8 working hours, 3 working days"

    def read(self, text: str) -> Span:
        found = re.fullmatch(r"([1-9][0-9]{0,3}) (working )?(hour|day)s?", text)
        if not found:
            raise ValueError("is no length of time")
        return Span(int(found[1]), Unit(f"{found[2] or ''}{found[3]}s"))

    def write(self, value: Span) -> str:
        return f"{value.count} {value.unit.value}"


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount of money."""

    allowed: str = "amounts with their currency, such as 20 CNY"

    def read(self, text: str) -> Money:
        number, _, currency = text.partition(" ")
        Currency().read(currency)
        try:
            money = Money.of(number, currency)
        except MoneyError as error:
            raise ValueError(f"is not an amount: {error}") from None
        if money.minor < 0:
            raise ValueError("is below nothing")
        return money

    def write(self, value: Money) -> str:
        return str(value)


def _amounts(found: Iterable[Money]) -> Amounts:
    by_currency: dict[str, Money] = {}
    for money in found:
        if money.currency in by_currency:
            raise ValueError(f"names {money.currency} twice")
        by_currency[money.currency] = money
    return Amounts(by_currency)


@dataclass(frozen=True, slots=True)
class Maybe:
    """A value, or nothing."""

    of: Kind

    @property
    def allowed(self) -> str:
        return f"{self.of.allowed}, or empty"

    def read(self, text: str) -> Any:
        return self.of.read(text) if text else None

    def write(self, value: Any) -> str:
        return "" if value is None else self.of.write(value)


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values, each once; in the environment written with commas."""

    of: Kind
    into: Callable[[Iterable[Any]], Any] = tuple
    at_least: int = 0

    @property
    def allowed(self) -> str:
        return f"a list such as [a, b], each of it: {self.of.allowed}"

    def read_all(self, texts: tuple[str, ...]) -> Any:
        """The values; ValueError names the one that is wrong."""
        if len(texts) < self.at_least:
            raise ValueError(f"needs at least {self.at_least} of them")
        if len(set(texts)) < len(texts):
            raise ValueError("names one twice")
        return self.into([self._one(text) for text in texts])

    def read(self, text: str) -> Any:
        """A list written with commas."""
        return self.read_all(tuple(part.strip() for part in text.split(",")) if text.strip() else ())

    def write(self, value: Iterable[Any]) -> str:
        items = sorted(value) if isinstance(value, frozenset) else value
        return f"[{', '.join(self.of.write(item) for item in items)}]"

    def _one(self, text: str) -> Any:
        try:
            return self.of.read(text)
        except ValueError as error:
            raise ValueError(f"has {text!r} in it, which {error}") from None


SUMS = Many(Sum(), _amounts)
"""Amounts, at most one a currency."""


def masked(text: str) -> str:
    """The text without the password an address may hold."""
    return _PASSWORD.sub(lambda found: f"{found[1] or found[3]}***{found[2] or ''}", text)


def quoted(text: str) -> str:
    """Text as YAML: plain where it can only be read as text, else in double quotes."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN
    if plain and ": " not in text and not text.endswith((":", " ")):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
