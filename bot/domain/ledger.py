"""The money's ledger: what its lines add up to, and whether they tell the same story as the refunds and the orders."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.domain.money import Money, total
from bot.domain.refunds import LedgerLine, Purpose, Refund, RefundEvent, RefundState, created, move
from bot.errors import CaseError

Sums = Mapping[RefundState, Money]
"""How much of one currency is in each state."""


@dataclass(frozen=True, slots=True)
class Running:
    """A line with what all lines up to it come to, in its currency."""

    line: LedgerLine
    sums: Sums


def running(lines: Iterable[LedgerLine]) -> Iterator[Running]:
    """Each line with its running totals: a refund's amount leaves one state and enters another."""
    sums: dict[str, dict[RefundState, Money]] = defaultdict(dict)
    for line in lines:
        mine, none = sums[line.amount.currency], Money(0, line.amount.currency)
        if line.start:
            mine[line.start] = mine.get(line.start, none) - line.amount
        mine[line.end] = mine.get(line.end, none) + line.amount
        yield Running(line, dict(mine))


def sums_of(refunds: Iterable[Refund]) -> dict[str, Sums]:
    """What the refunds themselves come to, by currency and state."""
    found: dict[str, dict[RefundState, Money]] = defaultdict(dict)
    for refund in refunds:
        mine, currency = found[refund.amount.currency], refund.amount.currency
        mine[refund.state] = mine.get(refund.state, Money(0, currency)) + refund.amount
    return dict(found)


def rebuilt(refund: Refund, lines: Iterable[LedgerLine]) -> Refund:
    """The refund as its lines alone tell it, from what it was ordered as. `CaseError` when they tell what can't be."""
    lines = tuple(lines)
    later = {line.act.who for line in lines if line.act.event is RefundEvent.APPROVE}
    found = replace(
        refund,
        state=RefundState.CREATED,
        version=1,
        approved=tuple(person for person in refund.approved if person not in later),
        tries=1,
        reference="",
        problem="",
    )
    for line in lines[1:]:
        found, _ = move(found, line.act)
    return found


def problems(
    refunds: Iterable[Refund], lines: Iterable[LedgerLine], paid: Mapping[str, Money]
) -> Iterator[str]:
    """Whatever does not add up, a sentence each. `paid` is what came in for each order."""
    refunds, lines = tuple(refunds), tuple(lines)
    told: dict[str, list[LedgerLine]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.version):
        told[line.key].append(line)
    for key in sorted(told.keys() - {refund.key for refund in refunds}):
        yield f"{key}: the ledger has lines of a refund there is none of"
    for refund in refunds:
        yield from _of_one(refund, told[refund.key])
    yield from _of_sums(refunds, lines)
    yield from _of_orders(refunds, paid)


def _of_one(refund: Refund, lines: list[LedgerLine]) -> Iterator[str]:
    left = sum(line.end is RefundState.DONE for line in lines)
    if left > 1:
        yield f"{refund.key}: left {left} times"
    if not lines or replace(lines[0], amount=refund.amount) != replace(
        created(refund), end=RefundState.CREATED
    ):
        yield f"{refund.key}: its first line is not the one it was ordered with"
        return
    if [line.version for line in lines] != list(range(1, refund.version + 1)):
        yield f"{refund.key}: lines are missing"
    if {line.amount for line in lines} != {refund.amount}:
        yield f"{refund.key}: its lines are of another amount"
    try:
        if rebuilt(refund, lines) != refund:
            yield f"{refund.key}: its lines tell of another state than {refund.state.value}"
    except CaseError as error:
        yield f"{refund.key}: its lines tell what can't be ({error})"


def _of_sums(refunds: tuple[Refund, ...], lines: tuple[LedgerLine, ...]) -> Iterator[str]:
    last = {one.line.amount.currency: one.sums for one in running(lines)}
    stand = sums_of(refunds)
    for currency in sorted(last.keys() | stand.keys()):
        for state in RefundState:
            none = Money(0, currency)
            by_lines, by_refunds = (
                last.get(currency, {}).get(state, none),
                stand.get(currency, {}).get(state, none),
            )
            if by_lines != by_refunds:
                yield f"{state.value}: the lines come to {by_lines}, the refunds to {by_refunds}"


def _of_orders(refunds: tuple[Refund, ...], paid: Mapping[str, Money]) -> Iterator[str]:
    price = [one for one in refunds if one.purpose is Purpose.PRICE and one.counts]
    for number in sorted(Counter(one.order_number for one in price)):
        amounts = [one.amount for one in price if one.order_number == number]
        came_in = paid.get(number, Money(0, amounts[0].currency))
        if {amount.currency for amount in amounts} != {came_in.currency}:
            yield f"order {number}: refunded in another currency than {came_in.currency}"
        elif (returned := total(amounts, came_in.currency)) > came_in:
            yield f"order {number}: {returned} of the price is refunded, {came_in} was paid"
