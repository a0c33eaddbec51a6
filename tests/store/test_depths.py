"""Depths are told from indexes: their price must not grow with all that was ever said."""

from __future__ import annotations

from typing import Any

from bot.store import queues
from bot.store.database import SqlDatabase


async def test_no_depth_needs_a_look_through_a_whole_table(database: SqlDatabase) -> None:
    def plan(unit: Any) -> list[str]:
        connection = unit._connection
        statement = str(
            queues._DEPTHS.params(of_shop="main").compile(connection, compile_kwargs={"literal_binds": True})
        )
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(
                "SET LOCAL enable_seqscan = off"
            )  # tables of a test are too small to need an index
            return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}")]
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]

    steps = await database.read(plan)
    scans = [step for step in steps if "SCAN" in step or "Seq Scan" in step]
    assert not scans, "\n".join(steps)
    assert sum("INDEX" in step or "Index" in step for step in steps) >= 6, "\n".join(steps)
