"""The outbox: in order per reader, sent until known sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update

from bot.domain.messages import Attachment
from bot.pipeline.deliveries import Delivery, Outcome, Settled
from bot.store.codec import attachments_in
from bot.store.part import Part
from bot.store.tables import conversations, outbox
from bot.store.types import storable

LEASE = timedelta(minutes=2)
"""How long a sender may hold a row before others take it for dead; longer than any send's own time limit."""

_STATE = {
    Outcome.SENT: "sent",
    Outcome.RETRY: "queued",
    Outcome.BLOCKED: "blocked",
    Outcome.FAILED: "failed",
}

_HEADS = (
    select(func.min(outbox.c.id).label("head"))
    .where(
        outbox.c.state.in_(("queued", "sending")),
        outbox.c.channel.in_(bindparam("channels", expanding=True)),
    )
    .group_by(outbox.c.channel, outbox.c.address)
    .subquery()
)
_LEASABLE = (
    select(outbox, conversations.c.language)
    .join(_HEADS, outbox.c.id == _HEADS.c.head)
    .join(conversations, conversations.c.id == outbox.c.conversation_id)
    .where(outbox.c.state == "queued", outbox.c.due_at <= bindparam("now"))
    .order_by(outbox.c.id)
    .limit(bindparam("limit"))
)
_LEASABLE_LOCKED = _LEASABLE.with_for_update(skip_locked=True, of=outbox)
_HOLD = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(state="sending", attempts=outbox.c.attempts + 1, due_at=bindparam("until"))
)
_SETTLE = (
    update(outbox)
    .where(outbox.c.id == bindparam("number"), outbox.c.state == "sending")
    .values(
        state=bindparam("state_"),
        ref=bindparam("ref_"),
        error=bindparam("error_"),
        sent_at=bindparam("sent_at_"),
        due_at=bindparam("due_at_"),
        uncertain=outbox.c.uncertain + bindparam("more"),
    )
)
_RELEASE = (
    update(outbox)
    .where(outbox.c.state == "sending")
    .values(state="queued", due_at=bindparam("now"), uncertain=outbox.c.uncertain + 1)
)
_RELEASE_LOST = _RELEASE.where(outbox.c.due_at <= bindparam("now"))


class Outbox(Part):
    """Queries of the outbox."""

    def lease(self, now: datetime, channels: Iterable[str], limit: int) -> list[Delivery]:
        """The oldest open row of each reader, when it is due; only these, so that a reader's messages keep their order."""
        query = _LEASABLE_LOCKED if self._many else _LEASABLE
        known = {"now": now, "channels": tuple(channels), "limit": limit}
        found = [_delivery(row) for row in self._connection.execute(query, known).mappings()]
        if found:
            held = {"ids": [delivery.id for delivery in found], "until": now + LEASE}
            self._connection.execute(_HOLD, held)
        return found

    def settle(self, settled: Iterable[Settled], now: datetime) -> None:
        """Write down what became of deliveries."""
        for item in settled:
            row = {
                "number": item.id,
                "state_": _STATE[item.outcome],
                "ref_": storable(item.ref)[:120],
                "error_": item.error[:2000],
                "sent_at_": now if item.outcome is Outcome.SENT else None,
                "due_at_": item.retry_at or now,
                "more": int(item.uncertain),
            }
            self._connection.execute(_SETTLE, row)

    def release_leases(self, now: datetime, *, everyone: bool) -> int:
        """Rows left in ``sending`` by a killed process go back to the queue, counted as uncertain."""
        statement = _RELEASE if everyone else _RELEASE_LOST
        return self._connection.execute(statement, {"now": now}).rowcount

    def set_thread(self, conversation_id: int, thread: int | None) -> None:
        """Remember the staff group's topic for a conversation."""
        self._connection.execute(
            update(conversations).where(conversations.c.id == conversation_id).values(staff_thread=thread)
        )


def _delivery(row: Any) -> Delivery:
    payload = row["payload"]
    attachments: tuple[Attachment, ...] = attachments_in(payload["attachments"])
    return Delivery(
        id=row["id"],
        conversation_id=row["conversation_id"],
        channel=row["channel"],
        address=row["address"],
        text=payload["text"],
        buttons=tuple((label, data) for label, data in payload["buttons"]),
        attachments=attachments,
        attempts=row["attempts"] + 1,
        language=row["language"],
        uncertain=row["uncertain"],
    )
