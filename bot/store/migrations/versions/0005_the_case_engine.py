"""Cases of every kind, reminders beside clocks, refunds with states of their own, and the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Json, Moment, Words

revision = "0005"
down_revision = "0004"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Whatever is open goes on: clocks keep their moment, money that is to be paid is still to be paid."""
    _cases()
    _deadlines()
    _refunds()
    _ledger()


def _cases() -> None:
    op.add_column("cases", sa.Column("phase", sa.String(10), nullable=False, server_default="onsale"))
    op.add_column(
        "cases", sa.Column("responsibility", sa.String(10), nullable=False, server_default="undecided")
    )
    op.add_column("cases", sa.Column("missed", sa.Integer, nullable=False, server_default="0"))
    op.add_column("cases", sa.Column("facts", Json()))
    op.add_column("case_history", sa.Column("facts", Json()))


def _deadlines() -> None:
    """Several may wait for one version of a case, so each has a key of its own."""
    op.drop_index("ix_deadlines_state_due_at", "deadlines")
    op.rename_table("deadlines", "old_deadlines")
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE old_deadlines RENAME CONSTRAINT pk_deadlines TO pk_old_deadlines")
    op.create_table(
        "deadlines",
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("case_number", sa.String(40), nullable=False),
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
        "SELECT case_number || ':' || version, case_number, version, kind, conversation_id, due_at, state "
        "FROM old_deadlines"
    )
    op.drop_table("old_deadlines")
    op.create_index("ix_deadlines_state_due_at", "deadlines", ["state", "due_at"])
    op.create_index("ix_deadlines_case_number", "deadlines", ["case_number"])


def _refunds() -> None:
    for column in (
        sa.Column("order_number", sa.String(40), nullable=False, server_default=""),
        sa.Column("purpose", sa.String(10), nullable=False, server_default="price"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("people", sa.Integer, nullable=False, server_default="0"),
        sa.Column("approved", Json()),
        sa.Column("tries", sa.Integer, nullable=False, server_default="1"),
        sa.Column("reference", Words, nullable=False, server_default=""),
        sa.Column("problem", Words, nullable=False, server_default=""),
    ):
        op.add_column("refunds", column)
    op.execute(
        "UPDATE refunds SET order_number = "
        "(SELECT cases.order_number FROM cases WHERE cases.number = refunds.case_number)"
    )
    for name in ("case_number", "order_number", "state"):
        op.create_index(f"ix_refunds_{name}", "refunds", [name])


def _ledger() -> None:
    """Refunds that stand there already get the line they began with."""
    op.create_table(
        "ledger",
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("who", Words, nullable=False),
        sa.Column("event", sa.String(10), nullable=False),
        sa.Column("start", sa.String(10), nullable=False),
        sa.Column("end", sa.String(10), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("reference", Words, nullable=False),
        sa.Column("why", Words, nullable=False),
        sa.PrimaryKeyConstraint("key", "version", name="pk_ledger"),
        sa.ForeignKeyConstraint(["key"], ["refunds.key"], name="fk_ledger_key_refunds"),
    )
    op.execute(
        'INSERT INTO ledger (key, version, at, who, event, start, "end", amount, currency, reference, why) '
        "SELECT key, 1, created_at, '', 'create', '', 'created', amount, currency, '', '' FROM refunds"
    )
