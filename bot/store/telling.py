"""What a transaction has to tell other processes leaves with its commit (NOTIFY), gathered: one for each shop."""

from __future__ import annotations

from sqlalchemy import Connection, text

from bot.pipeline.tidings import Tidings

_GATHERED = "tidings"
_NOTIFY = text("SELECT pg_notify(:channel, :payload)")


def channel_of(shop: str) -> str:
    """Where a shop's processes listen."""
    return f"shouhou/{shop}"


def gathered(connection: Connection, shop: str) -> Tidings:
    """What this transaction has to tell so far. What a part of it that was rolled back added is told all the same."""
    tidings: Tidings = connection.info.setdefault(_GATHERED, {}).setdefault(shop, Tidings())
    return tidings


def announce(connection: Connection, shop: str, tidings: Tidings) -> None:
    """Tell this as well; it is written down nowhere."""
    told = gathered(connection, shop)
    told.desk.update(tidings.desk)
    told.asks |= tidings.asks


def forget(connection: Connection) -> None:
    """A transaction begins; the one before it on this connection may have failed."""
    connection.info.pop(_GATHERED, None)


def tell(connection: Connection, sender: str) -> None:
    """Tell it, if and when this transaction commits."""
    for shop, tidings in connection.info.pop(_GATHERED, {}).items():
        for payload in tidings.payloads(sender):
            connection.execute(_NOTIFY, {"channel": channel_of(shop), "payload": payload})
