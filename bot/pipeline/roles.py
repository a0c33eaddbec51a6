"""What a process does where several serve one shop."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A part that scales by itself. What only one of them may do at a time, one does, and another takes over."""

    INTAKE = "intake"
    """Takes in: Telegram's updates, by webhook or by asking (one asks), and what the payment service calls back."""
    WORKER = "worker"
    """Handles: turns, deadlines, who gets a conversation; what is over its time (one removes it)."""
    SENDER = "sender"
    """Brings out: replies, posts, orders to pay (one sends), and brings in the files Telegram only refers to (all do)."""
    WEB = "web"
    """Shows: the web chat and the agents' page."""


EVERY = frozenset(Role)
"""One process that does it all."""

SWEEPING = "retention"
"""What one of the workers leads."""


def sending(bot: str) -> str:
    """What one of the senders leads, for the bot with this number."""
    return f"send/{bot}"


def polling(bot: str) -> str:
    """What one of the intakes leads, unless Telegram brings updates by webhook."""
    return f"poll/{bot}"
