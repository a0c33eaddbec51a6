"""The application about goods that are not right is made; what the bot may grant by itself is granted with it."""

from __future__ import annotations

from bot.domain.cases import Act, Case, Event, Reason, Role, State
from bot.domain.decision import Decision, OpenCase, Say
from bot.domain.messages import Button
from bot.domain.offers import Offer
from bot.domain.options import at_fault
from bot.domain.orders import Order
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.domain.verdicts import phase_of
from bot.flows import case_moves
from bot.flows.application import asked_for, chosen_lines, goods_now, offer_of, verdict_on
from bot.flows.carrier_claim import with_claim
from bot.flows.flow import finish
from bot.flows.handoff import new_case
from bot.flows.ordering import the_order
from bot.flows.request_refund import OPENED

GRANTED = reply(
    "remedy/granted",
    tone=Tone.APOLOGY | Tone.THANKS | Tone.DEADLINE,
    case=Case,
    order=Order,
    days_min=int,
    days_max=int,
)


def make(turn: Turn) -> Decision | None:
    """Make the application; what the bot may grant is granted with it."""
    offer = chosen(turn)
    opened = case_moves.open_case(turn, _case(turn, offer))
    if not offer.at_once:
        done = finish(turn, *_told(turn, opened.case), effects=case_moves.effects(turn, opened))
        return with_claim(turn, opened.case, done)
    granted = case_moves.carry_out(turn, opened.case, Act(Event.AGREE, Role.BOT, turn.now))
    say = GRANTED(
        case=granted.case,
        order=asked_for(turn),
        days_min=turn.policy.bank_days_min,
        days_max=turn.policy.bank_days_max,
    )
    pay = (case_moves.pay(turn, granted.case, refund) for refund, _ in granted.refunds)
    done = finish(turn, say, *pay, effects=(OpenCase(opened), *case_moves.effects(turn, granted)))
    return with_claim(turn, opened.case, done)


def _told(turn: Turn, case: Case) -> tuple[Say, ...]:
    """To the buyer that it is in, with the next step and the deadline; to the agents that it waits for them."""
    missing = case.reason in turn.policy.evidence_reasons and not case.evidence
    revoke = Button("start", f"revoke_refund case={case.number}", "revoke")
    say = OPENED(
        case=case, order=asked_for(turn), evidence_missing=missing, due=case.due_at, buttons=(revoke,)
    )
    return say, new_case(case)


def _case(turn: Turn, offer: Offer) -> Case:
    order, reason = the_order(turn), Reason(turn.slot("reason"))
    return Case(
        number=case_moves.number(turn),
        conversation_id=turn.conversation.id,
        order_number=order.number,
        lines=tuple(line.number for line in order.pick(chosen_lines(turn))),
        kind=offer.option.kind,
        state=State.WAIT_SELLER_AGREE,
        goods=goods_now(turn),
        reason=reason,
        amount=offer.amount,
        opened_at=turn.now,
        phase=phase_of(order),
        responsibility=at_fault(reason),
        rule=verdict_on(turn).rule.value,
        subject=subject_of(turn),
        evidence=turn.talk.attachments,
    )


def subject_of(turn: Turn) -> str:
    """What is wrong, and what it shall be instead, what is broken or missing: in the buyer's words."""
    story = turn.slot("story") if turn.slot("brief") != "yes" else ""
    told = dict.fromkeys(words for words in (story, turn.slot("subject")) if words)
    return " / ".join(told) or turn.slot("story")


def chosen(turn: Turn) -> Offer:
    """The way that was chosen, where it has been asked for before."""
    offer = offer_of(turn)
    if offer is None:
        raise LookupError("ask_option comes first")
    return offer
