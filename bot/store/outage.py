"""A database that does not answer: told when it is lost, once a minute while it is, and when it is back, however many ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from sqlite3 import Error as SqliteError
from time import monotonic

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from bot.errors import StoreAway

REMINDED = 60.0
"""Seconds between two lines while it lasts."""
CALM = 5.0
"""Seconds without a failure before it is back: on a full disk what only reads goes on well between two failures."""
_SQLITE = frozenset((5, 6, 7, 8, 10, 11, 13, 14, 15, 26))
"""Result codes: locked by another, out of memory, may not be written, damaged, disk full or broken, can't be opened."""
_POSTGRES = ("08", "25006", "28", "3D", "53", "57P", "58")
"""SQLSTATE: connections, a copy that can't be written, not let in, no such database, nothing left of something, shut down,
its system."""

log = structlog.get_logger(__name__)


class Outage:
    """Of one database, for all who use it in this process."""

    def __init__(self, what: str, ticks: Callable[[], float] = monotonic) -> None:
        """`what` names it in the log."""
        self._what = what
        self._ticks = ticks
        self._since: float | None = None
        self._failed = self._told = 0.0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Something is asked of it: StoreAway, and told, when the trouble is the database's; what else is raised stays as it is."""
        try:
            yield
        except Exception as error:
            away = _away(error)
            if away is None:
                raise
            self.fails(str(away))
            if away is error:
                raise
            raise away from error
        self.answers()

    def fails(self, why: str) -> None:
        """It did not answer."""
        self._failed = now = self._ticks()
        if self._since is None:
            self._since = self._told = now
            self._tell(log.error, "away", error=why)
        elif now - self._told >= REMINDED:
            self._told = now
            self._tell(log.error, "still_away", error=why, seconds=round(now - self._since))

    def answers(self) -> None:
        """It did."""
        if self._since is not None and (now := self._ticks()) - self._failed >= CALM:
            self._tell(log.warning, "back", seconds=round(now - self._since))
            self._since = None

    def _tell(self, tell: Callable[..., None], how: str, **values: object) -> None:
        tell(f"{self._what}.{how}", **values)


def _away(error: Exception) -> StoreAway | None:
    """The error as the database's trouble; None when it is a defect of ours, or of one job alone."""
    if isinstance(error, StoreAway):
        return error
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    if isinstance(cause, SqliteError):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        mend = "Look whether its disk is there, writable and has room; shouhou doctor tells more"
        return StoreAway(f"the database can't be used just now: {cause}. {mend}") if code in _SQLITE else None
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    told = str(getattr(cause, "sqlstate", "") or "").startswith(_POSTGRES)
    if lost or told or isinstance(error, OSError | NoneFree):
        return StoreAway(
            f"the database does not answer just now: {cause}. Look whether it runs and is reached"
        )
    return None
