"""Which process holds a row that is being sent or fetched."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Who held a row before is not known; their lease runs out."""
    for name in ("outbox", "files"):
        op.add_column(name, sa.Column("holder", sa.Integer))
