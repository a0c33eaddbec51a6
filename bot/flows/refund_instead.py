""" "Cancel the exchange, I want my money back": of what was sent; the exchange is revoked, and the refund comes after."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cases import Case, Kind
from bot.domain.conversation import Standing, Talk
from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows import BY_INTENT
from bot.flows.meant import order_named
from bot.flows.next_product import with_next
from bot.flows.running import start
from bot.understanding.marks import negative

_REFUND, _REVOKE = "request_refund", "revoke_refund"
_MONEY = frozenset({_REFUND, "return_goods"})
_SENT_ANEW = frozenset({Kind.EXCHANGE, Kind.REPAIR, Kind.RESHIP})
"""What comes to goods, and not to money."""
_HINTED = 0.15
"""How sure it must be that money is wanted, where it is asked to cancel."""


def refund_instead(turn: Turn) -> Decision | None:
    """The one request for other goods that is open is taken back first, for there is one at a time over a product."""
    talk, case = turn.conversation.talk, _case(turn)
    if (talk and talk.asking) or turn.incoming.choice or case is None or not _money_instead(turn):
        return None
    about = {"order": case.order_number} | ({"lines": str(case.lines[0])} if len(case.lines) == 1 else {})
    after = Talk(_REFUND, f"{turn.serial}b", about, standing=Standing.WISHED)
    return start(
        turn.with_conversation(replace(turn.conversation, parked=with_next(after, _wished(turn)))),
        BY_INTENT[_REVOKE],
        {"case": case.number},
    )


def _wished(turn: Turn) -> Talk | None:
    """The refund of another product that was to come next, or was offered just now: it comes after this one."""
    parked = turn.conversation.parked
    if (
        parked is None
        or parked.flow not in _MONEY
        or parked.standing not in (Standing.WISHED, Standing.OFFERED)
    ):
        return None
    return None if parked.asking else replace(parked, flow=_REFUND, standing=Standing.WISHED)


def _case(turn: Turn) -> Case | None:
    named = order_named(turn, turn.meaning.text)
    found = [
        case
        for case in turn.facts.cases
        if case.open and case.kind in _SENT_ANEW and (named is None or case.order_number == named.number)
    ]
    return found[0] if len(found) == 1 else None


def _money_instead(turn: Turn) -> bool:
    told = turn.meaning
    if told.intent in _MONEY:
        return told.slots.get("do") == "revoke" or (negative(told.text) and _refuses(turn))
    money = any(guess.intent in _MONEY and guess.confidence >= _HINTED for guess in told.candidates)
    return money and (told.intent == _REVOKE or (told.intent is None and _refuses(turn)))


def _refuses(turn: Turn) -> bool:
    """ "No exchange, …": what is refused was sent."""
    return any(guess.intent == _REVOKE or guess.turned for guess in turn.meaning.candidates)
