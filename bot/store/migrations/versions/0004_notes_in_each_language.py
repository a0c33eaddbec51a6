"""A note to the agents keeps its words in the shop's other languages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Json

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Notes that stand there already stay in the language they were written in."""
    op.add_column("lines", sa.Column("also", Json(), nullable=True))
