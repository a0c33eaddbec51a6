"""The settings for readers: config.yaml's text, and what is in force."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent, wrap

from bot.config.kinds.kind import Kind
from bot.config.kinds.number import Number, Whole
from bot.config.kinds.several import Many
from bot.config.kinds.text import Choice, Flag
from bot.config.model import Config, section_of
from bot.config.registry import SECRETS, SECTIONS, SETTINGS, Setting

_WIDTH = 110
_HEAD = """\
# Settings of the shop. Every one stands here with its default; a line left out means the same.
# 店铺设置:每项均为默认值,删去一行等于使用默认值。
#
# Each can be overridden by an environment variable: web.port by SHOUHOU_WEB__PORT, and so on; lists are written
# with commas there. `shouhou config` shows what is in force and where it comes from.
#
# Secrets never stand in this file. They are taken from the environment:
"""

_EARLIER = """
# What held before. An order is judged by what the sections policy, clocks, options and promises said on the day it
# was placed: when you change one of them, write here what it was, under the last day it held. For example:
#   earlier:
#     2026-10-31:
#       policy.no_reason_days: 15
#       clocks.seller: 48 hours
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A setting as it is in force."""

    name: str
    value: str
    """As it would be written in the file; never a secret, never a password."""
    origin: str
    help: str


def default_yaml() -> str:
    """The text of config.yaml: every setting with its default."""
    secrets = "".join(f"#   {known.variable:<24} {known.about}\n" for known in SECRETS.values())
    return _HEAD + secrets + "".join(_section(section) for section in SECTIONS) + _EARLIER


def shown(config: Config) -> list[Row]:
    """Every setting, its value and where that comes from; of the secrets only whether they are set."""
    rows = [_row(config, known) for known in SETTINGS.values()]
    rows += [
        Row(f"{name} until {until}", SETTINGS[name].kind.write(value), "earlier", SETTINGS[name].about)
        for until, different in config.earlier.items()
        for name, value in different.items()
    ]
    for known in SECRETS.values():
        is_set = bool(getattr(config.secrets, known.key))
        origin = known.variable if is_set else "default"
        rows.append(Row(known.variable, "set" if is_set else "not set", origin, known.about))
    return rows


def _row(config: Config, known: Setting) -> Row:
    value = getattr(section_of(config, known.section), known.key)
    return Row(known.name, known.kind.write(value), config.origin(known.name), known.about)


def _section(section: str) -> str:
    head = _comment(dedent(SECTIONS[section].__doc__ or "").strip(), "")
    settings = (known for known in SETTINGS.values() if known.section == section)
    return f"\n{head}{section}:\n" + "".join(_setting(known) for known in settings)


def _setting(known: Setting) -> str:
    line = f"  {known.key}: {known.kind.write(known.default)}".rstrip()
    return f"{_comment(known.about + _bounds(known.kind), '  ')}{line}\n"


def _bounds(kind: Kind) -> str:
    """What the help need not say in words."""
    if isinstance(kind, Whole | Number):
        return f" ({kind.least} to {kind.most})"
    if isinstance(kind, Flag):
        return " (true or false)"
    if isinstance(kind, Many) and isinstance(kind.of, Choice):
        return f" (any of {kind.of.allowed})"
    return ""


def _comment(text: str, indent: str) -> str:
    lines = wrap(text, _WIDTH - len(indent) - 2, break_long_words=False, break_on_hyphens=False)
    return "".join(f"{indent}# {line}\n" for line in lines)
