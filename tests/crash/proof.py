"""The proof: what was said outside, what stands in the database and what arrived must agree.

Each check yields a sentence for each thing that is wrong, so an empty list is the proof.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from tests.crash.process import STAFF
from tests.crash.record import Record, Row, words
from tests.doubles.bot_api.log import Call
from tests.doubles.bot_api.message import Message


@dataclass(frozen=True, slots=True)
class World:
    """What happened outside the shop."""

    updates: frozenset[int]
    """Every update there was."""
    said: dict[int, list[str]]
    """What buyers wrote, by chat, in order."""
    heard: list[tuple[float, Message]]
    """What the bot wrote, as it arrived."""
    kills: list[float]
    unanswered: list[Call]
    """Requests that took effect although their answer never left, by a misfortune that was meant."""


@dataclass(slots=True)
class Repeats:
    """Messages that came more than once, and why."""

    killed: int = 0
    """The process died between sending and writing down that it was sent."""
    unanswered: int = 0
    """Telegram's answer never came."""
    empty_topics: int = 0
    """Topics nobody wrote in: made, and forgotten by a process that died."""


@dataclass(slots=True)
class Proof:
    """All checks, and the counts for the table."""

    record: Record
    world: World
    repeats: Repeats = field(default_factory=Repeats)

    def violations(self) -> list[str]:
        """Everything that is wrong; empty when all holds."""
        checks = (
            self._every_update_once_and_done(),
            self._one_turn_a_message(),
            self._keys_without_gaps(),
            self._everything_sent(),
            self._replies_in_order_of_messages(),
            self._arrivals(),
            self._cases(),
            self._clocks(),
            self._money(),
        )
        return [sentence for check in checks for sentence in check]

    def _every_update_once_and_done(self) -> Iterator[str]:
        origins = Counter(row["origin"] for row in self.record.inbox if row["channel"] == "telegram")
        wanted = {f"update:{number}" for number in self.world.updates}
        yield from (f"{origin} was lost" for origin in sorted(wanted - origins.keys()))
        yield from (f"{origin} was never sent" for origin in sorted(origins.keys() - wanted))
        yield from (f"{origin} stands {number} times" for origin, number in origins.items() if number != 1)
        for row in self.record.inbox:
            if row["state"] != "done":
                yield f"inbox row {row['id']} is {row['state']}: {row['error']}"

    def _one_turn_a_message(self) -> Iterator[str]:
        """Each message left one line in the transcript, in the order they were written."""
        stored = defaultdict(list)
        for line in self.record.lines:
            if line["who"] == "buyer":
                stored[self.record.address(line["conversation_id"])].append(line["text"])
        for chat, said in self.world.said.items():
            if stored[chat] != said:
                yield f"chat {chat}: {len(said)} messages were written, {len(stored[chat])} stand, or in another order"

    def _keys_without_gaps(self) -> Iterator[str]:
        """A turn's replies are queued together: 12:0, 12:1, 12:2, each with its line. Beside them stand what changes a chat
        without words (12:alter:0) and files that go by themselves (12:1:files)."""
        keys = defaultdict(list)
        for row in self.record.outbox:
            serial, _, number = row["key"].partition(":")
            if number.isdecimal():
                keys[int(serial)].append(int(number))
            if int(serial) != row["inbox_id"]:
                yield f"outbox row {row['id']} has the key of another message"
        for serial, numbers in keys.items():
            if sorted(numbers) != list(range(len(numbers))):
                yield f"message {serial} has replies {sorted(numbers)}"
        yield from self._lines_and_replies()

    def _lines_and_replies(self) -> Iterator[str]:
        """Each reply has its line. What agents are shown of a buyer's words has none: those words are a line already."""
        lines = Counter(line["outbox_key"] for line in self.record.lines if line["outbox_key"])
        channels = {row["key"]: row["channel"] for row in self.record.outbox}
        yield from (f"line {key} was not queued" for key in lines.keys() - channels.keys())
        for key, channel in channels.items():
            if lines[key] > 1 or (lines[key] == 0 and channel != "staff"):
                yield f"reply {key} has {lines[key]} lines"

    def _everything_sent(self) -> Iterator[str]:
        for row in self.record.outbox:
            if row["state"] != "sent":
                yield f"reply {row['key']} is {row['state']}: {row['error']}"

    def _replies_in_order_of_messages(self) -> Iterator[str]:
        for rows in self._by_reader().values():
            for before, after in pairwise(rows):
                if after["inbox_id"] < before["inbox_id"]:
                    yield f"reply {after['key']} was queued behind {before['key']}"

    def _arrivals(self) -> Iterator[str]:
        """Each reply arrived, in order; what arrived besides is a repetition with a reason."""
        heard = self._heard()
        known: set[tuple[int, int]] = set()
        for (channel, _), rows in self._by_reader().items():
            chat = STAFF if channel == "staff" else int(rows[0]["address"])
            found = [(row, heard.get((chat, int(row["ref"] or 0)))) for row in rows]
            known |= {(chat, int(row["ref"] or 0)) for row in rows}
            yield from _missing(found)
            yield from self._out_of_order(found)
        repeated = [arrival for key, arrival in sorted(heard.items()) if key not in known]
        yield from self._explained(repeated)

    def _out_of_order(self, found: list[tuple[Row, tuple[float, Message] | None]]) -> Iterator[str]:
        ids = [arrival[1].id for _, arrival in found if arrival]
        if ids != sorted(ids):
            yield f"{found[0][0]['channel']} {found[0][0]['address']}: replies arrived out of order"

    def _explained(self, repeated: list[tuple[float, Message]]) -> Iterator[str]:
        """A repetition comes before the one that was written down, from a row known to be uncertain."""
        swallowed = {
            (message["chat"]["id"], message["message_id"])
            for call in self.world.unanswered
            if isinstance(message := call.result, dict) and "message_id" in message
        }
        uncertain = self._uncertain()
        for at, message in repeated:
            row = next(
                (
                    row
                    for row in uncertain[message.chat_id]
                    if words(row) == message.text and int(row["ref"]) > message.id
                ),
                None,
            )
            if row is None:
                yield f"nobody knows why this was sent: {message}"
            elif (message.chat_id, message.id) in swallowed:
                self.repeats.unanswered += 1
            elif any(at <= kill for kill in self.world.kills):
                self.repeats.killed += 1
            else:
                yield f"sent twice without a reason: {message}"
        repeats = self.repeats.killed + self.repeats.unanswered
        counted = sum(row["uncertain"] for row in self.record.outbox)
        if repeats > counted:
            yield f"{repeats} repetitions, but only {counted} sends were counted as uncertain"

    def _cases(self) -> Iterator[str]:
        """History without gaps; the lines of open cases covered once, and no others."""
        versions = defaultdict(list)
        for entry in self.record.case_history:
            versions[entry["case_number"]].append(entry["version"])
        for case in self.record.cases:
            if sorted(versions[case["number"]]) != list(range(1, case["version"] + 1)):
                yield f"case {case['number']} is at {case['version']} with history {sorted(versions[case['number']])}"
        covered = {(row["order_number"], row["line"]): row["case_number"] for row in self.record.open_lines}
        wanted = [
            ((case["order_number"], line), case["number"])
            for case in self.record.cases
            if _open(case)
            for line in case["lines"]
        ]
        if len(wanted) != len(dict(wanted)):
            yield "two open cases cover the same line"
        if dict(wanted) != covered:
            yield f"open lines {covered} are not those of the open cases {dict(wanted)}"
        yield from self._announced()

    def _announced(self) -> Iterator[str]:
        """Each case was told of once."""
        told = Counter(
            case["number"]
            for line in self.record.lines
            if "申请已提交" in line["text"]
            for case in self.record.cases
            if case["number"] in line["text"]
        )
        yield from (
            f"case {case['number']} was announced {told[case['number']]} times"
            for case in self.record.cases
            if told[case["number"]] != 1
        )

    def _clocks(self) -> Iterator[str]:
        waiting = Counter(
            (row["case_number"], row["version"])
            for row in self.record.deadlines
            if row["state"] == "waiting" and row["kind"].endswith("_timeout")
        )
        wanted = Counter((case["number"], case["version"]) for case in self.record.cases if case["clock"])
        if waiting != wanted:
            yield f"clocks {waiting - wanted} too many, {wanted - waiting} missing"

    def _money(self) -> Iterator[str]:
        paid = Counter(row["case_number"] for row in self.record.refunds)
        for case in self.record.cases:
            due = 1 if case["state"] == "SUCCESS" else 0
            if paid[case["number"]] != due:
                yield f"case {case['number']} is {case['state']} and was paid {paid[case['number']]} times"

    def _by_reader(self) -> dict[tuple[str, str], list[Row]]:
        rows = defaultdict(list)
        for row in self.record.outbox:
            rows[row["channel"], row["address"]].append(row)
        return rows

    def _heard(self) -> dict[tuple[int, int], tuple[float, Message]]:
        return {(message.chat_id, message.id): (at, message) for at, message in self.world.heard}

    def _uncertain(self) -> dict[int, list[Row]]:
        rows = defaultdict(list)
        for row in self.record.outbox:
            if row["uncertain"] and row["ref"]:
                rows[STAFF if row["channel"] == "staff" else int(row["address"])].append(row)
        return rows


def _missing(found: Iterable[tuple[Row, tuple[float, Message] | None]]) -> Iterator[str]:
    for row, arrival in found:
        if arrival is None:
            yield f"reply {row['key']} never arrived"
        elif arrival[1].text != words(row):
            yield f"reply {row['key']} arrived with other words"


def _open(case: Row) -> bool:
    return case["state"] not in ("SUCCESS", "CLOSED")
