"""Reads config.yaml: what is written for which setting, on which line. Nothing in the file is ever executed or expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.config.given import Given, did_you_mean
from bot.config.kinds.when import Day
from bot.config.plain_yaml import QUICK
from bot.config.registry import DATED, SECRETS, SECTIONS, SETTINGS

EARLIER = "earlier"
"""The section that says what held before."""
LARGEST = 65_536
"""Bytes; a settings file of an ordinary shop has ten thousand."""
_DEEPEST = 5
_TOKEN = re.compile(r"\d{5,}:[\w-]{30,}")
_SECRET_WORDS = re.compile(r"token|secret|password|passwd|(^|_)key$|customer", re.IGNORECASE)


class Unusable(Exception):
    """The file, as a whole, can't be read; the message begins with its name and line."""


@dataclass(slots=True)
class Reading:
    """What was found in a file, and what is wrong with it."""

    label: str
    given: list[Given] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    """Section or setting to the line it stands on."""

    def at(self, node: yaml.Node) -> str:
        """Such as ``config.yaml:12``."""
        return f"{self.label}:{node.start_mark.line + 1}"

    def complain(self, node: yaml.Node, problem: str) -> None:
        """Note a problem with its place."""
        self.problems.append(f"{self.at(node)}: {problem}")


def read_file(path: Path) -> Reading:
    """All that is written in the file."""
    reading = Reading(label_of(path))
    try:
        root = _tree(_text(path, reading.label), reading.label)
    except Unusable as error:
        reading.problems.append(str(error))
        return reading
    if root is None or _empty(root):
        return reading
    if not isinstance(root, yaml.MappingNode):
        reading.complain(
            root, f"expected sections ({', '.join(SECTIONS)}), each with its settings indented below it"
        )
        return reading
    for name, value in _pairs(root, reading, ""):
        _section(name, value, reading)
    return reading


def label_of(path: Path) -> str:
    """The file's name as people read it: from here where it is below, else in full."""
    whole = path.resolve()
    here = Path.cwd()
    return str(whole.relative_to(here)) if whole.is_relative_to(here) else str(path)


def _text(path: Path, label: str) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise Unusable(f"{label}: there is no such file; `shouhou init` writes one") from None
    except OSError as error:
        raise Unusable(f"{label}: can't be read: {error.strerror}") from None
    if len(raw) > LARGEST:
        raise Unusable(f"{label}: is larger than {LARGEST} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unusable(f"{label}:{line}: is not UTF-8 text; save the file as UTF-8") from None


def _tree(text: str, label: str) -> yaml.Node | None:
    try:
        try:
            return _composed(text, label, QUICK)
        except yaml.YAMLError:
            return _composed(text, label, yaml.SafeLoader)  # whose words say more of what is wrong
    except yaml.MarkedYAMLError as error:
        line = _line_of(error)
        hint = "; indent with spaces, not tabs" if "\\t" in (error.problem or "") else ""
        raise Unusable(f"{label}:{line}: is not YAML: {error.problem or error.context}{hint}") from None
    except yaml.YAMLError as error:
        raise Unusable(f"{label}: is not YAML: {str(error).splitlines()[0]}") from None


def _composed(text: str, label: str, loader: type[Any]) -> yaml.Node | None:
    for problem in _forbidden(text, loader):
        raise Unusable(f"{label}:{problem}")
    found: yaml.Node | None = yaml.compose(text, loader)
    return found


def _line_of(error: yaml.MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 1


def _forbidden(text: str, loader: type[Any]) -> Iterator[str]:
    """YAML that a settings file has no use for, found before anything of it is built."""
    depth = documents = 0
    for event in yaml.parse(text, loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        if documents > 1:
            yield f"{line}: a second document begins; keep everything in one"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            yield f"{line}: anchors (&) and aliases (*) are not taken; put the text in quotes if you mean it"
        if getattr(event, "tag", None):
            yield f"{line}: tags (!) are not taken; put the text in quotes if you mean it"
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            yield f"{line}: is nested too deeply"


def _pairs(mapping: yaml.MappingNode, reading: Reading, section: str) -> Iterator[tuple[str, yaml.Node]]:
    for key, value in mapping.value:
        if not isinstance(key, yaml.ScalarNode):
            reading.complain(key, "is not a name")
            continue
        name = f"{section}.{key.value}" if section else str(key.value)
        line = key.start_mark.line + 1
        if name in reading.seen:
            reading.complain(
                key, f"{name} stands here a second time; the first is on line {reading.seen[name]}"
            )
            continue
        reading.seen[name] = line
        yield name, value


def _section(section: str, value: yaml.Node, reading: Reading) -> None:
    if section == EARLIER:
        _earlier(value, reading)
    elif section not in SECTIONS:
        reading.problems.append(f"{reading.label}:{reading.seen[section]}: {_unknown_section(section)}")
    elif isinstance(value, yaml.MappingNode):
        for name, written in _pairs(value, reading, section):
            _one(name, written, reading)
    elif not _empty(value):
        reading.complain(value, f"{section} is a section: write its settings indented below it")


def _earlier(value: yaml.Node, reading: Reading) -> None:
    """``earlier: {2026-10-31: {policy.no_reason_days: 15}}``: what held for orders placed up to that day."""
    if _empty(value):
        return
    if not isinstance(value, yaml.MappingNode):
        reading.complain(
            value, f"{EARLIER} is a section: write dates below it, and below each what was different"
        )
        return
    for dated, different in _pairs(value, reading, EARLIER):
        day = dated.partition(".")[2]
        try:
            Day().read(day)
        except ValueError as error:
            reading.problems.append(
                f"{reading.label}:{reading.seen[dated]}: {day!r} {error}; write it like 2026-10-31"
            )
            continue
        if not isinstance(different, yaml.MappingNode):
            reading.complain(
                different, "below a date stands what was different then, such as policy.return_days: 10"
            )
            continue
        for name, written in _pairs(different, reading, dated):
            _one(name.removeprefix(f"{dated}."), written, reading, until=day, at=reading.seen[name])


def _one(name: str, written: yaml.Node, reading: Reading, *, until: str = "", at: int = 0) -> None:
    origin = f"{reading.label}:{at or reading.seen[name]}"
    if until and name.partition(".")[0] not in DATED:
        reading.problems.append(f"{origin}: {name} has no date; dated are the sections {', '.join(DATED)}")
        return
    if name not in SETTINGS:
        reading.problems.append(f"{origin}: {_unknown(name)}")
        return
    scalars = [written] if isinstance(written, yaml.ScalarNode) else written.value
    if isinstance(written, yaml.MappingNode) or not all(isinstance(one, yaml.ScalarNode) for one in scalars):
        reading.problems.append(f"{origin}: {name} takes a value, not further settings or lists in lists")
        return
    if any(_TOKEN.search(one.value) for one in scalars):
        reading.problems.append(f"{origin}: {name} holds a bot token; {_belongs('TELEGRAM_BOT_TOKEN')}")
        return
    if isinstance(written, yaml.ScalarNode):
        quoted = bool(written.style)  # the loader in C says "" where the other says None
        text = "" if _empty(written) else written.value
        reading.given.append(Given(name, text, origin, quoted, until=until))
    else:
        reading.given.append(Given(name, tuple(one.value for one in scalars), origin, until=until))


def _empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in ("", "~", "null")


def _unknown(name: str) -> str:
    section, _, key = name.partition(".")
    if _SECRET_WORDS.search(key):
        return f"{name} is no setting of this file: {_belongs(_likely_secret(name))}"
    siblings = [known.key for known in SETTINGS.values() if known.section == section]
    known = f"; {section} has {', '.join(siblings)}"
    return f"unknown setting {name}{did_you_mean(name, SETTINGS) or known}"


def _unknown_section(section: str) -> str:
    if _SECRET_WORDS.search(section):
        return f"{section} is no section of this file: {_belongs(_likely_secret(section))}"
    where = [name for name, known in SETTINGS.items() if known.key == section]
    if where:
        return f"unknown section {section}; the setting is {' or '.join(where)}, indented below its section"
    return (
        f"unknown section {section}{did_you_mean(section, SECTIONS) or '; there are ' + ', '.join(SECTIONS)}"
    )


def _likely_secret(name: str) -> str:
    words = {word for word in re.split(r"[._]", name.lower()) if word}
    return max(SECRETS, key=lambda variable: len(words & set(variable.lower().split("_"))))


def _belongs(variable: str) -> str:
    return f"secrets are taken from the environment only; take it out here and set {variable}"
