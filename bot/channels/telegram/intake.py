"""Polling: fetch raw updates, store them, and only then let Telegram forget them.

"An update is considered confirmed as soon as getUpdates is called with an offset higher than its update_id"
(https://core.telegram.org/bots/api#getupdates). Whatever dies in between, the same updates come again, and
the inbox knows them by their origin.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from telegram import Bot
from telegram.error import Conflict, RetryAfter, TelegramError

from bot.channels.telegram.router import ALLOWED_UPDATES, arrival
from bot.channels.telegram.taps import Taps
from bot.channels.telegram.trouble import retry_after
from bot.errors import UnreadableUpdate
from bot.pipeline.arrivals import Arrival

BATCH = 100
MARGIN = 10
"""Seconds an answer may take longer than the poll itself."""
GET_UPDATES = "getupdates"
"""Methods are "case-insensitive" (https://core.telegram.org/bots/api#making-requests); in this spelling the
library does not send us to its own `get_updates`, which would parse what we want raw."""
AFTER_CONFLICT = 5.0
"""Seconds the other poller is given to end before we try again."""

log = structlog.get_logger(__name__)


class Intake(Protocol):
    """Where arrivals go."""

    async def take(self, arrivals: Sequence[Arrival]) -> None:
        """Returns when all of them are stored, and raises when they are not."""
        ...


@dataclass(slots=True)
class Pause:
    """How long to wait after trouble: longer each time, a little by chance, never long."""

    shortest: float = 0.5
    longest: float = 30
    longest_at_home: float = 5
    """Where the trouble is our own: nobody is spared by waiting, and buyers wait with us."""
    last: float = 0

    def after(self, error: Exception) -> float:
        """Seconds to wait after this error."""
        if isinstance(error, RetryAfter):
            return retry_after(error).total_seconds()
        first = AFTER_CONFLICT if isinstance(error, Conflict) else self.shortest
        longest = self.longest if isinstance(error, TelegramError) else self.longest_at_home
        self.last = min(max(self.last * 2, first), longest)
        return self.last * random.uniform(0.8, 1.2)  # noqa: S311 -- nothing secret

    def over(self) -> None:
        """All is well again."""
        self.last = 0


class Polling:
    """Long polling, one getUpdates at a time."""

    def __init__(
        self,
        bot: Bot,
        intake: Intake,
        taps: Taps,
        staff_chat: int | None = None,
        seconds: int = 25,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._intake = intake
        self._taps = taps
        self._staff_chat = staff_chat
        self._seconds = seconds
        self._sleep = sleep
        self._offset: int | None = None

    async def run(self) -> None:
        """Fetch and store until cancelled; trouble of the net or of the store only makes it wait."""
        pause = Pause()
        while True:
            try:
                await self._step()
                pause.over()
            except Exception as error:  # noqa: BLE001 -- whatever happens, messages must go on being fetched
                wait = pause.after(error)
                _tell(error, wait)
                await self._sleep(wait)

    async def _step(self) -> None:
        updates = await self._fetch()
        if not updates:
            return
        await self._intake.take([arrival(update, self._staff_chat) for update in updates])
        self._taps.answer(updates)
        self._offset = _last(updates) + 1

    async def _fetch(self) -> list[Any]:
        asked = {"timeout": self._seconds, "limit": BATCH, "allowed_updates": list(ALLOWED_UPDATES)}
        if self._offset is not None:
            asked["offset"] = self._offset
        found = await self._bot.do_api_request(
            GET_UPDATES, api_kwargs=asked, read_timeout=self._seconds + MARGIN
        )
        return found if isinstance(found, list) else []


def _last(updates: list[Any]) -> int:
    numbers = [update.get("update_id") for update in updates if isinstance(update, dict)]
    known = [number for number in numbers if isinstance(number, int)]
    if not known:
        raise UnreadableUpdate("none of these updates has an id, so they can't be confirmed")
    return max(known)


def _tell(error: Exception, wait: float) -> None:
    if isinstance(error, Conflict):
        log.error(
            "telegram.conflict",
            hint="another process uses this token: a poller or a webhook. Stop it, or use another bot.",
            retry_in=round(wait, 1),
        )
    elif isinstance(error, TelegramError):
        log.warning("telegram.polling_interrupted", error=error.message, retry_in=round(wait, 1))
    else:
        log.error("telegram.not_stored", error=type(error).__name__, retry_in=round(wait, 1))
