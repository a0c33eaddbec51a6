"""Command lines can be given as they stand, commands and replies that are named are there."""

from __future__ import annotations

import importlib
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from bot.channels.web.chat import Sample
from bot.cli import group
from bot.cli.serve import _say_where
from bot.flows import REPLIES
from tests.docs.pages import PAGES, README, RECIPE, ROOT, Page, each_page, slip
from x import COMMANDS as X_COMMANDS

Check = Callable[[Page], None]
_ASSIGNMENT = re.compile(r"[A-Z][A-Z0-9_]*=\S*")


@each_page
def test_command_lines_can_be_given(page: Page) -> None:
    shown = [
        (line, True)
        for language, body in page.fences
        if language in ("sh", "ini")
        for line in body.replace("\\\n", " ").splitlines()
    ]
    shown += [(code, False) for code in page.codes]
    wrong = {}
    for line, whole in shown:
        words = _after_shouhou(line)
        if words is not None and (trouble := _trouble(words, whole)):
            wrong[line] = trouble
    assert not wrong


def _after_shouhou(line: str) -> list[str] | None:
    """The words after the command's name; None when the line calls something else."""
    try:
        words = shlex.split(line.removeprefix("ExecStart="), comments=True)
    except ValueError:
        return None
    while words and _ASSIGNMENT.fullmatch(words[0]):
        words.pop(0)
    called = [at for at, word in enumerate(words) if word.endswith("/bin/shouhou") or _leads(words, at)]
    return words[called[-1] + 1 :] if called else None


def _leads(words: list[str], at: int) -> bool:
    """It is the command there: as the first word, or after the name of the container it is called in."""
    return words[at] == "shouhou" and words[max(at - 1, 0) : at] in ([], ["shouhou"])


def _trouble(words: list[str], whole: bool) -> str:
    """What is wrong with a command line; `whole` when it is to be typed as it stands."""
    command: click.Command = group
    context, rest = click.Context(group), words
    try:
        while isinstance(command, click.Group):
            _, rest, _ = command.make_parser(context).parse_args(list(rest))
            if not rest:
                return ""
            found = command.get_command(context, rest[0])
            if found is None:
                return f"no command {rest[0]}"
            command, context, rest = found, click.Context(found, parent=context), rest[1:]
        given, rest, _ = command.make_parser(context).parse_args(list(rest))
    except click.UsageError as error:
        return error.message
    if rest:
        return f"too many words: {rest}"
    missing = [
        param.name for param in command.params if param.required and not _given(given.get(param.name or ""))
    ]
    return f"lacks {missing}" if whole and missing else ""


def _given(value: Any) -> bool:
    return isinstance(value, str | tuple | list) and bool(value)


@each_page
def test_replies_named_are_there(page: Page) -> None:
    previewed = re.findall(r"shouhou preview ([\w/]+)", page.text) if page.path != RECIPE else []
    known = {*REPLIES, *(f"macros/{path.stem}" for path in ROOT.glob("replies/*/macros/*.j2"))}
    folders = {name.split("/")[0] for name in known}
    named = [
        code
        for code in page.codes
        if re.fullmatch(r"[a-z_]+/[a-z_]+", code) and code.split("/")[0] in folders
    ]
    assert [name for name in (*previewed, *named) if name not in known] == []


@each_page
def test_the_front_doors_commands_are_there(page: Page) -> None:
    assert set(re.findall(r"python3 x\.py (\w+)", page.text)) <= set(X_COMMANDS)


@each_page
def test_trials_can_be_called_as_they_stand(page: Page) -> None:
    for module, words in re.findall(r"python -m (tests\.\w+)([^`#\n]*)", page.text):
        try:
            importlib.import_module(f"{module}.__main__").arguments(shlex.split(words))
        except (ImportError, SystemExit) as error:
            raise AssertionError(f"python -m {module}{words}") from error


def test_the_readme_shows_what_a_start_says(capsys: pytest.CaptureFixture[str]) -> None:
    _say_where("http://127.0.0.1:8080", "…", [Sample("lin", "", "zh", ())])
    shown = next(body for language, body in README.fences if language == "text")
    assert shown == capsys.readouterr().out + "Stop with Ctrl-C.\n"


def test_every_command_has_its_place() -> None:
    told = " ".join(page.text for page in map(Page, PAGES))
    assert [name for name in group.list_commands(click.Context(group)) if f"shouhou {name}" not in told] == []


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        ("shouhou nope", "no command nope"),
        ("shouhou link 2600018003 --bott x", "No such option"),
        ("shouhou shunt retry", "lacks"),
        ("shouhou init", "lacks"),
        ("shouhou status now", "too many words"),
        ("shouhou shunt eat 3", "no command eat"),
        ("SHOUHOU_WEB__PORT=9000 .venv/bin/shouhou -C /tmp run", ""),
        ("systemd-run --wait --uid=shouhou /opt/shouhou/bin/shouhou statux", "no command statux"),
        ("docker compose exec shouhou shouhou backup --too", "No such option"),
        ("shouhou link 2600018003 --bot x --days 3", ""),
    ],
)
def test_a_wrong_command_line_is_found(line: str, trouble: str) -> None:
    words = _after_shouhou(line)
    assert words is not None
    found = _trouble(words, whole=True)
    assert trouble in found
    assert bool(trouble) == bool(found)


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("```sh\nshouhou shunt eat 3\n```", test_command_lines_can_be_given),
        ("`shouhou preview case/agree`", test_replies_named_are_there),
        ("`python3 x.py rum`", test_the_front_doors_commands_are_there),
        ("`python -m tests.crash shirt`", test_trials_can_be_called_as_they_stand),
        ("`python -m tests.fuzz --hours 3`", test_trials_can_be_called_as_they_stand),
    ],
)
def test_a_slip_in_a_page_is_found(text: str, check: Check, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        check(slip(tmp_path, text))
