"""Where parcels are: one file a source, listed here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from bot.carriers import kuaidi100, stored
from bot.carriers.source import Needs, Source
from bot.carriers.tracker import Tracker
from bot.config import Config

SOURCES: Mapping[str, Callable[[Needs], Source]] = {
    "stored": stored.make,
    "kuaidi100": kuaidi100.make,
}
"""By the name `carriers.source` has in config.yaml."""


def make_tracker(
    config: Config, now: Callable[[], datetime], phone_of: Callable[[str], Awaitable[str]]
) -> Tracker:
    """The tracker as configured. `phone_of`: see `Needs`."""
    settings = config.carriers
    source = SOURCES[settings.source](Needs(settings, config.secrets, now, phone_of))
    keep = settings.keep_minutes if settings.source != "stored" else 0  # what is stored needs no cache
    return Tracker(source, now, timedelta(seconds=settings.timeout_seconds), timedelta(minutes=keep))
