"""Places that are taken for a while: so many at once for each who comes, and a clear no to one more."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager

from bot.channels.web.guard import Refusal


class Places:
    """Who has how many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: Counter[str] = Counter()

    def check(self, who: str) -> None:
        """Refuse who has all of theirs."""
        if self._taken[who] >= self._most:
            raise Refusal(429, "error_too_fast", headers={"Retry-After": "5"})

    @contextmanager
    def taken(self, who: str) -> Iterator[None]:
        """A place, until the end of the block; Refusal when there is none."""
        self.check(who)
        self._taken[who] += 1
        try:
            yield
        finally:
            self._taken[who] -= 1
            if not self._taken[who]:
                del self._taken[who]

    async def while_read(self, who: str, stream: AsyncGenerator[str, None]) -> AsyncGenerator[str, None]:
        """The stream, on a place that is taken while somebody reads it."""
        with self.taken(who):
            async with aclosing(stream):
                async for part in stream:
                    yield part
