"""Take my refund application back (撤销退款): who may, and what happens where the buyer may not alone."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import Act, Case, Event, Kind, Role
from bot.domain.conversation import FlagReason, Priority
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.domain.verdicts import Rule, may_revoke
from bot.errors import CaseError
from bot.flows import case_moves
from bot.flows.flow import Flow, agreed, ask, finish, yes_or_no
from bot.flows.handoff import notify, wait
from bot.flows.naming import by_place

WHICH = reply(
    "revoke_refund/which", "case", tone=Tone.NEXT_STEP, option={"case": Case}, cases=tuple[Case, ...]
)
NOTHING = reply("revoke_refund/nothing", "refund", "human", tone=Tone.NEXT_STEP)
ENDED = reply("revoke_refund/ended", "refund", "human", tone=Tone.NEXT_STEP, case=Case)
LOCKED = reply("revoke_refund/locked", tone=Tone.APOLOGY | Tone.NEXT_STEP, case=Case)
CONFIRM = reply("revoke_refund/confirm", "yes", "no", tone=Tone.NEXT_STEP, case=Case)
KEPT = reply("revoke_refund/kept", tone=Tone.DEADLINE, case=Case)
DONE = reply("revoke_refund/done", "refund", tone=Tone.THANKS | Tone.NEXT_STEP, case=Case)
ASK_SELLER = reply("revoke_refund/ask_seller", "yes", "no", tone=Tone.NEXT_STEP, case=Case)
SELLER_ASKED = reply(
    "revoke_refund/seller_asked",
    tone=Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    minutes=int,
    back_at=datetime | None,
)
CHANGED = reply("revoke_refund/changed", tone=Tone.NEXT_STEP, case=Case)


def choose_case(turn: Turn) -> Decision | None:
    """Ask which application when several are open."""
    if _case(turn):
        return None
    open_cases = _open_cases(turn)
    if not open_cases:
        return finish(turn, NOTHING(buttons=(_apply_again(), _human())))
    buttons = tuple(Button("case", case.number, "case", {"case": case}) for case in open_cases)
    return ask(turn, "case", WHICH(cases=open_cases, buttons=buttons, token=turn.talk.token))


def stop_when_ended(turn: Turn) -> Decision | None:
    """It is over: say how it ended and what can be done."""
    case = _chosen(turn)
    if may_revoke(case).rule is not Rule.ENDED:
        return None
    return finish(turn, ENDED(case=case, buttons=(_apply_again(case), _human())))


def pass_on_when_locked(turn: Turn) -> Decision | None:
    """An intervention holds it: only the mediator can close the dispute; the wish is passed on."""
    case = _chosen(turn)
    if may_revoke(case).rule is not Rule.LOCKED:
        return None
    return notify(turn, FlagReason.INTERVENTION, LOCKED(case=case), priority=Priority.HIGH)


def ask_seller_first(turn: Turn) -> Decision | None:
    """Goods are on their way back: only after the seller refuses may the buyer revoke; offer to ask for that."""
    case = _chosen(turn)
    if may_revoke(case).rule is not Rule.ASK_SELLER_FIRST:
        return None
    answer = turn.slot("ask_seller")
    if answer == "yes":
        return notify(turn, FlagReason.ASK_SELLER, SELLER_ASKED(case=case, **wait(turn)))
    if answer == "no":
        return finish(turn, KEPT(case=case))
    return ask(
        turn, "ask_seller", ASK_SELLER(case=case, buttons=yes_or_no("ask_seller"), token=turn.talk.token)
    )


def confirm(turn: Turn) -> Decision | None:
    """Never revoke by a misunderstanding: the buyer says yes to this very case first."""
    case = _chosen(turn)
    if turn.slot("confirm") == "no":
        return finish(turn, KEPT(case=case))
    if turn.slot("confirm") == "yes":
        return None
    turn = turn.with_talk(turn.talk.fill(case=case.number, seen=str(case.version)))
    return ask(turn, "confirm", CONFIRM(case=case, buttons=yes_or_no("confirm"), token=turn.talk.token))


def revoke(turn: Turn) -> Decision | None:
    """Close the case; when it moved since it was shown, say so and show it again."""
    case = _chosen(turn)
    act = Act(Event.REVOKE, Role.BUYER, turn.now, seen=int(turn.slot("seen") or case.version))
    try:
        outcome = case_moves.carry_out(turn, case, act)
    except CaseError:
        return finish(turn, CHANGED(case=case))
    say = DONE(case=outcome.case, buttons=(_apply_again(outcome.case),))
    return finish(turn, say, effects=case_moves.effects(turn, outcome))


def _open_cases(turn: Turn) -> tuple[Case, ...]:
    return tuple(case for case in turn.facts.cases if case.open and case.kind is not Kind.PARCEL_INQUIRY)


def _case(turn: Turn) -> Case | None:
    """The named case, the case over the named order, the only open one, or the last that ended."""
    if named := turn.facts.case(turn.slot("case")):
        return named
    open_cases = _open_cases(turn)
    order = turn.slot("order_number") or turn.slot("order")
    applied = [case for case in turn.facts.cases if case.kind is not Kind.PARCEL_INQUIRY]
    of_order = [case for case in applied if case.order_number == order]
    if len([case for case in of_order if case.open]) == 1 or (of_order and not any(c.open for c in of_order)):
        return next((case for case in of_order if case.open), of_order[0])
    if order and not of_order:
        return None  # never another one than the one that was named
    if len(open_cases) == 1:
        return open_cases[0]
    return applied[0] if applied and not open_cases else None


def _chosen(turn: Turn) -> Case:
    case = _case(turn)
    if case is None:
        raise LookupError("choose_case comes first")
    return case


def _apply_again(case: Case | None = None) -> Button:
    order = f" order={case.order_number}" if case else ""
    return Button("start", f"request_refund{order}", "refund")


def _human() -> Button:
    return Button("start", "escalate", "human")


def _read_case(turn: Turn) -> str | None:
    """A case number, the number of its order, or which of the offered ones."""
    said = turn.meaning.text.casefold()
    cases = _open_cases(turn)
    for case in cases:
        if case.number.casefold() in said or case.order_number == turn.meaning.slots.get("order_number"):
            return case.number
    meant = by_place(turn.meaning.slots.get("ordinal", ""), cases)
    return meant.number if meant else None


FLOW = Flow(
    intent="revoke_refund",
    steps=(choose_case, stop_when_ended, pass_on_when_locked, ask_seller_first, confirm, revoke),
    replies=(WHICH, NOTHING, ENDED, LOCKED, CONFIRM, KEPT, DONE, ASK_SELLER, SELLER_ASKED, CHANGED),
    takes=frozenset({"order_number"}),
    starts=frozenset({"case", "seen", "confirm"}),
    own_no=frozenset({"ask_seller", "confirm"}),
    reads={"case": _read_case, "ask_seller": agreed, "confirm": agreed},
)
