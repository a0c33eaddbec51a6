"""Money that leaves: refunds and their ledger."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String

from bot.store.tables.base import refers, shop_table, some_of
from bot.store.types import Json, Moment, Words

refunds = shop_table(
    "refunds",
    Column("key", String(60), primary_key=True),
    Column("case_number", String(40), nullable=False),
    Column("order_number", String(40), nullable=False, server_default=""),
    Column("purpose", String(10), nullable=False, server_default="price"),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("state", String(10), nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("people", Integer, nullable=False, server_default="0"),
    Column("approved", Json),
    Column("tries", Integer, nullable=False, server_default="1"),
    Column("reference", Words, nullable=False, server_default=""),
    Column("problem", Words, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    refers("case_number", "cases.number"),
    Index(None, "shop", "case_number"),
    Index(None, "shop", "order_number"),
    Index(None, "shop", "state"),
    some_of("ix_refunds_owed", "state NOT IN ('done', 'cancelled')", "shop", "case_number"),
)
"""Money that is to leave, once: the key is the promise."""

ledger = shop_table(
    "ledger",
    Column("key", String(60), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Words, nullable=False),
    Column("event", String(10), nullable=False),
    Column("start", String(10), nullable=False),
    Column("end", String(10), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("reference", Words, nullable=False),
    Column("why", Words, nullable=False),
    refers("key", "refunds.key"),
)
"""Append-only: every move of every refund."""
