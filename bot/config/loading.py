"""config.yaml + environment -> Config, or every problem at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.config.environment import as_seen_by, read_environment, read_secrets
from bot.config.file import Reading, read_file
from bot.config.given import Given
from bot.config.kinds.number import Number, Whole
from bot.config.kinds.place import masked
from bot.config.kinds.several import Many, Maybe
from bot.config.kinds.text import Flag
from bot.config.model import Config
from bot.config.registry import SECTIONS, SETTINGS
from bot.config.secrets import Secrets
from bot.config.sections import Storage
from bot.errors import ConfigError

_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
"""Addresses only this machine reaches."""
_UNQUOTED = (Flag, Whole, Number)


def load(path: Path | None, environ: Mapping[str, str]) -> Config:
    """The settings in force: the environment over the file over the defaults.

    `path` None means that there is no file. Raises `ConfigError` with a line for each problem.
    """
    reading = read_file(path) if path else Reading("")
    environ, not_its_own = as_seen_by(_shop_of(reading, environ), environ)
    from_environment, unknown = read_environment(environ)
    secrets, bad_secrets = read_secrets(environ)
    now = [one for one in reading.given if not one.until]
    values, origins, bad_values = _values((*now, *from_environment))
    earlier, bad_earlier = _earlier(reading.given)
    problems = [*reading.problems, *not_its_own, *unknown, *bad_secrets, *bad_values, *bad_earlier]
    if not problems:
        config = replace(_assemble(values, origins, secrets), earlier=earlier)
        problems = list(_contradictions(config))
        if not problems:
            return config
    raise ConfigError("\n".join(problems))


def _shop_of(reading: Reading, environ: Mapping[str, str]) -> str:
    """Its name, before anything is known to be right."""
    known = SETTINGS["storage.shop"]
    written = [str(one.value) for one in reading.given if one.name == known.name]
    return environ.get(known.variable) or (written[-1] if written else Storage().shop)


def _values(given: Iterable[Given]) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    """Later ones win, but an earlier one that is wrong is still named."""
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    problems: list[str] = []
    for one in given:
        try:
            values[one.name] = _value(one)
            origins[one.name] = one.origin
        except ValueError as error:
            allowed = SETTINGS[one.name].kind.allowed
            problems.append(f"{one.origin}: {one.name}: {_shown(one.value)} {error}; allowed: {allowed}")
    return values, origins, problems


def _earlier(given: Iterable[Given]) -> tuple[dict[date, dict[str, Any]], list[str]]:
    """What held before, by its last day, and what is wrong with it."""
    found: dict[date, dict[str, Any]] = {}
    problems: list[str] = []
    dated = [one for one in given if one.until]
    for day in sorted({one.until for one in dated}):
        values, _, bad = _values(one for one in dated if one.until == day)
        found[date.fromisoformat(day)] = values
        problems += bad
    return found, problems


def _value(given: Given) -> Any:
    kind = SETTINGS[given.name].kind
    if isinstance(kind, Many):
        return _list(given, kind)
    if not isinstance(given.value, str):
        raise ValueError("is a list, where one value is expected")  # noqa: TRY004 -- told to the user like the others
    inner = kind.of if isinstance(kind, Maybe) else kind
    if given.quoted and isinstance(inner, _UNQUOTED):
        raise ValueError("is text because of its quotes; write it without them")
    return kind.read(given.value)


def _list(given: Given, kind: Many) -> Any:
    if not isinstance(given.value, str):
        return kind.read_all(given.value)
    if given.commas:
        return kind.read(given.value)
    raise ValueError("is not a list")


def _shown(value: str | tuple[str, ...]) -> str:
    whole = value if isinstance(value, str) else ", ".join(value)
    text = repr(masked(whole))
    return text if len(text) <= 80 else text[:77] + "…'"


def _assemble(values: Mapping[str, Any], origins: Mapping[str, str], secrets: Mapping[str, str]) -> Config:
    made: dict[str, Any] = {}
    for section, model in SECTIONS.items():
        own = {
            name.partition(".")[2]: value for name, value in values.items() if name.startswith(section + ".")
        }
        made["grants" if section == "policy" else section] = replace(model(), **own)
    return Config(**made, secrets=Secrets(**secrets), origins=dict(origins))


def _contradictions(config: Config) -> Iterator[str]:
    """Settings that are each right and together wrong."""
    yield from _impossible_weeks(config)
    yield from _nobody_pays(config)
    yield from _nobody_vouches(config)
    if config.understanding.ask > config.understanding.act:
        yield _clash(config, "understanding.ask", "must not be above understanding.act")
    if config.grants.bank_days_min > config.grants.bank_days_max:
        yield _clash(config, "policy.bank_days_min", "must not be above policy.bank_days_max")
    if config.telegram.mode == "webhook" and config.secrets.telegram_token:
        if not config.telegram.webhook_url:
            yield _clash(config, "telegram.mode", "is webhook, which needs telegram.webhook_url")
        if not config.secrets.webhook_secret:
            yield _clash(
                config, "telegram.mode", "is webhook, which needs SHOUHOU_WEBHOOK_SECRET in the environment"
            )
        if not config.web.enabled:
            yield _clash(
                config, "web.enabled", "is false, but Telegram brings its updates to the web server (webhook)"
            )
    if not config.web.enabled and not config.secrets.telegram_token:
        yield _clash(
            config, "web.enabled", "is false and TELEGRAM_BOT_TOKEN is not set: there is nothing to serve"
        )
    keys = config.secrets.kuaidi100_customer and config.secrets.kuaidi100_key
    if config.carriers.source == "kuaidi100" and not keys:
        yield _clash(
            config,
            "carriers.source",
            "is kuaidi100, which needs KUAIDI100_CUSTOMER and KUAIDI100_KEY in the environment",
        )


def _nobody_pays(config: Config) -> Iterator[str]:
    if config.payouts.method == "webhook" and not (config.payouts.url and config.secrets.payout_secret):
        yield _clash(
            config,
            "payouts.method",
            "is webhook, which needs payouts.url and SHOUHOU_PAYOUT_SECRET in the environment",
        )


def _nobody_vouches(config: Config) -> Iterator[str]:
    issuer = urlsplit(config.oidc.issuer)
    if config.oidc.issuer and not (config.oidc.client_id and config.secrets.oidc_secret):
        yield _clash(
            config,
            "oidc.issuer",
            "is set, which needs oidc.client_id and SHOUHOU_OIDC_SECRET in the environment",
        )
    if issuer.scheme == "http" and issuer.hostname not in _HERE:
        yield _clash(config, "oidc.issuer", "must be https: who listens on the way could sign in as anybody")


def _impossible_weeks(config: Config) -> Iterator[str]:
    if len(config.shop.closed_on) == 7:
        yield _clash(config, "shop.closed_on", "names all seven days; the shop needs one to answer on")
    for day in sorted(config.shop.extra_holidays & config.shop.extra_workdays):
        yield _clash(config, "shop.extra_workdays", f"names {day}, which shop.extra_holidays names too")


def _clash(config: Config, name: str, problem: str) -> str:
    return f"{config.origin(name)}: {name} {problem}"
