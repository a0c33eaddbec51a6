"""What must be true of a shop at any time, checked over everything that is stored. Each is a sentence and finds its offenders."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain import ledger
from bot.domain.cases import Entry, Event, Role
from bot.domain.dues import Reminder
from bot.domain.machine import rebuilt
from bot.domain.refunds import Purpose, RefundEvent, RefundState
from bot.errors import CaseError
from bot.flows.case_moves import worded_as
from bot.flows.payment import PAID
from bot.simulate.record import Record

Check = Callable[[Record], Iterator[str]]
_UNTOLD = frozenset({Event.ADD_EVIDENCE, Event.JUDGE})
"""Moves that an agent notes for the shop alone."""
_SHOPS = frozenset({Role.CLOCK, Role.AGENT, Role.MEDIATOR})
"""Whose moves are told in the words for the move, whatever else is being talked of."""
_ANY = "any"
_NUMBER = re.compile(r"(?<![0-9A-Z])(?:27\d{8}|[CR]\d{10,})(?!\d)")
"""Numbers of simulated orders, and of cases."""


@dataclass(frozen=True, slots=True)
class Found:
    """An invariant and what breaks it."""

    title: str
    offenders: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """True when nothing breaks it."""
        return not self.offenders


def not_overpaid(record: Record) -> Iterator[str]:
    """No order is refunded more than was paid for it, over all its cases."""
    leaving: Counter[str] = Counter()
    for refund in record.refunds:
        if refund.purpose is Purpose.PRICE and refund.state is not RefundState.CANCELLED:
            leaving[refund.order_number] += refund.amount.minor
    for number, minor in sorted(leaving.items()):
        if minor > record.orders[number].paid.minor:
            yield f"order {number}: {minor} of {record.orders[number].paid.minor}"


def histories_rebuild(record: Record) -> Iterator[str]:
    """The history alone rebuilds every case."""
    for case in record.cases:
        try:
            if rebuilt(record.histories[case.number]) != case:
                yield f"{case.number}: its history tells of another case"
        except (CaseError, ValueError) as error:
            yield f"{case.number}: {error}"


def one_running_clock(record: Record) -> Iterator[str]:
    """Every open case has exactly one running clock, in the future; what is over has none."""
    waiting = defaultdict(list)
    for row in record.rows["deadlines"]:
        if row["state"] == "waiting" and row["kind"] not in set(Reminder):
            waiting[row["case_number"]].append(row)
    for case in record.cases:
        mine = [(row["kind"], row["version"], row["due_at"]) for row in waiting[case.number]]
        clock = case.clock.value if case.clock else ""
        if mine != ([(clock, case.version, case.due_at)] if case.open else []):
            yield f"{case.number} ({case.state.value}, version {case.version}): {len(mine)} clocks run"
        elif case.open and (case.due_at is None or case.due_at <= record.now):
            yield f"{case.number}: its clock should have fired at {case.due_at}"


def clocks_fired_once(record: Record) -> Iterator[str]:
    """No clock fired twice, too early, or before one that was due sooner."""
    due = {row["key"]: row for row in record.rows["deadlines"]}
    fired = [row for row in record.rows["inbox"] if row["channel"] == "clock" and row["origin"] in due]
    last = None
    for row in fired:
        deadline = due[row["origin"]]
        if row["received_at"] < deadline["due_at"]:
            yield f"{row['origin']}: fired before {deadline['due_at']}"
        if last and deadline["due_at"] < last:
            yield f"{row['origin']}: fired after a later one"
        last = deadline["due_at"]
    for key, count in sorted(Counter(row["origin"] for row in fired).items()):
        if count > 1:
            yield f"{key}: fired {count} times"
    known = {row["origin"] for row in fired}
    yield from (
        f"{key}: marked fired, but was not"
        for key, row in sorted(due.items())
        if row["state"] == "fired" and key not in known
    )


def all_taken(record: Record) -> Iterator[str]:
    """Everything that came in was done with; nothing is on the shelf."""
    for row in record.rows["inbox"]:
        if row["state"] != "done":
            yield f"inbox row {row['id']} ({row['origin']}): {row['state']} {row['error'][:120]}"


def all_sent(record: Record) -> Iterator[str]:
    """Every reply was sent, in order for each reader; but what the messenger turned away in the last moment waits for its
    next try, and what is said after it waits behind it."""
    last: dict[tuple[str, str], object] = {}
    waits: set[tuple[str, str]] = set()
    for row in record.rows["outbox"]:
        reader = (row["channel"], row["address"])
        if row["state"] == "withdrawn" or reader in waits:
            continue
        if row["state"] == "queued" and row["due_at"] > record.now:
            waits.add(reader)
            continue
        if row["state"] != "sent":
            yield f"reply {row['key']} to {row['address']}: {row['state']}"
        elif reader in last and row["sent_at"] < last[reader]:
            yield f"reply {row['key']} to {row['address']}: sent before an older one"
        else:
            last[reader] = row["sent_at"]


def one_case_a_line(record: Record) -> Iterator[str]:
    """At most one open case covers an order line."""
    covered = Counter((case.order_number, line) for case in record.cases if case.open for line in case.lines)
    yield from (
        f"order {number}, line {line}: {count} open cases"
        for (number, line), count in covered.items()
        if count > 1
    )
    held = {(row["order_number"], row["line"]) for row in record.rows["open_lines"]}
    yield from (
        f"order {number}, line {line}: held, or not, against its case"
        for number, line in sorted(held ^ covered.keys())
    )


def ledger_adds_up(record: Record) -> Iterator[str]:
    """The ledger adds up, and tells the same as the refunds and the orders."""
    paid = {number: order.paid for number, order in record.orders.items()}
    return ledger.problems(record.refunds, record.ledger, paid)


def moves_are_told(record: Record) -> Iterator[str]:
    """Every move of a case, and all money that left, was told to its buyer, in the words for it."""
    told: Counter[tuple[int, object, str]] = Counter()
    for row in record.rows["lines"]:
        if row["who"] == "bot":
            told.update(
                ((row["conversation_id"], row["at"], row["reply"]), (row["conversation_id"], row["at"], _ANY))
            )
    cases = {case.number: case for case in record.cases}
    moves = Counter(
        (cases[number].conversation_id, history[position].act.at, words)
        for number, history in record.histories.items()
        for position in range(len(history))
        if (words := _owed_words(history, position))
    )
    yield from (
        f"conversation {number} at {at}: a move was not told{f' by {words}' * (words != _ANY)}"
        for (number, at, words), count in moves.items()
        if told[number, at, words] < count
    )
    left = Counter(
        (cases[_case_of(line.key)].conversation_id, line.act.at)
        for line in record.ledger
        if line.act.event is RefundEvent.SUCCEED
    )
    yield from (
        f"conversation {number} at {at}: money was not told"
        for (number, at), count in left.items()
        if told[number, at, PAID.name] < count
    )


def _owed_words(history: Sequence[Entry], position: int) -> str:
    """The reply by which this move had to be told: its name, `_ANY` where a flow finds its own, empty where none is owed."""
    entry, event = history[position], history[position].act.event
    try:
        case = rebuilt(history[: position + 1])
    except CaseError:  # a finding of its own
        return _ANY
    if (
        event in _UNTOLD
        or _granted_at_once(history, entry)
        or (case.claim and event is Event.CARRIER_TIMEOUT)
    ):
        return ""
    if entry.act.by not in _SHOPS or event is Event.CARRIER_TIMEOUT:
        return _ANY
    words = worded_as(entry, case)
    return words.name if words else ""


def _granted_at_once(history: Sequence[Entry], entry: Entry) -> bool:
    """What the bot grants in the turn that opens the case is told with it, in one reply."""
    return entry.act.by is Role.BOT and entry.act.at == history[0].act.at


def _case_of(key: str) -> str:
    return key.partition(":")[2]


def nobody_elses(record: Record) -> Iterator[str]:
    """No buyer was told the number of another's order or case, unless they named it themselves."""
    own: dict[int, set[str]] = defaultdict(set)
    for row in record.rows["links"]:
        own[row["conversation_id"]].add(row["order_number"])
    for case in record.cases:
        own[case.conversation_id] |= {case.number, case.order_number}
    for row in record.rows["lines"]:
        numbers = set(_NUMBER.findall(row["text"]))
        if row["who"] == "buyer":
            own[row["conversation_id"]] |= numbers
        elif row["who"] == "bot" and (strange := numbers - own[row["conversation_id"]]):
            yield f"conversation {row['conversation_id']} was told of {', '.join(sorted(strange))}"


CHECKS: dict[str, Check] = {
    "nothing more is paid than was paid in": not_overpaid,
    "each history alone rebuilds its case": histories_rebuild,
    "each open case has one running clock": one_running_clock,
    "each clock fired once, in order": clocks_fired_once,
    "everything that came in is done": all_taken,
    "every reply is sent, in order": all_sent,
    "one open case an order line": one_case_a_line,
    "the ledger adds up": ledger_adds_up,
    "every move and all money was told": moves_are_told,
    "nobody was told of another's order": nobody_elses,
}


def check(record: Record) -> tuple[Found, ...]:
    """Each invariant in turn."""
    return tuple(Found(title, tuple(find(record))) for title, find in CHECKS.items())


def sent_once(arrived: Mapping[int, int], order: Mapping[str, Sequence[int]]) -> Iterator[str]:
    """What reached each buyer did so once, in the order it was said."""
    yield from (
        f"reply {number} reached its reader {count} times" for number, count in arrived.items() if count != 1
    )
    for address, replies in order.items():
        if list(replies) != sorted(replies):
            yield f"replies reached {address} out of order"


def paid_once(record: Record, left: Mapping[str, int]) -> Iterator[str]:
    """No money left twice: by the payment service, or by it and by hand; none left that was called off."""
    known = {refund.key: refund for refund in record.refunds}
    by_hand = Counter(
        line.key for line in record.ledger if line.act.event is RefundEvent.SUCCEED and line.act.who
    )
    for key in sorted(left.keys() | by_hand.keys()):
        if left.get(key, 0) + by_hand[key] > 1:
            yield f"{key}: left {left.get(key, 0)} times by the payment service, {by_hand[key]} times by hand"
        if left.get(key, 0) and known[key].state is RefundState.CANCELLED:
            yield f"{key}: paid, and called off"
