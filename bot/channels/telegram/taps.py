"""Answers taps as soon as they are stored, so that the circle on the button stops turning.

"Telegram clients will display a progress bar until you call answerCallbackQuery"
(https://core.telegram.org/bots/api#callbackquery). The reply itself comes later, by the outbox. An answer
that fails is not repeated: nothing but a circle hangs on it, and after a while it may not be given any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import structlog
from telegram import Bot
from telegram.error import TelegramError

AT_ONCE = 8
"""Answers under way at a time: replies matter more."""
MOST_WAITING = 1000

log = structlog.get_logger(__name__)


class Taps:
    """Answers in the background; `answer` never waits and never fails."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    def answer(self, updates: Iterable[Any]) -> None:
        """Answer each callback query among the updates."""
        for update in updates:
            tap = update.get("callback_query") if isinstance(update, dict) else None
            number = tap.get("id") if isinstance(tap, dict) else None
            if isinstance(number, str) and number and len(self._tasks) < MOST_WAITING:
                task = asyncio.create_task(self._answer(number))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give up those still under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _answer(self, number: str) -> None:
        async with self._slots:
            try:
                await self._bot.answer_callback_query(number)
            except TelegramError as error:
                log.debug("telegram.tap_not_answered", error=error.message)
