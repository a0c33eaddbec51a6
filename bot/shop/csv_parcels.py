"""parcels.csv: one row a scan of a parcel, or one row a parcel. Parsing is pure; a bad row leaves its parcel out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from bot.domain.orders import Parcel, ParcelEvent, ParcelState
from bot.shop.columns import PARCEL_COLUMNS
from bot.shop.csv_orders import agree
from bot.shop.row import Problem, Row
from bot.shop.table import read_table
from bot.shop.times import Times

_ONCE = ("order_number", "carrier", "state", "shipped_at", "eta", "as_of")
_STATES = {state.value: state for state in ParcelState} | {
    "已揽收": ParcelState.COLLECTED,
    "揽收": ParcelState.COLLECTED,
    "运输中": ParcelState.IN_TRANSIT,
    "在途": ParcelState.IN_TRANSIT,
    "派送中": ParcelState.OUT_FOR_DELIVERY,
    "派件中": ParcelState.OUT_FOR_DELIVERY,
    "已签收": ParcelState.DELIVERED,
    "签收": ParcelState.DELIVERED,
    "异常": ParcelState.EXCEPTION,
    "疑难": ParcelState.EXCEPTION,
}
_MOST_EVENTS = 200
"""The newest so many are kept."""


@dataclass(frozen=True, slots=True)
class ParsedParcels:
    """What a file of parcels says."""

    parcels: tuple[Parcel, ...]
    problems: tuple[Problem, ...]
    rows: int
    ignored: tuple[str, ...]
    """Columns we have no use for."""
    first_rows: Mapping[str, int]
    """Tracking number to the row where the parcel begins."""


def parse_parcels(text: str, tz: tzinfo, carrier_code: Callable[[str], str] | None = None) -> ParsedParcels:
    """Read parcels; `ImportRefused` when the header is wrong.

    `carrier_code` turns what a shop calls a carrier into our code, empty when it is unknown: then its name stays.
    """
    table = read_table(text, PARCEL_COLUMNS)
    times = Times(tz)
    together: dict[str, list[Row]] = {}
    for row in table.rows:
        together.setdefault(row.cell("tracking_number").upper(), []).append(row)
    read = [_parcel(number, rows, times, carrier_code) for number, rows in together.items()]
    problems = tuple(sorted(table.problems, key=lambda problem: problem.row))
    first = {number: rows[0].number for number, rows in together.items()}
    return ParsedParcels(tuple(filter(None, read)), problems, len(table.rows), table.ignored, first)


def _parcel(
    number: str, rows: list[Row], times: Times, carrier_code: Callable[[str], str] | None
) -> Parcel | None:
    for row in rows:
        row.code("tracking_number", 40)
    whole = agree(rows, _ONCE)
    order_number = whole["order_number"].code("order_number", 32)
    carrier = _carrier(whole["carrier"], carrier_code)
    state = _state(whole["state"])
    shipped_at = whole["shipped_at"].moment("shipped_at", times)
    eta = whole["eta"].moment("eta", times)
    as_of = whole["as_of"].moment("as_of", times)
    events = _events(rows, times)
    if any(row.bad for row in rows):
        return None
    learned = as_of or (events[0].at if events else None)
    return Parcel(number, carrier, order_number, state, shipped_at, eta, events, learned)


def _carrier(row: Row, carrier_code: Callable[[str], str] | None) -> str:
    name = row.text("carrier", 20, required=True)
    known = carrier_code(name) if carrier_code else ""
    return known or re.sub(r"\s+", "-", name.lower())


def _state(row: Row) -> ParcelState:
    value = row.cell("state")
    state = _STATES.get(value.lower())
    if state is None:
        known = ", ".join(state.value for state in ParcelState)
        row.complain("state", value, "is not a state of a parcel", f"write one of {known}")
    return state or ParcelState.IN_TRANSIT


def _events(rows: list[Row], times: Times) -> tuple[ParcelEvent, ...]:
    """Newest first; the same scan twice is one."""
    found = {event: None for row in rows if (event := _event(row, times))}
    return tuple(sorted(found, key=lambda event: event.at, reverse=True)[:_MOST_EVENTS])


def _event(row: Row, times: Times) -> ParcelEvent | None:
    text = row.text("event_text", 500)
    place = row.text("event_place", 100)
    at = row.moment("event_at", times)
    if at and not text:
        row.complain(
            "event_text", "", "is empty though the scan has a time", "say what happened, or empty event_at"
        )
    if text and not row.cell("event_at"):
        row.complain(
            "event_at", "", "is empty though something happened", f"write when, like {times.example}"
        )
    return ParcelEvent(at, text, place) if at and text else None
