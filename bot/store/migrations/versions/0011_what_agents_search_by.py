"""Indexes for the agents' search: the end of a phone number, and whose an order is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Nothing is changed, only found sooner."""
    op.create_index("ix_orders_phone_end", "orders", [sa.text("substr(phone, length(phone) - 3)")])
    op.create_index("ix_order_links_order_number", "order_links", ["order_number"])
