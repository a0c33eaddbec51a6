"""A short month of a small shop: everything that must hold does, the same seed plays the same, and a planted fault is found."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from bot.config import load
from bot.folder.shop_folder import Contents
from bot.simulate.figures import digest
from bot.simulate.invariants import CHECKS, Found, check
from bot.simulate.month import Month, Plan
from bot.simulate.record import Record, read
from bot.store.database import open_runner


@dataclass(frozen=True)
class Played:
    """A month that is over."""

    path: Path
    record: Record
    found: tuple[Found, ...]
    outages: int


async def _play(contents: Contents, path: Path, seed: int, buyers: int = 25, days: int = 10) -> Played:
    plan = Plan(buyers, days, seed, ("zh", "en"))
    month = Month(plan, load(None, {}), contents, f"sqlite:///{path}", durable=False)
    try:
        await month.play()
        record = await month.stage.look(lambda connection: read(connection, month.agenda.now))
        return Played(path, record, (*check(record), *month.own_checks(record)), month.outages)
    finally:
        await month.close()


@pytest.fixture(scope="module")
def played(contents: Contents, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Seed 1."""
    with structlog.testing.capture_logs():
        yield asyncio.run(_play(contents, tmp_path_factory.mktemp("month") / "shop.db", 1))


def _broken(found: tuple[Found, ...]) -> dict[str, tuple[str, ...]]:
    return {one.title: one.offenders for one in found if not one.holds}


def test_everything_holds_after_ten_days_of_a_small_shop(played: Played) -> None:
    assert _broken(played.found) == {}


def test_it_was_a_busy_time(played: Played) -> None:
    ended = {case.state.value for case in played.record.cases}
    assert {"SUCCESS", "CLOSED", "SELLER_REFUSE_BUYER"} <= ended | {
        entry.end.value for history in played.record.histories.values() for entry in history
    }
    assert {row["channel"] for row in played.record.rows["inbox"]} >= {"web", "desk", "clock"}
    assert {line.end.value for line in played.record.ledger} >= {"created", "done"}
    assert played.outages


def test_the_same_seed_gives_the_same_ledger_and_another_seed_another(
    contents: Contents, tmp_path: Path
) -> None:
    once, again, other = (
        asyncio.run(_play(contents, tmp_path / f"{name}.db", seed, buyers=6, days=4))
        for name, seed in (("once", 1), ("again", 1), ("other", 2))
    )
    assert once.record.ledger
    assert again.record.ledger == once.record.ledger
    assert digest(again.record) == digest(once.record)
    assert again.record.histories == once.record.histories
    assert _broken(other.found) == {}
    assert digest(other.record) != digest(once.record)


FAULTS = {
    "UPDATE refunds SET amount = amount * 1000": [
        "nothing more is paid than was paid in",
        "the ledger adds up",
    ],
    "UPDATE ledger SET amount = amount + 1": ["the ledger adds up"],
    "DELETE FROM ledger WHERE version = 2": ["the ledger adds up"],
    "UPDATE refunds SET state = 'done' WHERE state <> 'done'; UPDATE refunds SET state = 'created' WHERE tries = 1": [
        "the ledger adds up"
    ],
    "UPDATE case_history SET start = 'CLOSED' WHERE version = 2": ["each history alone rebuilds its case"],
    "UPDATE cases SET amount = amount - 1": ["each history alone rebuilds its case"],
    "UPDATE deadlines SET state = 'dropped' WHERE state = 'waiting'": [
        "each open case has one running clock"
    ],
    "UPDATE deadlines SET state = 'waiting' WHERE kind LIKE '%timeout'": [
        "each open case has one running clock"
    ],
    "UPDATE inbox SET received_at = '2020-01-01 00:00:00.000000' WHERE channel = 'clock'": [
        "each clock fired once, in order"
    ],
    "UPDATE inbox SET origin = 'lost:' || origin WHERE channel = 'clock'": [
        "each clock fired once, in order"
    ],
    "UPDATE inbox SET state = 'shunted' WHERE id = 7": ["everything that came in is done"],
    "UPDATE outbox SET state = 'queued' WHERE id = 7": ["every reply is sent, in order"],
    "UPDATE outbox SET sent_at = '2020-01-01 00:00:00.000000' WHERE id > 40": [
        "every reply is sent, in order"
    ],
    "DELETE FROM open_lines": ["one open case an order line"],
    "DELETE FROM lines WHERE who = 'bot'": ["every move and all money was told"],
    "UPDATE lines SET reply = 'greeting/hello' WHERE who = 'bot'": ["every move and all money was told"],
    "UPDATE lines SET text = text || ' 2799999999' WHERE id = (SELECT min(id) FROM lines WHERE who = 'bot')": [
        "nobody was told of another's order"
    ],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(played: Played, tmp_path: Path, fault: str) -> None:
    path = tmp_path / "faulty.db"
    shutil.copy(played.path, path)
    with sqlite3.connect(path) as connection:
        connection.executescript(fault)
    broken = _broken(check(asyncio.run(_read(path, played.record))))
    assert set(FAULTS[fault]) <= broken.keys()


def test_each_invariant_has_a_fault_that_breaks_it() -> None:
    assert {title for titles in FAULTS.values() for title in titles} == set(CHECKS)


async def _read(path: Path, before: Record) -> Record:
    runner = open_runner(f"sqlite:///{path}", exclusive=False)
    try:
        return await runner.look(lambda connection: read(connection, before.now))
    finally:
        await runner.close()
