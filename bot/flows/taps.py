"""What a button may carry. A payload comes back from outside, and whoever writes it may write anything."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.cases import Kind, Reason
from bot.domain.options import Option
from bot.flows.matters import REFUND

OTHER, ANY = "other", "any"
"""In place of an order's number: one that is not linked yet; one of theirs, to be asked which."""
NONE = "none"
"""In place of an entry: none of those offered."""
ENOUGH = "enough"
"""In place of measures: the table was enough."""
_YES_NO = "yes|no"
_NUMBER = r"[\w-]{1,40}"
_VALUES: Mapping[str, str] = {
    "accept": _YES_NO,
    "amount": r"all|half|\d{1,9}(\.\d{1,4})?%?",
    "arrived": _YES_NO,
    "ask_seller": _YES_NO,
    "cancel": "yes|no|leave",
    "case": _NUMBER,
    "change": "reason|amount|kind|evidence",
    "confirm": _YES_NO,
    "currency": "[A-Z]{3}",
    "entry": r"none|[a-z0-9_-]{1,24}\.[a-z0-9_-]{1,24}",
    "evidence": "done|later",
    "here": _YES_NO,
    "kind": "|".join(Kind),
    "looked": "all|found|not_yet",
    "made_out": "personal|company",
    "lines": r"all|\d{1,4}",
    "measures": ENOUGH,
    "option": "|".join((*Option, REFUND)),
    "order": _NUMBER,
    "order_number": _NUMBER,
    "product": "[a-z0-9_-]{1,24}",
    "parcel": _NUMBER,
    "reason": "|".join(Reason),
    "received": _YES_NO,
    "refused": "yes",
    "score": "[1-5]",
    "seen": r"\d{1,6}",
    "solved": _YES_NO,
    "subject": "same|-",
    "sure": _YES_NO,
    "tracking_number": _NUMBER,
    "where": _YES_NO,
    "way": "reship",
}
"""Slot to what its buttons say. A proof, such as the digits of a phone, is never a button."""


def fits(slot: str, value: str) -> bool:
    """True for what a button of ours could carry."""
    return slot in _VALUES and re.fullmatch(_VALUES[slot], value) is not None
