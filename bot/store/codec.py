"""Domain data to rows and back."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from functools import cache
from typing import Any

from bot.domain.cases import Reason
from bot.domain.collected import Collected
from bot.domain.conversation import (
    Conversation,
    DraftReply,
    Flag,
    FlagReason,
    Holder,
    Priority,
    Standing,
    Talk,
)
from bot.domain.explanation import Explanation
from bot.domain.manner import PLAIN, Manner, Operation
from bot.domain.meaning import Candidate, Sureness
from bot.domain.messages import Attachment, Medium
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine, Parcel, ParcelEvent, ParcelState
from bot.domain.pace import Pace
from bot.domain.watch import Watch

_NO_WATCH = Watch()
_MOMENTS = frozenset(item.name for item in fields(Watch) if "datetime" in str(item.type))
Row = Any
"""A row, read by column name."""


def conversation_row(conversation: Conversation) -> dict[str, Any]:
    """The columns of a conversation that a turn may change."""
    flag = conversation.flag
    state = {
        "language_fixed": conversation.language_fixed,
        "flag": {"reason": flag.reason, "last_words": flag.last_words} if flag else None,
        "talk": _talk_out(conversation.talk),
        "parked": _talk_out(conversation.parked),
        "left": _talk_out(conversation.left),
        "script": conversation.script,
        "last": conversation.last,
        "about": conversation.about,
        "about_line": conversation.about_line,
        "about_at": _moment_out(conversation.about_at),
        "waited": conversation.waited,
        "reassured_at": _moment_out(conversation.reassured_at),
        "complaints": conversation.complaints,
        "nudged": {order: at.isoformat() for order, at in conversation.nudged.items()},
        "misses": conversation.misses,
        "pace": [_moment_out(conversation.pace.since), conversation.pace.count],
        "link_failures": conversation.link_failures,
        "quiet": conversation.quiet,
        "unasked_at": _moment_out(conversation.unasked_at),
        "asked_at": _moment_out(conversation.asked_at),
        "heard": conversation.heard,
        "acted": conversation.acted,
        "by_bot": conversation.by_bot,
        "watch": _watch_out(conversation.watch),
        "draft": asdict(conversation.draft) if conversation.draft else None,
        "carded": conversation.carded,
        "closed": conversation.closed,
        "told": [asdict(one) for one in conversation.told],
        "personal": conversation.personal,
    }
    return {
        "name": conversation.name,
        "language": conversation.language,
        "holder": conversation.holder.value,
        "agent": conversation.agent,
        "flagged_at": flag.at if flag else None,
        "priority": flag.priority.value if flag else "",
        "state": state,
    }


def conversation_of(row: Row) -> Conversation:
    """A conversation."""
    state = row["state"]
    return Conversation(
        id=row["id"],
        channel=row["channel"],
        address=row["address"],
        name=row["name"],
        language=row["language"],
        language_fixed=state.get("language_fixed", False),
        holder=Holder(row["holder"]),
        agent=row["agent"],
        flag=_flag(row, state.get("flag")),
        talk=_talk_in(state.get("talk")),
        parked=_talk_in(state.get("parked")),
        left=_talk_in(state.get("left")),
        script=state.get("script", ""),
        last=state.get("last", ""),
        about=state.get("about", ""),
        about_line=state.get("about_line", ""),
        about_at=_moment_in(state.get("about_at")),
        waited=state.get("waited", 0),
        reassured_at=_moment_in(state.get("reassured_at")),
        complaints=state.get("complaints", 0),
        nudged={order: datetime.fromisoformat(at) for order, at in state.get("nudged", {}).items()},
        misses=state.get("misses", 0),
        pace=_pace_in(state.get("pace")),
        link_failures=state.get("link_failures", 0),
        quiet=state.get("quiet", False),
        unasked_at=_moment_in(state.get("unasked_at")),
        asked_at=_moment_in(state.get("asked_at")),
        heard=state.get("heard", ""),
        acted=state.get("acted", False),
        by_bot=state.get("by_bot", False),
        watch=_watch_in(state.get("watch")),
        draft=DraftReply(**_known(DraftReply, state["draft"])) if state.get("draft") else None,
        carded=state.get("carded", False),
        closed=state.get("closed", False),
        told=tuple(_collected_in(one) for one in state.get("told", ())),
        personal=tuple(state.get("personal", ())),
        staff_thread=row["staff_thread"],
    )


def _pace_in(data: list[Any] | None) -> Pace:
    return Pace(_moment_in(data[0]), data[1]) if data else Pace()


def _collected_in(data: dict[str, Any]) -> Collected:
    known = _known(Collected, data)
    reason = Reason(known["reason"]) if known.get("reason") else None
    return Collected(**{**known, "reason": reason, "tried": tuple(known.get("tried", ()))})


def _watch_out(watch: Watch) -> dict[str, Any] | None:
    """What is not as in a watch nobody keeps."""
    values = {item.name: getattr(watch, item.name) for item in fields(watch)}
    told = {name: value for name, value in values.items() if value != getattr(_NO_WATCH, name)}
    return {name: _moment_out(value) if name in _MOMENTS else value for name, value in told.items()} or None


def _watch_in(data: dict[str, Any] | None) -> Watch:
    if not data:
        return _NO_WATCH
    told = _known(Watch, data).items()
    values: dict[str, Any] = {name: _moment_in(value) if name in _MOMENTS else value for name, value in told}
    return Watch(**values)


def _moment_out(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _moment_in(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def attachments_out(attachments: tuple[Attachment, ...]) -> list[dict[str, Any]]:
    """Attachments as JSON."""
    return [asdict(attachment) for attachment in attachments]


def attachments_in(data: list[dict[str, Any]] | None) -> tuple[Attachment, ...]:
    """Attachments from JSON."""
    return tuple(
        Attachment(**{**_known(Attachment, item), "medium": Medium(item["medium"])}) for item in data or ()
    )


def manner_out(manner: Manner) -> dict[str, Any] | None:
    """What a manner has besides the usual, as JSON."""
    if manner == PLAIN:
        return None
    return {name: value for name, value in asdict(manner).items() if value != getattr(PLAIN, name)}


def manner_in(data: dict[str, Any] | None) -> Manner:
    """The same from JSON."""
    if data is None:
        return PLAIN
    known = _known(Manner, data)
    return Manner(
        **{
            **known,
            "operation": Operation(known.get("operation", Operation.SEND)),
            "of": tuple(known.get("of", ())),
        }
    )


def explanation_out(told: Explanation | None) -> dict[str, Any] | None:
    """What a line was understood to mean, as short JSON."""
    if told is None:
        return None
    return {
        "language": told.language,
        "sureness": told.sureness.value,
        "candidates": [
            [guess.intent, guess.confidence, guess.phrase, guess.signal, guess.turned]
            for guess in told.candidates
        ],
        "slots": dict(told.slots),
    }


def explanation_in(data: dict[str, Any] | None) -> Explanation | None:
    """The same from JSON; None for lines that have none."""
    if data is None:
        return None
    candidates = tuple(Candidate(*guess) for guess in data["candidates"])
    return Explanation(data["language"], Sureness(data["sureness"]), candidates, data["slots"])


def order_row(order: Order) -> dict[str, Any]:
    """An order without its parcels."""
    return {
        "number": order.number,
        "currency": order.currency,
        "buyer_name": order.buyer_name,
        "phone": order.phone,
        "placed_at": order.placed_at,
        "paid_at": order.paid_at,
        "shipped_at": order.shipped_at,
        "signed_at": order.signed_at,
        "completed_at": order.completed_at,
        "lines": [
            [line.number, line.sku, line.title, line.quantity, line.paid.minor, line.category]
            for line in order.lines
        ],
    }


def order_of(row: Row, parcels: tuple[Parcel, ...]) -> Order:
    """An order with its parcels."""
    currency = row["currency"]
    return Order(
        number=row["number"],
        currency=currency,
        placed_at=row["placed_at"],
        buyer_name=row["buyer_name"],
        phone=row["phone"],
        paid_at=row["paid_at"],
        shipped_at=row["shipped_at"],
        signed_at=row["signed_at"],
        completed_at=row["completed_at"],
        lines=tuple(
            OrderLine(number, sku, title, quantity, Money(paid, currency), category)
            for number, sku, title, quantity, paid, category in row["lines"]
        ),
        parcels=parcels,
    )


def parcel_row(parcel: Parcel) -> dict[str, Any]:
    """A parcel as last known."""
    return {
        "number": parcel.number,
        "order_number": parcel.order_number,
        "carrier": parcel.carrier,
        "state": parcel.state.value,
        "shipped_at": parcel.shipped_at,
        "eta": parcel.eta,
        "as_of": parcel.as_of,
        "events": [[event.at.isoformat(), event.text, event.place] for event in parcel.events],
    }


def parcel_of(row: Row) -> Parcel:
    """A parcel as last known."""
    return Parcel(
        number=row["number"],
        carrier=row["carrier"],
        order_number=row["order_number"],
        state=ParcelState(row["state"]),
        shipped_at=row["shipped_at"],
        eta=row["eta"],
        as_of=row["as_of"],
        events=tuple(
            ParcelEvent(datetime.fromisoformat(at), text, place) for at, text, place in row["events"]
        ),
    )


def _talk_out(talk: Talk | None) -> dict[str, Any] | None:
    if talk is None:
        return None
    return {**asdict(talk), "attachments": attachments_out(talk.attachments)}


def _talk_in(data: dict[str, Any] | None) -> Talk | None:
    if data is None:
        return None
    known = _known(Talk, data)
    standing = Standing(data.get("standing", Standing.ASKED))
    return Talk(**{**known, "attachments": attachments_in(data.get("attachments")), "standing": standing})


def _known(kind: Any, data: dict[str, Any]) -> dict[str, Any]:
    """What this release still has a field for; one conversation stored by another must not stop them all."""
    names = _fields_of(kind)
    return {name: value for name, value in data.items() if name in names}


@cache
def _fields_of(kind: type[Any]) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind))


def _flag(row: Row, data: dict[str, Any] | None) -> Flag | None:
    if data is None or row["flagged_at"] is None:
        return None
    return Flag(FlagReason(data["reason"]), Priority(row["priority"]), row["flagged_at"], data["last_words"])
