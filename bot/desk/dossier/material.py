"""What a dossier is made of: one case, its order, and the conversation it was talked over in. Nothing of anybody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.channels.web.reading import lines_after
from bot.desk.dossier.verdicts import Judged, verdicts
from bot.domain.cases import Case, Entry
from bot.domain.conversation import Conversation
from bot.domain.files import Filed
from bot.domain.orders import Order
from bot.domain.policy import Policy
from bot.pipeline.ports import Unit
from bot.pipeline.turns import Line

BEGINNING = -1
"""Before the first line there is."""


@dataclass(frozen=True, slots=True)
class Material:
    """One case with all that belongs to it, as the store has it at one moment."""

    case: Case
    history: tuple[Entry, ...]
    """Oldest first."""
    order: Order
    conversation: Conversation
    lines: tuple[Line, ...]
    """All that buyer, bot and agents said to each other, oldest first; without agents' notes among themselves."""
    filed: Mapping[str, Filed]
    verdicts: tuple[Judged, ...]
    """What the shop's policy said, and the rules it rests on."""

    @property
    def as_of(self) -> datetime:
        """The newest thing in it: the same things make the same dossier, whenever it is made."""
        said = (line.at for line in self.lines)
        scanned = (event.at for parcel in self.order.parcels for event in parcel.events)
        return max((self.case.opened_at, *(entry.act.at for entry in self.history), *said, *scanned))


def gather(unit: Unit, number: str, policy: Policy) -> Material | None:
    """All that belongs to the case with this number; None when there is no such case."""
    case = unit.case(number)
    order = unit.order(case.order_number) if case else None
    conversation = unit.conversation(case.conversation_id) if case else None
    if case is None or order is None or conversation is None:
        return None
    said = lines_after(unit, conversation.id, BEGINNING)
    return Material(
        case=case,
        history=tuple(unit.history(case.number)),
        order=order,
        conversation=conversation,
        lines=tuple(line for line in said if not line.who.internal),
        filed=unit.filed(conversation.id),
        verdicts=verdicts(case, order, policy),
    )
