"""The goods are on their way back (填写退货单号): the waybill, the postage that was laid out, and where to send them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.cases import BACK, Act, Case, Event, Responsibility, Role, State
from bot.domain.conversation import FlagReason
from bot.domain.decision import Decision
from bot.domain.engine import Outcome
from bot.domain.machine import possible
from bot.domain.messages import Attachment, Button
from bot.domain.money import Money
from bot.domain.options import shop_pays
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.errors import CaseError
from bot.flows import case_moves
from bot.flows.application import amount_in, may_mean
from bot.flows.flow import Flow, agreed, ask, finish, yes_or_no
from bot.flows.handoff import notify, wait
from bot.flows.waybill_told import doubtful, number_of, read_postage, read_waybill
from bot.flows.which_case import MOVED_ON, Fits, choose_case, read_case, the_case
from bot.understanding.waybills import holds_waybill

ASK = reply("return_shipment/ask", "where", tone=Tone.NEXT_STEP | Tone.DEADLINE, case=Case, photos=int)
NO_WAYBILL = reply("return_shipment/no_waybill", tone=Tone.APOLOGY | Tone.NEXT_STEP, text=str)
OURS = reply("return_shipment/ours", tone=Tone.APOLOGY | Tone.NEXT_STEP, waybill=str)
SURE = reply("return_shipment/sure", "yes", "no", tone=Tone.NEXT_STEP, waybill=str)
SAME = reply("return_shipment/same", tone=Tone.THANKS | Tone.DEADLINE, case=Case)
POSTAGE = reply("return_shipment/postage", "none", tone=Tone.NEXT_STEP, most=Money)
POSTAGE_NOTED = reply(
    "return_shipment/postage_noted", tone=Tone.THANKS | Tone.NEXT_STEP, case=Case, most=Money
)
POSTAGE_NONE = reply("return_shipment/postage_none", tone=Tone.THANKS, case=Case)
POSTAGE_YOURS = reply("return_shipment/postage_yours", tone=Tone.APOLOGY, case=Case)
ADDRESS = reply(
    "return_shipment/address", "waybill", tone=Tone.NEXT_STEP | Tone.DEADLINE, case=Case, address=str
)
ADDRESS_ASKED = reply(
    "return_shipment/address_asked",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    minutes=int,
    back_at=datetime | None,
)
NOT_WAITING = reply(
    "return_shipment/not_waiting", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP, case=Case, waybill=str
)


def waits(case: Case) -> bool:
    """The buyer is to send the goods back."""
    return case.state is State.WAIT_BUYER_RETURN_GOODS and not case.locked


def takes_waybill(case: Case) -> bool:
    """A waybill may be noted, or another than before."""
    return Event.SHIP_BACK in possible(case, Role.BUYER)


def goes_back(turn: Turn) -> Fits:
    """The case that waits for it; one that has its waybill only when none does."""
    return waits if any(map(waits, turn.facts.cases)) else takes_waybill


def choose(turn: Turn) -> Decision | None:
    """Ask which, when several wait for it."""
    return choose_case(turn, goes_back(turn))


def not_waiting(turn: Turn) -> Decision | None:
    """Nothing is to come back for it, or not yet; a waybill that was told all the same is shown to a person."""
    case = _case(turn)
    if takes_waybill(case):
        return None
    told = turn.slot("waybill")
    words = NOT_WAITING(case=case, waybill=told, buttons=case_moves.ways_on(case, NOT_WAITING))
    if told and case.open and case.kind in BACK:
        return notify(turn, FlagReason.FOR_A_PERSON, words)
    return finish(turn, words)


def tell_address(turn: Turn) -> Decision | None:
    """Where to send it, by the policy; where that does not tell, a person is asked to."""
    case = _case(turn)
    if turn.slot("where") != "yes" or turn.slot("waybill"):
        return None
    address = turn.policy.return_address
    if not address:
        return notify(turn, FlagReason.FOR_A_PERSON, ADDRESS_ASKED(case=case, **wait(turn)))
    return finish(turn, ADDRESS(case=case, address=address, buttons=case_moves.ways_on(case, ADDRESS)))


def note_postage(turn: Turn) -> Decision | None:
    """Once the waybill is noted: what was laid out for the postage."""
    if turn.slot("noted") != "yes":
        return None
    case = _case(turn)
    if turn.slot("amount") == "0":
        return finish(turn, POSTAGE_NONE(case=case))
    laid_out = _laid_out(turn)
    if laid_out is None:
        return _ask_postage(turn.with_talk(turn.talk.drop("amount", "currency")))
    outcome = _shipped(turn, case.waybill, laid_out, turn.incoming.attachments)
    if outcome is None:
        return _moved_on(turn)
    noted = POSTAGE_NOTED(case=outcome.case, most=_most(turn))
    return finish(turn, noted, effects=case_moves.effects(turn, outcome))


def ask_waybill(turn: Turn) -> Decision | None:
    """Ask for the number; of what can't be one, or is the shop's own parcel, say so."""
    told, case = turn.slot("waybill"), _case(turn)
    if not told:
        where = Button("start", f"return_shipment case={case.number} where=yes", "where")
        photos = len(turn.talk.attachments)
        return ask(turn, "waybill", ASK(case=case, photos=photos, buttons=(where,)))
    again = turn.with_talk(turn.talk.drop("waybill", "sure"))
    if not holds_waybill(told):
        return ask(again, "waybill", NO_WAYBILL(text=told))
    if number_of(told) in _sent_by_us(turn):
        return ask(again, "waybill", OURS(waybill=told))
    return None


def doubt(turn: Turn) -> Decision | None:
    """A number that breaks its carrier's own rule is read back before it is noted."""
    told = turn.slot("waybill")
    if turn.slot("sure") == "yes" or not doubtful(told):
        return None
    if turn.slot("sure") == "no":
        return ask_waybill(turn.with_talk(turn.talk.drop("waybill", "sure")))
    return ask(turn, "sure", SURE(waybill=told, buttons=yes_or_no("sure"), token=turn.talk.token))


def ship_back(turn: Turn) -> Decision | None:
    """Note it, with the postage where that was told; ask for that where the shop repays it."""
    case, waybill, laid_out = _case(turn), turn.slot("waybill"), _laid_out(turn)
    if case.waybill == waybill and laid_out is None:
        return finish(turn, SAME(case=case))
    yours = laid_out is not None and case.responsibility is Responsibility.BUYER
    outcome = _shipped(turn, waybill, None if yours else laid_out, turn.talk.attachments)
    if outcome is None:
        return _moved_on(turn)
    says, effects = case_moves.told(turn, outcome), case_moves.effects(turn, outcome)
    if yours:
        return finish(turn, *says, POSTAGE_YOURS(case=outcome.case), effects=effects)
    if outcome.case.freight or not shop_pays(case.responsibility) or not _most(turn):
        return finish(turn, *says, effects=effects)
    noted = case_moves.seen_with(turn, outcome.case)
    asked = _ask_postage(noted.with_talk(turn.talk.fill(noted="yes", case=case.number)))
    return replace(asked, says=(*says, *asked.says), effects=effects)


def _case(turn: Turn) -> Case:
    return the_case(turn, goes_back(turn))


def _shipped(
    turn: Turn, waybill: str, laid_out: Money | None, files: tuple[Attachment, ...]
) -> Outcome | None:
    """What noting it comes to; None when the case has moved on meanwhile."""
    act = Act(Event.SHIP_BACK, Role.BUYER, turn.now, waybill=waybill, amount=laid_out, evidence=files)
    try:
        return case_moves.carry_out(turn, _case(turn), act)
    except CaseError:
        return None


def _moved_on(turn: Turn) -> Decision:
    case = _case(turn)
    return finish(turn, MOVED_ON(case=case, buttons=case_moves.ways_on(case, MOVED_ON)))


def _ask_postage(turn: Turn) -> Decision:
    none = Button("amount", "0", "none")
    return ask(turn, "amount", POSTAGE(most=_most(turn), buttons=(none,), token=turn.talk.token))


def _most(turn: Turn) -> Money:
    """The most postage the shop repays for it, by the policy of the order's day."""
    case = _case(turn)
    policy = turn.policy.of(turn.facts.order(case.order_number))
    return policy.freight_most.of(case.amount.currency)


def _laid_out(turn: Turn) -> Money | None:
    """The postage as it was told; None where nothing was, or no sum in the order's currency."""
    asked, currency = turn.slot("amount"), _case(turn).amount.currency
    if not asked[:1].isdigit() or asked.endswith("%") or not may_mean(turn.slot("currency"), currency):
        return None
    return amount_in(asked, Money(0, currency)) or None


def _sent_by_us(turn: Turn) -> set[str]:
    """The waybills of the parcels that came to the buyer."""
    return {parcel.number.upper() for order in turn.facts.orders for parcel in order.parcels}


FLOW = Flow(
    intent="return_shipment",
    steps=(choose, not_waiting, tell_address, note_postage, ask_waybill, doubt, ship_back),
    replies=(
        ASK,
        NO_WAYBILL,
        OURS,
        SURE,
        SAME,
        POSTAGE,
        POSTAGE_NOTED,
        POSTAGE_NONE,
        POSTAGE_YOURS,
        ADDRESS,
        ADDRESS_ASKED,
        NOT_WAITING,
    ),
    takes=frozenset({"waybill", "where", "amount", "currency"}),
    starts=frozenset({"case"}),
    kin=frozenset({"return_goods", "shipping_fee_policy", "refund_status", "track_parcel"}),
    reads={
        "case": read_case(takes_waybill),
        "waybill": read_waybill,
        "sure": agreed,
        "amount": read_postage,
        "evidence": lambda _: None,
    },
)
