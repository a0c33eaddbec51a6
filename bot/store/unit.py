"""One open transaction, as the pipeline's port `Unit` asks for it."""

from __future__ import annotations

from bot.store.case_look import CaseLook
from bot.store.chats import Chats
from bot.store.clocks import Clocks
from bot.store.commit import Commit
from bot.store.erasing import Erasing
from bot.store.holding import Holding
from bot.store.listing import Listing
from bot.store.look import Look
from bot.store.outbox import Outbox
from bot.store.paying import Paying
from bot.store.queues import Queues
from bot.store.retaining import Retaining
from bot.store.search import Search


class SqlUnit(
    Commit,
    Outbox,
    Chats,
    Clocks,
    Erasing,
    Retaining,
    Look,
    Listing,
    CaseLook,
    Queues,
    Search,
    Paying,
    Holding,
):
    """Every query there is, over one connection."""
