"""Settings and secrets that can each be read, and are still not right for a shop that serves."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path

from bot.config import Config
from bot.doctor.finding import Area, Finding

_AREA = Area("settings")
_OTHERS = 0o077
"""Rights of everybody but the file's owner."""
_BITS = 96
"""As many as nobody guesses."""
_FEW = 8
"""Different characters below which something was typed, not made."""
_TYPED = ("12345678", "abcdefgh", "changeme", "example", "password", "qwerty", "secret", "shouhou")
_A_KEY = "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"


def check_settings(config: Config, key: Path) -> Iterator[Finding]:
    """`key` is where a key is kept that nobody set."""
    yield _demo(config)
    yield _way_in(config)
    yield _secret_key(config, key)
    signing = {
        "SHOUHOU_PAYOUT_SECRET": config.secrets.payout_secret,
        "SHOUHOU_WEBHOOK_SECRET": config.secrets.webhook_secret,
        "SHOUHOU_METRICS_TOKEN": config.secrets.metrics_token,
    }
    for variable, value in signing.items():
        if value:
            yield _strength(variable, value)
    if (config.web.public_url or config.telegram.webhook_url) and not config.secrets.metrics_token:
        yield _AREA.consider(
            "SHOUHOU_METRICS_TOKEN",
            "not set, so /metrics is closed to everybody: the shop has a public address",
            f"where Prometheus shall watch it, {_A_KEY}",
        )


def _demo(config: Config) -> Finding:
    real = bool(config.secrets.telegram_token or config.web.public_url)
    if not config.web.demo:
        return _AREA.ok("web.demo", "false: nobody can choose to be a sample buyer")
    if not real:
        return _AREA.ok("web.demo", "true: the sample shop, for trying")
    return _AREA.wrong(
        "web.demo",
        "true: the sample shop is loaded, and every visitor may be one of its buyers",
        "set web.demo: false, and start with a fresh data/",
    )


def _way_in(config: Config) -> Finding:
    if config.secrets.telegram_token:
        return _AREA.ok("TELEGRAM_BOT_TOKEN", "set")
    return _AREA.consider(
        "TELEGRAM_BOT_TOKEN",
        "not set: buyers come by the web chat only",
        "for Telegram, get one from @BotFather and put it into the environment",
    )


def _secret_key(config: Config, kept: Path) -> Finding:
    name = "SHOUHOU_SECRET_KEY"
    if config.secrets.secret_key:
        return _strength(name, config.secrets.secret_key)
    if not kept.exists():
        return _AREA.ok(name, f"not set: the first start makes one and keeps it in {kept}")
    if os.name == "posix" and kept.stat().st_mode & _OTHERS:
        return _AREA.wrong(
            name, f"others may read it: {kept}", f"chmod 600 {kept}; where others were, make a new one"
        )
    return _AREA.ok(name, f"not set: the one in {kept} is used, keep it in your backup")


def _strength(variable: str, secret: str) -> Finding:
    """By its own characters: how many there are, and how many different ones."""
    different = len(set(secret))
    if different < _FEW or any(word in secret.lower() for word in _TYPED):
        return _AREA.wrong(variable, "set, and easy to guess", _A_KEY)
    if len(secret) * math.log2(different) < _BITS:
        return _AREA.consider(variable, f"set, with only {len(secret)} characters", _A_KEY)
    return _AREA.ok(variable, "set, and hard to guess")
