"""Tables that have to be complete are."""

from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

from bot.flows.commands import NAMES
from bot.flows.desk import STAFF_COMMANDS
from bot.replies.filters import FILTERS
from bot.shop.columns import ORDER_COLUMNS, PARCEL_COLUMNS
from bot.store.tables import metadata
from tests.docs.pages import CODE, DEPLOY, GLOSSARY, OPERATING, OWNER, PRIVACY, ROOT, first_cells


def test_of_every_table_it_is_said_who_sees_it_and_for_how_long() -> None:
    told = {code for row in PRIVACY.rows("## What is kept") for code in CODE.findall(row[1])}
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
        code for row in DEPLOY.rows("## Telegram") for code in CODE.findall(row[0]) if code.startswith("/")
    ]
    typed = {code[1:].split(" ")[0] for code in buyers if not code.startswith("//")}
    assert typed == {*NAMES, *STAFF_COMMANDS}


def test_the_metrics_documented_are_the_metrics_there_are() -> None:
    families = [family for family in REGISTRY.collect() if family.name.startswith("shouhou_")]
    counted = {f"{family.name}_total" if family.type == "counter" else family.name for family in families}
    assert set(first_cells(OPERATING.rows("## Metrics"))) == counted


def test_the_glossary_names_what_the_code_has() -> None:
    named = [code for row in GLOSSARY.rows() for code in CODE.findall(row[2])]
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
