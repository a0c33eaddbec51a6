"""What the buyers have bought: three orders each, one paid, one on its way, one signed for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine, Parcel, ParcelEvent, ParcelState
from bot.pipeline.ports import Unit

BUYERS = 5000
_KINDS = ("paid", "sent", "signed")
_DAY = timedelta(days=1)


def orders_of(number: int) -> dict[str, str]:
    """The numbers of a buyer's orders, by how far they are."""
    return {kind: f"27{number:05d}{place:03d}" for place, kind in enumerate(_KINDS, 1)}


def stock(chats: Iterable[tuple[int, int]], now: datetime, unit: Unit) -> None:
    """Enter the orders of these buyers, each a number and their chat, as theirs."""
    people = tuple(chats)
    unit.put_orders([order for number, _ in people for order in _orders(number, now)])
    unit.put_parcels([parcel for number, _ in people for parcel in _parcels(number, now)])
    for number, chat in people:
        conversation = unit.conversation_at("telegram", str(chat), now)
        for order in orders_of(number).values():
            unit.link_order(order, conversation.id, "bench", now)


def _orders(number: int, now: datetime) -> Iterable[Order]:
    numbers = orders_of(number)
    line = (OrderLine(1, "CUP-500", "不锈钢保温杯 500ml", 1, Money(8900, "CNY"), "kitchen"),)
    begun = now - 3 * _DAY
    yield Order(numbers["paid"], "CNY", now - _DAY / 2, paid_at=now - _DAY / 2, lines=line)
    yield Order(numbers["sent"], "CNY", begun, paid_at=begun, shipped_at=now - 2 * _DAY, lines=line)
    yield Order(
        numbers["signed"], "CNY", begun, paid_at=begun, shipped_at=begun, signed_at=now - _DAY, lines=line
    )


def _parcels(number: int, now: datetime) -> Iterable[Parcel]:
    numbers = orders_of(number)
    collected = ParcelEvent(now - 2 * _DAY, "【杭州滨江营业部】已揽收", "杭州")
    moved = ParcelEvent(now - _DAY, "快件已到达【武汉转运中心】", "武汉")
    signed = ParcelEvent(now - _DAY, "已签收,签收人凭取货码签收", "长沙")
    yield Parcel(
        f"YT7{number:09d}001",
        "yto",
        numbers["sent"],
        ParcelState.IN_TRANSIT,
        shipped_at=now - 2 * _DAY,
        eta=now + _DAY,
        as_of=now,
        events=(moved, collected),
    )
    yield Parcel(
        f"YT7{number:09d}002",
        "yto",
        numbers["signed"],
        ParcelState.DELIVERED,
        shipped_at=now - 3 * _DAY,
        as_of=now,
        events=(signed, collected),
    )
