"""I won't take it (拒收): what happens then, and a refund that waits until the parcel is back at the shop.

How it fits the table: the refund is a return (``return_refund``) that the bot agrees to at once, for the goods never leave
the carrier's hands and no money leaves by that. It waits for the buyer to have refused the parcel; the parcel's own number is
then the return's waybill, and the shop looks at the goods like at any other return.
"""

from __future__ import annotations

from bot.domain.cases import Act, Case, Event, Goods, Kind, Reason, Responsibility, Role, State
from bot.domain.conversation import FlagReason
from bot.domain.decision import Audience, Decision, Effect, Say
from bot.domain.messages import Button
from bot.domain.money import Money
from bot.domain.options import at_fault, shop_pays
from bot.domain.orders import Order, OrderLine, Parcel, ParcelState
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.domain.verdicts import Verdict, may_refund, phase_of
from bot.errors import CaseError
from bot.flows import case_moves
from bot.flows.application import chosen_lines
from bot.flows.application_steps import NOT_ALLOWED, stop_when_blocked
from bot.flows.flow import Flow, agreed, agreed_naming, ask, finish
from bot.flows.handoff import notify
from bot.flows.naming import by_place
from bot.flows.one_parcel import OneParcel, under_way
from bot.flows.ordering import choose_order, the_order
from bot.flows.resending import ask_lines
from bot.flows.track_parcel import NOT_PAID, no_number
from bot.flows.which_lines import read_lines

NOT_SHIPPED = reply("refuse_delivery/not_shipped", "refund", tone=Tone.NEXT_STEP, order=Order)
DELIVERED = reply(
    "refuse_delivery/delivered", "refund", tone=Tone.APOLOGY | Tone.NEXT_STEP, order=Order, parcel=Parcel
)
WHY = reply(
    "refuse_delivery/why",
    "reason",
    tone=Tone.NEXT_STEP,
    option={"reason": Reason},
    order=Order,
    parcel=Parcel,
)
CONFIRM = reply(
    "refuse_delivery/confirm",
    "yes",
    "refused",
    "no",
    tone=Tone.NEXT_STEP,
    order=Order,
    parcel=Parcel,
    lines=tuple[OrderLine, ...],
    amount=Money,
    shop_pays=bool,
)
OPENED = reply(
    "refuse_delivery/opened",
    "refused",
    tone=Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    parcel=Parcel,
)
GOING_BACK = reply(
    "refuse_delivery/going_back", tone=Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE, case=Case, parcel=Parcel
)
KEPT = reply("refuse_delivery/kept", tone=Tone.NEXT_STEP, parcel=Parcel)

REMIND = reply("refuse_delivery/remind", "refused", "human", tone=Tone.NEXT_STEP | Tone.DEADLINE, case=Case)
POST = reply("desk/refused", tone=Tone.PLAIN, to=Audience.DESK, case=Case, parcel=Parcel)

_ONE = OneParcel(under_way)
_WAITING = frozenset({State.WAIT_BUYER_RETURN_GOODS, State.WAIT_SELLER_CONFIRM_GOODS})
"""The parcel is to be refused, or is on its way back."""
_WHYS = (Reason.CHANGED_MIND, Reason.LATE, Reason.DAMAGED, Reason.WRONG_ITEM)
"""Why somebody sends a parcel away, likeliest first; whoever is at fault pays for the way back."""


def going_back(turn: Turn) -> Decision | None:
    """They have refused it: the parcel's own number is the return's waybill, unless the carrier says it was delivered."""
    case = turn.facts.case(turn.slot("case"))
    if case is None or not case.parcel:
        return None
    if case.state not in _WAITING:
        return FLOW.decide(turn.with_talk(turn.talk.drop("case", "refused").fill(order=case.order_number)))
    order = turn.facts.order(case.order_number)
    parcel = next((one for one in order.parcels if one.number == case.parcel), None) if order else None
    if order is None or parcel is None:
        return None
    if parcel.number not in turn.facts.tracking:
        return Decision(turn.conversation, wants=(parcel,))
    news = turn.facts.tracking[parcel.number]
    if case.state is not State.WAIT_BUYER_RETURN_GOODS:
        return _stands(turn, case, news)
    if news.state is ParcelState.DELIVERED:
        return finish(turn, _delivered(order, news))
    try:
        outcome = case_moves.carry_out(turn, case, _refused(turn, news))
    except CaseError:
        return _stands(turn, case, news)
    words = GOING_BACK(case=outcome.case, parcel=news)
    return finish(turn, words, effects=case_moves.effects(turn, outcome))


def stop_when_unshipped(turn: Turn) -> Decision | None:
    """Nothing to refuse: an order that was not shipped is cancelled."""
    order = the_order(turn)
    if order.paid_at is None:
        return finish(turn, NOT_PAID(order=order))
    if order.shipped:
        return None
    refund = Button("start", f"request_refund order={order.number}", "refund")
    return finish(turn, NOT_SHIPPED(order=order, buttons=(refund,)))


def stop_when_applied(turn: Turn) -> Decision | None:
    """It was applied for already: what is to be done next."""
    parcel = _ONE.now(turn)
    applied = (case for case in turn.facts.cases if case.state in _WAITING and case.parcel == parcel.number)
    case = next(applied, None)
    return _stands(turn, case, parcel) if case else None


def stop_when_delivered(turn: Turn) -> Decision | None:
    """What was handed over can't be refused any more; it can be returned."""
    parcel = _ONE.now(turn)
    return (
        finish(turn, _delivered(the_order(turn), parcel)) if parcel.state is ParcelState.DELIVERED else None
    )


def choose_lines(turn: Turn) -> Decision | Turn | None:
    """Which products are in it, where the order came in several parcels."""
    return ask_lines(turn)


def stop_when_over(turn: Turn) -> Decision | None:
    """No right to it: name the rule, and offer a person. What may not go back for a change of mind may not by the way either."""
    verdict = _verdict(turn)
    if verdict.allowed:
        return None
    order, reason = the_order(turn), Reason(turn.slot("reason"))
    human = Button("start", "escalate", "human")
    return finish(turn, NOT_ALLOWED(order=order, reason=reason, verdict=verdict, buttons=(human,)))


def _verdict(turn: Turn) -> Verdict:
    order, lines, policy = the_order(turn), chosen_lines(turn), turn.policy.of(the_order(turn))
    verdict = may_refund(order, lines, Goods.NOT_RECEIVED, Reason.REFUSED, turn.now, policy)
    if not verdict.allowed or turn.slot("reason") != Reason.CHANGED_MIND:
        return verdict
    return may_refund(order, lines, Goods.RECEIVED, Reason.CHANGED_MIND, turn.now, policy)


def ask_why(turn: Turn) -> Decision | None:
    """Why: whoever is at fault pays for the way back."""
    if turn.slot("reason") in _WHYS:
        return None
    buttons = tuple(Button("reason", why.value, "reason", {"reason": why}) for why in _WHYS)
    return ask(
        turn,
        "reason",
        WHY(order=the_order(turn), parcel=_ONE.now(turn), buttons=buttons, token=turn.talk.token),
    )


def confirm(turn: Turn) -> Decision | None:
    """What happens then, and who pays; nothing is applied for before they say yes."""
    order, parcel = the_order(turn), _ONE.now(turn)
    if turn.slot("confirm") == "no":
        return finish(turn, KEPT(parcel=parcel))
    if turn.slot("confirm") == "yes" or turn.slot("refused") == "yes":
        return None
    lines = chosen_lines(turn)
    words = CONFIRM(
        order=order,
        parcel=parcel,
        lines=order.pick(lines),
        amount=turn.facts.book(order).left(lines),
        shop_pays=shop_pays(_at_fault(turn, parcel)),
        buttons=(
            Button("confirm", "yes", "yes"),
            Button("refused", "yes", "refused"),
            Button("confirm", "no", "no"),
        ),
        token=turn.talk.token,
    )
    return ask(turn, "confirm", words)


def apply(turn: Turn) -> Decision | None:
    """The return is applied for and agreed to; where the parcel was refused already it is on its way back."""
    parcel = _ONE.now(turn)
    opened = case_moves.open_case(turn, _case(turn, parcel))
    agreed_to = case_moves.carry_out(turn, opened.case, Act(Event.AGREE_RETURN, Role.BOT, turn.now))
    effects: tuple[Effect, ...] = (*case_moves.effects(turn, opened), *case_moves.effects(turn, agreed_to))
    case = agreed_to.case
    words = OPENED(case=case, parcel=parcel, buttons=(_has_refused(case),))
    if turn.slot("refused") == "yes":
        sent = case_moves.carry_out(turn, case, _refused(turn, parcel))
        case, effects = sent.case, (*effects, *case_moves.effects(turn, sent))
        words = GOING_BACK(case=case, parcel=parcel)
    post = POST(case=case, parcel=parcel)
    return notify(turn, FlagReason.ASK_CARRIER, words, effects=effects, post=post)


def reminder(case: Case) -> Say:
    """Words for who has not said yet that they refused it, while there is still time."""
    return REMIND(case=case, buttons=(_has_refused(case), Button("start", "escalate", "human")))


def _case(turn: Turn, parcel: Parcel) -> Case:
    order, lines = the_order(turn), chosen_lines(turn)
    return Case(
        number=case_moves.number(turn),
        conversation_id=turn.conversation.id,
        order_number=order.number,
        lines=tuple(line.number for line in order.pick(lines)),
        kind=Kind.RETURN_REFUND,
        state=State.WAIT_SELLER_AGREE,
        goods=Goods.NOT_RECEIVED,
        reason=Reason.REFUSED,
        amount=turn.facts.book(order).left(lines),
        opened_at=turn.now,
        phase=phase_of(order),
        responsibility=_at_fault(turn, parcel),
        rule=_verdict(turn).rule.value,
        subject=parcel.number,
    )


def _at_fault(turn: Turn, parcel: Parcel) -> Responsibility:
    """By what the buyer says; late is the carrier's fault once the day it was expected is over."""
    reason = Reason(turn.slot("reason") or Reason.REFUSED)
    if reason is not Reason.LATE:
        return at_fault(reason)
    return Responsibility.CARRIER if parcel.overdue(turn.now) else Responsibility.BUYER


def _refused(turn: Turn, parcel: Parcel) -> Act:
    return Act(Event.SHIP_BACK, Role.BUYER, turn.now, waybill=parcel.number)


def _stands(turn: Turn, case: Case, parcel: Parcel) -> Decision:
    if case.state is State.WAIT_BUYER_RETURN_GOODS:
        return finish(turn, OPENED(case=case, parcel=parcel, buttons=(_has_refused(case),)))
    return finish(turn, GOING_BACK(case=case, parcel=parcel))


def _delivered(order: Order, parcel: Parcel) -> Say:
    refund = Button("start", f"request_refund order={order.number}", "refund")
    return DELIVERED(order=order, parcel=parcel, buttons=(refund,))


def _has_refused(case: Case) -> Button:
    return Button("start", f"refuse_delivery case={case.number} refused=yes", "refused")


def _read_why(turn: Turn) -> str | None:
    """In words, or by its place among the buttons."""
    if (told := turn.meaning.slots.get("reason")) in _WHYS:
        return told
    reason = by_place(turn.meaning.slots.get("ordinal", ""), _WHYS)
    return reason.value if reason else None


FLOW = Flow(
    intent="refuse_delivery",
    steps=(
        going_back,
        choose_order,
        stop_when_unshipped,
        no_number,
        _ONE.choose,
        _ONE.ask_carrier,
        stop_when_applied,
        stop_when_delivered,
        choose_lines,
        stop_when_blocked,
        ask_why,
        stop_when_over,
        confirm,
        apply,
    ),
    replies=(NOT_SHIPPED, DELIVERED, WHY, CONFIRM, OPENED, GOING_BACK, KEPT, REMIND, POST),
    takes=frozenset({"order_number", "tracking_number", "reason"}),
    starts=frozenset({"order", "parcel", "case", "refused"}),
    own_no=frozenset({"confirm"}),
    kin=frozenset({"request_refund", "return_goods"}),
    reads={
        **_ONE.reads,
        "lines": read_lines,
        "reason": _read_why,
        "confirm": agreed_naming("refuse"),
        "refused": agreed,
    },
)
