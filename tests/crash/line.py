"""The network between the shop's processes and PostgreSQL: it may be cut, fall silent, or be slow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 65_536


@dataclass(slots=True)
class Line:
    """A port that leads to a server's socket."""

    socket: str
    port: int = 0
    cut: bool = False
    """Nobody gets through, and who was through is not any more."""
    delay: float = 0.0
    """Seconds that each piece takes."""
    flowing: asyncio.Event = field(default_factory=asyncio.Event)
    """Not set: what is said is held back, and nobody is told."""
    ends: set[asyncio.StreamWriter] = field(default_factory=set)

    @classmethod
    @asynccontextmanager
    async def to(cls, socket: str) -> AsyncIterator[Line]:
        """Open while this is."""
        line = cls(socket)
        line.flowing.set()
        server = await asyncio.start_server(line._serve, "127.0.0.1", 0)
        line.port = server.sockets[0].getsockname()[1]
        try:
            yield line
        finally:
            server.close()
            line.break_off()

    def break_off(self) -> None:
        """Everybody who is through is thrown out."""
        for end in self.ends:
            end.transport.abort()

    async def _serve(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        if self.cut:
            back.transport.abort()
            return
        try:
            there, forth = await asyncio.open_unix_connection(self.socket)
        except OSError:
            back.transport.abort()
            return
        self.ends |= {back, forth}
        try:
            await asyncio.gather(self._carry(here, forth), self._carry(there, back))
        finally:
            self.ends -= {back, forth}

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await source.read(CHUNK):
                await self.flowing.wait()
                if self.delay:
                    await asyncio.sleep(self.delay)
                target.write(piece)
                await target.drain()
        target.close()
