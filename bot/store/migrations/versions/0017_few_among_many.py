"""Indexes of what waits, however much there ever was; SQLite is told how the tables are shaped."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0017"
down_revision = "0016"

_SOME = (
    ("ix_inbox_due", "inbox", ["shop", "id"], "state = 'due'"),
    ("ix_outbox_going", "outbox", ["shop", "id"], "state IN ('queued', 'sending')"),
    ("ix_outbox_uncertain", "outbox", ["shop", "uncertain"], "uncertain > 0"),
    ("ix_cases_open", "cases", ["shop", "due_at", "number"], "state NOT IN ('SUCCESS', 'CLOSED')"),
    ("ix_cases_owed", "cases", ["shop", "conversation_id", "due_at", "number"], "clock = 'seller_timeout'"),
    ("ix_deadlines_waiting", "deadlines", ["shop", "due_at"], "state = 'waiting'"),
)


def upgrade() -> None:
    """None of them touches a row."""
    for name, table, columns, which in _SOME:
        op.create_index(name, table, columns, sqlite_where=text(which), postgresql_where=text(which))
    if (
        op.get_context().dialect.name == "sqlite"
    ):  # PostgreSQL refuses the longest names, and is as quick without
        named = text("name <> ''")
        op.create_index("ix_conversations_named", "conversations", ["shop", "name", "id"], sqlite_where=named)
    op.create_index("ix_cases_shop_opened_at", "cases", ["shop", "opened_at"])
    op.drop_index("ix_deadlines_shop_state_due_at", "deadlines")
