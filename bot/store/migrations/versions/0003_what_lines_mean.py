"""A buyer's line keeps what it was understood to mean, a line that was said the name of its reply."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Json

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Lines that stand there already have neither."""
    op.add_column("lines", sa.Column("meaning", Json(), nullable=True))
    op.add_column("lines", sa.Column("reply", sa.String(length=120), server_default="", nullable=False))
