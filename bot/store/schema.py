"""The schema's version, and the way there from any older one (Alembic)."""

from __future__ import annotations

from pathlib import Path

import structlog
from sqlalchemy import Connection, inspect, text

from bot.errors import SchemaMismatch
from bot.store.hints import tell_sqlite

HEAD = "0019"
"""The newest migration; a test holds it equal to the files in ``migrations/versions``."""
OLDEST = "0016"
"""The oldest version whose code can work with these tables as they are: from then on migrations have only
added to them, and laid indexes anew. It stands in the database, on PostgreSQL, so that code of those versions goes on beside a newer one."""

_MIGRATING = 0x53484F55
"""The advisory lock of a migration; the number only has to be ours."""

log = structlog.get_logger(__name__)


def version(connection: Connection) -> str | None:
    """The migration the database stands at; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def current(connection: Connection) -> bool:
    """True when nothing needs migrating; SchemaMismatch when a newer Shouhou made this database and left nothing for this one."""
    stands = version(connection)
    if stands is not None and stands > HEAD and _left_for(connection) <= HEAD:
        log.info("a newer version has added to the database, which this one can work with", schema=stands)
        return True
    refuse_newer(stands)
    return stands == HEAD


def refuse_newer(stands: str | None) -> None:
    """SchemaMismatch when a newer Shouhou made a database that stands at this migration."""
    if stands is not None and stands > HEAD:
        raise SchemaMismatch(
            f"this database was made by a newer Shouhou (schema {stands}, this one knows {HEAD}): "
            "start that newer version, nothing has been changed"
        )


def upgrade(connection: Connection, to: str = "head", *, shop: str = "main") -> None:
    """Run the migrations that are missing up to `to`, in this connection's transaction. `shop`: whose rows those are that say
    nothing of a shop.

    Several processes may start at once on PostgreSQL: one migrates, the others wait for it and find nothing to do.
    """
    from alembic import command  # noqa: PLC0415 -- start-up time that a current database need not pay
    from alembic.config import Config  # noqa: PLC0415 -- the same

    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATING})"))
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["shop"] = shop
    command.upgrade(config, to)
    if connection.dialect.name == "sqlite" and version(connection) == HEAD:
        tell_sqlite(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"COMMENT ON TABLE alembic_version IS '{OLDEST}'"))


def _left_for(connection: Connection) -> str:
    """The oldest version that can work with the database; one that never was, where nothing says so."""
    if connection.dialect.name != "postgresql":
        return "~"
    found = connection.execute(text("SELECT obj_description('alembic_version'::regclass)")).scalar()
    return str(found or "~")
