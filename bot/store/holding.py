"""Which processes live, of those that hold rows: each keeps a lock on its number for as long as it does."""

from __future__ import annotations

from sqlalchemy import text

from bot.store.locks import NUMBERS
from bot.store.part import Part

_GONE = text("""
    SELECT holder
    FROM (
        SELECT holder FROM outbox WHERE state = 'sending'
        UNION
        SELECT holder FROM files WHERE state = 'waiting' AND error = ''
    ) AS held
    WHERE holder IS NOT NULL AND NOT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory'
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND classid = CAST(:numbers AS bigint)
            AND CAST(objid AS bigint) = holder
            AND objsubid = 2  -- a lock of two halves
            AND granted
    )
""")


class Holding(Part):
    """Queries of holders."""

    def holders_gone(self) -> frozenset[int]:
        """Numbers under which rows are held, by processes that are gone; none where only one process serves."""
        if not self._many:
            return frozenset()
        return frozenset(self._connection.execute(_GONE, {"numbers": NUMBERS}).scalars())
