"""Orders whose buyer was erased, files nobody is to have any more, and indexes of what refers to a file and of what is owed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment

revision = "0018"
down_revision = "0017"

_SOME = (
    ("ix_lines_with_files", "lines", ["shop", "id"], "attachments <> '[]'"),
    ("ix_cases_with_files", "cases", ["shop", "number"], "evidence <> '[]'"),
    ("ix_case_history_with_files", "case_history", ["shop", "case_number", "version"], "evidence <> '[]'"),
    ("ix_refunds_owed", "refunds", ["shop", "case_number"], "state NOT IN ('done', 'cancelled')"),
)


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
    for name, table, columns, which in _SOME:
        op.create_index(name, table, columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which))
