"""What was measured, as a table and as JSON."""

from __future__ import annotations

from dataclasses import asdict

from bot.bench.desk.trial import Delays, Outcome

Row = tuple[str, ...]


def columns(floor: Outcome, full: Outcome) -> Row:
    """The table's head."""
    return ("figure", _streams(floor), _streams(full), "ratio")


def table(floor: Outcome, full: Outcome) -> list[Row]:
    """A row a figure: with one stream, with all of them, how many times the one the other is."""
    return [
        *_delays("to the open conversation", floor.line, full.line),
        *_delays("to the list", floor.row, full.row),
        _counted("messages sent", floor.sent, full.sent),
        _counted("refused", floor.refused, full.refused),
        _counted("in an open conversation", floor.watched, full.watched),
        _counted("seen by all who have it open", floor.watched - floor.lost, full.watched - full.lost),
        _counted("lost by one of them or more", floor.lost, full.lost),
        _counted("times one was shown, in all", floor.line.samples, full.line.samples),
        _row("CPU of the shop, of a core", floor.load.server, full.load.server, "{:.0%}"),
        _row("it waited for the core, of the time", floor.load.waited, full.load.waited, "{:.0%}"),
        _row("CPU of buyers and screens, of a core", floor.load.drivers, full.load.drivers, "{:.0%}"),
        _row("streams, KB/s", floor.load.bytes_a_second / 1000, full.load.bytes_a_second / 1000, "{:,.0f}"),
    ]


def as_json(floor: Outcome, full: Outcome) -> dict[str, object]:
    """The same for machines; times in milliseconds."""
    return {"floor": asdict(floor), "full": asdict(full)}


def _delays(where: str, floor: Delays, full: Delays) -> list[Row]:
    pairs = zip(("p50", "p90", "p99", "max"), floor.each, full.each, strict=True)
    return [_row(f"{where}, {name}, ms", one, other, "{:,.0f}") for name, one, other in pairs]


def _counted(title: str, floor: int, full: int) -> Row:
    return (title, f"{floor:,}", f"{full:,}", "")


def _row(title: str, floor: float | None, full: float | None, shape: str) -> Row:
    if floor is None or full is None:
        return (title, "-", "-", "")
    return (title, shape.format(floor), shape.format(full), f"{full / floor:.1f}" if floor else "")


def _streams(outcome: Outcome) -> str:
    return f"{outcome.streams} stream" + ("s" if outcome.streams > 1 else "")
