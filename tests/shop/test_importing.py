"""Files into the store: idempotent, in batches, whatever the encoding."""

from __future__ import annotations

import zipfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.errors import ImportRefused
from bot.shop import importing
from bot.shop.importing import Options, import_file, import_text
from bot.shop.reading import Decoded, decode
from tests.shop.shelf import Shelf

OPTIONS = Options(ZoneInfo("Asia/Shanghai"), "CNY")
HEADER = "order_number,placed_at,currency,title,paid,buyer_name"
ORDERS = f"{HEADER}\n" + "".join(f"N{n},2026-11-01 12:30,CNY,耳机 é,{n}.00,林小满\n" for n in range(1, 8))
PARCELS = "order_number,tracking_number,carrier,state\nN1,SF100001,sf,in_transit\nN99,SF100002,sf,delivered\n"


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def saved(folder: Path, text: str, encoding: str = "utf-8", name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


async def test_the_same_file_twice_changes_nothing(tmp_path: Path, shelf: Shelf) -> None:
    path = saved(tmp_path, ORDERS)
    first = await import_file(path, shelf.database, OPTIONS)
    second = await import_file(path, shelf.database, OPTIONS)
    assert (first.kind, first.rows, first.new, first.changed, first.unchanged) == ("orders", 7, 7, 0, 0)
    assert (second.new, second.changed, second.unchanged) == (0, 0, 7)
    third = await import_file(saved(tmp_path, ORDERS.replace("3.00", "3.50")), shelf.database, OPTIONS)
    assert (third.new, third.changed, third.unchanged) == (0, 1, 6)


async def test_batches_tell_how_far_they_are(
    tmp_path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 3)
    told: list[tuple[int, int]] = []
    await import_file(saved(tmp_path, ORDERS), shelf.database, OPTIONS, lambda *done: told.append(done))
    assert told == [(3, 7), (6, 7), (7, 7)]
    assert shelf.writes == 3


@pytest.mark.parametrize(
    ("encoding", "named", "note"),
    [
        ("utf-8", "UTF-8", ()),
        ("utf-8-sig", "UTF-8", ()),
        ("gb18030", "GB18030", "is not UTF-8; read as GB18030, as Excel in China writes CSV"),
        ("utf-16", "UTF-16", "read as UTF-16"),
    ],
)
async def test_encodings_are_found_out_and_said(
    tmp_path: Path, shelf: Shelf, encoding: str, named: str, note: str
) -> None:
    report = await import_file(saved(tmp_path, ORDERS, encoding), shelf.database, OPTIONS)
    assert report.encoding == named
    assert shelf.orders["N1"].buyer_name == "林小满"
    assert report.notes == () if not note else report.notes[0].startswith(note)


async def test_bytes_that_are_no_text(tmp_path: Path, shelf: Shelf) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"a,b\n\xff\x00\xff")
    with pytest.raises(ImportRefused, match=r"^x\.csv: line 2: is neither UTF-8 nor GB18030 text"):
        await import_file(path, shelf.database, OPTIONS)


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        (
            {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"},
            "this is an Excel workbook: save it",
        ),
        (
            {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"},
            "this is an OpenDocument spreadsheet",
        ),
        ({"orders.csv": ORDERS}, "this is a ZIP archive: unpack it"),
    ],
)
async def test_what_is_packed_is_named(
    tmp_path: Path, shelf: Shelf, inside: dict[str, str], told: str
) -> None:
    path = tmp_path / "orders.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in inside.items():
            packed.writestr(name, text)
    with pytest.raises(ImportRefused, match=rf"^orders\.xlsx: {told}"):
        await import_file(path, shelf.database, OPTIONS)
    assert shelf.writes == 0


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "this is an Excel workbook: save it as CSV UTF-8"),
        (b"<html><table><tr><td>order_number</td></tr></table>", "this is a web page"),
        ("\ufeff\n<!DOCTYPE html>".encode(), "this is a web page"),
    ],
)
def test_other_files_taken_for_csv_are_named(raw: bytes, told: str) -> None:
    with pytest.raises(ImportRefused, match=told):
        decode(raw)


async def test_files_that_are_not_there_or_not_it(tmp_path: Path, shelf: Shelf) -> None:
    with pytest.raises(ImportRefused, match=r"^gone\.csv: there is no such file"):
        await import_file(tmp_path / "gone.csv", shelf.database, OPTIONS)
    with pytest.raises(ImportRefused, match="can't be read"):
        await import_file(tmp_path, shelf.database, OPTIONS)
    with pytest.raises(ImportRefused, match=r"^orders\.csv: row 1 \(the header\): "):
        await import_file(saved(tmp_path, "a,b\n1,2\n"), shelf.database, OPTIONS)
    assert shelf.writes == 0


async def test_good_orders_come_in_beside_bad_ones(tmp_path: Path, shelf: Shelf) -> None:
    report = await import_file(saved(tmp_path, ORDERS.replace("4.00", "four")), shelf.database, OPTIONS)
    assert report.new == 6
    assert [(problem.row, problem.column, problem.value) for problem in report.problems] == [
        (5, "paid", "four")
    ]


async def test_parcels_know_their_orders(tmp_path: Path, shelf: Shelf) -> None:
    await import_file(saved(tmp_path, ORDERS), shelf.database, OPTIONS)
    report = await import_file(saved(tmp_path, PARCELS, name="p.csv"), shelf.database, OPTIONS)
    assert (report.kind, report.new, report.unchanged) == ("parcels", 1, 0)
    assert [str(problem) for problem in report.problems] == [
        "row 3, order_number: 'N99' is no order we know; import the orders first"
    ]
    again = await import_file(saved(tmp_path, PARCELS, name="p.csv"), shelf.database, OPTIONS)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)


@given(some.lists(some.tuples(some.integers(1, 5), some.integers(0, 10**7)), max_size=8))
async def test_importing_is_idempotent(rows: list[tuple[int, int]]) -> None:
    lines = {f"N{number},2026-11-01 12:30,CNY,T,{fen // 100}.{fen % 100:02}," for number, fen in rows}
    decoded = Decoded("\n".join((HEADER, *sorted(lines))), "UTF-8")
    shelf = Shelf()
    await import_text("x", decoded, shelf.database, OPTIONS)
    before = dict(shelf.orders)
    again = await import_text("x", decoded, shelf.database, OPTIONS)
    assert (again.new, again.changed) == (0, 0)
    assert shelf.orders == before


@given(some.text(some.characters(codec="utf-8", exclude_characters="\ufeff<")))
def test_utf8_is_always_read_as_itself(text: str) -> None:
    assert decode(text.encode()) == Decoded(text, "UTF-8")
