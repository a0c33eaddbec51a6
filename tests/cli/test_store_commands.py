"""Orders, links, queues, the shelf and replays on the command line."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from bot.cli.context import Here
from bot.pipeline.arrivals import Arrival
from bot.pipeline.ports import Unit
from bot.shop.links import verify
from tests.cli.conftest import Call


def test_importing_the_example_twice_changes_nothing_the_second_time(call: Call, shop: Path) -> None:
    assert call("import", "--example").exit_code == 0
    first = call("import", str(shop / "sample-orders.csv"), str(shop / "sample-parcels.csv"))
    again = call("import", str(shop / "sample-orders.csv"), str(shop / "sample-parcels.csv"))
    assert first.exit_code == 0, first.output
    assert "16 new, 0 changed" in first.output
    assert "0 new, 0 changed, 16 unchanged" in again.output


def test_a_bad_row_is_named_and_the_rest_is_imported(call: Call, shop: Path) -> None:
    call("import", "--example")
    path = shop / "sample-orders.csv"
    path.write_text(path.read_text("utf-8-sig").replace("329.00", "32x.00"), "utf-8")
    result = call("import", str(path))
    assert result.exit_code == 1
    assert "15 new" in result.output
    assert "row 3, paid" in result.output
    assert "32x.00" in result.output


def test_an_export_as_spreadsheets_write_it_is_imported(call: Call, shop: Path) -> None:
    path = shop / "export.csv"
    path.write_text(
        "订单编号,订单创建时间,宝贝标题,买家实际支付金额\n"
        '="11223344",2026年11月1日,耳机,"1,299.00"\n'
        "'11223355,2026/11/1 12:30,台灯,¥59.9\n"
        "11223366,2026年11月1日 12:30,围巾,19.9元\n",
        "gb18030",
    )
    result = call("import", str(path))
    assert result.exit_code == 0, result.output
    assert "3 new" in result.output


def test_a_workbook_is_told_apart_from_a_csv(call: Call, shop: Path) -> None:
    path = shop / "orders.xlsx"
    with zipfile.ZipFile(path, "w") as workbook:
        workbook.writestr("xl/workbook.xml", "<workbook/>")
    result = call("import", str(path))
    assert result.exit_code != 0
    assert "orders.xlsx: this is an Excel workbook: save it as CSV UTF-8" in str(result.exception)


def test_a_file_that_is_no_order_list_is_refused_whole(call: Call, shop: Path) -> None:
    path = shop / "letter.csv"
    path.write_text("dear,sir\n1,2\n", "utf-8")
    result = call("import", str(path))
    assert "letter.csv" in str(result.exception)
    assert "order_number" in str(result.exception)


def test_a_signed_link_proves_its_order_and_only_a_known_one_gets_a_link(call: Call, shop: Path) -> None:
    call("import", "--example")
    call("import", str(shop / "sample-orders.csv"))
    link = call("link", "--bot", "my_shop_bot", "2600018003").output.strip()
    assert link.startswith("https://t.me/my_shop_bot?start=")
    key = (shop / "data/secret.key").read_text("ascii")
    assert verify(link.partition("start=")[2], key, datetime.now(UTC)) == "2600018003"
    assert "import it first" in call("link", "999").output


def test_the_key_that_signs_is_readable_by_its_owner_only(call: Call, shop: Path) -> None:
    call("import", "--example")
    call("import", str(shop / "sample-orders.csv"))
    call("link", "2600018003")
    assert (shop / "data/secret.key").stat().st_mode & 0o077 == 0


def test_status_of_a_new_shop_is_at_rest(call: Call) -> None:
    said = call("status").output
    assert "inbox (messages to handle)" in said
    assert "sent again because their arrival was uncertain: 0" in said


@pytest.fixture
def refused() -> Iterator[list[str]]:
    """What the database refused: who wants its lock while somebody has it is told so, and does not wait."""
    found: list[str] = []

    def at_once(connection: Any, *_: object) -> None:
        connection.execute("PRAGMA busy_timeout=0")

    def note(context: ExceptionContext) -> None:
        found.append(str(context.original_exception))

    event.listen(Engine, "checkout", at_once)
    event.listen(Engine, "handle_error", note)
    yield found
    event.remove(Engine, "checkout", at_once)
    event.remove(Engine, "handle_error", note)


def test_looking_waits_for_nobody_who_writes(call: Call, shop: Path, refused: list[str]) -> None:
    call("status")
    with contextlib.closing(sqlite3.connect(shop / "data/shouhou.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert call("status").exit_code == 0
        assert call("shunt", "list").exit_code == 0
        assert "import it first" in call("link", "999").output
        assert refused == []
        assert call("shunt", "drop", "1").exit_code != 0, "who wants to write is refused"
        assert refused == ["database is locked"]


def test_what_failed_is_on_the_shelf_until_it_is_retried_or_dropped(call: Call, shop: Path) -> None:
    assert "empty" in call("shunt", "list").output
    Here(str(shop)).with_database(shelve)
    listed = call("shunt", "list").output
    assert "update:1" in listed
    assert "UnreadableUpdate: no idea" in listed
    assert "1: back in the inbox" in call("shunt", "retry", "1").output
    assert "1: is not on the shelf" in call("shunt", "drop", "1").output


def test_replay_shows_what_would_be_said_and_keeps_nothing(call: Call, shop: Path) -> None:
    update = shop / "update.json"
    update.write_text(json.dumps(private_message("你好")), "utf-8")
    said = call("replay", str(update)).output
    assert "buyer: 你好" in said
    assert "查快递" in said
    assert "nothing was stored or sent" in said
    assert "conversations: none" in call("status").output


def test_replay_of_what_is_no_json_says_so(call: Call, shop: Path) -> None:
    (shop / "update.json").write_text("{", "utf-8")
    assert "is not JSON" in str(call("replay", str(shop / "update.json")).exception)


def shelve(unit: Unit) -> None:
    """Put an update on the shelf, as the worker does with one it can't read."""
    unit.receive([Arrival("telegram", "update:1", {"update_id": 1})], datetime.now(UTC))
    unit.shunt(unit.strays(1), "UnreadableUpdate: no idea")


def private_message(text: str) -> dict[str, object]:
    """An update as Telegram sends it."""
    person = {"id": 42, "is_bot": False, "first_name": "小林", "language_code": "zh-hans"}
    chat = {"id": 42, "type": "private", "first_name": "小林"}
    return {
        "update_id": 7,
        "message": {"message_id": 1, "date": 1763600000, "from": person, "chat": chat, "text": text},
    }
