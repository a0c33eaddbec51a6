"""The proof of what arrived: each message once, in order, where it belongs; a repetition only with a reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from bot.domain.manner import Operation
from bot.pipeline.deliveries import STAFF as STAFF_CHANNEL
from tests.crash.process import STAFF
from tests.crash.record import Reader, Record, Row, does, is_card, labels, manner, words
from tests.crash.world import Arrival, World


@dataclass(slots=True)
class Repeats:
    """Messages that came more than once, and why."""

    killed: list[float] = field(default_factory=list)
    """The process died between sending and writing down that it was sent. When they came."""
    unanswered: list[float] = field(default_factory=list)
    """Telegram's answer never came."""


@dataclass(frozen=True, slots=True)
class Post:
    """One message, and the rows that went out in it."""

    ref: int
    rows: Sequence[Row]

    @property
    def words(self) -> str:
        """As it is read."""
        return "\n".join(words(row) for row in self.rows)

    @property
    def key(self) -> str:
        """Of the first row."""
        return str(self.rows[0]["key"])


def posts(rows: Sequence[Row]) -> Iterator[Post]:
    """The messages one reader gets, in order. Neighbours that were joined are one; a card is posted by the first row that
    stands in it, and only edited by the others."""
    cards: set[str] = set()
    taken: list[Row] = []
    for row in rows:
        if row["state"] != "sent" or not does(row, Operation.SEND) or (is_card(row) and row["ref"] in cards):
            continue
        if is_card(row):
            cards.add(row["ref"])
        if taken and (taken[-1]["ref"] != row["ref"] or not manner(row).joins or not manner(taken[-1]).joins):
            yield Post(int(taken[0]["ref"] or 0), tuple(taken))
            taken = []
        taken.append(row)
    if taken:
        yield Post(int(taken[0]["ref"] or 0), tuple(taken))


@dataclass
class Arrivals:
    """Queued, and arrived."""

    record: Record
    world: World
    repeats: Repeats = field(default_factory=Repeats)
    joined: int = 0
    """Lines that went out in one message with the one before."""

    def violations(self) -> Iterator[str]:
        """What is wrong with what readers got."""
        strays = self._strays()
        for reader, rows in self._by_messenger.items():
            wanted = list(posts(self._as_posted(rows)))
            self.joined += sum(len(post.rows) - 1 for post in wanted)
            for post in wanted:
                yield from self._arrived(reader, post)
            for before, after in pairwise(wanted):
                if after.ref <= before.ref:
                    yield f"{reader}: {after.key} arrived as {after.ref}, behind {before.key} as {before.ref}"
            yield from self._explained(reader, wanted, strays.pop(reader, []))
        yield from (f"nobody knows why this was sent: {one.sent}" for left in strays.values() for one in left)

    def _as_posted(self, rows: Sequence[Row]) -> list[Row]:
        """The rows, but a card that was posted and could not be pinned may have been withdrawn before the next try: the newer
        one found it there."""
        found = list(rows)
        for place, row in enumerate(rows):
            if not is_card(row) or row["state"] != "sent" or not self.world.refused_to_pin(int(row["ref"])):
                continue
            posted = self._heard.get((STAFF, int(row["ref"])))
            tried = [
                number
                for number, older in enumerate(rows[:place])
                if is_card(older) and older["state"] == "withdrawn" and older["attempts"]
            ]
            first = all(older["ref"] != row["ref"] for older in found[:place])
            if first and posted and tried and words(row) != posted.sent.text == words(rows[tried[-1]]):
                found[tried[-1]] = {**rows[tried[-1]], "state": "sent", "ref": row["ref"]}
        return found

    def _arrived(self, reader: Reader, post: Post) -> Iterator[str]:
        arrival = self._heard.get((_chat(reader), post.ref))
        if arrival is None:
            yield f"{post.key} never arrived"
            return
        if self._reader(arrival) != reader:
            yield f"{post.key} arrived elsewhere: {arrival.sent}"
        if arrival.sent.text != post.words:
            yield f"{post.key} arrived with other words: {arrival.sent.text!r}, not {post.words!r}"
        if arrival.sent.labels != labels(post.rows[-1]):
            yield f"{post.key} arrived with other buttons: {arrival.sent.labels}"
        if arrival.now.deleted or (arrival.now.edited and not is_card(post.rows[0])):
            yield f"{post.key} was changed afterwards: {arrival.now}"

    def _explained(self, reader: Reader, wanted: Sequence[Post], strays: Sequence[Arrival]) -> Iterator[str]:
        """A repetition comes right before the message that was written down, says what it says (or, of joined lines, the first
        of them), and each of its rows is known to have been sent without an answer so often."""
        tries: Counter[int] = Counter()
        for stray in strays:
            post = next((post for post in wanted if post.ref > stray.sent.id), None)
            rows = _said_by(stray, post) if post else ()
            if post is None or not rows:
                yield f"nobody knows why this was sent: {stray.sent}"
                continue
            tries.update(row["id"] for row in rows)
            if stray.place in self.world.swallowed:
                self.repeats.unanswered.append(stray.at)
            elif (final := self._heard.get((_chat(reader), post.ref))) and self.world.forgotten_between(
                stray.at, final.at
            ):
                self.repeats.killed.append(stray.at)
            else:
                yield f"sent twice without a reason: {stray.sent}"
        for row in (row for post in wanted for row in post.rows):
            if tries[row["id"]] > row["uncertain"]:
                yield f"{row['key']} was repeated {tries[row['id']]} times, and counted {row['uncertain']} times"

    def _strays(self) -> dict[Reader, list[Arrival]]:
        """What arrived besides what was written down, in order."""
        known = {
            (_chat(reader), post.ref)
            for reader, rows in self._by_messenger.items()
            for post in posts(self._as_posted(rows))
        }
        found = defaultdict(list)
        for place, arrival in sorted(self._heard.items()):
            if place not in known:
                found[self._reader(arrival)].append(arrival)
        return found

    def _reader(self, arrival: Arrival) -> Reader:
        chat = arrival.sent.chat_id
        if chat != STAFF:
            return "telegram", str(chat)
        return STAFF_CHANNEL, self._topics.get(arrival.sent.thread_id, "")

    @cached_property
    def _by_messenger(self) -> dict[Reader, list[Row]]:
        """What was queued for those it reaches: pages read their lines themselves."""
        return {reader: rows for reader, rows in self.record.by_reader().items() if reader[0] != "web"}

    @cached_property
    def _topics(self) -> dict[int | None, str]:
        return {
            row["staff_thread"]: str(row["id"]) for row in self.record.conversations if row["staff_thread"]
        }

    @cached_property
    def _heard(self) -> dict[tuple[int, int], Arrival]:
        return {arrival.place: arrival for arrival in self.world.heard}


def _chat(reader: Reader) -> int:
    channel, address = reader
    return STAFF if channel == STAFF_CHANNEL else int(address)


def _said_by(stray: Arrival, post: Post) -> Sequence[Row]:
    """The rows of the post that stand in an earlier try of it; more may have joined them since."""
    for count in range(1, len(post.rows) + 1):
        if Post(post.ref, post.rows[:count]).words == stray.sent.text:
            return post.rows[:count]
    return ()
