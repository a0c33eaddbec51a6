"""Sample values by type: what previews show and what the linter tries templates on. Pure, and always the same.

Three sizes: `PLAIN` is an ordinary day, `BARE` has nothing that may be missing, `WORST` is as long and as odd as it gets.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from bot.domain.cases import Case, Event, Goods, Kind, Reason, State
from bot.domain.conversation import Conversation, Flag, FlagReason, Holder, Priority
from bot.domain.guides import Measure, Range, SizeRow
from bot.domain.messages import Attachment, Medium
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine, Parcel, ParcelEvent, ParcelState
from bot.domain.refunds import Purpose, Refund
from bot.domain.sample_words import WORDINGS, Wording
from bot.domain.terms import Span, Unit
from bot.domain.verdicts import Rule, Verdict

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
"""When samples happen."""


class Size(StrEnum):
    """How much of everything a sample has."""

    PLAIN = "plain"
    BARE = "bare"
    WORST = "worst"


# Wide characters, markup, a mark that turns the reading order, a line break: all that a name can hold.
_ODD = "<b>&\u202e\n🧦🇨🇳\"'宽"
_MANY = 12
_LONG = 300
_VERY_LONG = 3_000


@dataclass(frozen=True, slots=True)
class Sampler:
    """Makes samples of one size in one language."""

    size: Size = Size.PLAIN
    language: str = "en"

    def values(self, hints: Mapping[str, Any]) -> dict[str, Any]:
        """A sample for each name and type."""
        return {name: self.value(hint, name) for name, hint in hints.items()}

    def value(self, hint: Any, name: str = "") -> Any:
        """A sample of a type; the name helps to find a fitting text or number."""
        if get_origin(hint) in (Union, types.UnionType):
            if self.size is Size.BARE:
                return None
            hint = next(part for part in get_args(hint) if part is not types.NoneType)
        if get_origin(hint) is tuple:
            return self._several(get_args(hint)[0], name)
        if self.size is not Size.WORST and hint in _MADE:
            return _MADE[hint](self)
        return self._simple(hint, name)

    @property
    def words(self) -> Wording:
        """The sample's words in this language, English where there are none."""
        return WORDINGS.get(self.language, WORDINGS["en"])

    def _several(self, hint: Any, name: str) -> tuple[Any, ...]:
        if self.size is Size.BARE:
            return ()
        if self.size is Size.WORST:
            return (self.value(hint, name),) * _MANY
        return _LISTS[hint](self) if hint in _LISTS else (self.value(hint, name),)

    def _simple(self, hint: Any, name: str) -> Any:
        if is_dataclass(hint) and isinstance(hint, type):
            return self._all_fields(hint)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return max(hint, key=lambda member: len(str(member.value)))
        if hint is str:
            return self._text(name)
        if hint in _TIMES:
            return _TIMES[hint]
        if hint is bool:
            return self.size is Size.WORST or (self.size is Size.PLAIN and name not in _FALSE)
        if hint is float:
            return {Size.PLAIN: 165.0, Size.BARE: 0.0, Size.WORST: 999.5}[self.size]
        if hint is int:
            return {Size.PLAIN: _NUMBERS.get(name, 3), Size.BARE: 0, Size.WORST: 999_999}[self.size]
        if get_origin(hint) is dict:
            return {}
        raise TypeError(f"no sample for {hint!r}; add one here")

    def _all_fields(self, kind: type) -> Any:
        hints = get_type_hints(kind)
        made = {field.name: self.value(hints[field.name], field.name) for field in fields(kind)}
        if kind is Money:
            made = {"minor": 99_999_999, "currency": self.words.currency}
        if kind is Order:
            made["currency"] = self.words.currency
        if kind is Case:
            made["number"] = "R261125999999999999"
        return kind(**made)

    def _text(self, name: str) -> str:
        if self.size is Size.WORST and name not in _CODES:
            length = _VERY_LONG if name in ("text", "last_words", "why") else _LONG
            return (_ODD * length)[:length]
        if self.size is Size.BARE and name in ("name", "text", "agent", "address", "subject"):
            return ""
        told = {
            "name": self.words.name,
            "why": self.words.why,
            "text": self.words.text,
            "agent": self.words.agent,
            "address": self.words.address,
        }
        return {**_CODES, **told, **self.words.named, "language": self.language}.get(name, "R2611250042")


_TIMES: Mapping[Any, datetime | timedelta] = {
    datetime: NOW + timedelta(days=3),
    timedelta: timedelta(hours=3),
}
_NUMBERS = {
    "position": 2,
    "minutes": 120,
    "hours": 48,
    "days_min": 1,
    "days_max": 3,
    "digits": 4,
    "left": 4,
    "count": 2,
}
_FALSE = frozenset({"again", "buyer_pays"})
"""What is not so on an ordinary day: nothing is said twice, and the shop pays the way of what is faulty."""
_CODES = {
    "flow": "request_refund",
    "medium": "photo",
    "language": "en",
    "command": "refunds",
    "channel": "telegram",
    "currency": "USD",
}
"""Texts that are one of a few known words, whatever the size."""


def _lines(of: Sampler) -> tuple[OrderLine, ...]:
    first, second = of.words.titles
    currency = of.words.currency
    if of.size is Size.BARE:
        return (OrderLine(1, "A-1", first, 1, Money(5_990, currency)),)
    return (
        OrderLine(1, "A-1", first, 1, Money(5_990, currency), "shoes"),
        OrderLine(2, "A-2", second, 2, Money(1_200, currency), "socks"),
    )


def _events(of: Sampler) -> tuple[ParcelEvent, ...]:
    return tuple(
        ParcelEvent(NOW - timedelta(hours=9 * age), text, place)
        for age, (place, text) in enumerate(of.words.scans)
    )


def _parcel(of: Sampler) -> Parcel:
    words = of.words
    bare = of.size is Size.BARE
    return Parcel(
        number=words.tracking,
        carrier=words.carrier,
        order_number=words.order,
        state=ParcelState.IN_TRANSIT,
        shipped_at=None if bare else NOW - timedelta(days=2),
        eta=None if bare else NOW + timedelta(days=2),
        events=() if bare else _events(of),
        as_of=None if bare else NOW,
        link="" if bare else f"https://example.com/track/{words.tracking}",
    )


def _order(of: Sampler) -> Order:
    bare = of.size is Size.BARE
    return Order(
        number=of.words.order,
        currency=of.words.currency,
        placed_at=NOW - timedelta(days=3),
        buyer_name="" if bare else of.words.name,
        phone="" if bare else "13800001234",
        paid_at=None if bare else NOW - timedelta(days=3),
        shipped_at=None if bare else NOW - timedelta(days=2),
        lines=() if bare else _lines(of),
        parcels=() if bare else (_parcel(of),),
    )


def _case(of: Sampler) -> Case:
    bare = of.size is Size.BARE
    return Case(
        number="R2611250042",
        conversation_id=1,
        order_number=of.words.order,
        lines=(1,),
        kind=Kind.REFUND_ONLY if bare else Kind.RETURN_REFUND,
        state=State.WAIT_SELLER_AGREE,
        goods=Goods.NOT_RECEIVED if bare else Goods.RECEIVED,
        reason=Reason.LATE if bare else Reason.QUALITY,
        amount=_money(of),
        opened_at=NOW,
        due_at=None if bare else NOW + timedelta(days=3),
        clock=None if bare else Event.SELLER_TIMEOUT,
        waybill="" if bare else of.words.tracking,
        sent_waybill="" if bare else of.words.tracking,
        offer=None if bare else Money(2_000, of.words.currency),
        evidence=() if bare else (Attachment(Medium.PHOTO, "file:1"), Attachment(Medium.PHOTO, "file:2")),
    )


def _money(of: Sampler) -> Money:
    return Money(0 if of.size is Size.BARE else 5_990, of.words.currency)


def _verdict(of: Sampler) -> Verdict:
    if of.size is Size.BARE:
        return Verdict(True, Rule.NOT_RECEIVED)
    return Verdict(True, Rule.FAULT_WINDOW, NOW + timedelta(days=12), _case(of))


def _refund(of: Sampler) -> Refund:
    case = _case(of)
    return Refund(f"refund:{case.number}", case.number, case.order_number, Purpose.PRICE, _money(of), NOW)


def _flag(of: Sampler) -> Flag:
    words = "" if of.size is Size.BARE else of.words.text
    return Flag(FlagReason.BUYER_ASKS, Priority.NORMAL, NOW, words)


def _conversation(of: Sampler) -> Conversation:
    if of.size is Size.BARE:
        return Conversation(1, "web", "")
    return Conversation(1, "telegram", "42", of.words.name, of.language, holder=Holder.QUEUED)


def _size_row(of: Sampler) -> SizeRow:
    measures = (
        () if of.size is Size.BARE else (Range(Measure.HEIGHT, 158, 166), Range(Measure.WEIGHT, 50, 58))
    )
    return SizeRow("M", measures)


_MADE: Mapping[Any, Callable[[Sampler], Any]] = {
    Order: _order,
    OrderLine: lambda of: _lines(of)[0],
    Parcel: _parcel,
    ParcelEvent: lambda of: _events(of)[0],
    Case: _case,
    Money: _money,
    Refund: _refund,
    Span: lambda _: Span(72, Unit.HOURS),
    Verdict: _verdict,
    Flag: _flag,
    Conversation: _conversation,
    Attachment: lambda _: Attachment(Medium.PHOTO, "file:1"),
    SizeRow: _size_row,
    Range: lambda _: Range(Measure.HEIGHT, 165, 165),
    Kind: lambda _: Kind.RETURN_REFUND,
    Reason: lambda _: Reason.QUALITY,
    Event: lambda _: Event.AGREE,
}

_LISTS: Mapping[Any, Callable[[Sampler], tuple[Any, ...]]] = {OrderLine: _lines, ParcelEvent: _events}
