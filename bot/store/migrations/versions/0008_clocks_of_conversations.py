"""Clocks of conversations that people look after, which have no case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment

revision = "0008"
down_revision = "0007"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Nothing of the kind waits yet; what waits for a case goes on."""
    if op.get_context().dialect.name == "postgresql":
        op.alter_column("deadlines", "case_number", nullable=True)
    else:
        _anew()


def _anew() -> None:
    """SQLite can't take a constraint off a column."""
    for index in ("ix_deadlines_state_due_at", "ix_deadlines_case_number"):
        op.drop_index(index, "deadlines")
    op.rename_table("deadlines", "old_deadlines")
    op.create_table(
        "deadlines",
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("case_number", sa.String(40)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("state", sa.String(10), nullable=False, server_default="waiting"),
        sa.PrimaryKeyConstraint("key", name="pk_deadlines"),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name="fk_deadlines_case_number_cases"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_deadlines_conversation_id_conversations"
        ),
    )
    op.execute(
        "INSERT INTO deadlines (key, case_number, version, kind, conversation_id, due_at, state) "
        "SELECT key, case_number, version, kind, conversation_id, due_at, state FROM old_deadlines"
    )
    op.drop_table("old_deadlines")
    op.create_index("ix_deadlines_state_due_at", "deadlines", ["state", "due_at"])
    op.create_index("ix_deadlines_case_number", "deadlines", ["case_number"])
