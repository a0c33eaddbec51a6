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
            sent = item.outcome is Outcome.SENT
            values: dict[str, Any] = {
                "state": _STATE[item.outcome],
                "ref": storable(item.ref)[:120],
                "error": item.error[:2000],
                "sent_at": now if sent else None,
                "due_at": item.retry_at or now,
            }
            if item.uncertain:
                values["uncertain"] = outbox.c.uncertain + 1
            self._connection.execute(
                update(outbox).where(outbox.c.id == item.id, outbox.c.state == "sending").values(**values)
            )

    def release_leases(self, now: datetime, *, everyone: bool) -> int:
        """Rows left in ``sending`` by a killed process go back to the queue, counted as uncertain."""
        statement = update(outbox).where(outbox.c.state == "sending")
        if not everyone:
            statement = statement.where(outbox.c.due_at <= now)
        return self._connection.execute(
            statement.values(state="queued", due_at=now, uncertain=outbox.c.uncertain + 1)
        ).rowcount

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
