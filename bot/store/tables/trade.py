"""What was bought: orders, their parcels, and whose they are."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, text

from bot.store.tables.base import ID, PHONE_END, refers, shop_table
from bot.store.types import Json, Moment, Words

orders = shop_table(
    "orders",
    Column("number", String(40), primary_key=True),
    Column("currency", String(3), nullable=False),
    Column("buyer_name", Words, nullable=False, server_default=""),
    Column("phone", String(20), nullable=False, server_default=""),
    Column("placed_at", Moment, nullable=False),
    Column("paid_at", Moment),
    Column("shipped_at", Moment),
    Column("signed_at", Moment),
    Column("completed_at", Moment),
    Column("lines", Json, nullable=False),
    Column("erased_at", Moment),
    Index(None, "shop", "phone"),
    Index("ix_orders_shop_phone_end", "shop", PHONE_END),
    Index("ix_orders_shop_lower_number", "shop", text("lower(number)")),
)
"""The shop's orders, as imported; amounts in minor units. `erased_at`: who bought it was erased then, and no import brings
their name and phone number back."""

parcels = shop_table(
    "parcels",
    Column("number", String(40), primary_key=True),
    Column("order_number", String(40), nullable=False),
    Column("carrier", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("shipped_at", Moment),
    Column("eta", Moment),
    Column("as_of", Moment),
    Column("events", Json, nullable=False),
    refers("order_number", "orders.number"),
    Index(None, "shop", "order_number"),
)
"""Parcels of orders, with the scans last known."""

order_links = shop_table(
    "order_links",
    Column("conversation_id", ID, primary_key=True),
    Column("order_number", String(40), primary_key=True),
    Column("how", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    refers("conversation_id", "conversations.id"),
    refers("order_number", "orders.number"),
    Index(None, "shop", "order_number"),
)
"""Which buyer has proven which order to be theirs, and how."""
