"""Money on its way: who approves it, who says that it has left, and what the buyer hears of it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import refunds
from bot.domain.cases import Case
from bot.domain.conversation import FlagReason, Priority
from bot.domain.decision import Audience, Decision, MoveRefund, PayOut, PutOff, Recall
from bot.domain.dues import arrival_due
from bot.domain.messages import AgentAct, Button, Payout
from bot.domain.refunds import Refund, RefundAct, RefundEvent, RefundState
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.errors import CaseError
from bot.flows import case_moves
from bot.flows.allowed import NO_ACCOUNT
from bot.flows.handoff import notify

PAID = reply(
    "case/paid", tone=Tone.THANKS | Tone.DEADLINE, case=Case, refund=Refund, days_min=int, days_max=int
)
CALLED_OFF = reply(
    "case/payment_called_off",
    "human",
    tone=Tone.APOLOGY | Tone.NEXT_STEP,
    case=Case,
    refund=Refund,
    why=str,
)
MOVED = reply(
    "desk/refund_moved", tone=Tone.PLAIN, to=Audience.DESK, refund=Refund, agent=str, event=RefundEvent
)
NO_SUCH = reply("desk/no_such_refund", tone=Tone.PLAIN, to=Audience.DESK, key=str)
NOT_NOW = reply(
    "desk/refund_not_possible", tone=Tone.PLAIN, to=Audience.DESK, refund=Refund, event=RefundEvent
)
FAILED = reply("desk/payment_failed", "retry", tone=Tone.PLAIN, to=Audience.DESK, case=Case, refund=Refund)
ON_ITS_WAY = reply(
    "desk/refund_on_its_way", tone=Tone.PLAIN, to=Audience.DESK, refund=Refund, event=RefundEvent
)
IN_DOUBT = reply(
    "desk/payment_in_doubt", "paid", tone=Tone.PLAIN, to=Audience.DESK, case=Case, refund=Refund, why=str
)
UNEXPECTED = reply(
    "desk/payment_unexpected", tone=Tone.PLAIN, to=Audience.DESK, refund=Refund, attempt=int, reference=str
)

REPLIES = (PAID, CALLED_OFF, MOVED, NO_SUCH, NOT_NOW, FAILED, ON_ITS_WAY, IN_DOUBT, UNEXPECTED)

BY_AGENTS = frozenset(RefundEvent) - {RefundEvent.CREATE, RefundEvent.SEND}
"""What an agent may say of a refund; that it was sent, only whoever pays knows."""
NEED_WHY = frozenset({RefundEvent.FAIL, RefundEvent.CANCEL})
_ENDS = frozenset({RefundEvent.SUCCEED, RefundEvent.FAIL, RefundEvent.CANCEL})
"""After these nothing more may leave by the order to pay that stands."""


def open_to_agents(refund: Refund, *, on_its_way: bool) -> tuple[RefundEvent, ...]:
    """What an agent may do with the refund now. Of money that may have left already only whoever pays can tell."""
    events = (event for event in refunds.possible(refund) if event in BY_AGENTS)
    return tuple(event for event in events if not (on_its_way and event in _ENDS))


def act(turn: Turn, done: AgentAct, event: RefundEvent) -> Decision:
    """An agent approves, pays by hand, or calls it off."""
    refund = turn.facts.refund(done.case)
    if refund is None:
        return Decision(turn.conversation, (NO_SUCH(key=done.case),))
    case, words = turn.facts.case(refund.case), done.text.strip()
    if case and (elsewhere := case_moves.elsewhere(turn, case)):
        return Decision(turn.conversation, (elsewhere,))
    if event not in BY_AGENTS or (event in NEED_WHY and not words):
        return Decision(turn.conversation, (NOT_NOW(refund=refund, event=event),))
    on_its_way = refund.key in turn.facts.on_their_way
    if on_its_way and event not in open_to_agents(refund, on_its_way=True):
        return Decision(turn.conversation, (ON_ITS_WAY(refund=refund, event=event),))
    if event is RefundEvent.APPROVE and not turn.person:
        telegram = turn.incoming.account.partition("telegram:")[2]
        return Decision(turn.conversation, (NO_ACCOUNT(agent=done.agent, telegram=telegram),))
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
    refund, event = turn.facts.refund(news.key), RefundEvent(news.event)
    if refund is None:
        return Decision(turn.conversation)
    if event is RefundEvent.SUCCEED and _not_expected(turn, refund, news):
        words = UNEXPECTED(refund=refund, attempt=news.tries, reference=news.reference)
        return notify(turn, FlagReason.PAYMENT_FAILED, words, priority=Priority.HIGH)
    late = event is not RefundEvent.SUCCEED and news.tries != refund.tries
    if late or event not in refunds.possible(refund):
        return Decision(turn.conversation)
    moved = RefundAct(event, turn.now, reference=news.reference, why=news.why)
    return _moved(turn, refund, moved, "", answered=news.tries == refund.tries)


def _not_expected(turn: Turn, refund: Refund, news: Payout) -> bool:
    """Money has left that nobody ordered, that was called off, or beside another order to pay that may be paid as well."""
    if refund.state is RefundState.DONE and news.tries == refund.tries:
        return False
    other = news.tries != refund.tries
    if other and (refund.state is RefundState.SENT or refund.key in turn.facts.on_their_way):
        return True
    return RefundEvent.SUCCEED not in refunds.possible(refund)


def _moved(turn: Turn, refund: Refund, moved: RefundAct, agent: str, *, answered: bool = False) -> Decision:
    try:
        after, line = refunds.move(refund, moved)
    except CaseError:
        return Decision(turn.conversation, (NOT_NOW(refund=refund, event=moved.event),) if agent else ())
    desk = (MOVED(refund=after, agent=agent, event=moved.event),) if agent else ()
    effects = (MoveRefund(after, line), *_orders(turn, refund, moved, after, answered=answered))
    case = turn.facts.case(after.case)
    if case is None:
        return Decision(turn.conversation, desk, effects)
    return _told(turn, case, after, moved, Decision(turn.conversation, desk, effects))


def _told(turn: Turn, case: Case, after: Refund, moved: RefundAct, decision: Decision) -> Decision:
    """The move with what buyer and desk hear of it."""
    buttons = case_moves.pay_buttons(turn, after)
    trouble = None
    if after.state is RefundState.FAILED:
        trouble = FAILED(case=case, refund=after, buttons=buttons, token="desk")
    if moved.event is RefundEvent.SEND and moved.why:
        trouble = IN_DOUBT(case=case, refund=after, why=moved.why, buttons=buttons, token="desk")
    if trouble:
        return notify(
            turn, FlagReason.PAYMENT_FAILED, trouble, priority=Priority.HIGH, effects=decision.effects
        )
    if after.state is RefundState.DONE:
        policy = turn.policy
        paid = PAID(case=case, refund=after, days_min=policy.bank_days_min, days_max=policy.bank_days_max)
        effects = (*decision.effects, *_asked_later(turn, case, after))
        return replace(decision, says=(paid, *decision.says), effects=effects)
    if after.state is RefundState.CANCELLED:
        human = (Button("start", "escalate", "human"),)
        called_off = CALLED_OFF(case=case, refund=after, why=moved.why, buttons=human)
        return replace(decision, says=(called_off, *decision.says))
    again = (case_moves.pay(turn, case, after),) if after.state is RefundState.CREATED else ()
    return replace(decision, says=(*decision.says, *again))


def _orders(
    turn: Turn, before: Refund, moved: RefundAct, after: Refund, *, answered: bool
) -> tuple[PayOut | Recall, ...]:
    """Released by the last approval, or tried again, it goes to whoever pays; where it ends, what still waits does not go."""
    if moved.event in _ENDS and before.state in (RefundState.CREATED, RefundState.SENT):
        return (Recall(before.order_to_pay, answered or before.state is RefundState.SENT),)
    ready = after.state is RefundState.CREATED and after.released and turn.policy.pays_itself
    fresh = not before.released or before.state is RefundState.FAILED
    return (PayOut(after, turn.now),) if ready and fresh else ()


def _asked_later(turn: Turn, case: Case, paid: Refund) -> tuple[PutOff, ...]:
    """Paid later than it was granted, it arrives later: so it is asked after then."""
    due = arrival_due(case, turn.now, turn.policy)
    as_it_was = due.at == arrival_due(case, paid.created_at, turn.policy).at
    return () if as_it_was or not turn.policy.aftercare.ask else (PutOff(due),)
