"""Whether the card of a topic is pinned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Of what was posted before nobody knows; it is pinned again when it changes, which does no harm."""
    op.add_column("topics", sa.Column("pinned", sa.Boolean, nullable=False, server_default=sa.text("false")))
