"""The outbox: in order per reader, sent until known sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    RowMapping,
    Select,
    and_,
    any_,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
    update,
)

from bot.domain.manner import CARD, Operation
from bot.domain.messages import Attachment
from bot.pipeline.deliveries import STAFF, Delivery, Outcome, Sent, Settled
from bot.pipeline.joining import MOST, joined
from bot.store.chats import Chats
from bot.store.claims import CALM
from bot.store.codec import attachments_in, manner_in
from bot.store.part import among, holds, of_shop
from bot.store.tables import conversations, outbox
from bot.store.types import storable

LEASE = timedelta(minutes=2)
"""How long a sender may hold a row before others take it for dead; longer than any send's own time limit."""

_LOOKED_BACK = 200
"""Posts among which the last card is looked for."""

_STATE = {
    Outcome.SENT: "sent",
    Outcome.RETRY: "queued",
    Outcome.BLOCKED: "blocked",
    Outcome.FAILED: "failed",
}

WINDOW, ALL = 1_000, 2**31 - 1
"""Rows of a backlog that are looked through for those to be taken, and all of them: where a few readers hold up the first."""
_WAITING = (
    select(outbox.c.id, outbox.c.channel, outbox.c.address)
    .where(
        of_shop(outbox),
        holds(outbox.c.state, "queued", "sending"),
        outbox.c.channel.in_(bindparam("channels", expanding=True)),
    )
    .order_by(outbox.c.yields, outbox.c.id)
)
_OLDEST = _WAITING.limit(bindparam("window")).subquery()
_HEADS = select(func.min(_OLDEST.c.id)).group_by(_OLDEST.c.channel, _OLDEST.c.address)
_MORE = _WAITING.offset(WINDOW).limit(1)
_EARLIER = outbox.alias()
_LAST_SENT = (
    select(_EARLIER.c.sent_at)
    .where(
        of_shop(_EARLIER),
        holds(_EARLIER.c.state, "sent"),
        _EARLIER.c.channel == outbox.c.channel,
        _EARLIER.c.address == outbox.c.address,
    )
    .order_by(_EARLIER.c.id.desc())
    .limit(1)
    .correlate(outbox)
    .scalar_subquery()
)
_NEXT_SINCE = case((outbox.c.created_at < _LAST_SENT, _LAST_SENT), else_=outbox.c.created_at)
"""Since when it is its reader's next: who is told much waits between two of it while others are told something."""


_DUE = (outbox.c.state == "queued", outbox.c.due_at <= bindparam("now"))
_FLOODS = and_(
    outbox.c.channel == conversations.c.channel,
    func.coalesce(conversations.c.flooded_at > bindparam("calm"), false()),
)
"""It is for somebody who was found to flood since it was said."""
_HEADS_DUE = select(outbox.c.id).where(of_shop(outbox), among(outbox.c.id, _HEADS, many=True), *_DUE)
_STILL_DUE = (func.lower(outbox.c.state) == "queued", outbox.c.due_at <= bindparam("now"))
"""The same, asked so that no index of what waits answers it: PostgreSQL, whose statistics may be of a quiet hour, would else go
through all that waits, and not look the heads up by their number."""


def _leasable(heads: ColumnElement[bool], due: Iterable[ColumnElement[bool]]) -> Select[Any]:
    return (
        select(outbox, conversations.c.language)
        .join(conversations, conversations.c.id == outbox.c.conversation_id)
        .where(of_shop(outbox, conversations), heads, *due)
        .order_by(or_(outbox.c.yields, _FLOODS), _NEXT_SINCE, outbox.c.id)
        .limit(bindparam("limit"))
    )


_LEASABLE = _leasable(among(outbox.c.id, _HEADS, many=False), _DUE)
_LEASABLE_LOCKED = _leasable(
    outbox.c.id == any_(bindparam("heads", type_=ARRAY(BigInteger))), _STILL_DUE
).with_for_update(skip_locked=True, of=outbox)
"""Of heads that were found before. What they have to be is asked of the row that is locked once more: another sender may have taken it
since."""
_BEHIND = (
    select(outbox, conversations.c.language)
    .join(conversations, conversations.c.id == outbox.c.conversation_id)
    .where(
        of_shop(outbox, conversations),
        outbox.c.channel == bindparam("channel"),
        outbox.c.address == bindparam("address"),
        outbox.c.id > bindparam("head"),
        outbox.c.state == "queued",
    )
    .order_by(outbox.c.id)
    .limit(MOST)
)
_HOLD = (
    update(outbox)
    .where(of_shop(outbox), outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state="sending",
        attempts=outbox.c.attempts + 1,
        due_at=bindparam("until"),
        holder=bindparam("by"),
    )
)
_SETTLE = (
    update(outbox)
    .where(of_shop(outbox), outbox.c.id == bindparam("number"), outbox.c.state == "sending")
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
    .where(of_shop(outbox), holds(outbox.c.state, "queued", "sending"), outbox.c.state == "sending")
    .values(state="queued", due_at=bindparam("now"), uncertain=outbox.c.uncertain + 1)
)
_RELEASE_LOST = _RELEASE.where(
    or_(outbox.c.due_at <= bindparam("now"), outbox.c.holder.in_(bindparam("gone", expanding=True)))
)
_SENT_LATELY = 2_000
"""Rows among which those sent in the last minute are looked for: as many as Telegram takes in that time."""
_COUNTED = frozenset({Operation.SEND, Operation.EDIT})
"""What counts as a message."""


class Outbox(Chats):
    """Queries of the outbox."""

    def lease(self, now: datetime, channels: Iterable[str], limit: int, holder: int = 0) -> list[Delivery]:
        """The oldest open row of each reader, when it is due; only these, so that a reader's messages keep their order; those for who
        floods last. It is `holder`'s, the number of a process, until it is settled, or that process is gone."""
        known = {
            "now": now,
            "channels": tuple(channels),
            "limit": limit,
            "window": WINDOW,
            "calm": now - CALM,
        }
        rows = self._leasable(known)
        if len(rows) < limit and self._run(_MORE, known).first():
            rows = self._leasable({**known, "window": ALL})
        heads = [_delivery(row) for row in rows]
        found = [self._with_neighbours(head) if head.manner.joins else head for head in heads]
        if found:
            held = [number for delivery in found for number in (delivery.id, *delivery.joined)]
            self._run(_HOLD, {"ids": held, "until": now + LEASE, "by": holder or None})
        return found

    def _leasable(self, known: Mapping[str, Any]) -> Sequence[RowMapping]:
        if not self._many:
            return self._run(_LEASABLE, known).mappings().all()
        heads = self._run(_HEADS_DUE, known).scalars().all()
        return self._run(_LEASABLE_LOCKED, {**known, "heads": heads}).mappings().all() if heads else []

    def last_card(self, conversation_id: int) -> Delivery | None:
        """The card of the conversation as it was posted last; None when none of its latest posts is one."""
        query = (
            select(outbox, conversations.c.language)
            .join(conversations, conversations.c.id == outbox.c.conversation_id)
            .where(
                of_shop(outbox, conversations),
                outbox.c.channel == STAFF,
                outbox.c.address == str(conversation_id),
                outbox.c.state == "sent",
            )
            .order_by(outbox.c.id.desc())
            .limit(_LOOKED_BACK)
        )
        found = (_delivery(row) for row in self._run(query).mappings())
        return next((one for one in found if one.manner.slot == CARD), None)

    def _with_neighbours(self, head: Delivery) -> Delivery:
        place = {"channel": head.channel, "address": head.address, "head": head.id}
        behind = self._run(_BEHIND, place).mappings()
        return joined(head, [_delivery(row) for row in behind])

    def settle(self, settled: Iterable[Settled], now: datetime) -> None:
        """Write down what became of deliveries, and what stands in the readers' chats by now."""
        found = tuple(settled)
        rows = [
            {
                "number": number,
                "state_": _STATE[item.outcome],
                "ref_": storable(item.ref)[:120],
                "error_": item.error[:2000],
                "sent_at_": now if item.outcome is Outcome.SENT else None,
                "due_at_": item.retry_at or now,
                "more": int(item.uncertain),
            }
            for item in found
            for number in (item.id, *item.joined)
        ]
        if rows:
            self._run_each(_SETTLE, rows)
        self.put_copies((item.conversation_id, item.copies) for item in found)

    def release_leases(self, now: datetime, *, everyone: bool, holders: Collection[int] = ()) -> int:
        """Rows left in ``sending`` by a killed process go back to the queue, counted as uncertain."""
        if everyone:
            return self._run(_RELEASE, {"now": now}).rowcount
        return self._run(_RELEASE_LOST, {"now": now, "gone": tuple(holders)}).rowcount

    def sent_since(self, moment: datetime, now: datetime) -> list[Sent]:
        """The messages that went out after that moment, oldest first; what is on its way counts as sent now."""
        ours = select(outbox).where(of_shop(outbox))
        newest = ours.order_by(outbox.c.id.desc()).limit(_SENT_LATELY).subquery()
        lately = select(newest).where(or_(newest.c.sent_at > moment, newest.c.state == "sending"))
        found: dict[Sent, None] = {}
        for row in self._run(lately).mappings():
            if manner_in(row["payload"].get("manner")).operation in _COUNTED:
                refs = row["ref"] if row["state"] == "sent" else f"{row['id']}"
                found[Sent(row["channel"], row["address"], row["sent_at"] or now, refs)] = None
        return sorted(found, key=lambda one: one.at)


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
        manner=manner_in(payload.get("manner")),
        key=row["key"],
        row=row["inbox_id"],
    )
