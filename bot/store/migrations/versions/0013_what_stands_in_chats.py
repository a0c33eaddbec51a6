"""Which message is whose copy in the other chat, what was taken back, and how the staff group's topics look."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, Words

revision = "0013"
down_revision = "0012"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """What was sent before has no copies, and its topics get their card with the next thing that happens."""
    op.create_table(
        "copies",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("ref", sa.String(40), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_copies_conversation_id_conversations"
        ),
        sa.UniqueConstraint(
            "conversation_id",
            "channel",
            "ref",
            "source",
            name="uq_copies_conversation_id_channel_ref_source",
        ),
    )
    op.create_index("ix_copies_conversation_id_source", "copies", ["conversation_id", "source"])
    op.create_index("ix_copies_channel_ref", "copies", ["channel", "ref"])
    op.create_index("ix_copies_key", "copies", ["key"])
    op.add_column("lines", sa.Column("gone", Moment))
    op.create_table(
        "topics",
        sa.Column("conversation_id", _ID, primary_key=True, autoincrement=False),
        sa.Column("thread", sa.BigInteger, nullable=False),
        sa.Column("name", Words, nullable=False, server_default=""),
        sa.Column("closed", sa.Boolean, nullable=False),
        sa.Column("card", sa.BigInteger),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_topics_conversation_id_conversations"
        ),
    )
