"""What stands in the messengers' chats, as far as the shop knows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """How the staff group's topic of a conversation looks, as far as the bot made it so."""

    thread: int
    name: str = ""
    """Empty where the bot does not know it."""
    closed: bool = False
    card: int | None = None
    """The message that is the card."""
    pinned: bool = False
    """Whether the bot pinned that message."""
