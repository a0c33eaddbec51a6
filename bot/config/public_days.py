"""Public holidays and make-up workdays of a country, from the library `holidays`.

The library is imported only where a country is set, and of its 250 countries only that one's file is read: all of them
would double the time (0.1 s) and the memory (17 MB) it takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from bot.domain.calendar import WEEKEND

if TYPE_CHECKING:
    from holidays import HolidayBase

YEARS = range(2020, 2051)
"""From the oldest orders anybody still asks about, far beyond every deadline; a year more costs a fifth of a millisecond."""


@dataclass(frozen=True, slots=True)
class PublicDays:
    """What is known of a country's working days. By itself: Monday to Friday, no holidays."""

    weekend: frozenset[int] = WEEKEND
    """Days of the week nobody works; Monday is 0."""
    holidays: Mapping[date, str] = field(default_factory=dict)
    """Each with its name."""
    workdays: frozenset[date] = frozenset()
    """Days of a weekend that are worked to make up for a day off (调休)."""

    @property
    def made_up_until(self) -> int | None:
        """The last year whose make-up workdays are known; None where the country has none (any more)."""
        return max((day.year for day in self.workdays), default=None)


@cache
def public_days(place: str, language: str) -> PublicDays:
    """The days of a country (``CN``) or a region of it (``DE-BY``); of nowhere where it is empty.

    Names are in `language` where the library has it, else in English or the country's own. Raises ValueError for a place
    that isn't known.
    """
    if not place:
        return PublicDays()
    country, region = _known(place)
    found = country(years=YEARS, subdiv=region or None, language=_tongue(country, language))
    return PublicDays(frozenset(found.weekend), dict(found), frozenset(found.weekend_workdays))


def check_place(place: str) -> None:
    """Raises ValueError, in words for who wrote it, for a place whose days aren't known."""
    if place:
        _known(place)


def _known(place: str) -> tuple[type[HolidayBase], str]:
    """The country's class, and the region."""
    code, _, region = place.partition("-")
    country = _country(code)
    if country is None:
        near = _meant(code)
        raise ValueError("is no country whose holidays are known" + (f"; write {near}" if near else ""))
    if region in country.subdivisions or "-" not in place:
        return country, region
    regions = ", ".join(country.subdivisions)
    raise ValueError(
        f"names no region of {code}; it has {regions}" if regions else f"names a region, and {code} has none"
    )


@cache
def _country(code: str) -> type[HolidayBase] | None:
    import holidays
    from holidays.registry import COUNTRIES

    for module, (name, *codes) in COUNTRIES.items():
        if code == codes[0]:
            file = Path(holidays.__file__).parent / "countries" / f"{module}.py"
            found = ModuleType(f"holidays.countries.{module}")
            SourceFileLoader(found.__name__, str(file)).exec_module(found)
            country: type[HolidayBase] = getattr(found, name)
            return country
    return None


def _meant(text: str) -> str:
    """The code of what is a country's name, its longer code, or either in small letters; empty for anything else."""
    from holidays.registry import COUNTRIES

    wanted = text.strip().upper()
    names = {known.upper(): codes[0] for name, *codes in COUNTRIES.values() for known in (name, *codes)}
    return names.get(wanted, "")


def _tongue(country: type[HolidayBase], language: str) -> str | None:
    supported = country.supported_languages
    for wanted in (language, "en"):
        for known in supported:
            if known.partition("_")[0] == wanted:
                return known
    return None
