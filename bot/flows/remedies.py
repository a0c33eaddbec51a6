"""Goods that are not right: from what is wrong, or wanted instead, to a way that puts it right, and who pays what.

What is told in the first words is never asked again. What the bot may grant by itself it grants at once; the rest waits for
a person (domain facts, section 6).
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cases import Reason, Responsibility
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.money import Money
from bot.domain.offers import Offer
from bot.domain.options import Option
from bot.domain.orders import Order
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows import application_steps, request_refund
from bot.flows.application import (
    OF_GOODS_THAT_CAME,
    amount_of,
    asked_for,
    chosen_lines,
    limit_of,
    offer_of,
    option_of,
    options_now,
    reasons_asked,
    received,
    verdict_on,
)
from bot.flows.application_answers import (
    read_amount,
    read_confirm,
    read_evidence,
    read_option,
    read_reason,
    read_received,
    read_subject,
)
from bot.flows.application_steps import (
    ask_another_amount,
    ask_evidence,
    ask_received,
    stop_when_blocked,
    stop_when_over,
)
from bot.flows.flow import Flow, Step, ask, finish, yes_or_no
from bot.flows.granting import GRANTED, chosen, make, subject_of
from bot.flows.matters import APPLICATIONS
from bot.flows.ordering import READS, choose_order, the_order
from bot.flows.request_refund import CONFIRM, DROPPED, OPENED, REASON
from bot.flows.told import hear
from bot.flows.which_lines import choose_lines, read_lines

NOT_HERE = reply(
    "remedy/not_here",
    "cancel",
    "refund",
    "human",
    tone=Tone.APOLOGY | Tone.NEXT_STEP,
    order=Order,
    shipped=bool,
)
OPTIONS = reply(
    "remedy/options",
    "option",
    tone=Tone.APOLOGY | Tone.NEXT_STEP,
    option={"offer": Offer},
    order=Order,
    reason=Reason,
    offers=tuple[Offer, ...],
    wish=Option | None,
)
SUBJECT = reply("remedy/subject", "same", tone=Tone.NEXT_STEP, order=Order, wish=Option, reason=Reason)
AMOUNT = reply(
    "remedy/amount", "share", tone=Tone.APOLOGY | Tone.NEXT_STEP, order=Order, limit=Money, share=Money
)
REPLIES = (NOT_HERE, OPTIONS, SUBJECT, AMOUNT, GRANTED)

_OTHER_KIND = "another"
"""The buyer wants another size or colour, and has not told which."""


def stop_when_not_sent(turn: Turn) -> Decision | None:
    """What has not left can be cancelled; there is nothing yet that could be wrong with it."""
    return None if the_order(turn).shipped else _not_here(turn)


def stop_when_early(turn: Turn) -> Decision | None:
    """Who wants it changed, mended or a part back has to have it first, whatever the reason."""
    early = turn.slot("option") in OF_GOODS_THAT_CAME and received(turn) == "no"
    return _not_here(turn) if early else None


def ask_reason(turn: Turn) -> Decision | None:
    """Ask what is wrong, where it is not told."""
    if turn.slot("reason"):
        return None
    buttons = tuple(Button("reason", each.value, "reason", {"reason": each}) for each in reasons_asked(turn))
    wish = Option(turn.slot("option")) if turn.slot("option") in Option.__members__.values() else None
    say = REASON(order=asked_for(turn), wish=wish, buttons=buttons, token=turn.talk.token)
    return ask(turn, "reason", say)


def stop_when_not_here(turn: Turn) -> Decision | None:
    """What has not come can't be changed or kept: say so, and what can be done."""
    return None if options_now(turn) or offer_of(turn) else _not_here(turn)


def _not_here(turn: Turn) -> Decision:
    order = the_order(turn)
    label = "refund" if order.shipped else "cancel"
    money = Button("start", f"request_refund order={order.number}", label)
    buttons = (money, Button("start", "escalate", "human"))
    return finish(turn, NOT_HERE(order=asked_for(turn), shipped=order.shipped, buttons=buttons))


def ask_option(turn: Turn) -> Decision | Turn | None:
    """Offer the ways there are, each with what it comes to and who pays the postage."""
    if offer_of(turn):
        return None
    ways, wish = options_now(turn), option_of(turn)
    if len(ways) == 1 and wish is None:
        return turn.with_talk(turn.talk.fill(option=ways[0].option))
    turn = turn.with_talk(turn.talk.drop("option"))
    buttons = tuple(Button("option", way.option.value, "option", {"offer": way}) for way in ways)
    reason = Reason(turn.slot("reason"))
    say = OPTIONS(
        order=asked_for(turn), reason=reason, offers=ways, wish=wish, buttons=buttons, token=turn.talk.token
    )
    return ask(turn, "option", say)


def ask_subject(turn: Turn) -> Decision | Turn | None:
    """Ask what it shall be instead, what is broken, or what is missing, where that is not told."""
    option, reason, told = option_of(turn), Reason(turn.slot("reason")), turn.slot("subject")
    if told == "same" and turn.incoming.choice:
        return turn.with_talk(turn.talk.fill(subject=turn.incoming.text))
    wanted = option in (Option.EXCHANGE, Option.REPAIR) or (
        option is Option.RESHIP and reason is Reason.MISSING_ITEM
    )
    if told or not wanted or option is None:
        return None
    enough = _names_it(turn) if option is Option.EXCHANGE else turn.slot("brief") != "yes"
    if turn.slot("story") and enough:
        return turn.with_talk(turn.talk.fill(subject=turn.slot("story")))
    buttons = (Button("subject", "same", "same"),) if option is Option.EXCHANGE else ()
    say = SUBJECT(order=asked_for(turn), wish=option, reason=reason, buttons=buttons, token=turn.talk.token)
    return ask(turn, "subject", say)


def _names_it(turn: Turn) -> bool:
    """True when it is told what shall come instead, and not only that it shall be another."""
    slots = turn.talk.slots
    return bool(slots.keys() & {"size", "colour"}) or slots.get("instead", _OTHER_KIND) != _OTHER_KIND


def ask_amount(turn: Turn) -> Decision | None:
    """Ask who wants a part back how much that is; offer what the shop has in mind, and never more than is left."""
    if (again := ask_another_amount(turn)) is not None:
        return again
    if amount_of(turn) is not None or not (turn.talk.flow == "partial_refund" or turn.slot("more")):
        return None
    offer, percent = offer_of(turn), turn.policy.of(the_order(turn)).partial_percent
    if offer is None or offer.option is not Option.KEEP_PARTIAL:
        return None
    buttons = (Button("amount", f"{percent}%", "share"),) if offer.amount else ()
    say = AMOUNT(
        order=asked_for(turn),
        limit=limit_of(turn),
        share=offer.amount,
        buttons=buttons,
        token=turn.talk.token,
    )
    return ask(turn, "amount", say)


def confirm(turn: Turn) -> Decision | None:
    """Show the whole application before it is made."""
    if turn.slot("confirm") == "no":
        return finish(turn, DROPPED())
    if turn.slot("confirm") == "yes":
        return None
    order, offer = the_order(turn), chosen(turn)
    say = CONFIRM(
        order=order,
        lines=order.pick(chosen_lines(turn)),
        kind=offer.option.kind,
        reason=Reason(turn.slot("reason")),
        subject=subject_of(turn),
        amount=offer.amount,
        verdict=verdict_on(turn),
        photos=len(turn.talk.attachments),
        at_once=offer.at_once,
        buyer_pays=offer.freight is Responsibility.BUYER,
        buttons=yes_or_no("confirm"),
        token=turn.talk.token,
    )
    return ask(turn, "confirm", say)


_STEPS: tuple[Step, ...] = (
    hear,
    choose_order,
    choose_lines,
    stop_when_blocked,
    stop_when_not_sent,
    ask_received,
    stop_when_early,
    ask_reason,
    stop_when_over,
    stop_when_not_here,
    ask_evidence,
    ask_option,
    ask_subject,
    ask_amount,
    confirm,
    make,
)


def remedy(intent: str, *first: Step, own: Flow | None = None) -> Flow:
    """The flow of one of the matters; `own` has the questions and slots that only it has."""
    flow = Flow(
        intent=intent,
        steps=(*first, *_STEPS),
        replies=(*application_steps.REPLIES, *REPLIES, REASON, CONFIRM, DROPPED, OPENED),
        takes=_TAKES,
        starts=frozenset({"order", "lines", "option"}),
        free=frozenset({"subject"}),
        own_no=frozenset({"confirm"}),
        undone_by="revoke_refund",
        summaries=frozenset({"confirm"}),
        corrects=frozenset({"amount", "currency", "reason", "received"}),
        corrected=request_refund.corrected,
        kin=APPLICATIONS | {"change_refund", "size_advice"},
        reads=_READS,
    )
    if own is None:
        return flow
    return replace(
        flow,
        replies=(*flow.replies, *own.replies),
        starts=flow.starts | own.starts,
        free=flow.free | own.free,
        own_no=flow.own_no | own.own_no,
        reads={**flow.reads, **own.reads},
    )


_TAKES = frozenset(
    {
        "order_number",
        "tracking_number",
        "reason",
        "received",
        "amount",
        "currency",
        "size",
        "colour",
        "instead",
        "option",
        "evidence",
    }
)
_READS = {
    **READS,
    "lines": read_lines,
    "received": read_received,
    "reason": read_reason,
    "evidence": read_evidence,
    "option": read_option,
    "subject": read_subject,
    "amount": read_amount,
    "confirm": read_confirm,
}

FLOWS = tuple(
    remedy(intent)
    for intent in (
        "parcel_damaged",
        "quality_issue",
        "not_as_described",
        "wrong_or_missing_item",
        "warranty_repair",
    )
)
"""Those that ask nothing of their own; exchange, partial refund and return have files of theirs."""
