"""`shouhou bench store` as it is typed: a shop grows, and is asked the same at each size."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from bot.bench.store import trial
from bot.bench.store.probes import BACKLOG, PROBES
from bot.bench.store.trial import TURN
from bot.cli import bench_store
from bot.domain.orders import Order
from bot.errors import StoreAway
from bot.store.database import SqlDatabase
from tests.cli.conftest import Call
from tests.store.samples import NOW
from tests.stores import rows

FEW = [probe for probe in PROBES if f"{BACKLOG:,}" not in probe.name]


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """A week of six buyers at two sizes, and everything asked twice, but for what thousands of rows are laid down before."""
    monkeypatch.setattr(trial, "PROBES", FEW)
    monkeypatch.setattr(trial, "STEPS", (2, 1))
    monkeypatch.setattr(trial, "TURNS", 2)
    monkeypatch.setattr(bench_store, "_BUYERS", (6, 6))
    monkeypatch.setattr(bench_store, "_DAYS", 7)


SMALL = ("bench", "store", "--messages", "200", "--conversations", "20", "--json")


def test_each_size_has_a_figure_for_everything_and_the_store_holds_together(
    call: Call, shop: Path, tmp_path: Path
) -> None:
    path = tmp_path / "grown.db"
    result = call(*SMALL, "--plans", "--database", f"sqlite:///{path}")
    assert result.exit_code == 0, result
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["messages"] for row in rows] == sorted({row["messages"] for row in rows})
    for row in rows:
        assert row["took"].keys() == {TURN, *(probe.name for probe in FEW)}
        assert min(row["took"].values()) > 0
        assert row["bytes"] > row["messages"] * 1_000
    assert any("ix_outbox_going" in line for line in rows[-1]["plans"]["lease, 100 wait"])
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("SELECT count(*) FROM lines WHERE who = 'buyer'").fetchone() == (
            rows[-1]["messages"],
        )
        assert database.execute("SELECT count(*) FROM inbox WHERE state = 'due'").fetchone() == (0,)
    assert "wants an empty database" in str(call(*SMALL, "--database", f"sqlite:///{path}").exception)
    assert "It adds up" in call_in(call, path)


def call_in(call: Call, path: Path) -> str:
    """The ledger of the shop that grew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHOUHOU_STORAGE__URL", f"sqlite:///{path}")
        return call("ledger").output


def test_it_grows_on_postgresql_alike(call: Call, request: pytest.FixtureRequest) -> None:
    cluster = request.getfixturevalue("postgres_cluster")
    name = cluster.create(migrated=False)
    try:
        result = call("bench", "store", "--messages", "100", "--database", cluster.address(name))
        assert result.exit_code == 0, result
        assert "a conversation is opened" in result.output
        assert "bytes a message" in result.output
    finally:
        cluster.drop(name)


async def stocked(address: str) -> list[dict[str, Any]]:
    """A shop that has only been given its orders."""
    async with SqlDatabase(address, shop="tea") as tea:
        await tea.migrate()
        await tea.write(lambda unit: unit.put_orders([Order("T1", "CNY", NOW)]))
        return await rows(tea, "orders")


def test_a_database_of_another_shop_is_left_alone(call: Call, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'tea.db'}"
    before = asyncio.run(stocked(address))
    result = call(*SMALL, "--database", address)
    assert "wants an empty database" in str(result.exception)
    assert asyncio.run(stocked(address)) == before


def test_one_that_is_refused_is_named_without_its_password(call: Call, postgres_bare_address: str) -> None:
    asyncio.run(stocked(postgres_bare_address))
    url = make_url(postgres_bare_address).set(password="s3cret-word")
    result = call(*SMALL, "--database", url.render_as_string(hide_password=False))
    assert "wants an empty database" in str(result.exception)
    assert "s3cret-word" not in str(result.exception)


def test_one_that_is_away_is_told_before_weeks_are_played(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_store, "Month", None)
    result = call(*SMALL, "--database", "postgresql+asyncpg://me@127.0.0.1:1/shop")
    assert isinstance(result.exception, StoreAway)
