"""A line of the transcript, as an agent looks back at it to change it or to read up on the conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.messages import Speaker


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line."""

    who: Speaker
    text: str
    """As it is read, without tags."""
    at: datetime
    name: str = ""
    """The agent's."""
    files: int = 0
    key: str = ""
    """The outbox key of what was sent; empty for what was heard."""
    of: tuple[str, ...] = ()
    """The agent's own messages that it carried to the buyer, by their marks."""
    reply: str = ""
    """The name of the reply it was made from."""
    gone: bool = False
    """It was taken back."""
