"""Cases: how they stand, how they came to, their clocks, and what buyers say after."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String

from bot.store.tables.base import ID, refers, row_id, shop_table, some_of
from bot.store.types import Json, Moment, Words

cases = shop_table(
    "cases",
    Column("number", String(40), primary_key=True),
    Column("conversation_id", ID, nullable=False),
    Column("order_number", String(40), nullable=False),
    Column("lines", Json, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("state", String(30), nullable=False),
    Column("goods", String(20), nullable=False),
    Column("reason", String(30), nullable=False),
    Column("phase", String(10), nullable=False, server_default="onsale"),
    Column("responsibility", String(10), nullable=False, server_default="undecided"),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("version", Integer, nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("missed", Integer, nullable=False, server_default="0"),
    Column("clock", String(30), nullable=False, server_default=""),
    Column("due_at", Moment),
    Column("waybill", Words, nullable=False, server_default=""),
    Column("evidence", Json, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("facts", Json),
    refers("conversation_id", "conversations.id"),
    refers("order_number", "orders.number"),
    Index(None, "shop", "conversation_id"),
    Index(None, "shop", "order_number"),
    Index(None, "shop", "opened_at"),
    some_of("ix_cases_open", "state NOT IN ('SUCCESS', 'CLOSED')", "shop", "due_at", "number"),
    some_of("ix_cases_with_files", "evidence <> '[]'", "shop", "number"),
    some_of("ix_cases_owed", "clock = 'seller_timeout'", "shop", "conversation_id", "due_at", "number"),
)
"""Cases as they stand now; `case_history` is how they came to."""

open_lines = shop_table(
    "open_lines",
    Column("order_number", String(40), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("case_number", String(40), nullable=False),
    refers("case_number", "cases.number"),
    Index(None, "shop", "case_number"),
)
"""The order lines an open case covers: the key itself forbids a second one."""

case_history = shop_table(
    "case_history",
    Column("case_number", String(40), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(10), nullable=False),
    Column("who", Words, nullable=False),
    Column("event", String(30), nullable=False),
    Column("start", String(30), nullable=False),
    Column("end", String(30), nullable=False),
    Column("why", Words, nullable=False),
    Column("evidence", Json, nullable=False),
    Column("facts", Json),
    refers("case_number", "cases.number"),
    some_of("ix_case_history_with_files", "evidence <> '[]'", "shop", "case_number", "version"),
)
"""Append-only: every move of every case. The key forbids two moves from one version."""

deadlines = shop_table(
    "deadlines",
    Column("key", String(120), primary_key=True),
    Column("case_number", String(40)),
    Column("version", Integer, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("conversation_id", ID, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", String(10), nullable=False, server_default="waiting"),
    some_of("ix_deadlines_waiting", "state = 'waiting'", "shop", "due_at"),
    refers("case_number", "cases.number"),
    refers("conversation_id", "conversations.id"),
    Index(None, "shop", "case_number"),
)
"""Clocks and reminders as rows; those of a conversation that people look after have no case. States: waiting, fired, dropped."""

feedback = shop_table(
    "feedback",
    row_id(),
    Column("conversation_id", ID, nullable=False),
    Column("order_number", String(40), nullable=False, server_default=""),
    Column("sku", Words, nullable=False, server_default=""),
    Column("cause", String(20), nullable=False),
    Column("words", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "shop", "sku", "cause"),
    refers("conversation_id", "conversations.id"),
)
"""What buyers would have otherwise, by product and cause."""

scores = shop_table(
    "scores",
    Column("case_number", String(40), primary_key=True),
    Column("score", Integer, nullable=False),
    Column("words", Words, nullable=False, server_default=""),
    Column("at", Moment, nullable=False),
    refers("case_number", "cases.number"),
)
"""How well a buyer was served in a case, 1 to 5."""
