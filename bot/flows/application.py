"""An application as far as it is told: which products, what for, how much, why, and what the rules say to it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot.domain.cases import FAULT, Goods, Reason
from bot.domain.money import Money
from bot.domain.offers import Offer, asked, offers
from bot.domain.options import Option
from bot.domain.orders import Order
from bot.domain.turn import Turn
from bot.domain.verdicts import Verdict, goods_of, kind_for, may_refund, reasons_for
from bot.errors import MoneyError
from bot.flows.matters import MATTERS, REFUND
from bot.flows.ordering import the_order
from bot.flows.troubles import TROUBLE_OF

_WRITTEN_ALIKE = (
    frozenset({"USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD"}),
    frozenset({"CNY", "HKD", "JPY", "TWD"}),
)
"""Currencies that share a sign or a word: $, ¥, 元. Said of an order, it is the order's own that is meant."""


OF_GOODS_THAT_CAME = frozenset({Option.RETURN_REFUND, Option.EXCHANGE, Option.REPAIR, Option.KEEP_PARTIAL})
"""Wishes of who has the goods."""
_REFUNDS = (Option.RETURN_REFUND, Option.REFUND_ONLY)


def may_mean(said: str, currency: str) -> bool:
    """True when an amount said in `said` (empty when no currency was) can be one in the order's currency."""
    return said in ("", currency) or any({said, currency} <= alike for alike in _WRITTEN_ALIKE)


def asked_for(turn: Turn) -> Order:
    """The order as the buyer sees it in this talk: with the chosen products only."""
    order = the_order(turn)
    return replace(order, lines=order.pick(chosen_lines(turn)))


def lines_known(turn: Turn) -> bool:
    """True when it is told which products, of those the order has."""
    known = {str(line.number) for line in the_order(turn).lines} | {"all"}
    return turn.slot("lines") in known


def chosen_lines(turn: Turn) -> tuple[int, ...]:
    """Chosen line numbers, empty for the whole order."""
    chosen = turn.slot("lines")
    return (int(chosen),) if chosen.isdigit() else ()


def goods_now(turn: Turn) -> Goods:
    """Where the goods are, as the shop and the buyer know it."""
    return goods_of(the_order(turn), received(turn) == "yes")


def received(turn: Turn) -> str:
    """What the buyer said; or what their reason or their wish tells: nobody finds a fault in goods that never came, or wants
    them changed."""
    reason, wish = turn.slot("reason"), turn.slot("option")
    if turn.slot("received"):
        return turn.slot("received")
    if reason in (Reason.NOT_RECEIVED, Reason.LOST):
        return "no"
    trouble = turn.talk.flow in TROUBLE_OF.values()
    has_it = reason in FAULT or wish in OF_GOODS_THAT_CAME or trouble
    order = the_order(turn)
    here = order.came if reason == Reason.MISSING_ITEM else order.delivered  # who misses a part has the rest
    return "yes" if has_it and here else ""


def doubtful(turn: Turn) -> bool:
    """True when a parcel that the carrier delivered is said not to have come, in passing and not as the trouble itself."""
    said_so = turn.slot("asked") == "received" or turn.slot("reason") == Reason.NOT_RECEIVED
    return turn.slot("received") == "no" and the_order(turn).delivered and not said_so


def reasons_asked(turn: Turn) -> tuple[Reason, ...]:
    """The reasons that fit what is applied for and where the goods are, likeliest first."""
    matter = MATTERS.get(turn.talk.flow)
    return matter.reasons if matter else reasons_for(goods_now(turn))


def verdict_on(turn: Turn) -> Verdict:
    """What the rules say to the reason that was told."""
    return verdict_of(turn, Reason(turn.slot("reason")))


def verdict_of(turn: Turn, reason: Reason) -> Verdict:
    """What the rules of the order's day say to this reason now."""
    order = the_order(turn)
    return may_refund(order, chosen_lines(turn), goods_now(turn), reason, turn.now, turn.policy.of(order))


def limit_of(turn: Turn) -> Money:
    """The most that can be refunded for the chosen products."""
    return turn.facts.book(the_order(turn)).left(chosen_lines(turn))


def amount_of(turn: Turn) -> Money | None:
    """The asked amount, of what can still be refunded."""
    return amount_in(turn.slot("amount"), limit_of(turn))


def amount_in(asked: str, limit: Money) -> Money | None:
    """An amount as it was said: ``all``, ``half``, a share of the most there is (``20%``), or a decimal in its currency."""
    if asked == "all":
        return limit
    if asked == "half":
        return replace(limit, minor=limit.minor // 2)
    if asked.endswith("%"):
        return replace(limit, minor=int(limit.minor * Decimal(asked[:-1]) / 100))
    try:
        return Money.of(asked, limit.currency)
    except MoneyError:
        return None


def options_now(turn: Turn) -> tuple[Offer, ...]:
    """The ways to put it right that are offered for the reason that was told."""
    order, reason = the_order(turn), Reason(turn.slot("reason"))
    return offers(turn.facts.book(order), chosen_lines(turn), goods_now(turn), reason, turn.now, turn.policy)


def option_of(turn: Turn) -> Option | None:
    """The way that was chosen; None while none is."""
    told = turn.slot("option")
    if told == REFUND:
        shown = (offer.option for offer in options_now(turn) if offer.option in _REFUNDS)
        return next(shown, Option(kind_for(goods_now(turn), Reason(turn.slot("reason")))))
    return Option(told) if told in Option.__members__.values() else None


def offer_of(turn: Turn) -> Offer | None:
    """What the chosen way comes to, with the amount that was told; None where none is chosen, or it can't be had."""
    option, order = option_of(turn), the_order(turn)
    if option is None:
        return None
    case = (turn.facts.book(order), chosen_lines(turn), goods_now(turn), Reason(turn.slot("reason")))
    return asked(option, *case, turn.now, turn.policy, amount_of(turn))
