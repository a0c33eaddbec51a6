"""Who works for the shop, where they are signed in, and what they did."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, UniqueConstraint, text

from bot.store.tables.base import ID, found_by_id, refers, row_id, shop_table
from bot.store.types import Json, Moment, Words

staff = shop_table(
    "staff",
    row_id(),
    Column("login", String(32), nullable=False),
    Column("name", Words, nullable=False),
    Column("role", String(10), nullable=False),
    Column("telegram", BigInteger),
    Column("password", Words, nullable=False, server_default=""),
    Column("invitation", String(64)),
    Column("invited_until", Moment),
    Column("second", String(32), nullable=False, server_default=""),
    Column("second_last", BigInteger, nullable=False, server_default="0"),
    Column("email", String(254)),
    Column("subject", String(64)),
    Column("disabled_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("languages", Json),
    Column("capacity", Integer),
    Column("seen_at", Moment),
    Column("away", Boolean, nullable=False, server_default=text("false")),
    Column("given_at", Moment),
    Index(None, "shop", "email", unique=True),
    Index(None, "shop", "subject", unique=True),
    found_by_id(),
    UniqueConstraint("shop", "login"),
    UniqueConstraint("shop", "name"),
    UniqueConstraint("shop", "telegram"),
    UniqueConstraint("shop", "invitation"),
)
"""Who works for the shop. `password` is an Argon2 hash, `invitation` the SHA-256 of a link that lets them choose one;
`second` is the nonce their second factor's key is made with, empty without one, `second_last` the step of the last code.
`email` is what an OIDC provider knows them by the first time, `subject` the SHA-256 of who they are there from then on."""

sessions = shop_table(
    "sessions",
    row_id(),
    Column("token", String(64), nullable=False),
    Column("staff_id", ID, nullable=False),
    Column("how", String(10), nullable=False),
    Column("browser", Words, nullable=False, server_default=""),
    Column("opened_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("ended_at", Moment),
    refers("staff_id", "staff.id"),
    Index(None, "shop", "staff_id"),
    UniqueConstraint("shop", "token"),
)
"""Who is signed in where: `token` is the SHA-256 of what the browser keeps."""

audit = shop_table(
    "audit",
    row_id(),
    Column("at", Moment, nullable=False),
    Column("account", String(64), nullable=False),
    Column("name", Words, nullable=False),
    Column("act", String(40), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("conversation_id", ID),
    Column("subject", String(120), nullable=False, server_default=""),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Index(None, "shop", "conversation_id", "id"),
    Index(None, "shop", "account", "id"),
    Index(None, "shop", "subject", "id"),
)
"""Append-only: what people did to buyers' data, cases, money and each other's accounts. Without what was said."""
