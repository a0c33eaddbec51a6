"""Commands that only look, in a shop that was never started: they make no database, and say what does."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.errors import StoreError
from tests.cli.conftest import Call


@pytest.fixture
def fresh(shop: Path) -> Path:
    shutil.rmtree(shop / "data")
    return shop


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("cases", "list"),
        ("queue",),
        ("ledger",),
        ("retention",),
        ("shunt", "list"),
        ("staff", "list"),
        ("buyer", "export", "12"),
        ("backup",),
    ],
    ids=" ".join,
)
def test_who_only_looks_makes_no_database_and_is_told_what_does(
    call: Call, fresh: Path, words: tuple[str, ...]
) -> None:
    result = call(*words)
    assert isinstance(result.exception, StoreError)
    assert str(fresh / "data/shouhou.db") in str(result.exception)
    assert "shouhou run" in str(result.exception)
    assert not (fresh / "data").exists()


def test_the_doctor_makes_none_either(call: Call, unworded_shop: Path, fresh: Path) -> None:
    assert "the first start makes it" in call("doctor").output
    assert not (fresh / "data").exists()


def test_what_is_to_be_stored_makes_it(call: Call, fresh: Path) -> None:
    assert call("staff", "add", "lin", "--name", "Lin", "--role", "owner").exit_code == 0
    assert (fresh / "data/shouhou.db").is_file()


def test_a_backup_of_a_database_without_a_row_says_so(call: Call, shop: Path) -> None:
    result = call("backup")
    assert result.exit_code == 0
    assert "not one row" in result.stderr
