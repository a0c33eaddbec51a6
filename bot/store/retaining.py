"""Rows that are over their time: found page by page along their key, removed by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Table,
    Text,
    and_,
    delete,
    func,
    select,
    type_coerce,
    update,
)

from bot.domain.conversation import Holder
from bot.domain.refunds import RefundState
from bot.pipeline.keeping import Over, Page, Rule
from bot.pipeline.payouts import CHANNEL as PAYOUT
from bot.store.case_look import OPEN
from bot.store.part import Part, holds, of_shop
from bot.store.tables import (
    audit,
    cases,
    conversations,
    copies,
    deadlines,
    files,
    inbox,
    lines,
    outbox,
    refunds,
    sessions,
)
from bot.store.types import dump

_SENT_EMPTY: dict[str, Any] = {"text": "", "buttons": [], "attachments": [], "manner": None}
"""What was sent, without what it said; who looks for a card finds none."""
_OWED = ~holds(refunds.c.state, RefundState.DONE, RefundState.CANCELLED)
_HELD = [holder.value for holder in Holder if holder is not Holder.BOT]


def _unlike(column: ColumnElement[Any], empty: Mapping[str, Any]) -> ColumnElement[bool]:
    return type_coerce(column, Text) != dump(empty)


def _at_rest(conversation: Column[Any]) -> ColumnElement[bool]:
    """Of a conversation that the bot has, with no open case and no money on its way."""
    held = select(conversations.c.id).where(of_shop(conversations), conversations.c.holder.in_(_HELD))
    open_ = select(cases.c.conversation_id).where(of_shop(cases), OPEN)
    owed = (
        select(cases.c.conversation_id)
        .join(refunds, refunds.c.case_number == cases.c.number)
        .where(of_shop(cases, refunds), _OWED)
    )
    return and_(*(conversation.not_in(query) for query in (held, open_, owed)))


@dataclass(frozen=True, slots=True)
class _Way:
    """How the rows of a rule are found, and what becomes of them."""

    table: Table
    time: Column[Any]
    """Since when their time runs."""
    which: ColumnElement[bool] | None = None
    """Only these; None: all."""
    talk: Column[Any] | None = None
    """The conversation they belong to, where that has to be at rest."""
    becomes: Mapping[str, Any] | None = None
    """What they are changed to; None: they are deleted."""

    @property
    def grows(self) -> bool:
        """Rows are numbered as they come, so that behind a young one there is no old one."""
        return "id" in self.table.c

    @property
    def key(self) -> Column[Any]:
        """What its rows are told apart by, and walked along."""
        return self.table.c.id if self.grows else self.table.c.key


_OUT = outbox.c.state.not_in(("queued", "sending")) & (outbox.c.channel != PAYOUT)
"""Orders to pay stay: a payment service may come back to them at any time, and they say nothing of the person."""
_DONE = inbox.c.state == "done"
_WAYS: Mapping[Rule, _Way] = {
    Rule.RAW: _Way(
        inbox,
        inbox.c.received_at,
        _DONE & _unlike(inbox.c.payload, {}),
        becomes={"payload": {}, "error": ""},
    ),
    Rule.ORIGINS: _Way(inbox, inbox.c.received_at, _DONE & (inbox.c.channel != PAYOUT)),
    Rule.SENT: _Way(
        outbox,
        outbox.c.created_at,
        _OUT & _unlike(outbox.c.payload, _SENT_EMPTY),
        becomes={"payload": _SENT_EMPTY, "error": ""},
    ),
    Rule.LINES: _Way(lines, lines.c.at, talk=lines.c.conversation_id),
    Rule.LETTERS: _Way(outbox, outbox.c.created_at, _OUT, outbox.c.conversation_id),
    Rule.FILES: _Way(files, files.c.received_at, files.c.state != "waiting", files.c.conversation_id),
    Rule.SHUNTED: _Way(
        inbox,
        inbox.c.received_at,
        inbox.c.state == "shunted",
        becomes={"state": "done", "payload": {}, "error": "dropped"},
    ),
    Rule.DEADLINES: _Way(deadlines, deadlines.c.due_at, deadlines.c.state.in_(("fired", "dropped"))),
    Rule.SESSIONS: _Way(sessions, sessions.c.until),
    Rule.AUDIT: _Way(audit, audit.c.at),
}


class Retaining(Part):
    """Queries of what is over its time."""

    def over(self, rule: Rule, before: datetime) -> Over:
        """How much that is, and since when."""
        way = _WAYS[rule]
        query = select(func.count(), func.min(way.time)).select_from(way.table)
        rows, oldest = self._run(query.where(of_shop(way.table), *_old(way, before))).one()
        return Over(rows, oldest)

    def over_page(self, rule: Rule, before: datetime, after: int | str | None, limit: int) -> Page:
        """Look through the next `limit` rows behind that key for those that go: however many there are, a page takes the same
        time. The walk ends at the first row that is young enough to stay: what is young is not looked through."""
        way = _WAYS[rule]
        ours = self._along(way.table) if way.grows else of_shop(way.table)
        goes = and_(*_old(way, before)).label("goes")
        query = select(way.key.label("key"), way.time.label("time"), goes).where(ours).order_by(way.key)
        if after is not None:
            query = query.where(way.key > after)
        rows = self._run(query.limit(limit)).all()
        old = list(takewhile(lambda row: row.time < before, rows)) if way.grows else rows
        keys = tuple(row.key for row in old if row.goes)
        return Page(keys, old[-1].key if len(old) == limit else None)

    def let_go(self, rule: Rule, keys: Sequence[int | str]) -> int:
        """Delete or empty these rows, as the rule has it; returns how many those were."""
        way = _WAYS[rule]
        theirs = (of_shop(way.table), way.key.in_(keys), *([] if way.which is None else [way.which]))
        if rule is Rule.LETTERS:
            sent = select(outbox.c.key).where(*theirs)
            self._run(delete(copies).where(of_shop(copies), copies.c.key.in_(sent)))
        if way.becomes is None:
            return self._run(delete(way.table).where(*theirs)).rowcount
        return self._run(update(way.table).where(*theirs).values(way.becomes)).rowcount


def _old(way: _Way, before: datetime) -> list[ColumnElement[bool]]:
    which = [] if way.which is None else [way.which]
    rest = [] if way.talk is None else [_at_rest(way.talk)]
    return [way.time < before, *which, *rest]
