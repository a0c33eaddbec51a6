"""Money on its way: who approves it, who says that it has left, and what the buyer hears of it."""

from __future__ import annotations

from bot.domain import refunds
from bot.domain.cases import Case
from bot.domain.conversation import FlagReason, Priority
from bot.domain.decision import Audience, Decision, Effect, MoveRefund, PayOut
from bot.domain.messages import AgentAct
from bot.domain.refunds import Refund, RefundAct, RefundEvent, RefundState
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.errors import CaseError
from bot.flows import case_moves
from bot.flows.handoff import notify

PAID = reply(
    "case/paid", tone=Tone.THANKS | Tone.DEADLINE, case=Case, refund=Refund, days_min=int, days_max=int
)
MOVED = reply(
    "desk/refund_moved", tone=Tone.PLAIN, to=Audience.DESK, refund=Refund, agent=str, event=RefundEvent
)
NO_SUCH = reply("desk/no_such_refund", tone=Tone.PLAIN, to=Audience.DESK, key=str)
NOT_NOW = reply(
    "desk/refund_not_possible", tone=Tone.PLAIN, to=Audience.DESK, refund=Refund, event=RefundEvent
)
FAILED = reply("desk/payment_failed", "retry", tone=Tone.PLAIN, to=Audience.DESK, case=Case, refund=Refund)

REPLIES = (PAID, MOVED, NO_SUCH, NOT_NOW, FAILED)

BY_AGENTS = frozenset(RefundEvent) - {RefundEvent.CREATE, RefundEvent.SEND}
"""What an agent may say of a refund; that it was sent, only whoever pays knows."""
NEED_WHY = frozenset({RefundEvent.FAIL, RefundEvent.CANCEL})


def act(turn: Turn, done: AgentAct, event: RefundEvent) -> Decision:
    """An agent approves, pays by hand, or calls it off."""
    refund = turn.facts.refund(done.case)
    if refund is None:
        return Decision(turn.conversation, (NO_SUCH(key=done.case),))
    words = done.text.strip()
    if event not in BY_AGENTS or (event in NEED_WHY and not words):
        return Decision(turn.conversation, (NOT_NOW(refund=refund, event=event),))
    moved = RefundAct(
        event,
        turn.now,
        who=turn.incoming.account or done.agent,
        reference=words if event is RefundEvent.SUCCEED else "",
        why=words if event in NEED_WHY else "",
        seen=done.version or None,
    )
    return _moved(turn, refund, moved, done.agent)


def told_by_payer(turn: Turn) -> Decision | None:
    """Whoever pays says what became of an order to pay; said twice it is heard once."""
    news = turn.incoming.payout
    if news is None:
        return None
    refund = turn.facts.refund(news.key)
    event = RefundEvent(news.event)
    if refund is None or news.tries != refund.tries or event not in refunds.possible(refund):
        return Decision(turn.conversation)
    moved = RefundAct(event, turn.now, reference=news.reference, why=news.why)
    return _moved(turn, refund, moved, "")


def _moved(turn: Turn, refund: Refund, moved: RefundAct, agent: str) -> Decision:
    try:
        after, line = refunds.move(refund, moved)
    except CaseError:
        return Decision(turn.conversation, (NOT_NOW(refund=refund, event=moved.event),) if agent else ())
    case = turn.facts.case(after.case)
    desk = (MOVED(refund=after, agent=agent, event=moved.event),) if agent else ()
    effects: tuple[Effect, ...] = (MoveRefund(after, line), *_pay_now(turn, refund, after))
    if case is None:
        return Decision(turn.conversation, desk, effects)
    if after.state is RefundState.FAILED:
        failed = FAILED(case=case, refund=after, buttons=case_moves.pay_buttons(turn, after), token="desk")
        return notify(turn, FlagReason.PAYMENT_FAILED, failed, priority=Priority.HIGH, effects=effects)
    if after.state is RefundState.DONE:
        policy = turn.policy
        paid = PAID(case=case, refund=after, days_min=policy.bank_days_min, days_max=policy.bank_days_max)
        return Decision(turn.conversation, (paid, *desk), effects)
    again = (case_moves.pay(turn, case, after),) if after.state is RefundState.CREATED else ()
    return Decision(turn.conversation, (*desk, *again), effects)


def _pay_now(turn: Turn, before: Refund, after: Refund) -> tuple[PayOut, ...]:
    """Released by the last approval, or tried again: it goes to whoever pays."""
    ready = after.state is RefundState.CREATED and after.released and turn.policy.pays_itself
    fresh = not before.released or before.state is RefundState.FAILED
    return (PayOut(after, turn.now),) if ready and fresh else ()
