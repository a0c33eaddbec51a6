"""What a month came to, in figures: how much was said and understood, how cases ended, where the money is, how fast it went."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from statistics import quantiles

from bot.domain.cases import Case, Event
from bot.domain.dues import Reminder
from bot.domain.messages import Speaker
from bot.domain.money import total
from bot.domain.refunds import Purpose, RefundState
from bot.simulate.month import Month
from bot.simulate.record import Record

Row = tuple[str, str]
Tell = Callable[[datetime], None]
"""Hears how far the month is."""
_MISSED = ("talk/fallback", "talk/not_understood", "talk/two_misses")
"""What is said where a message was not understood."""
_RULINGS = (Event.RULE_FOR_BUYER, Event.RULE_FOR_SELLER, Event.RULE_SPLIT, Event.WITHDRAW)


@dataclass(frozen=True, slots=True)
class Took:
    """What the playing itself took."""

    seconds: float
    memory: float | None
    """MiB at most; None where the system does not tell."""


def summary(month: Month, record: Record, took: Took) -> Iterator[Row]:
    """Each figure with its name."""
    came, sent = record.rows["inbox"], [row for row in record.rows["outbox"] if row["channel"] == "web"]
    yield "conversations", f"{len(record.rows['conversations']):,}"
    yield "orders", f"{len(record.orders):,}"
    yield "messages in", _counted(Counter(row["channel"] for row in came))
    yield "replies out", f"{len(sent):,} ({month.messenger.failed} tries failed and were repeated)"
    yield "understood", _understood(record)
    yield from _of_cases(record)
    yield "carriers asked", f"{month.carrier.asked:,} times, {month.carrier.failed} in vain"
    yield "shop was down", f"{month.outages} times"
    yield "took", _took(month, len(came), took)
    yield "a step of the worker", _steps(month)


def _of_cases(record: Record) -> Iterator[Row]:
    moves = Counter(entry.act.event for history in record.histories.values() for entry in history)
    ended = Counter(_ended(case, record) for case in record.cases)
    reminded = Counter(row["kind"] for row in record.rows["deadlines"] if row["state"] == "fired")
    yield "cases", f"{len(record.cases):,}"
    yield "how they stand", _counted(ended)
    yield "agreed or paid by the clock", f"{moves[Event.SELLER_TIMEOUT]:,}"
    yield "closed by the clock", f"{ended['closed by the clock']:,}"
    yield "reminders", _counted(Counter({kind: reminded[kind.value] for kind in Reminder}))
    yield "disputes", f"{moves[Event.INTERVENE]:,}"
    yield "rulings", _counted(Counter({event.value: moves[event] for event in _RULINGS}))


def kinds(record: Record) -> Iterator[tuple[str, ...]]:
    """Kind, how it stands, how many."""
    found = Counter((case.kind.value, _ended(case, record)) for case in record.cases)
    for (kind, end), count in sorted(found.items()):
        yield kind, end, f"{count:,}"


def money(record: Record) -> Iterator[tuple[str, ...]]:
    """Purpose, state, how many refunds, and how much, in each currency."""
    for purpose in Purpose:
        for currency in sorted({one.amount.currency for one in record.refunds}):
            for state in RefundState:
                mine = [
                    one.amount
                    for one in record.refunds
                    if (one.purpose, one.amount.currency, one.state) == (purpose, currency, state)
                ]
                if mine:
                    yield (
                        purpose.value,
                        state.value,
                        f"{len(mine):,}",
                        f"{total(mine, currency).decimal:,} {currency}",
                    )


def digest(record: Record) -> str:
    """The same for the same ledger, byte for byte."""
    return hashlib.sha256("\n".join(map(repr, record.ledger)).encode()).hexdigest()[:16]


def _ended(case: Case, record: Record) -> str:
    last = record.histories[case.number][-1].act.event
    if case.open:
        return "in dispute" if case.locked else "open"
    if last is Event.REVOKE:
        return "revoked"
    if last is Event.BUYER_TIMEOUT and case.state.value == "CLOSED":
        return "closed by the clock"
    return "success" if case.state.value == "SUCCESS" else "closed"


def _understood(record: Record) -> str:
    heard = [row["meaning"] for row in record.rows["lines"] if row["meaning"]]
    sure = Counter(meaning["sureness"] for meaning in heard)
    replies = Counter(row["reply"] for row in record.rows["lines"] if row["who"] == Speaker.BOT)
    missed = sum(replies[name] for name in _MISSED)
    return (
        f"{sure['act']:,} wishes at once, {sure['ask']:,} asked about; {sure['unknown']:,} other answers, "
        f"of these {missed:,} missed"
    )


def _counted(found: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in sorted(found.items()) if count) or "none"


def _took(month: Month, rows: int, took: Took) -> str:
    memory = f", {took.memory:.0f} MiB at most" if took.memory else ""
    return f"{took.seconds:.1f} s ({rows / took.seconds:,.0f} a second over {month.plan.days} days){memory}"


def _steps(month: Month) -> str:
    steps = month.stage.load.steps
    if len(steps) < 2:
        return "none"
    cuts = quantiles(steps, n=100)
    return f"p50 {cuts[49] * 1000:.1f} ms, p99 {cuts[98] * 1000:.1f} ms ({len(steps):,} steps)"
