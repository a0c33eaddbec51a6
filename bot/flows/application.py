"""A refund application as far as it is told: which products, how much, why, and what the rules say to it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot.domain.cases import FAULT, Goods, Reason
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.turn import Turn
from bot.domain.verdicts import Verdict, goods_of, may_refund
from bot.errors import MoneyError
from bot.flows.ordering import the_order

_WRITTEN_ALIKE = (
    frozenset({"USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD"}),
    frozenset({"CNY", "HKD", "JPY", "TWD"}),
)
"""Currencies that share a sign or a word: $, ¥, 元. Said of an order, it is the order's own that is meant."""


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
    """What the buyer said; or what their reason tells: nobody finds a fault in goods that never came."""
    reason = turn.slot("reason")
    if turn.slot("received") or not reason:
        return turn.slot("received")
    if reason == Reason.NOT_RECEIVED:
        return "no"
    return "yes" if reason in FAULT and the_order(turn).delivered else ""


def doubtful(turn: Turn) -> bool:
    """True when a parcel that the carrier delivered is said not to have come, in passing and not as the trouble itself."""
    said_so = turn.slot("asked") == "received" or turn.slot("reason") == Reason.NOT_RECEIVED
    return turn.slot("received") == "no" and the_order(turn).delivered and not said_so


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
