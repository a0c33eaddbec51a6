"""The tables. Migrations (Alembic) bring a database to what stands here; a test holds the two equal."""

from bot.store.tables.base import PHONE_END, SHOP, metadata
from bot.store.tables.casework import case_history, cases, deadlines, feedback, open_lines, scores
from bot.store.tables.money import ledger, refunds
from bot.store.tables.people import audit, sessions, staff
from bot.store.tables.talk import conversations, copies, discarded, files, inbox, lines, outbox, topics
from bot.store.tables.trade import order_links, orders, parcels

__all__ = [
    "PHONE_END",
    "SHOP",
    "audit",
    "case_history",
    "cases",
    "conversations",
    "copies",
    "deadlines",
    "discarded",
    "feedback",
    "files",
    "inbox",
    "ledger",
    "lines",
    "metadata",
    "open_lines",
    "order_links",
    "orders",
    "outbox",
    "parcels",
    "refunds",
    "scores",
    "sessions",
    "staff",
    "topics",
]
