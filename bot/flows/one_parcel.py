"""One parcel of an order: which one is meant, and what its carrier says of it now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.orders import Order, Parcel, ParcelState
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.flow import Read, ask
from bot.flows.naming import by_place
from bot.flows.ordering import READS, the_order

WHICH = reply(
    "parcel/which",
    "parcel",
    tone=Tone.NEXT_STEP,
    option={"parcel": Parcel},
    order=Order,
    parcels=tuple[Parcel, ...],
)

REPLIES = (WHICH,)

SHOWN = 6
"""Parcels offered as buttons; others are reached by their number."""


def under_way(parcel: Parcel) -> bool:
    """True while it has not arrived, as far as the shop knows."""
    return parcel.state is not ParcelState.DELIVERED


def delivered(parcel: Parcel) -> bool:
    """True when it has arrived, as far as the shop knows."""
    return parcel.state is ParcelState.DELIVERED


@dataclass(frozen=True, slots=True)
class OneParcel:
    """The parcel that a talk is about."""

    likely: Callable[[Parcel], bool]
    """Which parcels the matter may concern; of several others nobody is asked about."""

    def choose(self, turn: Turn) -> Decision | None:
        """Ask which parcel, when the order came in several that may be meant."""
        if self._meant(turn):
            return None
        shown = self._candidates(turn)[:SHOWN]
        buttons = tuple(Button("parcel", one.number, "parcel", {"parcel": one}) for one in shown)
        words = WHICH(order=the_order(turn), parcels=shown, buttons=buttons, token=turn.talk.token)
        return ask(turn, "parcel", words)

    def ask_carrier(self, turn: Turn) -> Decision | None:
        """Have the carrier asked before anything is said or opened."""
        parcel = self.stored(turn)
        return None if parcel.number in turn.facts.tracking else Decision(turn.conversation, wants=(parcel,))

    def now(self, turn: Turn) -> Parcel:
        """It as its carrier knows it now, where `ask_carrier` has come before."""
        return turn.facts.tracking[self.stored(turn).number]

    def stored(self, turn: Turn) -> Parcel:
        """It as the shop knows it, where `choose` has come before."""
        parcel = self._meant(turn)
        if parcel is None:
            raise LookupError("choose comes first")
        return parcel

    def _meant(self, turn: Turn) -> Parcel | None:
        """The named one, or the only one it can be."""
        parcels = the_order(turn).parcels
        named = turn.slot("parcel") or turn.meaning.slots.get("tracking_number", "")
        found = next((one for one in parcels if one.number.casefold() == named.casefold()), None)
        candidates = self._candidates(turn)
        return found or (candidates[0] if len(candidates) == 1 else None)

    def _candidates(self, turn: Turn) -> tuple[Parcel, ...]:
        parcels = the_order(turn).parcels
        return tuple(filter(self.likely, parcels)) or parcels

    def read(self, turn: Turn) -> str | None:
        """A tracking number, or which of the offered ones by place."""
        numbers = {one.number for one in the_order(turn).parcels}
        if (said := turn.meaning.slots.get("tracking_number", "")) in numbers:
            return said
        parcel = by_place(turn.meaning.slots.get("ordinal", ""), self._candidates(turn)[:SHOWN])
        return parcel.number if parcel else None

    @property
    def reads(self) -> dict[str, Read]:
        """The questions which order and which parcel, and how their answers are read."""
        return {**READS, "parcel": self.read}
