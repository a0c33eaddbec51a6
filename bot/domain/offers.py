"""What is offered to a buyer about a problem: the options the policy names and the rules allow now, each with what it comes
to and who pays the postage (domain facts, section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.authority import Level
from bot.domain.book import Book
from bot.domain.cases import FAULT, Goods, Kind, Reason, Responsibility, State
from bot.domain.money import Money
from bot.domain.options import MOST, Option, at_fault, shop_pays
from bot.domain.policy import Policy
from bot.domain.verdicts import judged

_GOES_BACK = frozenset({Option.RETURN_REFUND, Option.EXCHANGE, Option.REPAIR})
_ASKS_FOR_PRICE = frozenset({Option.RETURN_REFUND, Option.REFUND_ONLY})
_PAYS = _ASKS_FOR_PRICE | {Option.KEEP_PARTIAL}
_SENT_ANEW = frozenset({Option.EXCHANGE, Option.RESHIP})
"""What a shop may have none left of: only where the policy names it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to put it right."""

    option: Option
    amount: Money
    """What is paid back by it; nothing where goods are sent or asked for."""
    freight: Responsibility
    """Who pays the postage: ``buyer``, or ``seller`` where the shop does; ``undecided`` where nothing is sent."""
    at_once: bool
    """The bot grants it by itself; otherwise a person decides."""


def offers(
    book: Book, lines: tuple[int, ...], goods: Goods, reason: Reason, now: datetime, policy: Policy
) -> tuple[Offer, ...]:
    """One to three ways, the first one first; none when the rules allow nothing any more."""
    held = policy.of(book.order)
    if not judged(book, lines, goods, reason, now, held).allowed:
        return ()
    left = book.left(lines)
    named = held.options.get(reason, (Option.REFUND_ONLY,))
    ordered = (
        sorted(named, key=lambda option: option is not Option.KEEP_PARTIAL)
        if _cheap(left, reason, held)
        else named
    )
    possible = [option for option in ordered if _makes_sense(option, goods)]
    found = (_offer(option, reason, _amount(option, left, held), book, held) for option in possible)
    return tuple(offer for offer in found if offer.amount or offer.option not in _PAYS)[:MOST]


def asked(
    option: Option,
    book: Book,
    lines: tuple[int, ...],
    goods: Goods,
    reason: Reason,
    now: datetime,
    policy: Policy,
    amount: Money | None = None,
) -> Offer | None:
    """What the buyer asks for by name, offered or not, and with the amount they name; None where it can't be had.

    Money for goods that come back or stay, and a repair, can always be asked for; goods sent anew where the policy names it.
    """
    held = policy.of(book.order)
    named = held.options.get(reason, (Option.REFUND_ONLY,))
    if not judged(book, lines, goods, reason, now, held).allowed or not _makes_sense(option, goods):
        return None
    if option in _SENT_ANEW and option not in named:
        return None
    left = book.left(lines)
    named_amount = amount if option in _PAYS else None
    return _offer(option, reason, named_amount or _amount(option, left, held), book, held)


def _cheap(left: Money, reason: Reason, policy: Policy) -> bool:
    """Of low value, it need not come back: a part of the price is offered first."""
    return reason in FAULT and policy.low_value.covers(left)


def _makes_sense(option: Option, goods: Goods) -> bool:
    """What never came can't go back, and is no reason to keep anything."""
    if option in _GOES_BACK or option is Option.KEEP_PARTIAL:
        return goods is Goods.RECEIVED
    if option is Option.CHASE:
        return goods is Goods.NOT_RECEIVED
    return True


def _offer(option: Option, reason: Reason, amount: Money, book: Book, policy: Policy) -> Offer:
    payer = Responsibility.UNDECIDED
    if option in _GOES_BACK:
        payer = Responsibility.SELLER if shop_pays(at_fault(reason)) else Responsibility.BUYER
    elif option is Option.RESHIP:
        payer = Responsibility.SELLER
    may = policy.authority.may_grant(Level.BOT, amount) and not _granted_before(book)
    return Offer(option, amount, payer, may and option is Option.KEEP_PARTIAL and reason in FAULT)


def _granted_before(book: Book) -> bool:
    """What is small once is not small when it is asked for again and again: the bot gives it once an order."""
    return any(case.kind is Kind.COMPENSATION and case.state is State.SUCCESS for case in book.cases)


def _amount(option: Option, left: Money, policy: Policy) -> Money:
    if option is Option.KEEP_PARTIAL:
        return Money(left.minor * policy.partial_percent // 100, left.currency)
    return left if option in _ASKS_FOR_PRICE else Money(0, left.currency)
