"""Another size or colour than was asked for in an exchange that is sent: whoever handles it is told."""

from __future__ import annotations

from bot.domain.cases import Case, Kind, State
from bot.domain.conversation import FlagReason
from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows.application_answers import own_words
from bot.flows.exchange_goods import INSTEAD
from bot.flows.expected import GRUMBLED, SENT
from bot.flows.flow import asked_back
from bot.flows.handoff import notify, wait
from bot.flows.meant import order_named
from bot.flows.told import NAMES_ANOTHER
from bot.understanding.precedence import SMALL_TALK

_SAYS_WHICH = frozenset({None, "affirm", "change_refund", "exchange_goods"})
"""What "wait, XL please" may sound like."""
_NOT_SENT_YET = frozenset(
    {
        State.WAIT_SELLER_AGREE,
        State.WAIT_BUYER_RETURN_GOODS,
        State.WAIT_SELLER_CONFIRM_GOODS,
        State.WAIT_SELLER_SEND_GOODS,
    }
)


def another_instead(turn: Turn) -> Decision | None:
    """ "Wait, I need XL", just after the exchange was sent; asked and not told, it is a question of its own."""
    told = turn.meaning
    which = NAMES_ANOTHER & told.slots.keys() and told.intent in _SAYS_WHICH and not asked_back(turn)
    case = _just_sent(turn)
    if turn.conversation.talk is not None or turn.incoming.choice or not which or case is None:
        return None
    return notify(turn, FlagReason.FOR_A_PERSON, INSTEAD(case=case, wanted=own_words(turn), **wait(turn)))


def _just_sent(turn: Turn) -> Case | None:
    about, named = turn.conversation.about, order_named(turn, turn.meaning.text)
    if turn.conversation.last not in SMALL_TALK | {SENT, *GRUMBLED} or (named and named.number != about):
        return None
    cases = (case for case in turn.facts.cases if case.order_number == about and case.state in _NOT_SENT_YET)
    return next((case for case in cases if case.kind is Kind.EXCHANGE), None)
