"""All settings in force, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.config import rules, sections
from bot.config.calendars import public_calendar, shop_calendar
from bot.config.granted import granted
from bot.config.registry import DATED, SETTINGS
from bot.config.secrets import Secrets
from bot.domain.policy import Policy as Granted


@dataclass(frozen=True, slots=True)
class Config:
    """All settings in force."""

    shop: sections.Shop = field(default_factory=sections.Shop)
    telegram: sections.Telegram = field(default_factory=sections.Telegram)
    web: sections.Web = field(default_factory=sections.Web)
    oidc: sections.Oidc = field(default_factory=sections.Oidc)
    storage: sections.Storage = field(default_factory=sections.Storage)
    retention: sections.Retention = field(default_factory=sections.Retention)
    understanding: sections.Understanding = field(default_factory=sections.Understanding)
    grants: rules.Policy = field(default_factory=rules.Policy)
    clocks: rules.Clocks = field(default_factory=rules.Clocks)
    options: rules.Options = field(default_factory=rules.Options)
    promises: rules.Promised = field(default_factory=rules.Promised)
    authority: rules.Granting = field(default_factory=rules.Granting)
    payouts: rules.Payouts = field(default_factory=rules.Payouts)
    aftercare: rules.Aftercare = field(default_factory=rules.Aftercare)
    desk: rules.Desk = field(default_factory=rules.Desk)
    carriers: sections.Carriers = field(default_factory=sections.Carriers)
    log: sections.Log = field(default_factory=sections.Log)
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


def _with(now: Mapping[str, Any], different: Mapping[str, Any]) -> dict[str, Any]:
    """The sections with these settings otherwise."""
    changed = dict(now)
    for name, value in different.items():
        section, _, key = name.partition(".")
        changed[section] = replace(changed[section], **{key: value})
    return changed


def section_of(config: Config, section: str) -> Any:
    """A section's values by its name in the file (`policy` is kept as `grants`: `policy()` is what flows get)."""
    return getattr(config, "grants" if section == "policy" else section)
