"""Where parcels are: one file a source, listed here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from importlib import import_module

from bot.carriers.source import Needs, Source
from bot.carriers.tracker import Tracker
from bot.config import Config

SOURCES = {
    "stored": "bot.carriers.stored",
    "kuaidi100": "bot.carriers.kuaidi100",
}
"""The module of each source, by the name `carriers.source` has in config.yaml; only the one in use is loaded."""


def make_tracker(
    config: Config, now: Callable[[], datetime], phone_of: Callable[[str], Awaitable[str]]
) -> Tracker:
    """The tracker as configured. `phone_of`: see `Needs`."""
    settings = config.carriers
    source: Source = import_module(SOURCES[settings.source]).make(
        Needs(settings, config.secrets, now, phone_of)
    )
    keep = settings.keep_minutes if settings.source != "stored" else 0  # what is stored needs no cache
    return Tracker(source, now, timedelta(seconds=settings.timeout_seconds), timedelta(minutes=keep))
