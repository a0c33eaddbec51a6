"""What others wrote, on the terminal of who runs the shop: it is shown, and orders the terminal nothing."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.context import Here
from bot.pipeline.arrivals import Arrival
from bot.pipeline.ports import Unit
from tests.cli.conftest import Call

ORDERS = "\x1b]0;title\x07\x1b[2J\x9b31m\r\u202e"
"""Retitles the window, wipes the screen, colours what follows, and turns it round."""
SEEN = r"\x1b]0;title\x07\x1b[2J\x9b31m\r\u202e"


def obeyed(text: str) -> set[str]:
    return {char for char in text if char != "\n" and unicodedata.category(char) in ("Cc", "Cf")}


def test_a_buyers_words(call: Call, shop: Path) -> None:
    person = {"id": 42, "is_bot": False, "first_name": "小林"}
    chat = {"id": 42, "type": "private", "first_name": "小林"}
    said = {"message_id": 1, "date": 1763600000, "from": person, "chat": chat, "text": f"你好 {ORDERS}"}
    (shop / "update.json").write_text(json.dumps({"update_id": 7, "message": said}), "utf-8")
    told = call("replay", str(shop / "update.json")).output
    assert SEEN in told
    assert obeyed(told) == set()


def test_a_table_somebody_else_made(call: Call, shop: Path) -> None:
    call("import", "--example")
    path = shop / "sample-orders.csv"
    path.write_text(
        path.read_text("utf-8-sig").replace("329.00", f"32{ORDERS.replace(chr(13), '')}"), "utf-8"
    )
    told = call("import", str(path)).output
    assert "32" + SEEN.replace(r"\r", "")[:20] in told
    assert obeyed(told) == set()


def test_what_failed_on_the_shelf(call: Call, shop: Path) -> None:
    def shelve(unit: Unit) -> None:
        unit.receive([Arrival("telegram", "update:1", {"update_id": 1})], datetime.now(UTC))
        unit.shunt(unit.strays(1), f"UnreadableUpdate: {ORDERS}")

    Here(str(shop)).with_database(shelve)
    told = call("shunt", "list").output
    assert r"\x1b[2J" in told
    assert obeyed(told) == set()


def test_a_buyers_name_before_they_are_handed_out_or_erased(call: Call, shop: Path) -> None:
    def meet(unit: Unit) -> None:
        unit.conversation_at("web", "somewhere", datetime.now(UTC), f"Lin {ORDERS}")

    Here(str(shop)).with_database(meet)
    told = call("buyer", "erase", "web:somewhere", "--yes").output
    assert SEEN in told
    assert obeyed(told) == set()


def test_what_the_doctor_read_somewhere(call: Call, shop: Path) -> None:
    with closing(sqlite3.connect(shop / "data/shouhou.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (f"0{ORDERS}",))
        database.commit()
    told = call("doctor").output
    assert SEEN in told
    assert obeyed(told) == set()
