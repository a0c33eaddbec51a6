"""Each row says which shop it belongs to, and every key begins with that."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from bot.store.types import Json, Moment, Words

revision = "0015"
down_revision = "0014"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def upgrade() -> None:
    """All there is belongs to the shop that opens the database. Every table is made anew and filled from the old one: keys
    can't be changed in place on SQLite, and on PostgreSQL every index would have to be built anew as well."""
    sqlite = op.get_context().dialect.name == "sqlite"
    whole = _tables(sqlite=sqlite)
    shop = op.get_context().config.attributes["shop"]  # type: ignore[union-attr]
    old = {table.name: _put_aside(table.name, sqlite=sqlite) for table in whole.sorted_tables}
    whole.create_all(op.get_bind())
    for table in whole.sorted_tables:
        _fill(table, old[table.name], shop)
        if not sqlite and "id" in table.c:
            _count_on(table.name)
    if sqlite:
        for table in reversed(whole.sorted_tables):
            op.drop_table(old[table.name].name)
    else:
        op.execute("DROP SCHEMA before_shops CASCADE")


def _put_aside(name: str, *, sqlite: bool) -> sa.TableClause:
    """Out of the way, with its indexes, whose names are needed."""
    if not sqlite:
        op.execute("CREATE SCHEMA IF NOT EXISTS before_shops")
        op.execute(f'ALTER TABLE "{name}" SET SCHEMA before_shops')
        return sa.table(name, schema="before_shops")
    indexes = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql IS NOT NULL"
    for index in op.get_bind().execute(sa.text(indexes), {"name": name}).scalars().all():
        op.drop_index(index, name)
    op.rename_table(name, f"before_shops_{name}")
    return sa.table(f"before_shops_{name}")


def _fill(table: sa.Table, old: sa.TableClause, shop: str) -> None:
    names = [column.name for column in table.c if column.name != "shop"]
    known: list[sa.ColumnElement[Any]] = [sa.literal(shop), *(sa.column(name) for name in names)]
    rows = sa.select(*known).select_from(old)
    op.get_bind().execute(sa.insert(table).from_select(["shop", *names], rows))


def _count_on(name: str) -> None:
    """Numbers go on where they were."""
    op.execute(
        f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name} HAVING max(id) IS NOT NULL"  # noqa: S608 -- our own words
    )


def _tables(*, sqlite: bool) -> sa.MetaData:
    whole = sa.MetaData(naming_convention=_NAMES)
    _talk(whole, sqlite=sqlite)
    _trade(whole, sqlite=sqlite)
    _casework(whole, sqlite=sqlite)
    _money(whole, sqlite=sqlite)
    _people(whole, sqlite=sqlite)
    return whole


def _shop_table(whole: sa.MetaData, sqlite: bool, name: str, *items: SchemaItem) -> None:
    """On SQLite a number that is counted up has to be the whole key."""
    keys = [item for item in items if isinstance(item, sa.Column) and item.primary_key]
    alone = sqlite and [key.name for key in keys] == ["id"]
    shop: sa.Column[str] = sa.Column("shop", sa.String(32), nullable=False, primary_key=not alone)
    key = sa.PrimaryKeyConstraint(*(keys if alone else [shop, *keys]))
    sa.Table(name, whole, shop, *items, key)


def _row_id() -> sa.Column[int]:
    return sa.Column("id", _ID, primary_key=True, autoincrement=True)


def _found_by_id(sqlite: bool) -> list[SchemaItem]:
    return [sa.UniqueConstraint("shop", "id")] if sqlite else []


def _refers(column: str, there: str) -> sa.ForeignKeyConstraint:
    table, _, key = there.partition(".")
    return sa.ForeignKeyConstraint(["shop", column], [f"{table}.shop", f"{table}.{key}"])


def _talk(whole: sa.MetaData, *, sqlite: bool) -> None:
    _shop_table(
        whole,
        sqlite,
        "conversations",
        _row_id(),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address", sa.String(100), nullable=False),
        sa.Column("name", Words, nullable=False, server_default=""),
        sa.Column("language", sa.String(10), nullable=False, server_default=""),
        sa.Column("holder", sa.String(10), nullable=False, server_default="bot"),
        sa.Column("agent", Words, nullable=False, server_default=""),
        sa.Column("flagged_at", Moment),
        sa.Column("priority", sa.String(10), nullable=False, server_default=""),
        sa.Column("staff_thread", sa.BigInteger),
        sa.Column("state", Json, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.UniqueConstraint("shop", "channel", "address"),
        sa.Index(None, "shop", "holder", "flagged_at"),
        sa.Index(None, "shop", "staff_thread", unique=True),
        *_found_by_id(sqlite),
    )
    _shop_table(
        whole,
        sqlite,
        "inbox",
        _row_id(),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("origin", sa.String(120), nullable=False),
        sa.Column("conversation_id", _ID),
        sa.Column("payload", Json, nullable=False),
        sa.Column("album", sa.String(80), nullable=False, server_default=""),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("state", sa.String(10), nullable=False, server_default="due"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("error", Words, nullable=False, server_default=""),
        sa.Column("done_at", Moment),
        sa.UniqueConstraint("shop", "channel", "origin"),
        sa.Index(None, "shop", "state", "conversation_id", "id"),
        _refers("conversation_id", "conversations.id"),
    )
    _shop_table(
        whole,
        sqlite,
        "outbox",
        _row_id(),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("inbox_id", _ID),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address", sa.String(100), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("state", sa.String(10), nullable=False, server_default="queued"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("uncertain", sa.Integer, nullable=False, server_default="0"),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("ref", sa.String(120), nullable=False, server_default=""),
        sa.Column("error", Words, nullable=False, server_default=""),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("sent_at", Moment),
        sa.Index(None, "shop", "state", "channel", "address", "id"),
        _refers("conversation_id", "conversations.id"),
        sa.UniqueConstraint("shop", "key"),
    )
    _shop_table(
        whole,
        sqlite,
        "copies",
        _row_id(),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("ref", sa.String(40), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.UniqueConstraint("shop", "conversation_id", "channel", "ref", "source"),
        sa.Index(None, "shop", "conversation_id", "source"),
        sa.Index(None, "shop", "channel", "ref"),
        sa.Index(None, "shop", "key"),
        _refers("conversation_id", "conversations.id"),
    )
    _shop_table(
        whole,
        sqlite,
        "topics",
        sa.Column("conversation_id", _ID, primary_key=True, autoincrement=False),
        sa.Column("thread", sa.BigInteger, nullable=False),
        sa.Column("name", Words, nullable=False, server_default=""),
        sa.Column("closed", sa.Boolean, nullable=False),
        sa.Column("card", sa.BigInteger),
        sa.Column("pinned", sa.Boolean, nullable=False, server_default=sa.text("false")),
        _refers("conversation_id", "conversations.id"),
    )
    _shop_table(
        whole,
        sqlite,
        "lines",
        _row_id(),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("who", sa.String(10), nullable=False),
        sa.Column("name", Words, nullable=False, server_default=""),
        sa.Column("text", Words, nullable=False),
        sa.Column("attachments", Json, nullable=False),
        sa.Column("buttons", Json, nullable=False),
        sa.Column("outbox_key", sa.String(120), nullable=False, server_default=""),
        sa.Column("at", Moment, nullable=False),
        sa.Column("meaning", Json),
        sa.Column("reply", sa.String(120), nullable=False, server_default=""),
        sa.Column("also", Json),
        sa.Column("gone", Moment),
        sa.Index(None, "shop", "conversation_id", "id"),
        _refers("conversation_id", "conversations.id"),
    )
    _shop_table(
        whole,
        sqlite,
        "files",
        _row_id(),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("ref", sa.String(300), nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("medium", sa.String(20), nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("album", sa.String(80), nullable=False),
        sa.Column("state", sa.String(10), nullable=False, server_default="waiting"),
        sa.Column("sha256", sa.String(64), nullable=False, server_default=""),
        sa.Column("mime", sa.String(80), nullable=False, server_default=""),
        sa.Column("error", Words, nullable=False, server_default=""),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("missed", sa.Integer, nullable=False, server_default="0"),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.UniqueConstraint("shop", "conversation_id", "ref"),
        sa.Index(None, "shop", "state", "due_at"),
        _refers("conversation_id", "conversations.id"),
    )


def _trade(whole: sa.MetaData, *, sqlite: bool) -> None:
    _shop_table(
        whole,
        sqlite,
        "orders",
        sa.Column("number", sa.String(40), primary_key=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("buyer_name", Words, nullable=False, server_default=""),
        sa.Column("phone", sa.String(20), nullable=False, server_default=""),
        sa.Column("placed_at", Moment, nullable=False),
        sa.Column("paid_at", Moment),
        sa.Column("shipped_at", Moment),
        sa.Column("signed_at", Moment),
        sa.Column("completed_at", Moment),
        sa.Column("lines", Json, nullable=False),
        sa.Index(None, "shop", "phone"),
        sa.Index("ix_orders_shop_phone_end", "shop", sa.text("substr(phone, length(phone) - 3)")),
        sa.Index("ix_orders_shop_lower_number", "shop", sa.text("lower(number)")),
    )
    _shop_table(
        whole,
        sqlite,
        "parcels",
        sa.Column("number", sa.String(40), primary_key=True),
        sa.Column("order_number", sa.String(40), nullable=False),
        sa.Column("carrier", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("shipped_at", Moment),
        sa.Column("eta", Moment),
        sa.Column("as_of", Moment),
        sa.Column("events", Json, nullable=False),
        _refers("order_number", "orders.number"),
        sa.Index(None, "shop", "order_number"),
    )
    _shop_table(
        whole,
        sqlite,
        "order_links",
        sa.Column("conversation_id", _ID, primary_key=True),
        sa.Column("order_number", sa.String(40), primary_key=True),
        sa.Column("how", sa.String(20), nullable=False),
        sa.Column("at", Moment, nullable=False),
        _refers("conversation_id", "conversations.id"),
        _refers("order_number", "orders.number"),
        sa.Index(None, "shop", "order_number"),
    )


def _casework(whole: sa.MetaData, *, sqlite: bool) -> None:
    _shop_table(
        whole,
        sqlite,
        "cases",
        sa.Column("number", sa.String(40), primary_key=True),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("order_number", sa.String(40), nullable=False),
        sa.Column("lines", Json, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("goods", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(30), nullable=False),
        sa.Column("phase", sa.String(10), nullable=False, server_default="onsale"),
        sa.Column("responsibility", sa.String(10), nullable=False, server_default="undecided"),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("locked", sa.Boolean, nullable=False),
        sa.Column("missed", sa.Integer, nullable=False, server_default="0"),
        sa.Column("clock", sa.String(30), nullable=False, server_default=""),
        sa.Column("due_at", Moment),
        sa.Column("waybill", Words, nullable=False, server_default=""),
        sa.Column("evidence", Json, nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("facts", Json),
        _refers("conversation_id", "conversations.id"),
        _refers("order_number", "orders.number"),
        sa.Index(None, "shop", "conversation_id"),
        sa.Index(None, "shop", "order_number"),
    )
    _shop_table(
        whole,
        sqlite,
        "open_lines",
        sa.Column("order_number", sa.String(40), primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("case_number", sa.String(40), nullable=False),
        _refers("case_number", "cases.number"),
        sa.Index(None, "shop", "case_number"),
    )
    _shop_table(
        whole,
        sqlite,
        "case_history",
        sa.Column("case_number", sa.String(40), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by", sa.String(10), nullable=False),
        sa.Column("who", Words, nullable=False),
        sa.Column("event", sa.String(30), nullable=False),
        sa.Column("start", sa.String(30), nullable=False),
        sa.Column("end", sa.String(30), nullable=False),
        sa.Column("why", Words, nullable=False),
        sa.Column("evidence", Json, nullable=False),
        sa.Column("facts", Json),
        _refers("case_number", "cases.number"),
    )
    _shop_table(
        whole,
        sqlite,
        "deadlines",
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("case_number", sa.String(40)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("state", sa.String(10), nullable=False, server_default="waiting"),
        sa.Index(None, "shop", "state", "due_at"),
        _refers("case_number", "cases.number"),
        _refers("conversation_id", "conversations.id"),
        sa.Index(None, "shop", "case_number"),
    )
    _shop_table(
        whole,
        sqlite,
        "feedback",
        _row_id(),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("order_number", sa.String(40), nullable=False, server_default=""),
        sa.Column("sku", Words, nullable=False, server_default=""),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("words", Words, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Index(None, "shop", "sku", "cause"),
        _refers("conversation_id", "conversations.id"),
    )
    _shop_table(
        whole,
        sqlite,
        "scores",
        sa.Column("case_number", sa.String(40), primary_key=True),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("words", Words, nullable=False, server_default=""),
        sa.Column("at", Moment, nullable=False),
        _refers("case_number", "cases.number"),
    )


def _money(whole: sa.MetaData, *, sqlite: bool) -> None:
    _shop_table(
        whole,
        sqlite,
        "refunds",
        sa.Column("key", sa.String(60), primary_key=True),
        sa.Column("case_number", sa.String(40), nullable=False),
        sa.Column("order_number", sa.String(40), nullable=False, server_default=""),
        sa.Column("purpose", sa.String(10), nullable=False, server_default="price"),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("people", sa.Integer, nullable=False, server_default="0"),
        sa.Column("approved", Json),
        sa.Column("tries", sa.Integer, nullable=False, server_default="1"),
        sa.Column("reference", Words, nullable=False, server_default=""),
        sa.Column("problem", Words, nullable=False, server_default=""),
        sa.Column("created_at", Moment, nullable=False),
        _refers("case_number", "cases.number"),
        sa.Index(None, "shop", "case_number"),
        sa.Index(None, "shop", "order_number"),
        sa.Index(None, "shop", "state"),
    )
    _shop_table(
        whole,
        sqlite,
        "ledger",
        sa.Column("key", sa.String(60), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("who", Words, nullable=False),
        sa.Column("event", sa.String(10), nullable=False),
        sa.Column("start", sa.String(10), nullable=False),
        sa.Column("end", sa.String(10), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("reference", Words, nullable=False),
        sa.Column("why", Words, nullable=False),
        _refers("key", "refunds.key"),
    )


def _people(whole: sa.MetaData, *, sqlite: bool) -> None:
    _shop_table(
        whole,
        sqlite,
        "staff",
        _row_id(),
        sa.Column("login", sa.String(32), nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("telegram", sa.BigInteger),
        sa.Column("password", Words, nullable=False, server_default=""),
        sa.Column("invitation", sa.String(64)),
        sa.Column("invited_until", Moment),
        sa.Column("second", sa.String(32), nullable=False, server_default=""),
        sa.Column("second_last", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("email", sa.String(254)),
        sa.Column("subject", sa.String(64)),
        sa.Column("disabled_at", Moment),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("languages", Json),
        sa.Column("capacity", sa.Integer),
        sa.Column("seen_at", Moment),
        sa.Column("away", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("given_at", Moment),
        sa.Index(None, "shop", "email", unique=True),
        sa.Index(None, "shop", "subject", unique=True),
        *_found_by_id(sqlite),
        sa.UniqueConstraint("shop", "login"),
        sa.UniqueConstraint("shop", "name"),
        sa.UniqueConstraint("shop", "telegram"),
        sa.UniqueConstraint("shop", "invitation"),
    )
    _shop_table(
        whole,
        sqlite,
        "sessions",
        _row_id(),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("staff_id", _ID, nullable=False),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("browser", Words, nullable=False, server_default=""),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("ended_at", Moment),
        _refers("staff_id", "staff.id"),
        sa.Index(None, "shop", "staff_id"),
        sa.UniqueConstraint("shop", "token"),
    )
    _shop_table(
        whole,
        sqlite,
        "audit",
        _row_id(),
        sa.Column("at", Moment, nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("conversation_id", _ID),
        sa.Column("subject", sa.String(120), nullable=False, server_default=""),
        sa.Column("before", Json, nullable=False),
        sa.Column("after", Json, nullable=False),
        sa.Index(None, "shop", "conversation_id", "id"),
        sa.Index(None, "shop", "account", "id"),
        sa.Index(None, "shop", "subject", "id"),
    )
