"""Looking: what the desk, the chats and the operator want to see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import literal, select

from bot.domain.cases import Entry
from bot.domain.conversation import Conversation
from bot.domain.messages import Speaker
from bot.domain.spoken import Spoken
from bot.domain.tags import plain
from bot.pipeline.deliveries import Rendered
from bot.pipeline.turns import Line
from bot.store.case_codec import entry_of
from bot.store.codec import attachments_in, conversation_of, explanation_in, manner_in
from bot.store.inbox import AT_ADDRESS
from bot.store.part import Part, of_shop
from bot.store.tables import case_history, conversations, lines, outbox

_INTERNAL = tuple(who.value for who in Speaker if who.internal)
_SENT = of_shop(outbox) & (outbox.c.key == lines.c.outbox_key) & (lines.c.outbox_key != "")
"""What a line was sent as."""


class Look(Part):
    """Queries that change nothing."""

    def conversation(self, conversation_id: int) -> Conversation | None:
        """A conversation by its id."""
        query = select(conversations).where(of_shop(conversations), conversations.c.id == conversation_id)
        row = self._run(query).mappings().first()
        return conversation_of(row) if row else None

    def find_conversation(self, channel: str, address: str) -> Conversation | None:
        """The conversation of that address."""
        row = self._run(AT_ADDRESS, {"channel": channel, "address": address}).mappings().first()
        return conversation_of(row) if row else None

    def transcript(self, conversation_id: int, after: int = 0, limit: int = 200) -> list[Line]:
        """What was said after a line, oldest first; from the start the newest `limit` lines."""
        query = (
            select(lines, outbox.c.state)
            .outerjoin(outbox, _SENT)
            .where(of_shop(lines), lines.c.conversation_id == conversation_id, lines.c.id > after)
            .order_by(lines.c.id.asc() if after else lines.c.id.desc())
            .limit(limit)
        )
        found = [_line(row) for row in self._run(query).mappings()]
        return found if after else found[::-1]

    def taken_back(self, conversation_id: int) -> list[int]:
        """Lines that an agent took back, by their ids."""
        query = select(lines.c.id).where(
            of_shop(lines), lines.c.conversation_id == conversation_id, lines.c.gone.is_not(None)
        )
        return list(self._run(query.order_by(lines.c.id)).scalars())

    def spoken(self, conversation_id: int, limit: int) -> tuple[Spoken, ...]:
        """The newest lines, oldest first, with the agents' own messages that they carried to the buyer."""
        query = (
            select(lines, outbox.c.payload)
            .outerjoin(outbox, _SENT)
            .where(of_shop(lines), lines.c.conversation_id == conversation_id)
            .order_by(lines.c.id.desc())
            .limit(limit)
        )
        rows = self._run(query).mappings().all()
        return tuple(_spoken(row) for row in reversed(rows))

    def overheard(self, limit: int = 50_000) -> dict[int, list[Line]]:
        """The newest lines of all conversations but what only agents read, conversation by conversation, oldest first;
        without what became of those that were sent."""
        query = (
            select(lines, literal("").label("state"))
            .where(of_shop(lines), lines.c.who.not_in(_INTERNAL))
            .order_by(lines.c.id.desc())
            .limit(limit)
        )
        found: dict[int, list[Line]] = {}
        for row in reversed(self._run(query).mappings().all()):
            found.setdefault(row["conversation_id"], []).append(_line(row))
        return found

    def history(self, case_number: str) -> list[Entry]:
        """A case's history, oldest first."""
        query = (
            select(case_history)
            .where(of_shop(case_history), case_history.c.case_number == case_number)
            .order_by(case_history.c.version)
        )
        return [entry_of(row) for row in self._run(query).mappings()]


def _spoken(row: Any) -> Spoken:
    who = Speaker(row["who"])
    manner = manner_in((row["payload"] or {}).get("manner"))
    return Spoken(
        who=who,
        text=row["text"] if who.verbatim else plain(row["text"]),
        at=row["at"],
        name=row["name"],
        files=len(row["attachments"]),
        key=row["outbox_key"],
        of=manner.of,
        gone=row["gone"] is not None,
        reply=row["reply"],
    )


def _line(row: Any) -> Line:
    return Line(
        who=Speaker(row["who"]),
        text=row["text"],
        at=row["at"],
        name=row["name"],
        attachments=attachments_in(row["attachments"]),
        buttons=_pairs(row["buttons"]),
        id=row["id"],
        key=row["outbox_key"],
        delivery=row["state"] or "",
        meaning=explanation_in(row["meaning"]),
        reply=row["reply"],
        gone=row["gone"] is not None,
        also={tag: Rendered(text, _pairs(buttons)) for tag, (text, buttons) in (row["also"] or {}).items()},
    )


def _pairs(buttons: Iterable[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, data) for label, data in buttons)
