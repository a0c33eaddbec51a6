"""The waybill of goods that go back, as the buyer tells it: beside other words, or as the answer to the question for it."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.turn import Turn
from bot.flows.flow import yes_no
from bot.understanding.slots.waybill import by_shape, of_carrier
from bot.understanding.waybills import waybill_in, with_carrier

_LOOSE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 -]{2,38})[A-Za-z0-9]")
_FEWEST_DIGITS = 4
"""A run of letters and digits with fewer is not even a mistyped number."""


def with_waybill_told(turn: Turn) -> Turn:
    """A tracking number that is none of the buyer's own parcels may be of one that goes back."""
    meaning = turn.meaning
    number = meaning.slots.get("tracking_number", "")
    own = {parcel.number for order in turn.facts.orders for parcel in order.parcels}
    if not number or number in own or turn.incoming.choice:
        return turn
    told = {**meaning.slots, "waybill": with_carrier(number, "", meaning.slots.get("carrier", ""))}
    postage = {"shipping_fee_policy"} if "amount" in told else set()  # told of this parcel, no question
    wishes = tuple(wish for wish in meaning.wishes if wish not in postage)
    kept = wishes if len(wishes) > 1 else ()
    return replace(turn, meaning=replace(meaning, slots=told, wishes=kept))


def read_waybill(turn: Turn) -> str | None:
    """The number in the answer; what is too short for one is still an answer, and is asked about."""
    text, carrier = turn.meaning.plain or turn.meaning.text, turn.meaning.slots.get("carrier", "")
    if number := waybill_in(text):
        return with_carrier(number, text, carrier)
    loose = [run for run in _LOOSE.findall(text) if sum(map(str.isdigit, run)) >= _FEWEST_DIGITS]
    return loose[0].upper() if loose and "amount" not in turn.meaning.exact else None


def read_postage(turn: Turn) -> str | None:
    """A sum; or that nothing was laid out."""
    told = turn.meaning.slots.get("amount")
    return told or ("0" if yes_no(turn) == "no" or "evidence" in turn.meaning.slots else None)


def number_of(waybill: str) -> str:
    """The number without its carrier's code."""
    return waybill.rpartition(" ")[2]


def doubtful(waybill: str) -> bool:
    """True when the number breaks its carrier's own rule: a digit is likely mistyped."""
    code, _, number = waybill.rpartition(" ")
    known = by_shape(number) or of_carrier(number, code.lower())
    return known.holds is False
