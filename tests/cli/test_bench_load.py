"""`shouhou bench load` as it is typed: a whole shop and an echo bot are served and written to, if only for a moment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.bench.load import trial
from bot.errors import StoreAway
from tests.cli.conftest import Call


@pytest.fixture(autouse=True)
def few_buyers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "BUYERS", 20)
    monkeypatch.setattr(trial, "WARM_UP", 20)
    monkeypatch.setattr(trial, "_SETTLING", 0.0)


def test_every_message_is_answered_by_the_shop_and_by_the_echo_bot(call: Call, shop: Path) -> None:
    few = ("--messages", "40", "--rate", "20", "--seconds", "1")
    result = call("bench", "load", *few, "--only", "echo", "--only", "sqlite", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert list(found["bots"]) == ["echo bot", "SQLite"]
    for bot in found["bots"].values():
        assert (bot["messages"], bot["unanswered"]) == (80, 0)
        assert bot["rate"] > 0
        assert 0 < bot["steady"]["p50"] <= bot["steady"]["p99"]
        assert 0 < bot["saturated"]["p50"] <= bot["saturated"]["p99"]
    echo, shop_ = found["bots"]["echo bot"], found["bots"]["SQLite"]
    assert found["ratio"]["echo bot"] == {"rate": 1, "cpu": 1}
    assert found["ratio"]["SQLite"]["cpu"] == shop_["cpu"] / echo["cpu"]
    assert not (shop / "data" / "files").exists()  # the shop's own data are left alone


def test_several_processes_share_a_database_of_their_own(call: Call, postgres_bare_address: str) -> None:
    few = ("--messages", "40", "--rate", "20", "--seconds", "1", "--only", "postgres", "--processes", "2")
    result = call("bench", "load", *few, "--postgres", postgres_bare_address, "--json")
    assert result.exit_code == 0, result.output
    (bot,) = json.loads(result.stdout)["bots"].values()
    assert (bot["messages"], bot["unanswered"]) == (80, 0)


def test_postgres_needs_to_be_told_where(call: Call) -> None:
    result = call("bench", "load", "--only", "postgres")
    assert result.exit_code == 2
    assert "--postgres URL" in result.output
    other = call("bench", "load", "--only", "postgres", "--postgres", "mysql://me@localhost/shop")
    assert other.exit_code == 2
    assert "postgresql+asyncpg://" in other.output


def test_a_server_that_is_away_is_named_without_its_password(call: Call) -> None:
    url = "postgresql+asyncpg://me:s3cret-word@127.0.0.1:1/shop"
    away = call("bench", "load", "--only", "postgres", "--postgres", url).exception
    assert isinstance(away, StoreAway)
    assert "s3cret-word" not in str(away)


@pytest.mark.parametrize("processes", ["one", "0", "2,-1"])
def test_a_shop_has_one_process_at_least(call: Call, processes: str) -> None:
    result = call("bench", "load", "--only", "echo", "--messages", "10", "--processes", processes)
    assert result.exit_code == 2
    assert "--processes" in result.output
