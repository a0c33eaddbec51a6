"""The sample shop: two buyers whose orders are always as old as their stories need.

Its files write times as ``-3d 14:20``: three days before the sample's today. That is the day that began at nine in the
morning, so that what happened "today before nine" has happened at any hour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

import yaml

from bot.pipeline.ports import Database
from bot.shop.importing import Options, Report, import_text
from bot.shop.reading import Decoded

FOLDER = Path(__file__).parent / "sample"
FILES = ("orders.csv", "parcels.csv")
"""In the order they have to be imported in."""

_RELATIVE = re.compile(r"(?P<days>[+-]\d{1,3})d (?P<clock>\d\d:\d\d)", re.ASCII)
_DAY_BEGINS = timedelta(hours=9)


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody a visitor of the demo may be."""

    key: str
    """Stays the same whatever the name."""
    name: str
    language: str
    orders: tuple[str, ...]
    """Their order numbers."""


def buyers() -> tuple[Buyer, ...]:
    """The sample's buyers."""
    listed = yaml.safe_load((FOLDER / "buyers.yaml").read_text("utf-8"))["buyers"]
    return tuple(Buyer(one["key"], one["name"], one["language"], tuple(one["orders"])) for one in listed)


def sample_file(name: str, now: datetime, tz: tzinfo) -> str:
    """One of `FILES` with its times written out, as an owner would have it."""
    return _dated((FOLDER / name).read_text("utf-8"), sample_day(now, tz))


async def load_sample(database: Database, now: datetime, options: Options) -> tuple[Report, ...]:
    """Import the sample shop. Again on the same day it changes nothing; on a later day it moves everything along."""
    reports = []
    for name in FILES:
        decoded = Decoded(sample_file(name, now, options.tz), "UTF-8")
        reports.append(await import_text(name, decoded, database, options))
    return tuple(reports)


def sample_day(now: datetime, tz: tzinfo) -> date:
    """The day the sample takes for today."""
    return (now.astimezone(tz) - _DAY_BEGINS).date()


def _dated(text: str, day: date) -> str:
    return _RELATIVE.sub(lambda found: f"{day + timedelta(days=int(found['days']))} {found['clock']}", text)
