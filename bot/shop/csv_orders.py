"""orders.csv: one row a line of an order. Parsing is pure; one bad row leaves its whole order out, never the others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.config.currency import currencies, meant
from bot.domain.orders import Order, OrderLine
from bot.shop.columns import ORDER_COLUMNS
from bot.shop.row import Problem, Row
from bot.shop.table import read_table
from bot.shop.times import Times

_ONCE = (
    "placed_at", "paid_at", "shipped_at", "signed_at", "completed_at", "buyer_name", "phone", "currency",
)  # fmt: skip
"""Columns about the order as a whole: the same in each of its rows, or empty after the first."""
_LATER = ("paid_at", "shipped_at", "signed_at", "completed_at")
_COUNTRY_CODE = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")


@dataclass(frozen=True, slots=True)
class ParsedOrders:
    """What a file of orders says."""

    orders: tuple[Order, ...]
    problems: tuple[Problem, ...]
    rows: int
    ignored: tuple[str, ...] = ()
    """Columns we have no use for."""


def parse_orders(text: str, tz: tzinfo, currency: str) -> ParsedOrders:
    """Read orders; `ImportRefused` when the header is wrong. `currency`: of orders that don't say theirs."""
    table = read_table(text, ORDER_COLUMNS)
    times = Times(tz)
    together: dict[str, list[Row]] = {}
    for row in table.rows:
        together.setdefault(row.cell("order_number"), []).append(row)
    read = [_order(number, rows, times, currency) for number, rows in together.items()]
    problems = tuple(sorted(table.problems, key=lambda problem: problem.row))
    return ParsedOrders(tuple(order for order in read if order), problems, len(table.rows), table.ignored)


def agree(rows: list[Row], columns: Iterable[str]) -> dict[str, Row]:
    """For each column the row that fills it first; rows that contradict it are complained about."""
    filled: dict[str, Row] = {}
    for column in columns:
        first = next((row for row in rows if row.cell(column)), rows[0])
        filled[column] = first
        for row in rows:
            value = row.cell(column)
            if value and value != first.cell(column):
                row.complain(column, value, f"differs from row {first.number}", "make them the same")
    return filled


def phone_digits(text: str) -> str:
    """Digits only, a Chinese country code taken off; of a masked number (138****8000) what stands behind the mask."""
    bare = "".join(char for char in text if char.isascii() and (char.isdigit() or char in "+*"))
    plain = _COUNTRY_CODE.sub("", bare)
    return "".join(char for char in plain.rpartition("*")[2] if char.isdigit())


def _order(number: str, rows: list[Row], times: Times, default: str) -> Order | None:
    for row in rows:
        row.code("order_number", 32)
    whole = agree(rows, _ONCE)
    moments = {name: whole[name].moment(name, times) for name in _LATER}
    placed_at = whole["placed_at"].moment("placed_at", times, required=True)
    _in_order(whole, placed_at, moments)
    currency = _currency(whole["currency"], default)
    lines = _lines(rows, currency)
    buyer = whole["buyer_name"].text("buyer_name", 80)
    phone = _phone(whole["phone"])
    if placed_at is None or any(row.bad for row in rows):
        return None
    return Order(
        number=number,
        currency=currency,
        placed_at=placed_at,
        buyer_name=buyer,
        phone=phone,
        paid_at=moments["paid_at"],
        shipped_at=moments["shipped_at"],
        signed_at=moments["signed_at"],
        completed_at=moments["completed_at"],
        lines=lines,
    )


def _lines(rows: list[Row], currency: str) -> tuple[OrderLine, ...]:
    lines: dict[int, OrderLine] = {}
    for position, row in enumerate(rows, start=1):
        line = _line(row, position, currency)
        if line.number in lines:
            row.complain("line", str(line.number), "stands twice in this order", "number the lines 1, 2, 3 …")
        lines[line.number] = line
    return tuple(lines[number] for number in sorted(lines))


def _line(row: Row, position: int, currency: str) -> OrderLine:
    return OrderLine(
        number=row.whole("line", position, 10_000),
        sku=row.text("sku", 64),
        title=row.text("title", 200, required=True),
        quantity=row.whole("quantity", 1, 1_000_000),
        paid=row.money("paid", currency),
        category=row.text("category", 40),
    )


def _currency(row: Row, default: str) -> str:
    value = row.cell("currency") or default
    if value in currencies():
        return value
    code = meant(value)
    row.complain(
        "currency",
        value,
        "is not an ISO 4217 code",
        f"write {code}" if code else "write CNY, USD, EUR or the like",
    )
    return default


def _phone(row: Row) -> str:
    value = row.cell("phone")
    digits = phone_digits(value)
    if value and not 4 <= len(digits) <= 20:
        row.complain("phone", value, "is not a phone number", "write 4 to 20 digits, or leave it empty")
    return digits


def _in_order(whole: dict[str, Row], placed_at: datetime | None, moments: dict[str, datetime | None]) -> None:
    for name, moment in moments.items():
        if placed_at and moment and moment < placed_at:
            value = whole[name].cell(name)
            whole[name].complain(
                name, value, "is before the order was placed", "correct one of the two times"
            )
