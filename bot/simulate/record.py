"""All that is stored when the month is over, read past every port: what the invariants are checked on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from bot.domain.cases import Case, Entry
from bot.domain.orders import Order
from bot.domain.refunds import LedgerLine, Refund
from bot.store.case_codec import case_of, entry_of, ledger_of, refund_of
from bot.store.codec import order_of
from bot.store.tables import (
    case_history,
    cases,
    conversations,
    deadlines,
    inbox,
    ledger,
    lines,
    open_lines,
    order_links,
    orders,
    outbox,
    refunds,
)

Row = Mapping[str, Any]
_SLIM: Mapping[str, Select[Any]] = {
    "conversations": select(conversations.c.id, conversations.c.address, conversations.c.holder),
    "inbox": select(
        inbox.c.id,
        inbox.c.channel,
        inbox.c.origin,
        inbox.c.conversation_id,
        inbox.c.state,
        inbox.c.received_at,
        inbox.c.error,
    ).order_by(inbox.c.id),
    "outbox": select(
        outbox.c.id,
        outbox.c.key,
        outbox.c.channel,
        outbox.c.address,
        outbox.c.state,
        outbox.c.sent_at,
        outbox.c.due_at,
    ).order_by(outbox.c.id),
    "lines": select(
        lines.c.conversation_id, lines.c.who, lines.c.text, lines.c.reply, lines.c.at, lines.c.meaning
    ).order_by(lines.c.id),
    "deadlines": select(deadlines),
    "open_lines": select(open_lines),
    "links": select(order_links.c.conversation_id, order_links.c.order_number),
}


@dataclass(frozen=True, slots=True)
class Record:
    """The tables."""

    now: datetime
    rows: Mapping[str, Sequence[Row]]
    cases: Sequence[Case]
    histories: Mapping[str, Sequence[Entry]]
    refunds: Sequence[Refund]
    ledger: Sequence[LedgerLine]
    orders: Mapping[str, Order]


def read(connection: Connection, now: datetime) -> Record:
    """Everything there is."""
    histories: dict[str, list[Entry]] = defaultdict(list)
    for row in connection.execute(select(case_history).order_by(case_history.c.version)).mappings():
        histories[row["case_number"]].append(entry_of(row))
    money = select(ledger).order_by(ledger.c.at, ledger.c.key, ledger.c.version)
    return Record(
        now,
        {name: [dict(row) for row in connection.execute(query).mappings()] for name, query in _SLIM.items()},
        [case_of(row) for row in connection.execute(select(cases).order_by(cases.c.number)).mappings()],
        histories,
        [refund_of(row) for row in connection.execute(select(refunds).order_by(refunds.c.key)).mappings()],
        [ledger_of(row) for row in connection.execute(money).mappings()],
        {row["number"]: order_of(row, ()) for row in connection.execute(select(orders)).mappings()},
    )
