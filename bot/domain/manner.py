"""How a message goes out, where there is more to it than sending words.

Conversations stand in two chats: the buyer's, and the agents' topic. What is said in one has its copy in the other, and a
message is named here by the mark its own messenger gave it (`Incoming.ref`); its copy is looked up when the time comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Operation(StrEnum):
    """What is done in the reader's chat."""

    SEND = "send"
    EDIT = "edit"
    """What was sent gets new words."""
    DELETE = "delete"
    """What was sent is taken away."""
    REACT = "react"
    """A reaction is set on a message; without words it is taken off."""
    TOPIC = "topic"
    """The topic gets this name, and is open or closed."""


CARD = "card"
"""The slot of the card: what stands in it is edited in place, and pinned."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How one message goes out."""

    operation: Operation = Operation.SEND
    of: tuple[str, ...] = ()
    """Messages of the other chat: those it carries over, or those whose copies it changes."""
    sent: str = ""
    """What was sent by this key is changed."""
    under: str = ""
    """A message of the reader's own chat that it answers, or reacts to."""
    answers: str = ""
    """A message of the other chat; it answers its copy."""
    slot: str = ""
    """What is up to date only once: while it waits, the next of the same slot takes its place."""
    joins: bool = False
    """It may go out in one message with its neighbours of the same kind, and waits behind what matters more."""
    closed: bool = False
    """The topic is closed."""
    unmasked: bool = False
    """Personal data stands in it as it is, for somebody asked for it."""
    watched: bool = False
    """Whoever said it hears what became of it."""


PLAIN = Manner()
"""Words, sent."""
