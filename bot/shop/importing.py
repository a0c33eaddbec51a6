"""Brings a CSV file of orders or parcels into the store. The same file twice changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import TypeVar

from bot.domain.orders import Order, Parcel
from bot.errors import ImportRefused
from bot.pipeline.ports import Database, Unit
from bot.shop.columns import ORDER_COLUMNS, PARCEL_COLUMNS
from bot.shop.csv_orders import ParsedOrders, parse_orders
from bot.shop.csv_parcels import ParsedParcels, parse_parcels
from bot.shop.reading import Decoded, read_text
from bot.shop.row import Problem
from bot.shop.table import header_matches

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Told after each batch: how many are in, of how many."""

BATCH = 500
"""Orders or parcels a transaction."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be read."""

    tz: tzinfo
    """Times without an offset are in this zone."""
    currency: str
    """Of orders that don't say theirs."""
    carrier_code: Callable[[str], str] | None = None
    """See `parse_parcels`."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file."""

    file: str
    kind: str
    """``orders`` or ``parcels``."""
    encoding: str
    rows: int
    new: int
    changed: int
    unchanged: int
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def _silent(_done: int, _of: int) -> None:
    return


async def import_file(
    path: Path, database: Database, options: Options, progress: Progress = _silent
) -> Report:
    """Import what is right in the file and report what is not; `ImportRefused` when nothing can be made of it."""
    try:
        decoded = await asyncio.to_thread(read_text, path)
    except ImportRefused as error:
        raise ImportRefused(f"{path.name}: {error}") from None
    return await import_text(path.name, decoded, database, options, progress)


async def import_text(
    name: str, decoded: Decoded, database: Database, options: Options, progress: Progress = _silent
) -> Report:
    """The same for a file's text; `name` is what the report calls it."""
    imported = _import_parcels if kind_of(decoded.text) == "parcels" else _import_orders
    try:
        return await imported(name, decoded, database, options, progress)
    except ImportRefused as error:
        raise ImportRefused(f"{name}: {error}") from None


def kind_of(text: str) -> str:
    """Whether a CSV text holds ``orders`` or ``parcels``, by its header."""
    as_parcels = header_matches(text, PARCEL_COLUMNS)
    return "parcels" if as_parcels > header_matches(text, ORDER_COLUMNS) else "orders"


async def _import_orders(
    name: str, decoded: Decoded, database: Database, options: Options, progress: Progress
) -> Report:
    parsed = await asyncio.to_thread(parse_orders, decoded.text, options.tz, options.currency)
    new = changed = done = erased = 0
    for batch in _batches(parsed.orders):
        (more_new, more_changed), nobodys = await database.write(_putting_orders(batch))
        new, changed, done = new + more_new, changed + more_changed, done + len(batch)
        erased += nobodys
        progress(done, len(parsed.orders))
    note = f"{erased} of buyers who were erased: taken without name and phone number" if erased else ""
    return _report(name, "orders", decoded, parsed, parsed.problems, (new, changed, done), note)


async def _import_parcels(
    name: str, decoded: Decoded, database: Database, options: Options, progress: Progress
) -> Report:
    parsed = await asyncio.to_thread(parse_parcels, decoded.text, options.tz, options.carrier_code)
    new = changed = done = erased = 0
    orphans: list[Problem] = []
    for batch in _batches(parsed.parcels):
        (more_new, more_changed), strays, nobodys = await database.write(_putting_parcels(batch))
        erased += nobodys
        orphans += [_orphan(parcel, parsed) for parcel in strays]
        new, changed, done = new + more_new, changed + more_changed, done + len(batch)
        progress(done, len(parsed.parcels))
    problems = tuple(sorted((*parsed.problems, *orphans), key=lambda problem: problem.row))
    note = f"{erased} of buyers who were erased: left out" if erased else ""
    counts = (new, changed, done - len(orphans) - erased)
    return _report(name, "parcels", decoded, parsed, problems, counts, note)


def _putting_orders(batch: Sequence[Order]) -> Callable[[Unit], tuple[tuple[int, int], int]]:
    """With how many of them are of buyers who were erased."""
    return lambda unit: (unit.put_orders(batch), len(unit.erased_orders(order.number for order in batch)))


def _putting_parcels(batch: Sequence[Parcel]) -> Callable[[Unit], tuple[tuple[int, int], list[Parcel], int]]:
    """Parcels of orders nobody knows are handed back, those of buyers who were erased only counted."""

    def put(unit: Unit) -> tuple[tuple[int, int], list[Parcel], int]:
        known = {number for number in {parcel.order_number for parcel in batch} if unit.order(number)}
        at_home = [parcel for parcel in batch if parcel.order_number in known]
        strays = [parcel for parcel in batch if parcel.order_number not in known]
        erased = unit.erased_orders(parcel.order_number for parcel in at_home)
        nobodys = sum(parcel.order_number in erased for parcel in at_home)
        return (unit.put_parcels(at_home) if at_home else (0, 0)), strays, nobodys

    return put


def _orphan(parcel: Parcel, parsed: ParsedParcels) -> Problem:
    row = parsed.first_rows[parcel.number]
    return Problem(row, "order_number", parcel.order_number, "is no order we know", "import the orders first")


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def _report(
    name: str,
    kind: str,
    decoded: Decoded,
    parsed: ParsedOrders | ParsedParcels,
    problems: tuple[Problem, ...],
    counts: tuple[int, int, int],
    more: str,
) -> Report:
    new, changed, stored = counts
    ignored = f"columns not used: {', '.join(parsed.ignored)}" if parsed.ignored else ""
    notes = tuple(note for note in (decoded.note, ignored, more) if note)
    return Report(
        name, kind, decoded.encoding, parsed.rows, new, changed, stored - new - changed, problems, notes
    )
