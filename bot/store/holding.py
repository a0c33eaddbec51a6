"""Which processes live, of those that hold rows: each keeps a lock on its number for as long as it does."""

from __future__ import annotations

from sqlalchemy import select, text

from bot.store.locks import NUMBERS
from bot.store.part import Part, of_shop
from bot.store.tables import files, outbox

_SENDING = select(outbox.c.holder).where(of_shop(outbox), outbox.c.state == "sending")
_FETCHING = select(files.c.holder).where(of_shop(files), files.c.state == "waiting", files.c.error == "")
_LIVING = text("""
    SELECT CAST(objid AS bigint)
    FROM pg_locks
    WHERE locktype = 'advisory'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND classid = CAST(:numbers AS bigint)
        AND objsubid = 2  -- a lock of two halves
        AND granted
""")


class Holding(Part):
    """Queries of holders."""

    def holders_gone(self) -> frozenset[int]:
        """Numbers under which rows are held, by processes that are gone."""
        held = {*self._run(_SENDING).scalars(), *self._run(_FETCHING).scalars()} - {None}
        return frozenset(held - self._living()) if held else frozenset()

    def _living(self) -> set[int]:
        if not self._many:
            return set()
        return set(self._connection.execute(_LIVING, {"numbers": NUMBERS}).scalars())
