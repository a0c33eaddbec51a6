"""Take my refund application back (撤销退款): who may, and what happens where the buyer may not alone."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import TALK, Act, Case, Event, Kind, Role
from bot.domain.changed import replace
from bot.domain.conversation import FlagReason, Priority, Standing
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.orders import Order
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.domain.verdicts import Rule, may_revoke
from bot.errors import CaseError
from bot.flows import case_moves
from bot.flows.flow import Flow, agreed_naming, ask, finish, yes_or_no
from bot.flows.handoff import notify, wait
from bot.flows.meant import order_named
from bot.flows.next_product import next_of_several
from bot.flows.signed_not_received import FOUND
from bot.flows.which_case import case_of, choose_case, is_open, knowing, read_case, seen, the_case

WHICH = reply(
    "revoke_refund/which", "case", tone=Tone.NEXT_STEP, option={"case": Case}, cases=tuple[Case, ...]
)
NOTHING = reply("revoke_refund/nothing", "refund", "human", tone=Tone.NEXT_STEP)
NOT_OF_THIS = reply("revoke_refund/not_of_this", "revoke", tone=Tone.NEXT_STEP, order=Order, others=int)
ENDED = reply("revoke_refund/ended", "refund", "human", tone=Tone.NEXT_STEP, case=Case)
LOCKED = reply("revoke_refund/locked", tone=Tone.APOLOGY | Tone.NEXT_STEP, case=Case)
CONFIRM = reply("revoke_refund/confirm", "yes", "no", tone=Tone.NEXT_STEP, case=Case)
KEPT = reply("revoke_refund/kept", tone=Tone.DEADLINE, case=Case)
DONE = reply("revoke_refund/done", "refund", tone=Tone.THANKS | Tone.NEXT_STEP, case=Case)
ON_ITS_WAY = reply(
    "revoke_refund/on_its_way",
    "received",
    "not_right",
    "human",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
)
ASK_SELLER = reply("revoke_refund/ask_seller", "yes", "no", tone=Tone.NEXT_STEP, case=Case)
SELLER_ASKED = reply(
    "revoke_refund/seller_asked",
    tone=Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    minutes=int,
    back_at=datetime | None,
)
CHANGED = reply("revoke_refund/changed", tone=Tone.NEXT_STEP, case=Case)


_OF_A_CASE = frozenset({"change_refund", "platform_intervention", "return_shipment", "seller_refused"})
"""Flows that are about a request, and need not be told which where there is one."""


def of_the_order_spoken_of(turn: Turn) -> Decision | Turn | None:
    """An order that is named, or was just talked of where it shall not be refunded: of that one, and of no other by chance."""
    order = _spoken_of(turn)
    if order is None or turn.talk.slots.keys() & {"case", "order_number"} or turn.incoming.choice:
        return None
    if any(case.order_number == order.number for case in turn.facts.cases):
        return turn.with_talk(turn.talk.fill(order=order.number))
    others = [case for case in turn.facts.cases if case.open and case.kind is not Kind.PARCEL_INQUIRY]
    if not others:
        return None
    buttons = (Button("start", "revoke_refund", "revoke"),)
    return finish(turn, NOT_OF_THIS(order=order, others=len(others), buttons=buttons))


def _spoken_of(turn: Turn) -> Order | None:
    named = turn.facts.order(turn.slot("order")) or order_named(turn, turn.meaning.text)
    about = turn.facts.order(turn.conversation.about) if turn.meaning.slots.get("cancel") == "no" else None
    return named or about


def choose(turn: Turn) -> Decision | None:
    """Ask which application when several are open."""
    if case_of(turn, is_open) is None and not any(map(is_open, turn.facts.cases)):
        return finish(turn, NOTHING(buttons=(_apply_again(), _human())))
    return choose_case(turn, is_open, WHICH)


def stop_when_ended(turn: Turn) -> Decision | None:
    """It is over: say how it ended and what can be done. That a parcel came that was asked after is only good news."""
    case = _chosen(turn)
    if may_revoke(case).rule is not Rule.ENDED:
        return None
    if case.kind is Kind.PARCEL_INQUIRY and "yes" in map(turn.meaning.slots.get, ("received", "came")):
        return finish(turn, FOUND())
    return finish(turn, ENDED(case=case, buttons=(*_again(case), _human())))


def pass_on_when_locked(turn: Turn) -> Decision | None:
    """An intervention holds it: only the mediator can close the dispute; the wish is passed on."""
    case = _chosen(turn)
    if may_revoke(case).rule is not Rule.LOCKED:
        return None
    return notify(turn, FlagReason.INTERVENTION, LOCKED(case=case), priority=Priority.HIGH)


def on_its_way(turn: Turn) -> Decision | None:
    """What was sent anew can't be called back: whether it has come and is right decides."""
    case = _chosen(turn)
    if may_revoke(case).rule is not Rule.ON_ITS_WAY:
        return None
    return finish(turn, ON_ITS_WAY(case=case, buttons=case_moves.ways_on(case, ON_ITS_WAY)))


def ask_seller_first(turn: Turn) -> Decision | None:
    """Goods are on their way back: only after the seller refuses may the buyer revoke; offer to ask for that."""
    case = _chosen(turn)
    if may_revoke(case).rule is not Rule.ASK_SELLER_FIRST:
        return None
    answer = turn.slot("ask_seller")
    if answer == "yes":
        return notify(turn, FlagReason.ASK_SELLER, SELLER_ASKED(case=case, **wait(turn)))
    if answer == "no":
        return _kept(turn, case)
    return ask(
        turn, "ask_seller", ASK_SELLER(case=case, buttons=yes_or_no("ask_seller"), token=turn.talk.token)
    )


def confirm(turn: Turn) -> Decision | None:
    """Never revoke by a misunderstanding: the buyer says yes to this very case first."""
    case = _chosen(turn)
    if turn.slot("confirm") == "no":
        return _kept(turn, case)
    if turn.slot("confirm") == "yes":
        return None
    turn = knowing(turn, case)
    return ask(turn, "confirm", CONFIRM(case=case, buttons=yes_or_no("confirm"), token=turn.talk.token))


def _kept(turn: Turn, case: Case) -> Decision:
    """It stays; a refund that was to come in its place comes to nothing, and what was to come after that is next."""
    parked = turn.conversation.parked
    of_it = ("request_refund", Standing.WISHED, case.order_number)
    if parked and (parked.flow, parked.standing, parked.slots.get("order")) == of_it:
        turn = turn.with_conversation(replace(turn.conversation, parked=next_of_several(turn, parked)))
    return finish(turn, KEPT(case=case))


def revoke(turn: Turn) -> Decision | None:
    """Close the case; when it moved since it was shown, say so and show it again."""
    case = _chosen(turn)
    act = Act(Event.REVOKE, Role.BUYER, turn.now, seen=seen(turn, case))
    try:
        outcome = case_moves.carry_out(turn, case, act)
    except CaseError:
        return finish(turn, CHANGED(case=case))
    say, effects = DONE(case=outcome.case, buttons=_again(outcome.case)), case_moves.effects(turn, outcome)
    return finish(_without_what_it_was_for(turn, case), say, effects=effects)


def _without_what_it_was_for(turn: Turn, case: Case) -> Turn:
    """What was put aside and is of the request that is gone, there is nothing to go on with."""
    parked = turn.conversation.parked
    others = [one for one in turn.facts.cases if is_open(one) and one.number != case.number]
    only = parked is not None and parked.flow in _OF_A_CASE and "case" not in parked.slots and not others
    gone = parked is not None and (only or parked.slots.get("case") == case.number)
    return turn.with_conversation(replace(turn.conversation, parked=None)) if gone else turn


def _chosen(turn: Turn) -> Case:
    return the_case(turn, is_open)


def _again(case: Case) -> tuple[Button, ...]:
    """A refund may be asked for once more; what was a complaint or a question was none."""
    return () if case.kind in TALK else (_apply_again(case),)


def _apply_again(case: Case | None = None) -> Button:
    order = f" order={case.order_number}" if case else ""
    return Button("start", f"request_refund{order}", "refund")


def _human() -> Button:
    return Button("start", "escalate", "human")


FLOW = Flow(
    intent="revoke_refund",
    steps=(
        of_the_order_spoken_of,
        choose,
        stop_when_ended,
        pass_on_when_locked,
        on_its_way,
        ask_seller_first,
        confirm,
        revoke,
    ),
    replies=(
        WHICH,
        NOTHING,
        NOT_OF_THIS,
        ENDED,
        LOCKED,
        ON_ITS_WAY,
        CONFIRM,
        KEPT,
        DONE,
        ASK_SELLER,
        SELLER_ASKED,
        CHANGED,
    ),
    takes=frozenset({"order_number"}),
    starts=frozenset({"case", "seen", "confirm"}),
    own_no=frozenset({"ask_seller", "confirm"}),
    reads={
        "case": read_case(is_open),
        "ask_seller": agreed_naming("ask_seller"),
        "confirm": agreed_naming("revoke", not_to="keep"),
    },
)
