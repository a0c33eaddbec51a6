"""What I applied for is to read otherwise (修改申请): its reason, its amount, its kind, or with more photos."""

from __future__ import annotations

from bot.domain.cases import MONEY, Act, Case, Event, Kind, Reason, Role
from bot.domain.conversation import FlagReason
from bot.domain.decision import Decision
from bot.domain.evidence import Proof, wanted
from bot.domain.messages import Button
from bot.domain.money import Money
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.domain.verdicts import Rule, Verdict, may_change, may_refund, reasons_for
from bot.errors import CaseError
from bot.flows import case_moves
from bot.flows.application import may_mean
from bot.flows.application_answers import read_evidence
from bot.flows.application_steps import NOT_ALLOWED
from bot.flows.changes import (
    can_change,
    change_of,
    changeable,
    kinds_for,
    limit_of,
    read_amount,
    read_kind,
    read_reason,
    read_what,
    told_amount,
)
from bot.flows.dialogue_replies import EVIDENCE_ADDED
from bot.flows.flow import Flow, agreed_naming, agreed_to, ask, finish, yes_or_no
from bot.flows.handoff import notify
from bot.flows.person_offered import offering_a_person
from bot.flows.troubles import TROUBLES
from bot.flows.which_case import MOVED_ON, choose_case, knowing, read_case, seen, the_case

NOT_NOW = reply(
    "change_refund/not_now", "refund", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP, case=Case, verdict=Verdict
)
WHAT = reply("change_refund/what", "reason", "amount", "kind", "evidence", tone=Tone.NEXT_STEP, case=Case)
REASON = reply(
    "change_refund/reason", "reason", tone=Tone.NEXT_STEP, option={"reason": Reason}, case=Case, again=bool
)
AMOUNT = reply("change_refund/amount", "all", tone=Tone.NEXT_STEP, case=Case, limit=Money)
AMOUNT_BOUNDS = reply(
    "change_refund/amount_bounds", "all", tone=Tone.NEXT_STEP, case=Case, limit=Money, asked=Money
)
KIND = reply("change_refund/kind", "kind", tone=Tone.NEXT_STEP, option={"kind": Kind}, case=Case, again=bool)
NO_OTHER_KIND = reply("change_refund/no_other_kind", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP, case=Case)
PHOTOS = reply(
    "change_refund/photos", "done", "later", tone=Tone.NEXT_STEP, count=int, wanted=tuple[Proof, ...]
)
SAME = reply("change_refund/same", tone=Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
CONFIRM = reply("change_refund/confirm", "yes", "no", tone=Tone.NEXT_STEP, case=Case, after=Case, photos=int)
KEPT = reply("change_refund/kept", tone=Tone.DEADLINE, case=Case)
DONE = reply("change_refund/done", "revoke", tone=Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE, case=Case)


def choose(turn: Turn) -> Decision | None:
    """Ask which, when several may be changed."""
    return choose_case(turn, can_change)


def not_now(turn: Turn) -> Decision | None:
    """It is over, with the platform, or granted already: say why, and what can be done."""
    case = _case(turn)
    verdict = may_change(case)
    if verdict.allowed:
        return None
    again = (Button("start", f"request_refund order={case.order_number}", "refund"),)
    human = (Button("start", "escalate", "human"),)
    buttons = (*(again if verdict.rule is Rule.ENDED else ()), *human)
    return finish(turn, NOT_NOW(case=case, verdict=verdict, buttons=buttons))


def ask_what(turn: Turn) -> Decision | None:
    """Ask what is to change, where the words do not tell."""
    case, talk = _case(turn), turn.talk
    told = {"reason", "amount", "kind", "evidence"} & talk.slots.keys()
    if told or talk.attachments or turn.slot("change") in changeable(case):
        return None
    buttons = tuple(Button("change", what, what) for what in changeable(case))
    return ask(turn, "change", WHAT(case=case, buttons=buttons, token=talk.token))


def ask_reason(turn: Turn) -> Decision | None:
    """Ask for the reason, of those that fit where the goods were when it was applied for."""
    case, told = _case(turn), turn.slot("reason")
    fitting = reasons_for(case.goods)
    if told in fitting or (not told and turn.slot("change") != "reason"):
        return None
    buttons = tuple(Button("reason", one.value, "reason", {"reason": one}) for one in fitting)
    words = REASON(case=case, again=bool(told), buttons=buttons, token=turn.talk.token)
    return ask(turn.with_talk(turn.talk.drop("reason").fill(change="reason")), "reason", words)


def ask_kind(turn: Turn) -> Decision | None:
    """Ask for the kind, of those that fit; of what does not, say so."""
    case, told = _case(turn), turn.slot("kind")
    fitting = kinds_for(turn, case)
    if told in fitting or told == case.kind or (not told and turn.slot("change") != "kind"):
        return None
    if not fitting:
        return finish(turn, NO_OTHER_KIND(case=case, buttons=(Button("start", "escalate", "human"),)))
    buttons = tuple(Button("kind", one.value, "kind", {"kind": one}) for one in fitting)
    words = KIND(case=case, again=bool(told), buttons=buttons, token=turn.talk.token)
    return ask(turn.with_talk(turn.talk.drop("kind").fill(change="kind")), "kind", words)


def ask_amount(turn: Turn) -> Decision | None:
    """Ask how much, at most what is left of what was paid, this case's own aside."""
    case, limit = _case(turn), limit_of(turn, _case(turn))
    if case.kind not in MONEY or not (turn.slot("amount") or turn.slot("change") == "amount"):
        return None
    asked = told_amount(turn, case) if may_mean(turn.slot("currency"), limit.currency) else None
    if asked and asked <= limit:
        return None
    again = turn.with_talk(turn.talk.drop("amount", "currency").fill(change="amount"))
    buttons = (Button("amount", "all", "all"),)
    if asked is None:
        return ask(again, "amount", AMOUNT(case=case, limit=limit, buttons=buttons, token=turn.talk.token))
    words = AMOUNT_BOUNDS(case=case, limit=limit, asked=asked, buttons=buttons, token=turn.talk.token)
    return ask(again, "amount", words)


def stop_when_over(turn: Turn) -> Decision | None:
    """For the reason that is told now the right has run out, or was never there."""
    case, order = _case(turn), turn.facts.order(_case(turn).order_number)
    if order is None or not turn.slot("reason"):
        return None
    reason = Reason(turn.slot("reason"))
    verdict = may_refund(order, case.lines, case.goods, reason, turn.now, turn.policy.of(order))
    if verdict.allowed:
        return None
    human = Button("start", "escalate", "human")
    refused = NOT_ALLOWED(order=order, reason=reason, verdict=verdict, buttons=(human,))
    return offering_a_person(turn, finish(turn, refused))


def ask_photos(turn: Turn) -> Decision | None:
    """Where it is photos that are to come, wait for them."""
    if turn.slot("change") != "evidence" or turn.slot("evidence"):
        return None
    reason = Reason(turn.slot("reason") or _case(turn).reason)
    count = len(turn.talk.attachments)
    label = "done" if count else "later"
    words = PHOTOS(
        count=count,
        wanted=wanted(reason),
        buttons=(Button("evidence", label, label),),
        token=turn.talk.token,
    )
    return ask(turn, "evidence", words)


def add_photos(turn: Turn) -> Decision | None:
    """Nothing else is to change: they are added as they are, and who refused it looks again."""
    case, photos = _case(turn), turn.talk.attachments
    if change_of(turn, case):
        return None
    if not photos:
        return finish(turn, SAME(case=case))
    outcome = case_moves.carry_out(turn, case, Act(Event.ADD_EVIDENCE, Role.BUYER, turn.now, evidence=photos))
    added = EVIDENCE_ADDED(number=case.number, count=len(outcome.case.evidence))
    effects = case_moves.effects(turn, outcome)
    return notify(case_moves.seen_with(turn, outcome.case), FlagReason.NEW_EVIDENCE, added, effects=effects)


def confirm(turn: Turn) -> Decision | None:
    """Show what it will read like, before anything is changed."""
    case = _case(turn)
    if turn.slot("confirm") == "no":
        return finish(turn, KEPT(case=case))
    if turn.slot("confirm") == "yes":
        return None
    turn = knowing(turn, case)
    words = CONFIRM(
        case=case,
        after=change_of(turn, case).on(case),
        photos=len(turn.talk.attachments),
        buttons=yes_or_no("confirm"),
        token=turn.talk.token,
    )
    return ask(turn, "confirm", words)


def modify(turn: Turn) -> Decision | None:
    """Change it; the shop's time begins anew, and what it had refused is shown to it again."""
    case = _case(turn)
    act = Act(
        Event.MODIFY,
        Role.BUYER,
        turn.now,
        change=change_of(turn, case),
        evidence=turn.talk.attachments,
        seen=seen(turn, case),
    )
    try:
        outcome = case_moves.carry_out(turn, case, act)
    except CaseError:
        return finish(turn, MOVED_ON(case=case, buttons=case_moves.ways_on(case, MOVED_ON)))
    revoke = Button("start", f"revoke_refund case={case.number}", "revoke")
    done, effects = DONE(case=outcome.case, buttons=(revoke,)), case_moves.effects(turn, outcome)
    return notify(case_moves.seen_with(turn, outcome.case), FlagReason.CHANGED, done, effects=effects)


def _case(turn: Turn) -> Case:
    return the_case(turn, can_change)


FLOW = Flow(
    intent="change_refund",
    steps=(
        choose,
        not_now,
        ask_what,
        ask_reason,
        ask_kind,
        ask_amount,
        stop_when_over,
        ask_photos,
        add_photos,
        confirm,
        modify,
    ),
    replies=(
        NOT_NOW,
        WHAT,
        REASON,
        AMOUNT,
        AMOUNT_BOUNDS,
        KIND,
        NO_OTHER_KIND,
        PHOTOS,
        SAME,
        CONFIRM,
        KEPT,
        DONE,
    ),
    takes=frozenset({"order_number", "reason", "amount", "currency", "kind", "change"}),
    starts=frozenset({"case"}),
    own_no=frozenset({"confirm"}),
    summaries=frozenset({"confirm"}),
    corrects=frozenset({"amount", "currency", "reason", "kind"}),
    kin=TROUBLES | {"request_refund", "return_goods", "exchange_goods", "seller_refused"},
    reads={
        "case": read_case(can_change),
        "change": read_what,
        "reason": read_reason,
        "amount": read_amount,
        "kind": read_kind,
        "evidence": read_evidence,
        "confirm": agreed_naming("change", read=agreed_to),
    },
)
