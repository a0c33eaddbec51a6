"""Accounts of those who work for the shop, their sessions, and what they did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Json, Moment, Words

revision = "0009"
down_revision = "0008"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """There is nobody yet."""
    _staff()
    _sessions()
    _audit()


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("login", sa.String(32), nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("telegram", sa.BigInteger),
        sa.Column("password", Words, nullable=False, server_default=""),
        sa.Column("invitation", sa.String(64)),
        sa.Column("invited_until", Moment),
        sa.Column("second", sa.String(32), nullable=False, server_default=""),
        sa.Column("second_last", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("disabled_at", Moment),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("login", name="uq_staff_login"),
        sa.UniqueConstraint("name", name="uq_staff_name"),
        sa.UniqueConstraint("telegram", name="uq_staff_telegram"),
        sa.UniqueConstraint("invitation", name="uq_staff_invitation"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("staff_id", _ID, nullable=False),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("browser", Words, nullable=False, server_default=""),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("ended_at", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("token", name="uq_sessions_token"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_sessions_staff_id_staff"),
    )
    op.create_index("ix_sessions_staff_id", "sessions", ["staff_id"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("conversation_id", _ID),
        sa.Column("subject", sa.String(120), nullable=False, server_default=""),
        sa.Column("before", Json, nullable=False),
        sa.Column("after", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    for column in ("conversation_id", "account", "subject"):
        op.create_index(f"ix_audit_{column}_id", "audit", [column, "id"])
