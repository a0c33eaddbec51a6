"""Files a channel only refers to are fetched and kept: each is a row until it is here, or can't be had."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.store.types import Json, Moment, Words

revision = "0006"
down_revision = "0005"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Files of lines that stand there already are fetched too, oldest first."""
    files = op.create_table(
        "files",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("ref", sa.String(length=300), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("medium", sa.String(length=20), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("album", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="waiting", nullable=False),
        sa.Column("sha256", sa.String(length=64), server_default="", nullable=False),
        sa.Column("mime", sa.String(length=80), server_default="", nullable=False),
        sa.Column("error", Words(), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("missed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_files_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("conversation_id", "ref", name=op.f("uq_files_conversation_id_ref")),
    )
    op.create_index("ix_files_state_due_at", "files", ["state", "due_at"], unique=False)
    said = sa.table(
        "lines",
        sa.column("id"),
        sa.column("conversation_id"),
        sa.column("attachments", Json()),
        sa.column("at", Moment()),
    )
    rows = op.get_bind().execute(sa.select(said).where(said.c.attachments != []).order_by(said.c.id))
    if known := {(row["conversation_id"], row["ref"]): row for line in rows for row in _to_fetch(line)}:
        op.bulk_insert(files, list(known.values()))


def _to_fetch(line: Any) -> Iterator[dict[str, Any]]:
    for file in line.attachments:
        origin, colon, _ = file["ref"].partition(":")
        if colon and origin != "file" and len(file["ref"]) <= 300:
            yield {
                "conversation_id": line.conversation_id,
                "ref": file["ref"],
                "origin": origin,
                "medium": file["medium"],
                "name": file.get("name", ""),
                "size": file.get("size", 0),
                "album": "",
                "received_at": line.at,
                "due_at": line.at,
            }
