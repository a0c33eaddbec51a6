"""`shouhou buyer export` and `erase`, `shouhou retention`: as the owner calls them."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.errors import BuyerError, StoreError
from bot.store.database import SqlDatabase
from bot.store.files import FileStore
from tests.cli.conftest import Call
from tests.store.persons import (
    BOB,
    BOTS,
    HERS,
    NAME,
    NOTE,
    PHONE,
    SECRETS,
    SHARED,
    TELEGRAM,
    WORDS,
    two_buyers,
)


async def fill(shop: Path, *, ended: bool) -> None:
    async with SqlDatabase(f"sqlite:///{shop / 'data/shouhou.db'}") as database:
        await two_buyers(database, ended=ended)
    files = FileStore(shop / "data/files")
    for content in (b"both", b"hers", b"guide"):
        await files.save(content, "", "image/png")


@pytest.fixture
def stocked(shop: Path) -> Path:
    asyncio.run(fill(shop, ended=True))
    return shop


@pytest.fixture
def unsettled(shop: Path) -> Path:
    asyncio.run(fill(shop, ended=False))
    return shop


def searched(shop: Path) -> str:
    """The whole database as it is dumped, and the names and contents of all files."""
    with sqlite3.connect(shop / "data/shouhou.db") as connection:
        told = "\n".join(connection.iterdump())
    kept = [path for path in (shop / "data/files").rglob("*") if path.is_file()]
    return told + "".join(path.name + path.read_bytes().decode(errors="replace") for path in kept)


# -- handing out


def test_who_has_no_name_on_this_machine_is_written_down_by_their_number(
    call: Call, stocked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 54_321)
    said = call("buyer", "export", f"telegram:{TELEGRAM}", "--to", str(tmp_path / "hers.zip"))
    assert said.exit_code == 0, said.output
    assert "uid 54321" in call("audit").output


def test_a_buyer_is_handed_out_everything_of_theirs_and_nothing_of_others(
    call: Call, stocked: Path, tmp_path: Path
) -> None:
    out = tmp_path / "hers.zip"
    said = call("buyer", "export", f"telegram:{TELEGRAM}", "--to", str(out), "--lang", "en")
    assert said.exit_code == 0, said.output
    assert hashlib.sha256(out.read_bytes()).hexdigest() in said.output
    assert out.stat().st_mode & 0o077 == 0, "nobody else on this machine may read it"
    with ZipFile(out) as archive:
        page = archive.read("index.html").decode()
        told = json.loads(archive.read("buyer.json"))
        sums = archive.read("SHA256SUMS").decode()
        contents = {archive.read(name) for name in archive.namelist() if name.startswith("files/")}
        whole = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert [secret for secret in SECRETS if secret not in page + json.dumps(told, ensure_ascii=False)] == []
    assert "What is kept of you" in page
    assert [talk["conversation"]["channel"] for talk in told["conversations"]] == ["telegram", "web"]
    assert [order["number"] for order in told["orders"]] == ["A1"]
    assert [order["number"] for order in told["orders_nobody_has_proven"]] == ["A9"]
    [case] = told["cases"]
    assert case["score"]["score"] == 2
    assert [step["act"]["event"] for step in case["history"]] == ["apply", "refuse", "revoke"]
    assert told["conversations"][0]["came_in"][0]["payload"]["message"]["text"] == WORDS
    assert {deed["act"] for deed in told["conversations"][0]["what_the_shop_did"]} == {"refuse"}
    assert b"hers" in contents
    assert all(hashlib.sha256(content).hexdigest() in sums for content in contents)
    assert [
        word
        for word in (*BOB, "staff:1", "Mia")
        if word in whole or word in json.dumps(told, ensure_ascii=False)
    ] == []
    assert "export" in call("audit").output


def test_the_file_is_called_by_a_number_whatever_the_order_is_called(call: Call, stocked: Path) -> None:
    with sqlite3.connect(stocked / "data/shouhou.db") as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("UPDATE orders SET number = '../=A-9', buyer_name = '' WHERE number = 'A9'")
    assert call("buyer", "export", "../=A-9").exit_code == 0
    assert (stocked / "buyer-____A-9.zip").is_file()


def test_a_second_one_leaves_the_first_as_it_is(call: Call, stocked: Path) -> None:
    assert call("buyer", "export", "order:A1").exit_code == 0
    [first] = stocked.glob("buyer-*.zip")
    first.write_bytes(b"the first")
    again = call("buyer", "export", "order:A1")
    assert isinstance(again.exception, BuyerError)
    assert "is there already" in str(again.exception)
    assert first.read_bytes() == b"the first"


def test_a_place_that_can_not_be_written_is_told(call: Call, stocked: Path, tmp_path: Path) -> None:
    refused = call("buyer", "export", "order:A1", "--to", str(tmp_path / "nowhere/x.zip"))
    assert isinstance(refused.exception, StoreError)
    assert "nowhere/x.zip can't be written: No such file or directory" in str(refused.exception)


# -- erasing


def test_after_it_nothing_of_them_is_found_in_the_database_or_among_the_files(
    call: Call, stocked: Path
) -> None:
    assert [secret for secret in SECRETS if secret not in searched(stocked)] == []
    said = call("buyer", "erase", "1", "--yes")
    assert said.exit_code == 0, said.output
    assert "what becomes of it" in said.output
    assert "backups" in said.output
    assert "Files off the disk: 1 of 2" in said.output, "the other one is Bob's too"
    found = searched(stocked)
    assert [secret for secret in (*SECRETS, HERS) if secret in found] == []
    assert [kept for kept in (*BOB, SHARED, BOTS) if kept not in found] == []
    noted = call("audit").output
    assert "erase" in noted
    assert NAME not in noted
    assert "It adds up" not in noted
    assert "nobody is known" in str(call("buyer", "erase", f"telegram:{TELEGRAM}", "--yes").exception)


def test_a_second_time_it_says_that_nothing_is_left_unless_something_came_since(
    call: Call, stocked: Path
) -> None:
    assert call("buyer", "erase", "1", "--yes").exit_code == 0
    before = searched(stocked)
    again = call("buyer", "erase", "1", "--yes")
    assert again.exit_code == 0
    assert "Nothing of this buyer is left" in again.output
    assert "what becomes of it" not in again.output
    assert searched(stocked) == before, "not even the log of what people did has a second line"
    with sqlite3.connect(stocked / "data/shouhou.db") as connection:
        connection.execute("UPDATE lines SET conversation_id = 1 WHERE id = (SELECT max(id) FROM lines)")
    assert "Erased." in call("buyer", "erase", "1", "--yes").output


def test_what_will_go_is_shown_first_and_a_no_changes_nothing(call: Call, stocked: Path) -> None:
    before = searched(stocked)
    said = call("buyer", "erase", PHONE, stdin="n\n")
    assert said.exit_code == 1
    assert f"conversation 1 (telegram, {NAME})" in said.output
    assert "order A9" in said.output
    for what in ("what was said", "orders", "lines of the ledger"):
        assert what in said.output
    assert "bookkeeping" in said.output
    assert searched(stocked) == before


def test_while_something_is_under_way_it_is_refused_unless_told_otherwise(
    call: Call, unsettled: Path
) -> None:
    before = searched(unsettled)
    refused = call("buyer", "erase", "1", "--yes")
    assert "case R1 is open" in str(refused.exception)
    assert "refund:R1" in str(refused.exception)
    assert "--even-so" in str(refused.exception)
    assert searched(unsettled) == before
    done = call("buyer", "erase", "1", "--yes", "--even-so")
    assert done.exit_code == 0, done.output
    assert [secret for secret in SECRETS if secret in searched(unsettled)] == []
    listed = call("cases", "list").output
    assert "R1" in listed


def test_who_may_mean_several_is_asked_for_exactly(call: Call, stocked: Path) -> None:
    with sqlite3.connect(stocked / "data/shouhou.db") as connection:
        connection.execute("UPDATE orders SET number = '2' WHERE number = 'A9'")
        connection.execute("UPDATE orders SET buyer_name = '' WHERE number = '2'")
    asked = str(call("buyer", "erase", "2").exception)
    assert "be exact" in asked
    assert "order:2" in asked
    assert "conversation:2" in asked
    assert "nobody is known by '99'" in str(call("buyer", "export", "99").exception)


def test_the_same_orders_imported_again_say_whom_they_leave_out(call: Call, shop: Path) -> None:
    path = shop / "orders.csv"
    path.write_text(
        f"order_number,placed_at,title,paid,buyer_name,phone\nA-1,2026-11-01 12:00,耳机,10,{NAME},{PHONE}\n",
        "utf-8",
    )
    assert call("import", str(path)).exit_code == 0
    assert call("buyer", "erase", "A-1", "--yes").exit_code == 0
    again = call("import", str(path))
    assert "0 new, 0 changed, 1 unchanged" in again.output
    assert "1 of buyers who were erased" in again.output
    assert PHONE not in searched(shop)


# -- retention


def test_what_is_kept_for_how_long_is_shown_and_removed_when_told(call: Call, stocked: Path) -> None:
    with sqlite3.connect(stocked / "data/shouhou.db") as connection:
        connection.execute("UPDATE audit SET at = '2020-01-01 00:00:00.000000'")
    shown = call("retention")
    assert shown.exit_code == 0, shown.output
    assert "retention.audit_days" in shown.output
    assert "2020-01-01" in shown.output
    assert NOTE in searched(stocked)
    assert call("retention").output == shown.output, "looking removes nothing"
    assert "removed or emptied: 2 rows" in call("retention", "--apply").output
    assert "Nothing of the kind was done" in call("audit").output
