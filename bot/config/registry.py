"""All settings and secrets by name, gathered from their declarations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from bot.config import rules, sections
from bot.config.kinds.kind import Kind
from bot.config.secrets import Secrets


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of a setting."""

    section: str
    key: str
    kind: Kind
    default: Any
    about: str

    @property
    def name(self) -> str:
        """Such as ``web.port``."""
        return f"{self.section}.{self.key}"

    @property
    def variable(self) -> str:
        """The environment variable that overrides it, such as ``SHOUHOU_WEB__PORT``."""
        return f"SHOUHOU_{self.section}__{self.key}".upper()


@dataclass(frozen=True, slots=True)
class SecretSetting:
    """What is known of a secret."""

    key: str
    variable: str
    kind: Kind
    about: str


SECTIONS: dict[str, type[Any]] = {
    "shop": sections.Shop,
    "telegram": sections.Telegram,
    "web": sections.Web,
    "oidc": sections.Oidc,
    "storage": sections.Storage,
    "retention": sections.Retention,
    "understanding": sections.Understanding,
    "policy": rules.Policy,
    "clocks": rules.Clocks,
    "options": rules.Options,
    "promises": rules.Promised,
    "authority": rules.Granting,
    "payouts": rules.Payouts,
    "aftercare": rules.Aftercare,
    "desk": rules.Desk,
    "carriers": sections.Carriers,
    "log": sections.Log,
}

DATED = ("policy", "clocks", "options", "promises")
"""Sections that say what a buyer is granted: an order is judged by what stood in them on its own day."""


def _settings() -> Iterator[Setting]:
    for section, model in SECTIONS.items():
        for item in fields(model):
            yield Setting(section, item.name, item.metadata["kind"], item.default, item.metadata["about"])


SETTINGS: dict[str, Setting] = {known.name: known for known in _settings()}
SECRETS: dict[str, SecretSetting] = {
    item.metadata["variable"]: SecretSetting(
        item.name, item.metadata["variable"], item.metadata["kind"], item.metadata["about"]
    )
    for item in fields(Secrets)
}
