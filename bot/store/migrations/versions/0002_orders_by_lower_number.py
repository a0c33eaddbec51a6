"""Orders are found by their number however it is spelt, without reading them all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Index the number as it is looked up."""
    op.create_index("ix_orders_lower_number", "orders", [sa.text("lower(number)")])
