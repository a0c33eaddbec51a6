"""Everything kept of one buyer, as the store has it at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.channels.telegram.router import arrival
from bot.channels.web.reading import lines_after
from bot.desk.dossier.exhibits import handed_in
from bot.desk.dossier.material import BEGINNING
from bot.domain.audit import Deed
from bot.domain.cases import Case, Entry
from bot.domain.conversation import Conversation
from bot.domain.feedback import Score
from bot.domain.files import Filed
from bot.domain.messages import Attachment, Speaker
from bot.domain.orders import Order
from bot.domain.refunds import LedgerLine, Refund
from bot.pipeline.buyers import Buyer, Row, Stored
from bot.pipeline.ports import Unit
from bot.pipeline.turns import Line

_DEEDS = 100_000
"""The most that are read of what people did in one conversation."""


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation with what is kept of it."""

    conversation: Conversation
    lines: tuple[Line, ...]
    """All that was said, oldest first, also what agents said of the buyer among themselves."""
    filed: Mapping[str, Filed]
    stored: Stored
    deeds: tuple[Deed, ...]
    """What people did in it, oldest first."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One case with its history and its money."""

    case: Case
    history: tuple[Entry, ...]
    refunds: tuple[Refund, ...]
    ledger: tuple[LedgerLine, ...]
    score: Score | None


@dataclass(frozen=True, slots=True)
class Holdings:
    """All of it."""

    at: datetime
    talks: tuple[Talk, ...]
    orders: tuple[Order, ...]
    unproven: tuple[Order, ...]
    """Bought under the same name and phone number, and proven by nobody."""
    matters: tuple[Matter, ...]

    def sent(self) -> Iterator[tuple[Attachment, Speaker, datetime, Mapping[str, Filed]]]:
        """Every file, each once, with who sent it and the files known in its conversation."""
        seen: set[str] = set()
        for talk in self.talks:
            said = [(file, line.who, line.at) for line in talk.lines for file in line.attachments]
            given = [
                one
                for matter in self.matters
                if matter.case.conversation_id == talk.conversation.id
                for one in handed_in(matter.history)
            ]
            for file, who, at in (*said, *given):
                if file.ref and file.ref not in seen:
                    seen.add(file.ref)
                    yield file, who, at, talk.filed


def gather(unit: Unit, buyer: Buyer, now: datetime) -> Holdings:
    """Read it all."""
    known = unit.known(buyer.numbers).values() if buyer.numbers else ()
    cases = {case.number: case for one in known for case in one.cases}
    return Holdings(
        at=now,
        talks=tuple(_talk(unit, one) for one in buyer.conversations),
        orders=buyer.orders,
        unproven=buyer.unproven,
        matters=tuple(_matter(unit, cases[number]) for number in sorted(cases)),
    )


def _talk(unit: Unit, conversation: Conversation) -> Talk:
    stored = unit.stored(conversation)
    own = tuple(row for row in stored.came if _theirs(row, conversation))
    deeds = unit.deeds(conversation=conversation.id, limit=_DEEDS)
    return Talk(
        conversation,
        tuple(lines_after(unit, conversation.id, BEGINNING)),
        unit.filed(conversation.id),
        Stored(own, stored.leaves, stored.feedback),
        tuple(deed for _, deed in reversed(deeds)),
    )


def _matter(unit: Unit, case: Case) -> Matter:
    refunds = tuple(unit.refunds_of(case.number))
    keys = {refund.key for refund in refunds}
    told = tuple(line for line in unit.ledger(case.order_number) if line.key in keys)
    return Matter(case, tuple(unit.history(case.number)), refunds, told, unit.score(case.number))


def _theirs(row: Row, conversation: Conversation) -> bool:
    """What the buyer's own messenger brought: what agents wrote about them came with the agents' own names and numbers."""
    if row.channel != conversation.channel:
        return False
    return row.channel != "telegram" or arrival(dict(row.payload)).address == conversation.address
