"""A tap on an inline button, and the answer the bot gave to it."""

# ruff: noqa: ASYNC109 -- `timeout=` reads best where a test waits for the bot

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.message import Message

if TYPE_CHECKING:
    from tests.doubles.bot_api.world import World


class NoSuchButton(AssertionError):
    """Nobody can tap a button that is not there; the message lists the labels that are."""


@dataclass(slots=True, eq=False)
class Tap:
    """One callback query."""

    world: World
    id: str
    data: str
    message: Message
    time: float
    answer: Json | None = None

    @property
    def text(self) -> str:
        """What the bot shows on top of the chat in answer to the tap."""
        return str((self.answer or {}).get("text", ""))

    @property
    def alert(self) -> bool:
        return bool((self.answer or {}).get("show_alert", False))

    async def answered(self, timeout: float = 10) -> Json:
        """Waits until the bot answers, which ends the spinning circle on the button."""
        await self.world.waiting.until(
            lambda: self.answer is not None, timeout, lambda: f'the tap "{self.data}" was never answered'
        )
        return self.answer or {}
