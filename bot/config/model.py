"""All settings in force, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.config.calendars import public_calendar, shop_calendar
from bot.config.granted import granted
from bot.config.registry import DATED, SETTINGS
from bot.config.rules import Aftercare, Clocks, Desk, Granting, Options, Payouts, Policy, Promised
from bot.config.sections import (
    Carriers,
    Log,
    Oidc,
    Retention,
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
    oidc: Oidc = field(default_factory=Oidc)
    storage: Storage = field(default_factory=Storage)
    retention: Retention = field(default_factory=Retention)
    understanding: Understanding = field(default_factory=Understanding)
    grants: Policy = field(default_factory=Policy)
    clocks: Clocks = field(default_factory=Clocks)
    options: Options = field(default_factory=Options)
    promises: Promised = field(default_factory=Promised)
    authority: Granting = field(default_factory=Granting)
    payouts: Payouts = field(default_factory=Payouts)
    aftercare: Aftercare = field(default_factory=Aftercare)
    desk: Desk = field(default_factory=Desk)
    carriers: Carriers = field(default_factory=Carriers)
    log: Log = field(default_factory=Log)
    secrets: Secrets = field(default_factory=Secrets)
    earlier: Mapping[date, Mapping[str, Any]] = field(default_factory=dict)
    """What held for orders placed up to a day, by setting: only what was different from today's."""
    origins: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Setting (``web.port``) to where it was set; those not in it have their default."""

    def origin(self, name: str) -> str:
        """Where a setting comes from: ``default``, ``config.yaml:12`` or ``SHOUHOU_WEB__PORT``."""
        if name not in SETTINGS:
            raise KeyError(name)
        return self.origins.get(name, "default")

    def policy(self) -> Granted:
        """What the shop grants, for the flows."""
        calendars = shop_calendar(self.shop), public_calendar(self.shop)
        now = {
            section: section_of(self, section)
            for section in (*DATED, "authority", "payouts", "aftercare", "desk", "shop")
        }
        before = (
            (until, granted(*calendars, _with(now, different))) for until, different in self.earlier.items()
        )
        return granted(*calendars, now).since(*before)


def _with(sections: Mapping[str, Any], different: Mapping[str, Any]) -> dict[str, Any]:
    """The sections with these settings otherwise."""
    changed = dict(sections)
    for name, value in different.items():
        section, _, key = name.partition(".")
        changed[section] = replace(changed[section], **{key: value})
    return changed


def section_of(config: Config, section: str) -> Any:
    """A section's values by its name in the file (`policy` is kept as `grants`: `policy()` is what flows get)."""
    return getattr(config, "grants" if section == "policy" else section)
