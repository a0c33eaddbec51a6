"""A message the database refuses."""

from __future__ import annotations

from tests.stores import run_sql

POISON = "poison"


async def poison(address: str) -> None:
    """From now on the database refuses a line that says so."""
    if address.startswith("sqlite"):
        await run_sql(
            address,
            "CREATE TRIGGER poison BEFORE INSERT ON lines WHEN instr(NEW.text, 'poison') > 0 "
            "BEGIN SELECT RAISE(ABORT, 'the database refuses this'); END",
        )
        return
    await run_sql(
        address,
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the database refuses this'; END $$",
    )
    await run_sql(
        address,
        "CREATE TRIGGER poison BEFORE INSERT ON lines FOR EACH ROW "
        "WHEN (position('poison' in NEW.text) > 0) EXECUTE FUNCTION refuse()",
    )
