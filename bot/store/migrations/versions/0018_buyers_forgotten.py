"""Orders whose buyer was erased, and files nobody is to have any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Nobody was erased before."""
    op.add_column("orders", sa.Column("erased_at", Moment))
    op.create_table(
        "discarded",
        sa.Column("shop", sa.String(32), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("shop", "sha256", name="pk_discarded"),
    )
