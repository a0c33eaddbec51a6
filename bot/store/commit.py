"""Transaction 2: everything a turn came to, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.domain.cases import Case, Entry
from bot.domain.decision import LinkOrder, MoveCase, OpenCase, PayRefund
from bot.domain.messages import Attachment
from bot.domain.money import Money
from bot.errors import StoreError
from bot.pipeline.ports import Draft, Line, Outturn
from bot.store.codec import attachments_out, case_row, conversation_row, entry_row, explanation_out, order_of
from bot.store.filing import Filing
from bot.store.inbox import Inbox
from bot.store.tables import (
    case_history,
    cases,
    conversations,
    deadlines,
    lines,
    open_lines,
    order_links,
    orders,
    outbox,
    refunds,
)


class Commit(Inbox, Filing):
    """Writes turns."""

    def commit(self, turns: Sequence[Outturn], now: datetime) -> None:
        """Write all turns; StoreError (and so a rollback) when a row was done or a case moved by someone else."""
        if rows := [row for turn in turns for row in turn.rows]:
            self._mark_due(rows, state="done", done_at=now, error="")
        self._remember(turns, now)
        for turn in turns:
            for effect in turn.effects:
                self._effect(turn, effect, now)
        self._say(turns, now)

    def _remember(self, turns: Sequence[Outturn], now: datetime) -> None:
        last = {turn.conversation.id: turn.conversation for turn in turns}
        first = {turn.conversation.id: turn.before for turn in reversed(turns)}
        rows = [
            {"id_": number, "updated_at": now, **conversation_row(conversation)}
            for number, conversation in last.items()
            if conversation != first[number]
        ]
        if rows:
            columns: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "id_"}
            self._connection.execute(
                update(conversations).where(conversations.c.id == bindparam("id_")).values(columns), rows
            )

    def _effect(self, turn: Outturn, effect: object, now: datetime) -> None:
        match effect:
            case LinkOrder(order_number, how):
                row = {
                    "conversation_id": turn.conversation.id,
                    "order_number": order_number,
                    "how": how,
                    "at": now,
                }
                self._insert_new(order_links, [row])
            case OpenCase(case, entry):
                self._open_case(case, entry)
            case MoveCase(case, entry):
                self._move_case(case, entry)
            case PayRefund(key, case):
                self._pay(key, case, now)

    def _open_case(self, case: Case, entry: Entry) -> None:
        self._connection.execute(insert(cases).values(case_row(case)))
        covered = [
            {"order_number": case.order_number, "line": line, "case_number": case.number}
            for line in case.lines
        ]
        self._connection.execute(insert(open_lines), covered)
        self._connection.execute(insert(case_history).values(entry_row(entry)))
        self._set_clock(case)

    def _move_case(self, case: Case, entry: Entry) -> None:
        statement = update(cases).where(cases.c.number == case.number, cases.c.version == entry.version - 1)
        if self._connection.execute(statement.values(case_row(case))).rowcount != 1:
            raise StoreError(f"case {case.number} moved meanwhile; the turn is taken again")
        self._connection.execute(insert(case_history).values(entry_row(entry)))
        if not case.open:
            self._connection.execute(delete(open_lines).where(open_lines.c.case_number == case.number))
        self._drop_clock(case)
        self._set_clock(case)

    def _drop_clock(self, case: Case) -> None:
        waiting = update(deadlines).where(
            deadlines.c.case_number == case.number, deadlines.c.state == "waiting"
        )
        self._connection.execute(waiting.values(state="dropped"))

    def _set_clock(self, case: Case) -> None:
        if case.clock is None or case.due_at is None:
            return
        row = {
            "case_number": case.number,
            "version": case.version,
            "kind": case.clock.value,
            "conversation_id": case.conversation_id,
            "due_at": case.due_at,
        }
        self._connection.execute(insert(deadlines).values(row))

    def _pay(self, key: str, case: Case, now: datetime) -> None:
        """The order to pay, if with it no more leaves than came in for the order: the last of several guards."""
        left = self._left_to_refund(case.order_number)
        if case.amount > left:
            raise StoreError(
                f"{case.amount} for case {case.number} is more than the {left} left of its order"
            )
        row = {
            "key": key,
            "case_number": case.number,
            "amount": case.amount.minor,
            "currency": case.amount.currency,
            "state": "created",
            "created_at": now,
        }
        self._connection.execute(insert(refunds).values(row))

    def _left_to_refund(self, order_number: str) -> Money:
        """What was paid for the order less what was ordered to be paid back; nobody else can change it meanwhile."""
        query = select(orders).where(orders.c.number == order_number)
        row = self._connection.execute(query.with_for_update() if self._many else query).mappings().one()
        paid = order_of(row, ()).paid
        returned = (
            select(func.coalesce(func.sum(refunds.c.amount), 0))
            .join(cases, cases.c.number == refunds.c.case_number)
            .where(cases.c.order_number == order_number)
        )
        return paid - Money(int(self._connection.execute(returned).scalar_one()), paid.currency)

    def _say(self, turns: Sequence[Outturn], now: datetime) -> None:
        said = [_line_row(turn.conversation.id, line) for turn in turns for line in turn.lines]
        if said:
            self._connection.execute(insert(lines), said)
        self._file_away(_sent_along(turns), now)
        queued = [_draft_row(turn, draft, now) for turn in turns for draft in turn.drafts]
        self._insert_new(outbox, queued)


def _sent_along(turns: Sequence[Outturn]) -> list[tuple[int, Attachment]]:
    return [
        (turn.conversation.id, file) for turn in turns for line in turn.lines for file in line.attachments
    ]


def _line_row(conversation_id: int, line: Line) -> dict[str, Any]:
    return {
        "conversation_id": conversation_id,
        "who": line.who.value,
        "name": line.name,
        "text": line.text,
        "attachments": attachments_out(line.attachments),
        "buttons": _pairs(line.buttons),
        "outbox_key": line.key,
        "meaning": explanation_out(line.meaning),
        "reply": line.reply,
        "also": {tag: [words.text, _pairs(words.buttons)] for tag, words in line.also.items()} or None,
        "at": line.at,
    }


def _draft_row(turn: Outturn, draft: Draft, now: datetime) -> dict[str, Any]:
    return {
        "conversation_id": turn.conversation.id,
        "inbox_id": turn.rows[0].id if turn.rows else None,
        "channel": draft.channel,
        "address": draft.address,
        "key": draft.key,
        "payload": {
            "text": draft.text,
            "buttons": _pairs(draft.buttons),
            "attachments": attachments_out(draft.attachments),
        },
        "due_at": now,
        "created_at": now,
    }


def _pairs(buttons: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [[label, data] for label, data in buttons]
