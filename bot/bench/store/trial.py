"""Growing a store step by step, and asking it the same at each size."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, event

from bot.bench.store.filling import Size, Tell, fill, filler_of
from bot.bench.store.probes import PROBES, Drawn, Probe, Scene, at_rest, draw
from bot.bench.store.template import Template
from bot.errors import StoreError
from bot.store.database import DEFAULT_SHOP, SqlDatabase, open_runner
from bot.store.unit import SqlUnit
from bot.store.writer import Runner

STEPS = (100, 10, 1)
"""What the wished size is divided by."""
_TURNS = 15
_PATIENCE = 4.0
"""Seconds a probe may take before it is not asked again."""


@dataclass(slots=True)
class Grown:
    """A size and what was measured there."""

    size: Size
    rows: int
    filled: float
    """Seconds it took to grow to it."""
    sizes: dict[str, tuple[int, int]]
    """Bytes of each table, and of its indexes."""
    messages: int
    took: dict[str, float] = field(default_factory=dict)
    """Probe to the median of its times, in seconds."""
    plans: dict[str, list[str]] = field(default_factory=dict)
    """Probe to how its questions were answered."""


class _Undone(Exception):
    """Takes everything back that a probe did."""

    def __init__(self, took: float) -> None:
        super().__init__()
        self.took = took


async def grow(url: str, template: Template, size: Size, tell: Tell, *, plans: bool) -> list[Grown]:
    """An empty database at this address, grown to a hundredth, a tenth and all of the size."""
    async with SqlDatabase(url) as database:
        await database.migrate()
        if await database.read(lambda unit: unit.search("%") or unit.waiting(1) or unit.people()):
            raise StoreError(f"{url} has something in it already: a benchmark wants an empty database")
    found: list[Grown] = []
    done = before = 0
    for step in STEPS:
        part = Size(
            max(1, size.messages // step), max(len(template.conversations), size.conversations // step)
        )
        began = perf_counter()
        done = await fill(filler_of(url), template, done, before, part, tell)
        before = part.conversations
        took = perf_counter() - began
        found.append(await _measured(url, template, part, done, took, plans=plans))
    return found


async def _measured(
    url: str, template: Template, part: Size, copies: int, filled: float, *, plans: bool
) -> Grown:
    now = datetime.now(UTC)
    runner = open_runner(url, exclusive=True)
    try:
        await runner.run(lambda connection: at_rest(connection, now))
        drawn = await runner.look(lambda connection: draw(connection, DEFAULT_SHOP, now))
        rows = copies * template.rows_in_copy() + part.conversations
        grown = Grown(part, rows, filled, await filler_of(url).sizes(), copies * template.messages)
        for probe in PROBES:
            grown.took[probe.name] = await _asked(runner, probe, drawn)
            if plans:
                grown.plans[probe.name] = await _explained(runner, probe, drawn)
    finally:
        await runner.close()
    return grown


async def _asked(runner: Runner, probe: Probe, drawn: Drawn) -> float:
    """The median time; the first of several is not counted, for it reads what the others find in memory."""
    times: list[float] = []
    while len(times) < (1 if probe.linear else _TURNS) and sum(times) < _PATIENCE:
        times.append(await _once(runner, probe, drawn, len(times)))
    return median(times[1:] or times)


async def _once(runner: Runner, probe: Probe, drawn: Drawn, turn: int) -> float:
    def work(connection: Connection) -> None:
        scene = Scene(connection, SqlUnit(connection, DEFAULT_SHOP), DEFAULT_SHOP, drawn, turn)
        probe.lay(scene)
        gc.collect(0)
        began = perf_counter()
        probe.ask(scene)
        raise _Undone(perf_counter() - began)

    try:
        await runner.run(work)
    except _Undone as undone:
        return undone.took
    raise AssertionError("nothing was measured")


async def _explained(runner: Runner, probe: Probe, drawn: Drawn) -> list[str]:
    """The plans of its questions, each once."""
    plans: dict[str, list[str]] = {}

    def work(connection: Connection) -> None:
        scene = Scene(connection, SqlUnit(connection, DEFAULT_SHOP), DEFAULT_SHOP, drawn, 0)
        probe.lay(scene)
        for statement, parameters in _said(connection, lambda: probe.ask(scene)):
            if statement not in plans:
                plans[statement] = list(_plan(connection, statement, parameters))
        raise _Undone(0)

    with contextlib.suppress(_Undone):
        await runner.run(work)
    return [line for plan in plans.values() for line in plan]


def _said(connection: Connection, ask: Callable[[], object]) -> list[tuple[str, Any]]:
    """The statements that are executed."""
    found: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        found.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    ask()
    event.remove(connection, "before_cursor_execute", note)
    return [
        (statement, values) for statement, values in found if statement[:6] in ("SELECT", "UPDATE", "WITH R")
    ]


def _plan(connection: Connection, statement: str, parameters: Any) -> Iterator[str]:
    one = parameters[0] if isinstance(parameters, list) else parameters
    sqlite = connection.dialect.name == "sqlite"
    how = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    for row in connection.exec_driver_sql(how + statement, one):
        yield str(row[3] if sqlite else row[0])
