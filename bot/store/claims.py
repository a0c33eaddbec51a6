"""Whose turn is next: conversations with what waits in them, claimed so that nobody else works on them, those that flood last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    bindparam,
    case,
    false,
    func,
    not_,
    or_,
    select,
    true,
    update,
)

from bot.domain.conversation import Conversation
from bot.pipeline.arrivals import Claimed, InboxRow
from bot.store.codec import conversation_of
from bot.store.part import Part, among, holds, of_shop
from bot.store.tables import conversations, inbox, outbox

IN_A_ROW = 5
"""Messages that a person writes in a row, the parts of albums aside; of whom more wait, floods, and waits behind all
others. What agents do in the conversation counts as well."""
_FLOODERS = 8
"""The most of those who flood that are answered in one transaction, so that whoever comes next does not wait for it."""
CALM = timedelta(minutes=5)
"""After a flood its writer waits behind others for so long: what is left of it is no more urgent than what came first."""
_LOOKS = 3
"""At what waits, where other workers were done with all of it before it could be read."""
_ROWS_AT_ONCE = 32
"""The most rows of one conversation that are read together: an album has ten parts at most."""

_HEADS = (
    select(func.min(inbox.c.id))
    .where(of_shop(inbox), holds(inbox.c.state, "due"), inbox.c.conversation_id.is_not(None))
    .group_by(inbox.c.conversation_id)
)
_SAID = func.count().filter(inbox.c.album == "") + func.count(func.nullif(inbox.c.album, "").distinct())
_HEADS_OF_FLOODS = _HEADS.having(_SAID > IN_A_ROW)
"""Of those behind whose oldest message more wait than a person writes in a row; an album is one."""


_FLOODING = (
    select(inbox.c.conversation_id)
    .where(
        of_shop(inbox),
        holds(inbox.c.state, "due"),
        inbox.c.conversation_id.in_(bindparam("ids", expanding=True)),
    )
    .group_by(inbox.c.conversation_id)
    .having(_SAID > IN_A_ROW)
)


def _claimable(*, many: bool, yields: bool | None = None) -> Select[Any]:
    """The oldest messages are found first, and then whose they are: PostgreSQL, before it has counted the rows of a new table, would
    else look for each conversation there is among all that wait. `yields`: only who does, only who does not, or both."""
    heads = (
        select(
            inbox.c.id,
            inbox.c.conversation_id,
            inbox.c.received_at,
            among(inbox.c.id, _HEADS_OF_FLOODS, many=many).label("floods"),
        )
        .where(of_shop(inbox), among(inbox.c.id, _HEADS, many=many), inbox.c.due_at <= bindparam("now"))
        .cte("heads")
        .prefix_with("MATERIALIZED")
    )
    did = func.coalesce(conversations.c.flooded_at > bindparam("calm"), false())
    behind = or_(heads.c.floods, did)
    wanted = true() if yields is None else behind if yields else not_(behind)
    return (
        select(conversations, heads.c.floods, behind.label("yields"))
        .select_from(heads)
        .join(conversations, heads.c.conversation_id == conversations.c.id)
        .where(of_shop(conversations), conversations.c.id.not_in(bindparam("skip", expanding=True)), wanted)
        .order_by("yields", _since(heads.c.received_at), heads.c.id)
        .limit(bindparam("limit"))
    )


def _since(received_at: ColumnElement[datetime]) -> ColumnElement[datetime]:
    """Since when the conversation's oldest message is its next: who sent a thousand at once waits behind each message of others
    that came before the last one of theirs was handled."""
    return case((received_at > conversations.c.updated_at, received_at), else_=conversations.c.updated_at)


_CLAIMABLE = _claimable(many=False)
_CLAIMABLE_LOCKED = tuple(
    _claimable(many=True, yields=yields).with_for_update(skip_locked=True, of=conversations)
    for yields in (False, True)
)
"""Apart, so that a worker locks only as many of those who flood as it takes, and others take others of them. The lock is one that whoever
stores a message stands in the way of: two that store messages of one buyer commit in any order, and a later one must not be
answered before the earlier one is there."""
_FLOODED = (
    update(conversations)
    .where(of_shop(conversations), conversations.c.id.in_(bindparam("ids", expanding=True)))
    .values(flooded_at=bindparam("now"))
)
_STILL_TOLD = (
    select(conversations.c.id)
    .where(of_shop(conversations), conversations.c.id.in_(bindparam("ids", expanding=True)))
    .where(
        select(outbox.c.id)
        .where(
            of_shop(outbox),
            holds(outbox.c.state, "queued", "sending"),
            outbox.c.channel == conversations.c.channel,
            outbox.c.address == conversations.c.address,
            outbox.c.yields,
        )
        .correlate(conversations)
        .exists()
    )
)
"""Whose flood is over, while what was said to it still waits: what is said now must not go out before that."""
_PLACED = (
    select(
        inbox,
        func.row_number().over(partition_by=inbox.c.conversation_id, order_by=inbox.c.id).label("place"),
    )
    .where(
        of_shop(inbox), inbox.c.state == "due", inbox.c.conversation_id.in_(bindparam("ids", expanding=True))
    )
    .subquery()
)
_DUE_ROWS = select(_PLACED).where(_PLACED.c.place <= _ROWS_AT_ONCE).order_by(_PLACED.c.id)


class Claims(Part):
    """Queries for the next turns."""

    def claim(self, now: datetime, limit: int, skip: frozenset[int]) -> list[Claimed]:
        """Conversations whose oldest open row is due, locked for this transaction, with their due rows."""
        for _ in range(_LOOKS):
            found = self._due_conversations(now, limit, skip)
            rows = self._rows(tuple(conversation.id for conversation, _ in found), now) if found else {}
            claimed = [
                Claimed(known, tuple(rows[known.id]), yields=yields)
                for known, yields in found
                if rows[known.id]
            ]
            if claimed or not found:
                return claimed
        return []

    def _note_floods(self, several: Iterable[int], now: datetime) -> None:
        """Among conversations that just had several messages. Who began to flood may have been answered as anybody is by then: those
        answers go out behind all others now. On PostgreSQL two that take in would wait for each other's rows here: there a flood
        is noted when it is claimed."""
        ids = tuple(several)
        if ids and not self._many and (floods := self._run(_FLOODING, {"ids": ids}).scalars().all()):
            self._run(_FLOODED, {"ids": floods, "now": now})

    def _due_conversations(
        self, now: datetime, limit: int, skip: frozenset[int]
    ) -> list[tuple[Conversation, bool]]:
        """Who has waited longest for their next message first, and who floods or did just now, which is told of each, behind all others. Those that
        another worker holds are passed over, so that workers share a backlog."""
        known = {"now": now, "limit": limit, "skip": tuple(skip), "calm": now - CALM}
        taken = self._shared(known) if self._many else self._taken(known)
        if floods := [row["id"] for row in taken if row["floods"]]:
            self._run(_FLOODED, {"ids": floods, "now": now})
        calm_again = [row["id"] for row in taken if row["flooded_at"] and not row["yields"]]
        still = self._run(_STILL_TOLD, {"ids": calm_again}).scalars().all() if calm_again else ()
        return [(conversation_of(row), bool(row["yields"]) or row["id"] in still) for row in taken]

    def _taken(self, known: dict[str, Any]) -> Sequence[RowMapping]:
        rows = self._run(_CLAIMABLE, known).mappings().all()
        others = sum(not row["yields"] for row in rows)
        return rows[: others + _FLOODERS]

    def _shared(self, known: dict[str, Any]) -> Sequence[RowMapping]:
        others, floods = _CLAIMABLE_LOCKED
        rows = self._run(others, known).mappings().all()
        if (room := known["limit"] - len(rows)) <= 0:
            return rows
        few = {**known, "limit": min(room, _FLOODERS)}
        return [*rows, *self._run(floods, few).mappings()]

    def _rows(self, ids: tuple[int, ...], now: datetime) -> dict[int, list[InboxRow]]:
        """Due rows by conversation, oldest first, up to the first that must still wait."""
        found: dict[int, list[InboxRow]] = {number: [] for number in ids}
        waiting: set[int] = set()
        for row in self._run(_DUE_ROWS, {"ids": ids}).mappings():
            number = row["conversation_id"]
            if row["due_at"] > now:
                waiting.add(number)
            if number not in waiting:
                found[number].append(inbox_row(row))
        return found


def inbox_row(row: Any) -> InboxRow:
    """As it is stored."""
    return InboxRow(
        row["id"], row["channel"], row["payload"], row["received_at"], row["attempts"], row["album"]
    )
