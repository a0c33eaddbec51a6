"""What the documents say is so: links lead somewhere, commands and settings exist, tables are complete, examples work."""

from __future__ import annotations

import importlib
import importlib.util
import re
import shlex
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest
import yaml
from prometheus_client import REGISTRY

from bot.channels.web.chat import Sample
from bot.cli import group
from bot.cli.serve import _say_where
from bot.config import load
from bot.config.environment import FOREIGN
from bot.config.registry import SECRETS, SECTIONS, SETTINGS
from bot.domain.cases import Role
from bot.flows import REPLIES
from bot.flows.commands import NAMES
from bot.flows.desk import STAFF_COMMANDS
from bot.flows.macros import declared_as
from bot.folder.guides import read_guide
from bot.folder.phrases import read_phrase_file
from bot.replies import macros, template
from bot.replies.filters import FILTERS
from bot.shop.columns import ORDER_COLUMNS, PARCEL_COLUMNS
from bot.store.tables import metadata
from x import COMMANDS as X_COMMANDS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = (
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted(DOCS.glob("*.md")),
)
RECIPE = DOCS / "adding-an-intent.md"
"""Names files that are yet to be written; tests/test_adding_an_intent.py follows it."""
FOLDERS = ("bot", "deploy", "docs", "tests", "intents", "replies", ".ci")

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
_VARIABLE = re.compile(r"\b(?:SHOUHOU|TELEGRAM|KUAIDI100)_[A-Z0-9][A-Z0-9_]*\b")
_ASSIGNMENT = re.compile(r"[A-Z][A-Z0-9_]*=\S*")
_PATH = re.compile(r"[\w.<>-]+(?:/[\w.<>-]+)*/?")


@dataclass(frozen=True)
class Page:
    """A document taken apart."""

    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def fences(self) -> list[tuple[str, str]]:
        """Language and content of each block of code."""
        return _FENCE.findall(self.text)

    @property
    def prose(self) -> str:
        return _FENCE.sub("", self.text)

    @property
    def codes(self) -> list[str]:
        """What stands in backticks within sentences and tables."""
        return _CODE.findall(self.prose)

    @property
    def anchors(self) -> set[str]:
        """What GitHub makes of the headings."""
        plain = (heading.replace("`", "").strip().lower() for heading in _HEADING.findall(self.prose))
        return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}

    def rows(self, heading: str = "") -> list[list[str]]:
        """The tables' rows, cell by cell; only those below a heading and before the next one of its rank."""
        text = self.prose
        if heading:
            text = text.split(f"\n{heading}\n", 1)[1]
            rank = heading.split(" ", maxsplit=1)[0]
            text = re.split(rf"^#{{1,{len(rank)}}} ", text, maxsplit=1, flags=re.MULTILINE)[0]
        lines = (line for line in text.splitlines() if line.startswith("|") and not line.startswith("|--"))
        return [
            [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            for line in lines
        ]


README, OWNER, DEPLOY, OPERATING, PRIVACY, GLOSSARY = (
    Page(path)
    for path in (
        ROOT / "README.md",
        DOCS / "owner.md",
        DOCS / "deploy.md",
        DOCS / "operating.md",
        DOCS / "privacy.md",
        DOCS / "glossary.md",
    )
)
each_page = pytest.mark.parametrize("page", [Page(path) for path in PAGES], ids=lambda page: page.path.name)


def first_cells(rows: list[list[str]]) -> list[str]:
    """All that stands in backticks in the first column."""
    return [code for row in rows for code in _CODE.findall(row[0])]


# -- links and files


@each_page
def test_links_lead_somewhere(page: Page) -> None:
    broken = []
    for target in _LINK.findall(page.prose):
        if re.match(r"(https?|mailto):", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.path.parent / name).resolve() if name else page.path
        if not path.is_file() or (anchor and anchor not in Page(path).anchors):
            broken.append(target)
    assert not broken


def test_every_page_is_reached_from_the_readme() -> None:
    reached, todo = set[Path](), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        reached.add(page)
        targets = (target.partition("#")[0] for target in _LINK.findall(Page(page).prose))
        paths = {(page.parent / target).resolve() for target in targets if target.endswith(".md")}
        todo += [path for path in paths if path.is_file() and path not in reached]
    assert {path.resolve() for path in PAGES} <= reached


@pytest.mark.parametrize(
    "page", [Page(path) for path in PAGES if path != RECIPE], ids=lambda page: page.path.name
)
def test_files_named_are_there(page: Page) -> None:
    named = [code for code in page.codes if _is_ours(code)]
    assert [code for code in named if not _is_there(code)] == []


def _is_ours(code: str) -> bool:
    if not _PATH.fullmatch(code):
        return False
    return (
        code.split("/", maxsplit=1)[0] in FOLDERS
        if "/" in code
        else code.endswith((".py", ".md", ".toml", ".lock", ".j2"))
    )


def _is_there(code: str) -> bool:
    pattern = re.sub(r"<[^>]*>", "*", code.rstrip("/"))
    if "<lang>" in code:
        return all(
            any(ROOT.glob(re.sub(r"<[^>]*>", "*", code.replace("<lang>", lang)))) for lang in ("zh", "en")
        )
    return any(ROOT.glob(pattern))


# -- commands


@each_page
def test_command_lines_can_be_given(page: Page) -> None:
    shown = [
        (line, True)
        for language, body in page.fences
        if language in ("sh", "ini")
        for line in body.splitlines()
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
    called = bool(words) and (words[0] == "shouhou" or words[0].endswith("/bin/shouhou"))
    return words[1:] if called else None


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


def test_the_readme_shows_what_a_start_says(capsys: pytest.CaptureFixture[str]) -> None:
    _say_where("http://127.0.0.1:8080", "…", [Sample("lin", "", "zh", ())])
    shown = next(body for language, body in README.fences if language == "text")
    assert shown == capsys.readouterr().out + "Stop with Ctrl-C.\n"


def test_every_command_has_its_place() -> None:
    told = " ".join(page.text for page in map(Page, PAGES))
    assert [name for name in group.list_commands(click.Context(group)) if f"shouhou {name}" not in told] == []


# -- settings


@each_page
def test_variables_named_exist(page: Page) -> None:
    known = {setting.variable for setting in SETTINGS.values()} | SECRETS.keys() | FOREIGN
    assert set(_VARIABLE.findall(page.text)) <= known


@each_page
def test_settings_named_exist(page: Page) -> None:
    named = {code for code in page.codes if re.fullmatch(rf"({'|'.join(SECTIONS)})\.[a-z_]+", code)}
    assert {code for code in named if code not in SETTINGS and not _is_log_event(code)} == set()


def _is_log_event(code: str) -> bool:
    return f'"{code}"' in sources()


@cache
def sources() -> str:
    """All of the program's own text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot").rglob("*.py")))


def test_every_setting_and_secret_is_documented_with_its_default() -> None:
    told: dict[str, tuple[list[str], str]] = {}
    for row in (*OWNER.rows(), *DEPLOY.rows(), *PRIVACY.rows()):
        names = [code for code in _CODE.findall(row[0]) if code in SETTINGS]
        told |= dict.fromkeys(names, (names, row[1]))
    assert SETTINGS.keys() - told.keys() == set()
    for names, shown in told.values():
        defaults = [SETTINGS[name].kind.write(SETTINGS[name].default).strip('"[]') for name in names]
        assert shown.endswith("'s own") or shown == ", ".join(defaults), names
    assert SECRETS.keys() <= set(first_cells(DEPLOY.rows()))


@each_page
def test_settings_shown_as_yaml_are_accepted(page: Page, tmp_path: Path) -> None:
    for language, body in page.fences:
        found = yaml.safe_load(body) if language == "yaml" else None
        if isinstance(found, dict) and found.keys() & SECTIONS.keys():
            file = tmp_path / "config.yaml"
            file.write_text(body, encoding="utf-8")
            load(
                file,
                {
                    "TELEGRAM_BOT_TOKEN": "1:a",
                    "SHOUHOU_WEBHOOK_SECRET": "a",
                    "SHOUHOU_PAYOUT_SECRET": "a" * 16,
                },
            )


# -- tables that have to be complete


def test_of_every_table_it_is_said_who_sees_it_and_for_how_long() -> None:
    told = {code for row in PRIVACY.rows("## What is kept") for code in _CODE.findall(row[1])}
    assert metadata.tables.keys() - told == set()


def test_the_filters_documented_are_the_filters_there_are() -> None:
    assert first_cells(OWNER.rows("### Filters")) == list(FILTERS)


def test_the_columns_documented_are_the_columns_there_are() -> None:
    rows = OWNER.rows("## Orders")
    columns = (*ORDER_COLUMNS, *PARCEL_COLUMNS)
    assert sorted(first_cells(rows)) == sorted(column.name for column in columns)
    required = first_cells([row for row in rows if row[1].startswith("required")])
    assert sorted(required) == sorted(column.name for column in columns if column.required)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_groups_of_words_documented_are_those_there_are(lang: str) -> None:
    written = yaml.safe_load((ROOT / "replies" / lang / "words.yaml").read_text(encoding="utf-8"))
    assert set(first_cells(OWNER.rows("### words.yaml"))) == written.keys()


def test_the_commands_documented_are_the_commands_there_are() -> None:
    buyers = [
        code for row in DEPLOY.rows("## Telegram") for code in _CODE.findall(row[0]) if code.startswith("/")
    ]
    typed = {code[1:].split(" ")[0] for code in buyers if not code.startswith("//")}
    assert typed == {*NAMES, *STAFF_COMMANDS}


def test_the_metrics_documented_are_the_metrics_there_are() -> None:
    families = [family for family in REGISTRY.collect() if family.name.startswith("shouhou_")]
    counted = {f"{family.name}_total" if family.type == "counter" else family.name for family in families}
    assert set(first_cells(OPERATING.rows("## Metrics"))) == counted


def test_the_glossary_names_what_the_code_has() -> None:
    named = [code for row in GLOSSARY.rows() for code in _CODE.findall(row[2])]
    assert len(named) > 40
    assert [name for name in named if not _resolves(name)] == []


def _resolves(name: str) -> bool:
    """A module of the bot, and what is in it, step by step."""
    module, parts = ModuleType("bot"), name.split(".")
    path = "bot"
    while parts and importlib.util.find_spec(f"{path}.{parts[0]}") is not None:
        path = f"{path}.{parts.pop(0)}"
        module = importlib.import_module(path)
        if not hasattr(module, "__path__"):
            break
    found: Any = module
    for part in parts:
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return path != "bot"


# -- examples and pictures


def test_the_owners_examples_work() -> None:
    phrases = [body for language, body in OWNER.fences if language == "yaml" and body.startswith("phrases:")]
    assert len(phrases) == 2
    for body in phrases:
        assert read_phrase_file(Path("intents/en/sample.yaml"), body).phrases
    (reply,) = (body for language, body in OWNER.fences if language == "jinja")
    before = OWNER.text[: OWNER.text.index(reply)]
    path = re.findall(r"`(replies/en/(\w+/\w+)\.j2)`", before)[-1]
    sheet, findings = template.read(path[0], reply, REPLIES[path[1]])
    assert sheet, findings


def test_the_owners_macro_is_one() -> None:
    (macro,) = (body for language, body in OWNER.fences if language == "macro")
    declared = declared_as("macros/photos", REPLIES)
    assert declared
    sheet, findings = macros.read("replies/en/macros/photos.j2", macro, declared)
    assert sheet, findings
    assert macros.macro_of("photos", sheet).then == "snooze 1d"


def test_the_owners_guides_can_be_read(tmp_path: Path) -> None:
    guides = [body for language, body in OWNER.fences if language == "yaml" and body.startswith("product:")]
    assert len(guides) == 2
    (tmp_path / "replies/en/faq").mkdir(parents=True)
    picture = next(ROOT.glob("replies/*/faq/*.png"))
    (tmp_path / "replies/en/faq/kite-launch.png").write_bytes(picture.read_bytes())
    for body in guides:
        assert read_guide(tmp_path, Path("replies/en/faq/sample.yaml"), body).guide.entries


def test_the_picture_of_the_cases_is_drawn_from_the_table() -> None:
    drawing = drawer()
    kept = drawing.PICTURE.read_text(encoding="utf-8")
    assert kept == drawing.svg(), "stale; draw it anew: .venv/bin/python docs/pictures/draw_cases.py"


def test_the_picture_shows_every_move() -> None:
    shown = drawer().svg()
    for row in drawer().TRANSITIONS:
        by = "/".join(role for role in Role if role in row.by)
        assert f"{by}: {row.event}" in shown
    assert all(f">{state}</text>" in shown for state in drawer().State)


def drawer() -> ModuleType:
    """The script beside the picture."""
    spec = importlib.util.spec_from_file_location("draw_cases", DOCS / "pictures" / "draw_cases.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


# -- the tests of this file can fail


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
        ("[x](gone.md)", test_links_lead_somewhere),
        ("[x](#nowhere)", test_links_lead_somewhere),
        ("`bot/domain/case.py`", test_files_named_are_there),
        ("`replies/<lang>/word.yaml`", test_files_named_are_there),
        ("```sh\nshouhou shunt eat 3\n```", test_command_lines_can_be_given),
        ("`shouhou preview case/agree`", test_replies_named_are_there),
        ("`python3 x.py rum`", test_the_front_doors_commands_are_there),
        ("`SHOUHOU_WEB__PROT`", test_variables_named_exist),
        ("`web.prot`", test_settings_named_exist),
    ],
)
def test_a_slip_in_a_page_is_found(text: str, check: Any, tmp_path: Path) -> None:
    slip = tmp_path / "slip.md"
    slip.write_text(f"# Slip\n\n{text}\n", encoding="utf-8")
    with pytest.raises(AssertionError):
        check(Page(slip))


def test_every_threat_names_tests_that_are_there() -> None:
    model = Page(ROOT / "SECURITY.md")
    threats = [row for row in model.rows() if len(row) == 3 and row[0] != "threat"]
    assert len(threats) > 30
    for threat, _, tests in threats:
        named = _CODE.findall(tests)
        assert named, threat
        for test in named:
            path, _, name = test.partition("::")
            assert re.search(rf"^ *(async )?def {name}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE), (
                test
            )
