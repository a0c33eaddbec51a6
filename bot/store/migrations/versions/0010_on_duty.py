"""Whether those who work for the shop are there, and what they are given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Json, Moment

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Nobody is known to be there yet."""
    op.add_column("staff", sa.Column("languages", Json))
    op.add_column("staff", sa.Column("capacity", sa.Integer))
    op.add_column("staff", sa.Column("seen_at", Moment))
    op.add_column("staff", sa.Column("away", sa.Boolean, nullable=False, server_default=sa.text("false")))
    op.add_column("staff", sa.Column("given_at", Moment))
