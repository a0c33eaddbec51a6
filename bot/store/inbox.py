"""The inbox: what came in is stored once, claimed in order (`bot.store.claims`), and ends done or on the shelf."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Executable, bindparam, select, tuple_, update

from bot.domain.conversation import Conversation
from bot.errors import StoreError
from bot.pipeline.arrivals import Arrival, InboxRow
from bot.pipeline.tidings import Bell
from bot.store.chats import Chats
from bot.store.claims import Claims, inbox_row
from bot.store.codec import conversation_of
from bot.store.part import holds, of_shop
from bot.store.tables import conversations, inbox

ALBUM_PAUSE = timedelta(milliseconds=900)
"""How long the parts of an album are waited for, counted from the last one that came."""

AT_ADDRESS = select(conversations).where(
    of_shop(conversations),
    conversations.c.channel == bindparam("channel"),
    conversations.c.address == bindparam("address"),
)
"""The conversation of an address."""
_AT_ADDRESSES = select(conversations.c.id, conversations.c.channel, conversations.c.address).where(
    of_shop(conversations),
    tuple_(conversations.c.channel, conversations.c.address).in_(bindparam("places", expanding=True)),
)
_AT_ADDRESSES_HELD = _AT_ADDRESSES.with_for_update(read=True, key_share=True)
"""Nobody is erased between the look and the row that refers to them."""
_STRAYS = (
    select(inbox)
    .where(of_shop(inbox), holds(inbox.c.state, "due"), inbox.c.conversation_id.is_(None))
    .order_by(inbox.c.id)
    .limit(bindparam("limit"))
)
_STRAYS_LOCKED = _STRAYS.with_for_update(skip_locked=True)
_OPEN = update(inbox).where(
    of_shop(inbox),
    inbox.c.id.in_(bindparam("ids", expanding=True)),
    inbox.c.state == "due",
)
_DONE = _OPEN.values(state="done", done_at=bindparam("at"), error="")
_POSTPONED = _OPEN.values(due_at=bindparam("at"), error=bindparam("why"), attempts=inbox.c.attempts + 1)


class Inbox(Chats, Claims):
    """Queries of the inbox."""

    def receive(self, arrivals: Iterable[Arrival], now: datetime) -> tuple[int, ...]:
        """Store what is new, each with its conversation; the same thing again is no row. Returns the new rows' ids."""
        arrivals = list(arrivals)
        of_address = self._conversations(arrivals, now)
        of_thread = self._threads(arrivals)
        of_message = self.staff_messages({arrival.staff_message for arrival in arrivals} - {""})
        whose = [
            arrival.conversation_id
            or of_thread.get(arrival.staff_thread)
            or of_message.get(arrival.staff_message)
            or of_address.get((arrival.channel, arrival.address))
            for arrival in arrivals
        ]
        rows = [
            {
                "channel": arrival.channel,
                "origin": arrival.origin,
                "conversation_id": number,
                "payload": dict(arrival.payload),
                "album": arrival.album,
                "received_at": now,
                "due_at": now + ALBUM_PAUSE if arrival.album else now,
            }
            for arrival, number in zip(arrivals, whose, strict=True)
        ]
        if stored := self._inserted(inbox, rows):
            self._tell(Bell.INBOX)
        if albums := {(arrival.channel, arrival.album) for arrival in arrivals if arrival.album}:
            self._hold_albums(albums, now)
        came = Counter(number for number in whose if number)
        self._note_floods((number for number, messages in came.items() if messages > 1), now)
        return tuple(sorted(row.id for row in stored))

    def received(self, channel: str, origins: Iterable[str]) -> bool:
        """True when any of these is stored already."""
        query = select(inbox.c.id).where(
            of_shop(inbox), inbox.c.channel == channel, inbox.c.origin.in_(tuple(origins))
        )
        return self._run(query.limit(1)).first() is not None

    def conversation_at(self, channel: str, address: str, now: datetime, name: str = "") -> Conversation:
        """The conversation of that address, begun when there is none."""
        here = {"channel": channel, "address": address}
        row = self._run(AT_ADDRESS, here).mappings().first()
        if row is None:
            self._insert_new(conversations, [new_conversation(channel, address, now, name)])
            row = self._run(AT_ADDRESS, here).mappings().one()
        return conversation_of(row)

    def strays(self, limit: int) -> list[InboxRow]:
        """Due rows that belong to no conversation."""
        query = _STRAYS_LOCKED if self._many else _STRAYS
        return [inbox_row(row) for row in self._run(query, {"limit": limit}).mappings()]

    def finish(self, rows: Iterable[InboxRow], now: datetime) -> None:
        """Mark rows done, whatever they came to."""
        self._mark_open(_DONE, rows, at=now)

    def postpone(self, rows: Iterable[InboxRow], until: datetime, error: str) -> None:
        """Try these rows again later, one attempt more on their count."""
        self._mark_open(_POSTPONED, rows, at=until, why=error[:2000])

    def shunt(self, rows: Iterable[InboxRow], error: str) -> None:
        """Put rows on the shelf, with what went wrong, for a person to look at; also rows this transaction finished."""
        statement = update(inbox).where(of_shop(inbox), inbox.c.id.in_([row.id for row in rows]))
        values = {"state": "shunted", "error": error[:2000], "attempts": inbox.c.attempts + 1}
        self._run(statement.values(values))

    def unshunt(self, row_id: int, now: datetime) -> bool:
        """Back into the inbox for another try."""
        statement = (
            update(inbox)
            .where(of_shop(inbox), inbox.c.id == row_id, inbox.c.state == "shunted")
            .values(state="due", attempts=0, due_at=now, error="")
        )
        self._tell(Bell.INBOX)
        return self._run(statement).rowcount == 1

    def drop_shunted(self, row_id: int) -> bool:
        """Off the shelf for good; the row stays, marked done, so that the same update is not taken again."""
        statement = (
            update(inbox)
            .where(of_shop(inbox), inbox.c.id == row_id, inbox.c.state == "shunted")
            .values(state="done", error="dropped")
        )
        return self._run(statement).rowcount == 1

    def _mark_open(self, statement: Executable, rows: Iterable[InboxRow], **values: object) -> None:
        """The fence: only rows that are still due, and all of them."""
        ids = [row.id for row in rows]
        if self._run(statement, {"ids": ids, **values}).rowcount != len(ids):
            raise StoreError("another worker has handled these messages")

    def _conversations(self, arrivals: Sequence[Arrival], now: datetime) -> dict[tuple[str, str], int]:
        """The conversation of each address, begun where there is none."""
        keys = {(arrival.channel, arrival.address) for arrival in arrivals if arrival.address}
        if not keys:
            return {}
        known = self._at(keys)
        if fresh := keys - known.keys():
            self._insert_new(
                conversations, [new_conversation(channel, address, now) for channel, address in sorted(fresh)]
            )
            known |= self._at(fresh)
        return known

    def _at(self, keys: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
        query = _AT_ADDRESSES_HELD if self._many else _AT_ADDRESSES
        found = self._run(query, {"places": list(keys)})
        return {(row.channel, row.address): row.id for row in found}

    def _threads(self, arrivals: Sequence[Arrival]) -> dict[int | None, int]:
        threads = {arrival.staff_thread for arrival in arrivals if arrival.staff_thread is not None}
        if not threads:
            return {}
        query = select(conversations.c.id, conversations.c.staff_thread).where(
            of_shop(conversations), conversations.c.staff_thread.in_(threads)
        )
        return {row.staff_thread: row.id for row in self._run(query)}

    def _hold_albums(self, albums: set[tuple[str, str]], now: datetime) -> None:
        """Each part that comes moves the whole album's time."""
        album = tuple_(inbox.c.channel, inbox.c.album)
        statement = update(inbox).where(
            of_shop(inbox), inbox.c.state == "due", album.in_(albums), inbox.c.attempts == 0
        )
        self._run(statement.values(due_at=now + ALBUM_PAUSE))


def new_conversation(channel: str, address: str, now: datetime, name: str = "") -> dict[str, Any]:
    """The row a conversation begins with."""
    return {
        "channel": channel,
        "address": address,
        "name": name,
        "state": {},
        "created_at": now,
        "updated_at": now,
    }
