"""Growing a store step by step, and asking it the same at each size."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, delete, event, exists, func, inspect, select
from sqlalchemy import table as sql_table

from bot.bench.store.filling import Size, address_of, fill, filler_of
from bot.bench.store.probes import PROBES, Drawn, Probe, Scene, at_rest, draw
from bot.bench.store.template import Template
from bot.channels.web import reader
from bot.config.kinds.place import masked
from bot.domain.orders import Parcel
from bot.errors import StoreError
from bot.pipeline.arrivals import Arrival
from bot.pipeline.intake import Intake
from bot.pipeline.shop import Shop
from bot.pipeline.wake import Wake
from bot.pipeline.worker import Worker
from bot.store.database import DEFAULT_SHOP, SqlDatabase, open_runner
from bot.store.snapshot import Tell
from bot.store.tables import metadata
from bot.store.unit import SqlUnit
from bot.store.writer import Runner

T = TypeVar("T")
STEPS = (100, 10, 1)
"""What the wished size is divided by."""
TURN = "a whole turn, until it is on disk"
TURNS = 15
_PATIENCE = 6.0
"""Seconds a probe may take, with what is laid before it, before it is not asked again."""


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


async def demand_empty(url: str) -> None:
    """StoreError where the database at this address can't be used, or has anything in it."""
    if await _apart(url, _has_rows):
        raise StoreError(f"{masked(url)} has something in it already: a benchmark wants an empty database")


async def grow(
    url: str, template: Template, size: Size, shop: Shop, tell: Tell, *, plans: bool
) -> list[Grown]:
    """An empty database at this address, grown to a hundredth, a tenth and all of the size."""
    async with SqlDatabase(url) as database:
        await database.migrate()
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
        found.append(await _measured(url, template, part, done, took, plans=plans and step == 1))
        found[-1].took |= await _turns(url, shop, part)
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


async def _turns(url: str, shop: Shop, part: Size) -> dict[str, float]:
    """Whole turns, one after the other, as the worker takes them; what they came to is taken away at the end."""
    times: list[float] = []
    counted = await _apart(url, _counted)
    async with SqlDatabase(url) as database:
        bell = Wake()
        intake = Intake(database, _now, bell)
        worker = Worker(database, lambda: shop, _as_known, lambda *_: None, _now, bell, lambda _: None)
        for number in range(1, min(TURNS, part.conversations) + 1):
            address = address_of(part.conversations * number // (TURNS + 1) + 1)
            began = perf_counter()
            await intake.take([Arrival("web", f"bench:{uuid4()}", reader.message("我的快递到哪了"), address)])
            while (await worker.step()).more:
                pass
            await worker.drain()
            times.append(perf_counter() - began)
        while (await worker.step()).more:
            pass
    await _apart(url, lambda connection: _take_away(connection, counted))
    return {TURN: median(times[1:] or times)}


async def _apart(url: str, work: Callable[[Connection], T]) -> T:
    runner = open_runner(url, exclusive=True)
    try:
        await runner.reach()
        return await runner.run(work)
    finally:
        await runner.close()


def _has_rows(connection: Connection) -> bool:
    """Whosever they are: what was there would be taken for the benchmark's own, and marked as done."""
    names = inspect(connection).get_table_names()
    tables = [sql_table(name) for name in names if name != "alembic_version"]
    return any(connection.execute(select(exists().select_from(table))).scalar() for table in tables)


def _counted(connection: Connection) -> dict[str, int]:
    """The highest numbers given."""
    return {
        table.name: connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
        for table in metadata.sorted_tables
        if "id" in table.c
    }


def _take_away(connection: Connection, counted: dict[str, int]) -> None:
    """Rows with higher numbers."""
    for name in reversed(counted):
        table = metadata.tables[name]
        connection.execute(delete(table).where(table.c.id > counted[name]))


async def _as_known(parcel: Parcel) -> Parcel:
    """The carrier has no news."""
    return parcel


def _now() -> datetime:
    return datetime.now(UTC)


async def _asked(runner: Runner, probe: Probe, drawn: Drawn) -> float:
    """The median time; the first of several is not counted, for it reads what the others find in memory."""
    times: list[float] = []
    began = perf_counter()
    while len(times) < (1 if probe.linear else TURNS) and perf_counter() - began < _PATIENCE:
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
        (statement, values)
        for statement, values in found
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH"))
    ]


def _plan(connection: Connection, statement: str, parameters: Any) -> Iterator[str]:
    one = parameters[0] if isinstance(parameters, list) else parameters
    sqlite = connection.dialect.name == "sqlite"
    how = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    for row in connection.exec_driver_sql(how + statement, one):
        yield str(row[3] if sqlite else row[0])
