"""Suggestions and scores are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, Words

revision = "0007"
down_revision = "0006"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Nothing was kept of either before."""
    op.create_table(
        "feedback",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("order_number", sa.String(40), nullable=False, server_default=""),
        sa.Column("sku", Words, nullable=False, server_default=""),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("words", Words, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_feedback_conversation_id_conversations"
        ),
    )
    op.create_index("ix_feedback_sku_cause", "feedback", ["sku", "cause"])
    op.create_table(
        "scores",
        sa.Column("case_number", sa.String(40), nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("words", Words, nullable=False, server_default=""),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("case_number", name="pk_scores"),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name="fk_scores_case_number_cases"),
    )
