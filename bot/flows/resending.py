"""Sent again (补发): what was lost on the way goes to the buyer once more, when the shop agrees."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import Case, Goods, Kind, Reason, State
from bot.domain.decision import Decision
from bot.domain.messages import Attachment, Button
from bot.domain.money import Money
from bot.domain.options import at_fault
from bot.domain.orders import Order, OrderLine
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.domain.verdicts import judged, may_apply, phase_of
from bot.flows import case_moves
from bot.flows.application import chosen_lines
from bot.flows.application_steps import NOT_ALLOWED, stop_when_blocked
from bot.flows.flow import finish
from bot.flows.ordering import the_order
from bot.flows.which_lines import asks_which, choose_lines, with_line_named

LINES = asks_which("parcel/lines", "all_lines")
APPLIED = reply(
    "parcel/reship_applied",
    "revoke",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    lines=tuple[OrderLine, ...],
    due=datetime,
)

REPLIES = (LINES, APPLIED)


def reship(turn: Turn) -> Decision | None:
    """Apply for it, where the buyer chose that; the shop answers."""
    if turn.slot("way") != "reship":
        return None
    asked = ask_lines(turn)
    if isinstance(asked, Decision):
        return asked
    return stop_when_blocked(asked) or _stop_when_over(asked) or _apply(asked)


def ask_lines(turn: Turn) -> Decision | Turn:
    """Which products: told by nothing else where the order came in several parcels."""
    turn, order = with_line_named(turn), the_order(turn)
    if len(order.parcels) <= 1 or may_apply(turn.facts.book(order), ()):
        return turn
    return choose_lines(turn, LINES) or turn


def _stop_when_over(turn: Turn) -> Decision | None:
    order, lines = the_order(turn), chosen_lines(turn)
    policy = turn.policy.of(order)
    verdict = judged(turn.facts.book(order), lines, Goods.NOT_RECEIVED, Reason.LOST, turn.now, policy)
    if verdict.allowed:
        return None
    human = Button("start", "escalate", "human")
    return finish(turn, NOT_ALLOWED(order=order, reason=Reason.LOST, verdict=verdict, buttons=(human,)))


def _apply(turn: Turn) -> Decision:
    order, lines = the_order(turn), the_order(turn).pick(chosen_lines(turn))
    case = Case(
        number=case_moves.number(turn),
        conversation_id=turn.conversation.id,
        order_number=order.number,
        lines=tuple(line.number for line in lines),
        kind=Kind.RESHIP,
        state=State.WAIT_SELLER_AGREE,
        goods=Goods.NOT_RECEIVED,
        reason=Reason.LOST,
        amount=Money(0, order.currency),
        opened_at=turn.now,
        phase=phase_of(order),
        responsibility=at_fault(Reason.LOST),
        evidence=_evidence(turn, order),
    )
    outcome = case_moves.open_case(turn, case)
    opened = outcome.case
    revoke = Button("start", f"revoke_refund case={opened.number}", "revoke")
    words = APPLIED(case=opened, lines=lines, due=opened.due_at, buttons=(revoke,))
    return finish(turn, words, effects=case_moves.effects(turn, outcome))


def _evidence(turn: Turn, order: Order) -> tuple[Attachment, ...]:
    """The photos that the carrier was asked with are evidence here too."""
    asked = next(
        (
            case
            for case in turn.facts.cases
            if case.order_number == order.number and case.reason is Reason.LOST
        ),
        None,
    )
    return turn.talk.attachments or (asked.evidence if asked else ())
