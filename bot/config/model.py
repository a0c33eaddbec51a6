"""All settings in force, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, cast

from bot.config.calendars import public_calendar, shop_calendar
from bot.config.registry import SETTINGS
from bot.config.sections import (
    Carriers,
    Log,
    Policy,
    Secrets,
    Shop,
    Storage,
    Telegram,
    Understanding,
    Web,
)
from bot.domain.policy import Policy as Granted


@dataclass(frozen=True, slots=True)
class Config:
    """All settings in force."""

    shop: Shop = field(default_factory=Shop)
    telegram: Telegram = field(default_factory=Telegram)
    web: Web = field(default_factory=Web)
    storage: Storage = field(default_factory=Storage)
    understanding: Understanding = field(default_factory=Understanding)
    grants: Policy = field(default_factory=Policy)
    carriers: Carriers = field(default_factory=Carriers)
    log: Log = field(default_factory=Log)
    secrets: Secrets = field(default_factory=Secrets)
    origins: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Setting (``web.port``) to where it was set; those not in it have their default."""

    def origin(self, name: str) -> str:
        """Where a setting comes from: ``default``, ``config.yaml:12`` or ``SHOUHOU_WEB__PORT``."""
        if name not in SETTINGS:
            raise KeyError(name)
        return self.origins.get(name, "default")

    def policy(self) -> Granted:
        """What the shop grants, for the flows."""
        numbers = {item.name: getattr(self.grants, item.name) for item in fields(self.grants)}
        return Granted(shop_calendar(self.shop), public_calendar(self.shop), **cast(Any, numbers))


def section_of(config: Config, section: str) -> Any:
    """A section's values by its name in the file (`policy` is kept as `grants`: `policy()` is what flows get)."""
    return getattr(config, "grants" if section == "policy" else section)
