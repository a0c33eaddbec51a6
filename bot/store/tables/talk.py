"""What is said: conversations, what comes in, what goes out, and what stands in the messengers' chats."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, UniqueConstraint, text

from bot.store.tables.base import ID, found_by_id, refers, row_id, shop_table, some_of
from bot.store.types import Json, Moment, Words

conversations = shop_table(
    "conversations",
    row_id(),
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
    Column("flooded_at", Moment),
    UniqueConstraint("shop", "channel", "address"),
    Index(None, "shop", "holder", "flagged_at"),
    Index(None, "shop", "staff_thread", unique=True),
    some_of("ix_conversations_named", "name <> ''", "shop", "name", "id").ddl_if(dialect="sqlite"),
    found_by_id(),
)
"""One buyer in one channel, and all the bot remembers of them between messages. `flooded_at`: more of their messages waited then
than a person writes in a row."""

inbox = shop_table(
    "inbox",
    row_id(),
    Column("channel", String(20), nullable=False),
    Column("origin", String(120), nullable=False),
    Column("conversation_id", ID),
    Column("payload", Json, nullable=False),
    Column("album", String(80), nullable=False, server_default=""),
    Column("received_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", String(10), nullable=False, server_default="due"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", Words, nullable=False, server_default=""),
    Column("done_at", Moment),
    UniqueConstraint("shop", "channel", "origin"),
    Index(None, "shop", "state", "conversation_id", "id"),
    some_of("ix_inbox_due", "state = 'due'", "shop", "conversation_id", "id", "album"),
    refers("conversation_id", "conversations.id"),
)
"""What came in, as it came. States: due, done, shunted."""

outbox = shop_table(
    "outbox",
    row_id(),
    Column("conversation_id", ID, nullable=False),
    Column("inbox_id", ID),
    Column("channel", String(20), nullable=False),
    Column("address", String(100), nullable=False),
    Column("key", String(120), nullable=False),
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
    Column("yields", Boolean, nullable=False, server_default=text("false")),
    Index(None, "shop", "state", "channel", "address", "id"),
    some_of("ix_outbox_going", "state IN ('queued', 'sending')", "shop", "yields", "id"),
    some_of("ix_outbox_uncertain", "uncertain > 0", "shop", "uncertain"),
    refers("conversation_id", "conversations.id"),
    UniqueConstraint("shop", "key"),
)
"""What goes out. States: queued, sending, sent, blocked, failed, withdrawn (an order to pay, or what was made up for by something newer); `uncertain` counts sends that may have arrived; `holder` is the number of the process that sends it, or did last; `yields`: it is for somebody who floods, and all others' go first."""

copies = shop_table(
    "copies",
    row_id(),
    Column("conversation_id", ID, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("ref", String(40), nullable=False),
    Column("source", String(40), nullable=False),
    Column("key", String(120), nullable=False),
    UniqueConstraint("shop", "conversation_id", "channel", "ref", "source"),
    Index(None, "shop", "conversation_id", "source"),
    Index(None, "shop", "channel", "ref"),
    Index(None, "shop", "key"),
    refers("conversation_id", "conversations.id"),
)
"""Which message of a chat carries over which message of the other chat (`source`, empty where that has no mark), and the
outbox key it was sent by."""

topics = shop_table(
    "topics",
    Column("conversation_id", ID, primary_key=True, autoincrement=False),
    Column("thread", BigInteger, nullable=False),
    Column("name", Words, nullable=False, server_default=""),
    Column("closed", Boolean, nullable=False),
    Column("card", BigInteger),
    Column("pinned", Boolean, nullable=False, server_default=text("false")),
    refers("conversation_id", "conversations.id"),
)
"""How the staff group's topic of a conversation looks, as far as the bot made it so."""

lines = shop_table(
    "lines",
    row_id(),
    Column("conversation_id", ID, nullable=False),
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
    Index(None, "shop", "conversation_id", "id"),
    some_of("ix_lines_with_files", "attachments <> '[]'", "shop", "id"),
    refers("conversation_id", "conversations.id"),
)
"""The transcript: what was said stays said, with what the buyer's words were understood to mean, which reply it was, and
how a note to the agents reads in the shop's other languages. `gone`: an agent took it back then; who reads it on a page of the
shop no longer does."""

files = shop_table(
    "files",
    row_id(),
    Column("conversation_id", ID, nullable=False),
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
    UniqueConstraint("shop", "conversation_id", "ref"),
    Index(None, "shop", "state", "due_at"),
    refers("conversation_id", "conversations.id"),
)
"""Files a channel only refers to, to be fetched and kept. States: waiting, kept, too_big, refused, gone;
`missed` counts how often the channel said that it does not have it, `holder` is the number of the process that fetches it, or
did last."""

discarded = shop_table(
    "discarded",
    Column("sha256", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
)
"""Files of buyers who were erased, until they are off the disk."""
