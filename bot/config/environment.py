"""Reads the environment: settings and secrets. A value is never repeated in a complaint about a secret."""

from __future__ import annotations

from collections.abc import Mapping

from bot.config.given import Given, did_you_mean, nearest
from bot.config.registry import SECRETS, SETTINGS

PREFIX = "SHOUHOU_"
FOREIGN = frozenset({"SHOUHOU_CHROMIUM", "SHOUHOU_TESTS_MUST_RUN"})
"""Names that begin like ours and belong to the tests."""

_VARIABLES = {known.variable: known.name for known in SETTINGS.values()}


def as_seen_by(shop: str, environ: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The environment of one of several shops: what is named ``TEA__SHOUHOU_WEB__PORT`` or ``TEA__TELEGRAM_BOT_TOKEN`` is said
    to the shop ``tea`` only, and wins over what is said to all. And what is said to it under a wrong name."""
    mark, known = mark_of(shop), (*_VARIABLES, *SECRETS)
    own: dict[str, str] = {}
    problems: list[str] = []
    for variable, value in sorted(environ.items()):
        if not variable.upper().startswith(mark):
            continue
        name = variable[len(mark) :]
        if variable.startswith(mark) and name in known:
            own[name] = value
        else:
            near = nearest(name, known)
            meant = f"; did you mean {mark}{near}?" if near else ""
            problems.append(f"{variable}: no setting and no secret of the shop {shop} has this name{meant}")
    return {**environ, **own}, problems


def mark_of(shop: str) -> str:
    """What a variable's name begins with that speaks to this shop only."""
    return shop.upper().replace("-", "_") + "__"


def read_environment(environ: Mapping[str, str]) -> tuple[list[Given], list[str]]:
    """What is set, and what is wrong with it."""
    given: list[Given] = []
    problems: list[str] = []
    for variable, value in sorted(environ.items()):
        if not variable.upper().startswith(PREFIX) or variable in FOREIGN or variable in SECRETS:
            continue
        if variable not in _VARIABLES:
            problems.append(
                f"{variable}: no setting has this name{did_you_mean(variable, (*_VARIABLES, *SECRETS))}"
            )
        else:
            given.append(Given(_VARIABLES[variable], value, variable, commas=True))
    return given, problems


def read_secrets(environ: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The secrets that are set, by field, and what is wrong with them. Empty is not set."""
    found: dict[str, str] = {}
    problems: list[str] = []
    for variable, known in SECRETS.items():
        value = environ.get(variable, "").strip()
        if not value:
            continue
        try:
            found[known.key] = known.kind.read(value)
        except ValueError:
            problems.append(f"{variable}: is not as it should be; allowed: {known.kind.allowed}")
    return found, problems
