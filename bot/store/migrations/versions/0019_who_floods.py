"""Who floods waits behind all others: in the inbox for some minutes, in the outbox by a mark."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment

revision = "0019"
down_revision = "0018"

_GOING = "state IN ('queued', 'sending')"
_SOME = (
    ("ix_inbox_due", "inbox", ["shop", "conversation_id", "id", "album"], "state = 'due'"),
    ("ix_outbox_going", "outbox", ["shop", "yields", "id"], _GOING),
)


def upgrade() -> None:
    """Nobody is said to have flooded before."""
    op.add_column("outbox", sa.Column("yields", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("conversations", sa.Column("flooded_at", Moment))
    op.drop_index("ix_inbox_due", "inbox")
    op.drop_index("ix_outbox_going", "outbox")
    for name, table, columns, which in _SOME:
        op.create_index(name, table, columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which))
