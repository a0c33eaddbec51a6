"""What was measured, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.bench.load.trial import Outcome, Plan

Row = tuple[str, ...]
Found = Mapping[str, Outcome]
"""Name of a bot to what was measured of it; where the echo bot is among them it comes first."""


def columns(found: Found) -> Row:
    """The table's head."""
    return ("figure", *found)


def table(found: Found, plan: Plan, floor: str) -> list[Row]:
    """A row a figure, a column a bot; with how many times the echo bot's it is, if that one took part."""
    each, echo = list(found.values()), found.get(floor)
    floor_rate, floor_cpu = (echo.rate, echo.cpu) if echo else (None, None)
    return [
        _row("messages/s at saturation", "{:,.0f}", [one.rate for one in each], floor_rate),
        _row("CPU for 1,000 of them, s", "{:.2f}", [one.cpu for one in each], floor_cpu),
        _row("beside it the database server's, s", "{:.2f}", [one.server_cpu for one in each]),
        _row(f"at {plan.rate:g} messages/s, p50, ms", "{:,.1f}", [one.steady.p50 for one in each]),
        _row(f"at {plan.rate:g} messages/s, p99, ms", "{:,.1f}", [one.steady.p99 for one in each]),
        _row("at saturation, p50, ms", "{:,.0f}", [one.saturated.p50 for one in each]),
        _row("at saturation, p99, ms", "{:,.0f}", [one.saturated.p99 for one in each]),
        _row("CPU while idle, of a core", "{:.2%}", [one.idle for one in each]),
        _row("memory before saturation, MiB", "{:.0f}", [_at(one.memory, 0) for one in each]),
        _row("memory after a tenth of it, MiB", "{:.0f}", [_at(one.memory, 1) for one in each]),
        _row("memory after all of it, MiB", "{:.0f}", [_at(one.memory, -1) for one in each]),
        _row("messages answered", "{:,}", [one.messages for one in each]),
        _row("not answered", "{:,}", [one.unanswered for one in each]),
        _row("answered in two messages", "{:,}", [one.unasked for one in each]),
        _row("CPU of the messenger, of a core", "{:.0%}", [one.messenger for one in each]),
    ]


def as_json(found: Found, plan: Plan, floor: str) -> dict[str, Any]:
    """The same for machines; times in milliseconds, CPU in seconds, memory in MiB."""
    echo = found.get(floor)
    return {
        "plan": asdict(plan),
        "bots": {name: asdict(one) for name, one in found.items()},
        "ratio": {
            name: {"rate": one.rate / echo.rate, "cpu": one.cpu / echo.cpu} for name, one in found.items()
        }
        if echo and echo.rate and echo.cpu
        else {},
    }


def _row(title: str, shape: str, values: Sequence[float | None], floor: float | None = None) -> Row:
    return (title, *(_cell(shape, value, floor) for value in values))


def _cell(shape: str, value: float | None, floor: float | None) -> str:
    if value is None:
        return "-"
    return shape.format(value) + (f" ({value / floor:.1f}×)" if floor else "")


def _at(memory: Sequence[float], place: int) -> float | None:
    return memory[place] if memory else None
