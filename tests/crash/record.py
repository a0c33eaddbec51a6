"""What the shop's database says in the end."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from bot.channels.telegram.markup import plain
from bot.domain.manner import CARD, Manner, Operation
from bot.domain.messages import Speaker
from bot.domain.money import Money
from bot.domain.refunds import LedgerLine, Refund
from bot.pipeline.deliveries import STAFF
from bot.pipeline.payouts import CHANNEL as PAYOUT
from bot.store import tables
from bot.store.codec import manner_in
from bot.store.database import SqlDatabase
from bot.store.unit import SqlUnit

Row = Mapping[str, Any]
Reader = tuple[str, str]
"""Channel and address."""
IN_ORDER = ("inbox", "outbox", "lines", "conversations")
IN_NONE = ("topics", "cases", "open_lines", "case_history", "deadlines")


@dataclass(frozen=True, slots=True)
class Record:
    """Every table that is proved, whole, and the money as `shouhou ledger` sees it."""

    inbox: Sequence[Row]
    outbox: Sequence[Row]
    """What is said to people."""
    orders_to_pay: Sequence[Row]
    """The rest of the outbox."""
    lines: Sequence[Row]
    conversations: Sequence[Row]
    topics: Sequence[Row]
    cases: Sequence[Row]
    open_lines: Sequence[Row]
    case_history: Sequence[Row]
    deadlines: Sequence[Row]
    refunds: Sequence[Refund]
    ledger: Sequence[LedgerLine]
    paid: Mapping[str, Money]
    """What came in for each order that something is refunded of."""

    @classmethod
    async def read(cls, url: str) -> Record:
        """All of it, in one transaction."""
        async with SqlDatabase(url, exclusive=False) as database:
            return await database.read(_all)

    def address(self, conversation: int) -> str:
        """The buyer's chat, or their browser's."""
        return next(str(row["address"]) for row in self.conversations if row["id"] == conversation)

    def by_reader(self) -> dict[Reader, list[Row]]:
        """What was queued for each, in order."""
        rows = defaultdict(list)
        for row in self.outbox:
            rows[row["channel"], row["address"]].append(row)
        return rows

    def for_topic(self, conversation: int) -> list[Row]:
        """What went into the topic of a conversation, in order."""
        rows = self.by_reader().get((STAFF, str(conversation)), [])
        return [row for row in rows if row["state"] == "sent"]


def _all(unit: SqlUnit) -> Record:
    found = {name: _rows(unit._connection, name) for name in (*IN_ORDER, *IN_NONE)}
    queued = found.pop("outbox")
    said = [row for row in queued if row["channel"] != PAYOUT]
    orders_to_pay = [row for row in queued if row["channel"] == PAYOUT]
    refunds = unit.refunds()
    paid = unit.paid({refund.order_number for refund in refunds})
    return Record(
        **found, outbox=said, orders_to_pay=orders_to_pay, refunds=refunds, ledger=unit.ledger(), paid=paid
    )


def numbers_in_web(unit: SqlUnit) -> Mapping[str, int]:
    """The conversations of the web chat, by the first words said there."""
    lines, talks = tables.lines.c, tables.conversations.c
    said = select(lines.conversation_id, lines.text).join(
        tables.conversations, talks.id == lines.conversation_id
    )
    first: dict[int, str] = {}
    for number, text in unit._connection.execute(said.where(talks.channel == "web").order_by(lines.id)):
        first.setdefault(number, text)
    return {text: number for number, text in first.items()}


def read_last(unit: SqlUnit) -> Mapping[int, int]:
    """The newest line of each conversation that its buyer sees."""
    lines = tables.lines.c
    newest = select(lines.conversation_id, func.max(lines.id)).group_by(lines.conversation_id)
    seen = newest.where(lines.who.in_([Speaker.BUYER.value, Speaker.BOT.value, Speaker.AGENT.value]))
    return {row[0]: row[1] for row in unit._connection.execute(seen)}


def _rows(connection: Connection, name: str) -> Sequence[Row]:
    table = getattr(tables, name)
    query = select(table)
    if name in IN_ORDER:
        query = query.order_by(table.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _payload(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = row["payload"] if isinstance(row["payload"], dict) else json.loads(row["payload"])
    return found


def read_as(markup: str) -> str:
    """Markup as it is read."""
    return plain(markup).strip()


def words(row: Row) -> str:
    """What an outbox row says, as it is read."""
    return read_as(str(_payload(row)["text"]))


def labels(row: Row) -> list[str]:
    """Its buttons."""
    return [label for label, _ in _payload(row)["buttons"]]


def manner(row: Row) -> Manner:
    """How it goes out."""
    return manner_in(_payload(row).get("manner"))


def is_card(row: Row) -> bool:
    """Whether it says what the card of a topic is to say."""
    return manner(row).slot == CARD


def does(row: Row, operation: Operation) -> bool:
    """Whether this is what is done by it."""
    return manner(row).operation is operation
