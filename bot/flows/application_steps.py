"""The questions that every application asks, whatever it is for: whether it came, how much, photos."""

from __future__ import annotations

from bot.domain.cases import Case, Reason
from bot.domain.decision import Decision
from bot.domain.evidence import Proof, wanted
from bot.domain.messages import Button
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.domain.verdicts import Rule, Verdict, may_apply
from bot.flows import case_moves
from bot.flows.application import (
    amount_of,
    asked_for,
    chosen_lines,
    doubtful,
    limit_of,
    may_mean,
    received,
    verdict_on,
)
from bot.flows.flow import ask, finish, yes_or_no
from bot.flows.ordering import the_order
from bot.flows.person_offered import offering_a_person

BLOCKED = reply(
    "request_refund/blocked",
    "accept",
    "received",
    "not_right",
    "waybill",
    "change",
    "dispute",
    "revoke",
    "human",
    tone=Tone.NEXT_STEP,
    order=Order,
    verdict=Verdict,
)
RECEIVED = reply("request_refund/received", "yes", "no", tone=Tone.APOLOGY | Tone.NEXT_STEP, order=Order)
NOT_ALLOWED = reply(
    "request_refund/not_allowed",
    "human",
    tone=Tone.APOLOGY | Tone.NEXT_STEP,
    order=Order,
    reason=Reason,
    verdict=Verdict,
)
AMOUNT_BOUNDS = reply(
    "request_refund/amount_bounds", "all", tone=Tone.NEXT_STEP, order=Order, limit=Money, asked=Money
)
AMOUNT_CURRENCY = reply(
    "request_refund/amount_currency", "all", tone=Tone.NEXT_STEP, order=Order, limit=Money
)
EVIDENCE = reply(
    "request_refund/evidence",
    "done",
    "later",
    tone=Tone.NEXT_STEP,
    order=Order,
    reason=Reason,
    wanted=tuple[Proof, ...],
    count=int,
)

REPLIES = (BLOCKED, RECEIVED, NOT_ALLOWED, AMOUNT_BOUNDS, AMOUNT_CURRENCY, EVIDENCE)


def stop_when_blocked(turn: Turn) -> Decision | None:
    """An open case on the line, nothing paid, or nothing left to refund: say which, and the ways on."""
    order = the_order(turn)
    verdict = may_apply(turn.facts.book(order), chosen_lines(turn))
    if verdict is None:
        return None
    open_case = verdict.case if verdict.rule is Rule.OPEN_CASE else None
    buttons = _ways_on(open_case) if open_case else (Button("start", "escalate", "human"),)
    return finish(turn, BLOCKED(order=order, verdict=verdict, buttons=buttons))


def _ways_on(case: Case) -> tuple[Button, ...]:
    """What can be done with the request that is open; in passing, nothing is taken back by one tap."""
    revoke = Button("start", f"revoke_refund case={case.number}", "revoke")
    ways = {button.label: button for button in case_moves.ways_on(case, BLOCKED)} | {"revoke": revoke}
    return tuple(ways[label] for label in BLOCKED.labels if label in ways)


def ask_received(turn: Turn) -> Decision | None:
    """Ask whether the goods have arrived."""
    order = the_order(turn)
    if not order.shipped or (received(turn) and not doubtful(turn)):
        return None
    return ask(
        turn.with_talk(turn.talk.drop("received").fill(asked="received")),
        "received",
        RECEIVED(order=asked_for(turn), buttons=yes_or_no("received"), token=turn.talk.token),
    )


def stop_when_over(turn: Turn) -> Decision | None:
    """The right has run out: name the rule, and offer a person."""
    verdict = verdict_on(turn)
    if verdict.allowed:
        return None
    human = Button("start", "escalate", "human")
    say = NOT_ALLOWED(
        order=asked_for(turn), reason=Reason(turn.slot("reason")), verdict=verdict, buttons=(human,)
    )
    return offering_a_person(turn, finish(turn, say))


def ask_another_amount(turn: Turn) -> Decision | None:
    """The amount is in another currency than was paid in, nothing, or more than is left: ask again."""
    order, limit = asked_for(turn), limit_of(turn)
    buttons = (Button("amount", "all", "all"),)
    afresh = turn.with_talk(turn.talk.drop("amount", "currency"))
    if not may_mean(turn.slot("currency"), limit.currency):
        say = AMOUNT_CURRENCY(order=order, limit=limit, buttons=buttons, token=turn.talk.token)
        return ask(afresh, "amount", say)
    asked = amount_of(turn)
    if asked is not None and (asked.minor <= 0 or asked > limit):
        say = AMOUNT_BOUNDS(order=order, limit=limit, asked=asked, buttons=buttons, token=turn.talk.token)
        return ask(afresh, "amount", say)
    return None


def ask_evidence(turn: Turn) -> Decision | None:
    """Ask for photos where the reason needs them; they may come later."""
    reason = Reason(turn.slot("reason"))
    told = turn.slot("evidence")
    if reason not in turn.policy.evidence_reasons or told == "later" or (told and turn.talk.attachments):
        return None
    if received(turn) == "yes":  # a fault told it; another reason told later need not ask
        turn = turn.with_talk(turn.talk.fill(received="yes"))
    count = len(turn.talk.attachments)
    label = "done" if count else "later"
    buttons = (Button("evidence", label, label),)
    asking = EVIDENCE(
        order=asked_for(turn),
        reason=reason,
        wanted=wanted(reason),
        count=count,
        buttons=buttons,
        token=turn.talk.token,
    )
    return ask(turn, "evidence", asking)
