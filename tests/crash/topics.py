"""The proof of the staff group: each topic says what its conversation is, and has all that its buyer said to people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.domain.manner import Operation
from bot.flows.desk_replies import AGENT_SAYS, GIVEN_BACK
from bot.flows.handoff import CARD
from bot.pipeline.reports import CHANNEL as REPORT
from tests.crash.process import STAFF
from tests.crash.record import Record, Row, does, is_card, labels, manner, read_as, words
from tests.crash.world import World, number_in

MARKS = {"bot": "🤖", "queued": "🔔🔴🚨", "agent": "👤"}
"""What the name of a topic begins with, by who has the conversation."""


@dataclass
class Topics:
    """What was queued for the topics, and how they look."""

    record: Record
    world: World
    empty: int = 0
    """Topics nobody wrote in: made, and forgotten by a process that died."""

    def violations(self) -> Iterator[str]:
        """What is wrong in the group."""
        for conversation in self.record.conversations:
            rows = self.record.for_topic(conversation["id"])
            if rows or conversation["staff_thread"]:
                yield from self._name(conversation, rows)
                yield from self._card(conversation, rows)
            yield from self._mirrored(conversation, rows)
        yield from self._forgotten()
        yield from self._reactions()
        yield from self._answers()
        yield from self._reports()

    def _name(self, conversation: Row, rows: Sequence[Row]) -> Iterator[str]:
        """As the newest row has it, as the store remembers it, and as the conversation is."""
        topic = self.world.group.topics.get(conversation["staff_thread"])
        known = next(
            (row for row in self.record.topics if row["conversation_id"] == conversation["id"]), None
        )
        last = next((row for row in reversed(rows) if does(row, Operation.TOPIC)), None)
        if topic is None or known is None or last is None:
            yield f"conversation {conversation['id']} has no topic, or none that was named"
            return
        wanted = (topic.id, words(last), manner(last).closed)
        if (topic.id, topic.name, topic.closed) != wanted:
            yield f"topic {topic.id} is {topic.name!r} in the end, not {wanted}"
        if (known["thread"], known["name"], known["closed"]) != wanted:
            yield f"topic {topic.id} is remembered as {dict(known)}, not {wanted}"
        if topic.name[0] not in MARKS[conversation["holder"]]:
            yield f"topic {topic.name!r} is with {conversation['holder']}"

    def _card(self, conversation: Row, rows: Sequence[Row]) -> Iterator[str]:
        """One, pinned, the newest words in it; before them it said what the rows before said, one after the other."""
        cards = [row for row in rows if is_card(row)]
        known = {row["conversation_id"]: row["card"] for row in self.record.topics}
        if not cards:
            yield f"the topic of conversation {conversation['id']} has no card"
            return
        last, thread = cards[-1], conversation["staff_thread"]
        number = int(last["ref"])
        card = self.world.group.find(number)
        if {row["ref"] for row in cards} != {last["ref"]} or known.get(conversation["id"]) != number:
            yield f"topic {thread} has more than one card, or another is remembered"
        if card is None or (card.text, card.labels, card.thread_id) != (words(last), labels(last), thread):
            yield f"the card of topic {thread} says {card}, not {words(last)!r}"
        pinned = [one.id for one in self.world.group.messages if one.pinned and one.thread_id == thread]
        if pinned != [number]:
            yield f"topic {thread} has {pinned} pinned, its card is {number}"
        said = [text for text, _ in groupby(words(row) for row in cards)]
        shown = [text for text, _ in groupby([said[0], *map(read_as, self.world.edits(number))])]
        if shown != said:
            yield f"the card of topic {thread} said {shown}, not {said}"

    def _mirrored(self, conversation: Row, rows: Sequence[Row]) -> Iterator[str]:
        """What the buyer said while people had the conversation, each line once, in order and as it was said."""
        if conversation["channel"] == "web":
            yield from self._mirrored_from_page(conversation, rows)
            return
        said = {str(message.id): message.text for message in self.world.said_at(conversation["address"])}
        mirrors = [row for row in rows if manner(row).joins and manner(row).of]
        shown = [mark for row in mirrors for mark in manner(row).of]
        marks = [*said]
        wanted = [
            marks[place] if place < len(marks) else "?" for place, _ in self._said_to_people(conversation)
        ]
        yield from _differ(conversation, wanted, shown)
        for row in mirrors:
            own = "\n".join(said.get(mark, "?") for mark in manner(row).of)
            if words(row).partition("：")[2] != own:
                yield f"{row['key']} says {words(row)!r}, the buyer said {own!r}"

    def _mirrored_from_page(self, conversation: Row, rows: Sequence[Row]) -> Iterator[str]:
        """What was written at a page has no mark: there the words tell. What the desk answered stands in the topic as well."""
        answered = {*self.world.pages.answered} if self.world.pages else set()
        mirrors = [words(row).partition("：")[2] for row in rows if manner(row).joins]
        shown = [text for text in mirrors if text not in answered]
        yield from _differ(conversation, [text for _, text in self._said_to_people(conversation)], shown)

    def _said_to_people(self, conversation: Row) -> list[tuple[int, str]]:
        """What the buyer said from when a person was called until the conversation was given back: as the how manieth, and what."""
        found, theirs, place = list[tuple[int, str]](), False, -1
        for line in self.record.lines:
            if line["conversation_id"] != conversation["id"]:
                continue
            if line["who"] == "buyer":
                place += 1
                found += [(place, line["text"])] if theirs else []
            elif line["reply"] in (CARD.name, AGENT_SAYS.name, GIVEN_BACK.name):
                theirs = line["reply"] != GIVEN_BACK.name
        return found

    def _forgotten(self) -> Iterator[str]:
        """Topics beside those of the conversations: nobody writes in them, and a misfortune made them."""
        remembered = {row["thread"] for row in self.record.topics}
        made = {
            call.result["message_thread_id"]: call
            for call in self.world.took_effect
            if call.method == "createForumTopic"
        }
        for number, topic in self.world.group.topics.items():
            if number in remembered:
                continue
            self.empty += 1
            again = [
                made[other].time
                for other in remembered & made.keys()
                if other > number and number_in(topic.name) == number_in(self.world.group.topics[other].name)
            ]
            if self.world.group.topic_messages(number):
                yield f"topic {number} was forgotten with what stands in it"
            if not made[number].fault and not (
                again and self.world.forgotten_between(made[number].time, again[0])
            ):
                yield f"topic {number} was made twice without a reason"

    def _reactions(self) -> Iterator[str]:
        """On each message of the group the bot's last one."""
        last = {
            row["ref"]: words(row)
            for row in self.record.outbox
            if row["channel"] == "staff" and does(row, Operation.REACT) and row["ref"]
        }
        shown = {
            str(message.id): "".join(reaction["emoji"] for reaction in message.reactions)
            for message in self.world.group.messages
            if message.reactions
        }
        if shown != {ref: emoji for ref, emoji in last.items() if emoji}:
            yield f"reactions are {shown}, not {last}"

    def _answers(self) -> Iterator[str]:
        """What the agent wrote is said to the buyer of that topic once, and in the order it was written."""
        homes = {row["staff_thread"]: row for row in self.record.conversations if row["staff_thread"]}
        wanted, said = defaultdict(list), defaultdict(list)
        for one in self.world.answered:
            wanted[homes[one.thread_id]["address"]].append((str(one.id), one.text))
        for row in self.record.outbox:
            if row["channel"] == "telegram" and manner(row).of:
                said[row["address"]].append((" ".join(manner(row).of), words(row).partition("\n")[2]))
        if said != wanted:
            yield f"agents wrote {dict(wanted)}, buyers were told {dict(said)}"

    def _reports(self) -> Iterator[str]:
        """For each answer of an agent that arrived, one; and its mark stands under what they wrote."""
        told = Counter(row["origin"] for row in self.record.inbox if row["channel"] == REPORT)
        watched = [row for row in self.record.outbox if manner(row).watched and manner(row).of]
        if told != Counter(row["key"] for row in watched):
            yield f"reports {told} do not fit what was watched: {[row['key'] for row in watched]}"
        for row in watched:
            message = self.world.group.find(int(manner(row).of[0]))
            if message is None or [one["emoji"] for one in message.reactions] != ["👌"]:
                yield f"{row['key']} arrived, and {message} in {STAFF} does not show it"


def _differ(conversation: Row, wanted: Sequence[str], shown: Sequence[str]) -> Iterator[str]:
    if [*shown] != [*wanted]:
        yield (
            f"topic of {conversation['id']}: {[*(Counter(wanted) - Counter(shown))]} are missing, "
            f"{[*(Counter(shown) - Counter(wanted))]} are too many, or the order is another"
        )
