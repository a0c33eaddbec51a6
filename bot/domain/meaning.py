"""What a message was understood to mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Sureness(StrEnum):
    """What may be done with the best guess."""

    ACT = "act"
    ASK = "ask"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One intent and why it was thought of."""

    intent: str
    confidence: float
    """0 to 1."""
    phrase: str
    """The taught phrase that is spelled most like it."""
    signal: str
    """What carried it: all of the message or a clause; its very words, or the view of them that spoke for it most; and the
    odds of what is known besides."""
    turned: bool = False
    """The words refuse what the phrase asks for, or the other way round: to be asked about, never acted on."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Everything read out of one message."""

    text: str
    language: str
    """As the shop's folders are named."""
    candidates: tuple[Candidate, ...] = ()
    """Best first."""
    sureness: Sureness = Sureness.UNKNOWN
    wishes: tuple[str, ...] = ()
    """All that is surely asked for, in the order it was said, when that is more than one thing."""
    slots: dict[str, str] = field(default_factory=dict)
    """Slot name to value: ``order_number``, ``tracking_number``, ``amount``, ``reason``, ``received``, ``yes_no`` …"""
    exact: frozenset[str] = frozenset()
    """Slots whose wording is (nearly) the whole message: it is an answer, not a mention."""
    doubts: frozenset[str] = frozenset()
    """Slots whose value may not be what was meant: a number that was mended to one of the buyer's own, or that breaks its
    carrier's rule. To be confirmed before anything is done with it; never among `exact`."""

    plain: str = ""
    """The text in plain characters: full-width and Traditional ones as ordinary and Simplified ones."""
    name_alone: bool = False
    """Nothing is said but the name of one of the buyer's own products: it asks for nothing, or "and this one?"."""
    script: str = ""
    """``Hant`` where the characters of a Chinese message tell, ``Hans`` where they tell otherwise than before."""

    @property
    def intent(self) -> str | None:
        """The best intent when it is sure enough to act on."""
        return self.candidates[0].intent if self.sureness is Sureness.ACT else None
