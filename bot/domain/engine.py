"""The one door by which a case is opened or moved: the table, the authority of who moves it, and the money that follows.

Pure, like everything here. What comes out is committed as it is, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain import machine, refunds
from bot.domain.authority import Level
from bot.domain.book import Book
from bot.domain.cases import BACK, MONEY, Act, Case, Entry, Event, Role, State
from bot.domain.dues import Due, dues
from bot.domain.money import Money
from bot.domain.options import shop_pays
from bot.domain.policy import Policy
from bot.domain.refunds import LedgerLine, Purpose, Refund
from bot.errors import BeyondAuthority, TooMuch


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case after something happened to it."""

    case: Case
    entry: Entry
    dues: tuple[Due, ...]
    """All that waits for this case from now on; whatever waited before is dropped."""
    refunds: tuple[tuple[Refund, LedgerLine], ...] = ()
    """Money that is to leave now."""


_GRANTS = frozenset({Event.AGREE, Event.OFFER, Event.GOODS_INTACT, Event.RULE_SPLIT, Event.RULE_FOR_BUYER})
"""Acts of the shop by which money may leave."""
_ASKS = frozenset({Event.MODIFY, Event.OFFER})
"""Acts that name another amount."""
_INSTEAD = frozenset({Event.ACCEPT_OFFER, Event.RULE_SPLIT})
"""Another amount in place of all that was asked for: of the goods, and of what was promised on top."""


def open_case(case: Case, book: Book, policy: Policy, by: Role = Role.BUYER, who: str = "") -> Outcome:
    """A new case, with its first line of history. `TooMuch` when it asks for more than is left."""
    _within(case.amount, book.left(case.lines), case)
    opened, entry = machine.apply(case, policy.of(book.order).terms, by, who)
    return Outcome(opened, entry, dues(opened, entry.act.at, policy.of(book.order)))


def carry_out(
    case: Case,
    act: Act,
    book: Book | None,
    policy: Policy,
    level: Level = Level.AGENT,
    *,
    known: bool = True,
) -> Outcome:
    """The case after the act, and the money that leaves by it.

    `book` is None only where the order is not known any more: then no money can be granted. Raises `StaleVersion`,
    `IllegalMove`, `TooMuch` when more would be paid than is left of what was paid, `BeyondAuthority` when who grants it
    may not alone. Nothing is changed then. `known` False: who acts can't be told from others, and is none of two people.
    """
    judged = policy.of(book.order if book else None)
    left = book.left(case.lines, besides=case.number) if book else Money(0, case.amount.currency)
    if act.by is Role.CLOCK and case.amount > left:
        act = replace(act, amount=left)  # a clock is never skipped, and never pays more than there is
    after, entry = machine.move(case, act, judged.terms)
    asked = act.amount if act.event is Event.OFFER and act.amount else after.amount
    if act.event in _ASKS or after.state is State.SUCCESS:
        _within(asked, left, case)
    owed = _owed(after, act, judged) if after.state is State.SUCCESS else {}
    if act.event in _GRANTS and act.by in (Role.AGENT, Role.BOT):
        granted = sum(owed.values(), Money(0, asked.currency)) if owed else asked
        _authorised(granted, Level.BOT if act.by is Role.BOT else level, judged, case)
    paid = _leaving(after, act, owed, judged, known=known)
    return Outcome(after, entry, dues(after, act.at, judged), paid)


def _within(asked: Money, left: Money, case: Case) -> None:
    if asked > left:
        raise TooMuch(f"{asked} for {case.number} is more than the {left} that can still be refunded")


def _authorised(asked: Money, level: Level, policy: Policy, case: Case) -> None:
    if not policy.authority.may_grant(level, asked):
        lowest = policy.authority.lowest(asked)
        raise BeyondAuthority(
            f"{asked} for {case.number} is for somebody of level {lowest.value} to grant", lowest
        )


def _owed(case: Case, act: Act, policy: Policy) -> dict[Purpose, Money]:
    """What the shop owes the buyer now that the case has succeeded, for each purpose."""
    owed = {
        Purpose.PRICE: case.amount if case.kind in MONEY or act.event in _INSTEAD else None,
        Purpose.FREIGHT: _freight(case, policy),
        Purpose.PROMISE: case.promised if act.event not in _INSTEAD else None,
    }
    return {purpose: amount for purpose, amount in owed.items() if amount}


def _leaving(
    case: Case, act: Act, owed: Mapping[Purpose, Money], policy: Policy, *, known: bool
) -> tuple[tuple[Refund, LedgerLine], ...]:
    """One refund for each purpose; whoever granted it has approved the first of two times."""
    people = policy.authority.people(sum(owed.values(), Money(0, case.amount.currency)))
    person = act.account or act.who
    approved = (person,) if people and known and person and act.by is Role.AGENT else ()
    made = (
        Refund(
            f"{'refund' if purpose is Purpose.PRICE else purpose.value}:{case.number}",
            case.number,
            case.order_number,
            purpose,
            amount,
            act.at,
            people=people,
            approved=approved,
        )
        for purpose, amount in owed.items()
    )
    return tuple((refund, refunds.created(refund)) for refund in made)


def _freight(case: Case, policy: Policy) -> Money | None:
    """The return postage the shop owes: what was laid out, up to what the policy repays, where the buyer is not at fault."""
    if case.freight is None or case.kind not in BACK or not shop_pays(case.responsibility):
        return None
    most = policy.freight_most.of(case.freight.currency)
    return min(case.freight, most, key=lambda money: money.minor)


def with_promise(case: Case, book: Book, policy: Policy) -> Case:
    """The case with what the shop's promise pays on top; a promise that was not made pays nothing."""
    factor = policy.of(book.order).promises.counterfeit_factor
    price = sum(line.paid.minor for line in book.order.pick(case.lines))
    return replace(case, promised=Money(price * factor, case.amount.currency)) if factor else case
