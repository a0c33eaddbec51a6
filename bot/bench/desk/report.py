"""What was measured, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from bot.bench.desk.trial import Delays, Outcome

Row = tuple[str, ...]
_DELAYS: tuple[tuple[str, Callable[[Delays], float]], ...] = (
    ("p50", lambda delays: delays.p50),
    ("p90", lambda delays: delays.p90),
    ("p99", lambda delays: delays.p99),
    ("max", lambda delays: delays.worst),
)


def columns(floor: Outcome, full: Outcome) -> Row:
    """The table's head."""
    return ("figure", _streams(floor), _streams(full), "ratio")


def table(floor: Outcome, full: Outcome) -> list[Row]:
    """A row a figure: with one stream, with all of them, how many times the one the other is."""
    return [
        *_delays("to the open conversation", floor.line, full.line),
        *_delays("to the list", floor.row, full.row),
        *(
            (title, str(of(floor)), str(of(full)), "")
            for title, of in (
                ("messages sent", lambda one: one.sent),
                ("refused", lambda one: one.refused),
                ("in an open conversation", lambda one: one.watched),
                ("seen by all who have it open", lambda one: one.watched - one.lost),
                ("lost by one of them or more", lambda one: one.lost),
                ("screens they were timed on, one by one", lambda one: one.line.samples),
            )
        ),
        _row("CPU of the shop, of a core", floor.server_cpu, full.server_cpu, "{:.0%}"),
        _row("CPU of buyers and screens, of a core", floor.driver_cpu, full.driver_cpu, "{:.0%}"),
        _row("streams, KB/s", floor.bytes_a_second / 1000, full.bytes_a_second / 1000, "{:,.0f}"),
    ]


def as_json(floor: Outcome, full: Outcome) -> dict[str, object]:
    """The same for machines; times in milliseconds."""
    return {"floor": asdict(floor), "full": asdict(full)}


def _delays(where: str, floor: Delays, full: Delays) -> list[Row]:
    return [_row(f"{where}, {name}, ms", of(floor), of(full), "{:,.0f}") for name, of in _DELAYS]


def _row(title: str, floor: float, full: float, shape: str) -> Row:
    return (title, shape.format(floor), shape.format(full), f"{full / floor:.1f}" if floor else "")


def _streams(outcome: Outcome) -> str:
    return f"{outcome.streams} stream" + ("s" if outcome.streams > 1 else "")
