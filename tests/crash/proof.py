"""The proof: what was said outside, what stands in the database and what arrived must agree.

Each check yields a sentence for each thing that is wrong, so an empty list is the proof.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from tests.crash.arrivals import Arrivals
from tests.crash.books import Books
from tests.crash.record import Record, Row, manner
from tests.crash.screens import Screens
from tests.crash.topics import Topics
from tests.crash.world import World

_NUMBER = re.compile(r"R\d+")
"""Of a case."""


@dataclass(slots=True)
class Proof:
    """All checks, and the counts for the table."""

    record: Record
    world: World
    arrivals: Arrivals = field(init=False)
    topics: Topics = field(init=False)

    def __post_init__(self) -> None:
        self.arrivals = Arrivals(self.record, self.world)
        self.topics = Topics(self.record, self.world)

    def violations(self) -> list[str]:
        """Everything that is wrong; empty when all holds."""
        checks = (
            self._every_update_once_and_done(),
            self._one_turn_a_message(),
            self._keys_without_gaps(),
            self._everything_sent(),
            self._replies_in_order_of_messages(),
            self.arrivals.violations(),
            self.topics.violations(),
            self._cases(),
            self._clocks(),
            Books(self.record, self.world).violations(),
            Screens(self.record, self.world.pages).violations(),
        )
        return [sentence for check in checks for sentence in check]

    def _every_update_once_and_done(self) -> Iterator[str]:
        origins = Counter(row["origin"] for row in self.record.inbox if row["channel"] == "telegram")
        wanted = {f"update:{number}" for number in self.world.updates}
        origins -= Counter(f"update:{number}" for number in self.world.expired)
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
            if stored[str(chat)] != [message.text for message in said]:
                yield (
                    f"chat {chat}: {len(said)} messages were written, {len(stored[str(chat)])} stand, "
                    "or in another order"
                )

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
        """All of it; but what a newer row of the same slot took the place of before anybody tried to send it was not."""
        for rows in self.record.by_reader().values():
            newer: set[str] = set()
            for row in reversed(rows):
                slot = manner(row).slot
                if row["state"] == "sent":
                    newer.add(slot)
                elif row["state"] != "withdrawn":
                    yield f"reply {row['key']} is {row['state']}: {row['error']}"
                elif not slot or slot not in newer:
                    yield f"reply {row['key']} was withdrawn, and nothing newer took its place"
                elif row["uncertain"] or row["ref"] or row["sent_at"]:
                    yield f"reply {row['key']} was withdrawn, although it may have arrived"

    def _replies_in_order_of_messages(self) -> Iterator[str]:
        for rows in self.record.by_reader().values():
            for before, after in pairwise(rows):
                if after["inbox_id"] < before["inbox_id"]:
                    yield f"reply {after['key']} was queued behind {before['key']}"

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
            number
            for line in self.record.lines
            if "申请已提交" in line["text"]
            for number in {*_NUMBER.findall(line["text"])}
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


def _open(case: Row) -> bool:
    return case["state"] not in ("SUCCESS", "CLOSED")
