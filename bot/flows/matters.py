"""What may be wrong with goods, or wanted for them: the wishes and troubles that come to an application, and what each tells
by itself (domain facts, sections 2 and 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.cases import Reason
from bot.domain.conversation import Talk
from bot.domain.options import Option

REFUND = "refund"
"""In place of an option: money back, with the goods or without as the rules have it."""
_FAULTS = (Reason.QUALITY, Reason.NOT_AS_DESCRIBED, Reason.WRONG_ITEM, Reason.MISSING_ITEM, Reason.DAMAGED)


@dataclass(frozen=True, slots=True)
class Matter:
    """One of them."""

    reason: Reason | None = None
    """What is told by it, in whatever words."""
    reasons: tuple[Reason, ...] = _FAULTS
    """What is asked among, likeliest first, where that is not told."""
    option: Option | None = None
    """What is wished for by it; None where a trouble is told and the ways to put it right are offered."""
    any_reason: bool = True
    """A change of mind is a reason, too."""


MATTERS: Mapping[str, Matter] = {
    "quality_issue": Matter(Reason.QUALITY, any_reason=False),
    "not_as_described": Matter(Reason.NOT_AS_DESCRIBED, any_reason=False),
    "parcel_damaged": Matter(Reason.DAMAGED, any_reason=False),
    "wrong_or_missing_item": Matter(reasons=(Reason.WRONG_ITEM, Reason.MISSING_ITEM), any_reason=False),
    "exchange_goods": Matter(
        reasons=(Reason.CHANGED_MIND, Reason.QUALITY, Reason.NOT_AS_DESCRIBED, Reason.WRONG_ITEM),
        option=Option.EXCHANGE,
    ),
    "warranty_repair": Matter(Reason.QUALITY, option=Option.REPAIR, any_reason=False),
    "partial_refund": Matter(reasons=(*_FAULTS, Reason.OTHER), option=Option.KEEP_PARTIAL),
    "return_goods": Matter(
        reasons=(Reason.CHANGED_MIND, *_FAULTS, Reason.OTHER), option=Option.RETURN_REFUND
    ),
}
"""By intent."""

APPLICATIONS = frozenset(MATTERS) | {"request_refund"}
"""Intents that come to an application: what was told for one is told for the next."""

WISHES: Mapping[str, str] = {"request_refund": REFUND} | {
    intent: matter.option for intent, matter in MATTERS.items() if matter.option
}
"""Intent to the option it names."""


def called(talk: Talk) -> str:
    """The intent by which a matter is called: by what is wished for now, where it was begun with another wish."""
    matter, wish = MATTERS.get(talk.flow), talk.slots.get("option", "")
    begun_with = matter.option if matter else None
    if begun_with is None or wish in ("", begun_with):
        return talk.flow
    return next((intent for intent, option in WISHES.items() if option == wish), talk.flow)


def alike(one: str, other: str) -> bool:
    """True when what was told for one intent's flow is told for the other's."""
    return one == other or {one, other} <= APPLICATIONS


def told_for(talk: Talk, intent: str) -> Talk:
    """What was told, for another intent's flow than it was told to: facts stay true, answers to that one's own questions do
    not."""
    if talk.flow == intent:
        return talk
    kept = {name: value for name, value in talk.slots.items() if name in _FACTS}
    return replace(talk, flow=intent, slots=kept, asking="")


_FACTS = frozenset(
    {"order", "order_number", "lines", "reason", "received", "asked", "evidence"}
    | {"story", "brief", "size", "colour", "instead"}
)
