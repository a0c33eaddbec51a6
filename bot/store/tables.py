"""The tables. Migrations (Alembic) bring a database to what stands here; a test holds the two equal."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnClause,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    literal_column,
    text,
)

from bot.store.types import Json, Moment, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

PHONE_END: ColumnClause[str] = literal_column("substr(phone, length(phone) - 3)")
"""A phone number's last four digits, as its index has them."""
_Id = BigInteger().with_variant(Integer, "sqlite")

conversations = Table(
    "conversations",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("channel", String(20), nullable=False),
    Column("address", String(100), nullable=False),
    Column("name", Words, nullable=False, server_default=""),
    Column("language", String(10), nullable=False, server_default=""),
    Column("holder", String(10), nullable=False, server_default="bot"),
    Column("agent", Words, nullable=False, server_default=""),
    Column("flagged_at", Moment),
    Column("priority", String(10), nullable=False, server_default=""),
    Column("staff_thread", BigInteger),
    Column("state", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("channel", "address"),
    Index("ix_conversations_holder_flagged_at", "holder", "flagged_at"),
    Index("ix_conversations_staff_thread", "staff_thread", unique=True),
)
"""One buyer in one channel, and all the bot remembers of them between messages."""

inbox = Table(
    "inbox",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("channel", String(20), nullable=False),
    Column("origin", String(120), nullable=False),
    Column("conversation_id", _Id, ForeignKey("conversations.id")),
    Column("payload", Json, nullable=False),
    Column("album", String(80), nullable=False, server_default=""),
    Column("received_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", String(10), nullable=False, server_default="due"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", Words, nullable=False, server_default=""),
    Column("done_at", Moment),
    UniqueConstraint("channel", "origin"),
    Index("ix_inbox_state_conversation_id_id", "state", "conversation_id", "id"),
)
"""What came in, as it came. States: due, done, shunted."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("conversation_id", _Id, ForeignKey("conversations.id"), nullable=False),
    Column("inbox_id", _Id),
    Column("channel", String(20), nullable=False),
    Column("address", String(100), nullable=False),
    Column("key", String(120), nullable=False, unique=True),
    Column("payload", Json, nullable=False),
    Column("state", String(10), nullable=False, server_default="queued"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("uncertain", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment, nullable=False),
    Column("ref", String(120), nullable=False, server_default=""),
    Column("error", Words, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("holder", Integer),
    Index("ix_outbox_state_channel_address_id", "state", "channel", "address", "id"),
)
"""What goes out. States: queued, sending, sent, blocked, failed, withdrawn (an order to pay, or what was made up for by something newer); `uncertain` counts sends that may have arrived; `holder` is the number of the process that has it, or had it last."""

copies = Table(
    "copies",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("conversation_id", _Id, ForeignKey("conversations.id"), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("ref", String(40), nullable=False),
    Column("source", String(40), nullable=False),
    Column("key", String(120), nullable=False),
    UniqueConstraint("conversation_id", "channel", "ref", "source"),
    Index("ix_copies_conversation_id_source", "conversation_id", "source"),
    Index("ix_copies_channel_ref", "channel", "ref"),
    Index("ix_copies_key", "key"),
)
"""Which message of a chat carries over which message of the other chat (`source`, empty where that has no mark), and the
outbox key it was sent by."""

topics = Table(
    "topics",
    metadata,
    Column("conversation_id", _Id, ForeignKey("conversations.id"), primary_key=True, autoincrement=False),
    Column("thread", BigInteger, nullable=False),
    Column("name", Words, nullable=False, server_default=""),
    Column("closed", Boolean, nullable=False),
    Column("card", BigInteger),
    Column("pinned", Boolean, nullable=False, server_default=text("false")),
)
"""How the staff group's topic of a conversation looks, as far as the bot made it so."""

lines = Table(
    "lines",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("conversation_id", _Id, ForeignKey("conversations.id"), nullable=False),
    Column("who", String(10), nullable=False),
    Column("name", Words, nullable=False, server_default=""),
    Column("text", Words, nullable=False),
    Column("attachments", Json, nullable=False),
    Column("buttons", Json, nullable=False),
    Column("outbox_key", String(120), nullable=False, server_default=""),
    Column("at", Moment, nullable=False),
    Column("meaning", Json),
    Column("reply", String(120), nullable=False, server_default=""),
    Column("also", Json),
    Column("gone", Moment),
    Index("ix_lines_conversation_id_id", "conversation_id", "id"),
)
"""The transcript: what was said stays said, with what the buyer's words were understood to mean, which reply it was, and
how a note to the agents reads in the shop's other languages. `gone`: an agent took it back then; who reads it on a page of the
shop no longer does."""

orders = Table(
    "orders",
    metadata,
    Column("number", String(40), primary_key=True),
    Column("currency", String(3), nullable=False),
    Column("buyer_name", Words, nullable=False, server_default=""),
    Column("phone", String(20), nullable=False, server_default=""),
    Column("placed_at", Moment, nullable=False),
    Column("paid_at", Moment),
    Column("shipped_at", Moment),
    Column("signed_at", Moment),
    Column("completed_at", Moment),
    Column("lines", Json, nullable=False),
    Index("ix_orders_phone", "phone"),
    Index("ix_orders_phone_end", PHONE_END),
    Index("ix_orders_lower_number", text("lower(number)")),
)
"""The shop's orders, as imported; amounts in minor units."""

parcels = Table(
    "parcels",
    metadata,
    Column("number", String(40), primary_key=True),
    Column("order_number", String(40), ForeignKey("orders.number"), nullable=False, index=True),
    Column("carrier", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("shipped_at", Moment),
    Column("eta", Moment),
    Column("as_of", Moment),
    Column("events", Json, nullable=False),
)
"""Parcels of orders, with the scans last known."""

order_links = Table(
    "order_links",
    metadata,
    Column("conversation_id", _Id, ForeignKey("conversations.id"), primary_key=True),
    Column("order_number", String(40), ForeignKey("orders.number"), primary_key=True, index=True),
    Column("how", String(20), nullable=False),
    Column("at", Moment, nullable=False),
)
"""Which buyer has proven which order to be theirs, and how."""

cases = Table(
    "cases",
    metadata,
    Column("number", String(40), primary_key=True),
    Column("conversation_id", _Id, ForeignKey("conversations.id"), nullable=False, index=True),
    Column("order_number", String(40), ForeignKey("orders.number"), nullable=False, index=True),
    Column("lines", Json, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("state", String(30), nullable=False),
    Column("goods", String(20), nullable=False),
    Column("reason", String(30), nullable=False),
    Column("phase", String(10), nullable=False, server_default="onsale"),
    Column("responsibility", String(10), nullable=False, server_default="undecided"),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("version", Integer, nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("missed", Integer, nullable=False, server_default="0"),
    Column("clock", String(30), nullable=False, server_default=""),
    Column("due_at", Moment),
    Column("waybill", Words, nullable=False, server_default=""),
    Column("evidence", Json, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("facts", Json),
)
"""Cases as they stand now; `case_history` is how they came to."""

open_lines = Table(
    "open_lines",
    metadata,
    Column("order_number", String(40), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("case_number", String(40), ForeignKey("cases.number"), nullable=False, index=True),
)
"""The order lines an open case covers: the key itself forbids a second one."""

case_history = Table(
    "case_history",
    metadata,
    Column("case_number", String(40), ForeignKey("cases.number"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(10), nullable=False),
    Column("who", Words, nullable=False),
    Column("event", String(30), nullable=False),
    Column("start", String(30), nullable=False),
    Column("end", String(30), nullable=False),
    Column("why", Words, nullable=False),
    Column("evidence", Json, nullable=False),
    Column("facts", Json),
)
"""Append-only: every move of every case. The key forbids two moves from one version."""

deadlines = Table(
    "deadlines",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("case_number", String(40), ForeignKey("cases.number"), index=True),
    Column("version", Integer, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("conversation_id", _Id, ForeignKey("conversations.id"), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", String(10), nullable=False, server_default="waiting"),
    Index("ix_deadlines_state_due_at", "state", "due_at"),
)
"""Clocks and reminders as rows; those of a conversation that people look after have no case. States: waiting, fired, dropped."""

feedback = Table(
    "feedback",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("conversation_id", _Id, ForeignKey("conversations.id"), nullable=False),
    Column("order_number", String(40), nullable=False, server_default=""),
    Column("sku", Words, nullable=False, server_default=""),
    Column("cause", String(20), nullable=False),
    Column("words", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_feedback_sku_cause", "sku", "cause"),
)
"""What buyers would have otherwise, by product and cause."""

scores = Table(
    "scores",
    metadata,
    Column("case_number", String(40), ForeignKey("cases.number"), primary_key=True),
    Column("score", Integer, nullable=False),
    Column("words", Words, nullable=False, server_default=""),
    Column("at", Moment, nullable=False),
)
"""How well a buyer was served in a case, 1 to 5."""

refunds = Table(
    "refunds",
    metadata,
    Column("key", String(60), primary_key=True),
    Column("case_number", String(40), ForeignKey("cases.number"), nullable=False, index=True),
    Column("order_number", String(40), nullable=False, server_default="", index=True),
    Column("purpose", String(10), nullable=False, server_default="price"),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("state", String(10), nullable=False, index=True),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("people", Integer, nullable=False, server_default="0"),
    Column("approved", Json),
    Column("tries", Integer, nullable=False, server_default="1"),
    Column("reference", Words, nullable=False, server_default=""),
    Column("problem", Words, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
)
"""Money that is to leave, once: the key is the promise."""

ledger = Table(
    "ledger",
    metadata,
    Column("key", String(60), ForeignKey("refunds.key"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Words, nullable=False),
    Column("event", String(10), nullable=False),
    Column("start", String(10), nullable=False),
    Column("end", String(10), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("reference", Words, nullable=False),
    Column("why", Words, nullable=False),
)
"""Append-only: every move of every refund."""

files = Table(
    "files",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("conversation_id", _Id, ForeignKey("conversations.id"), nullable=False),
    Column("ref", String(300), nullable=False),
    Column("origin", String(20), nullable=False),
    Column("medium", String(20), nullable=False),
    Column("name", Words, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("album", String(80), nullable=False),
    Column("state", String(10), nullable=False, server_default="waiting"),
    Column("sha256", String(64), nullable=False, server_default=""),
    Column("mime", String(80), nullable=False, server_default=""),
    Column("error", Words, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("missed", Integer, nullable=False, server_default="0"),
    Column("received_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("holder", Integer),
    UniqueConstraint("conversation_id", "ref"),
    Index("ix_files_state_due_at", "state", "due_at"),
)
"""Files a channel only refers to, to be fetched and kept. States: waiting, kept, too_big, refused, gone;
`missed` counts how often the channel said that it does not have it, `holder` is the number of the process that fetches it, or
did last."""

staff = Table(
    "staff",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("login", String(32), nullable=False, unique=True),
    Column("name", Words, nullable=False, unique=True),
    Column("role", String(10), nullable=False),
    Column("telegram", BigInteger, unique=True),
    Column("password", Words, nullable=False, server_default=""),
    Column("invitation", String(64), unique=True),
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
    Index("ix_staff_email", "email", unique=True),
    Index("ix_staff_subject", "subject", unique=True),
)
"""Who works for the shop. `password` is an Argon2 hash, `invitation` the SHA-256 of a link that lets them choose one;
`second` is the nonce their second factor's key is made with, empty without one, `second_last` the step of the last code.
`email` is what an OIDC provider knows them by the first time, `subject` the SHA-256 of who they are there from then on."""

sessions = Table(
    "sessions",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("token", String(64), nullable=False, unique=True),
    Column("staff_id", _Id, ForeignKey("staff.id"), nullable=False, index=True),
    Column("how", String(10), nullable=False),
    Column("browser", Words, nullable=False, server_default=""),
    Column("opened_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("ended_at", Moment),
)
"""Who is signed in where: `token` is the SHA-256 of what the browser keeps."""

audit = Table(
    "audit",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("account", String(64), nullable=False),
    Column("name", Words, nullable=False),
    Column("act", String(40), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("conversation_id", _Id),
    Column("subject", String(120), nullable=False, server_default=""),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Index("ix_audit_conversation_id_id", "conversation_id", "id"),
    Index("ix_audit_account_id", "account", "id"),
    Index("ix_audit_subject_id", "subject", "id"),
)
"""Append-only: what people did to buyers' data, cases, money and each other's accounts. Without what was said."""
