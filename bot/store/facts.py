"""What the store knows that turns need: the buyer's orders, parcels and cases; and how orders get in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Executable, Table, bindparam, func, or_, select, update

from bot.domain.cases import Case
from bot.domain.orders import Order, Parcel
from bot.domain.refunds import Refund, RefundState
from bot.pipeline.payouts import CHANNEL as PAYOUT
from bot.pipeline.turns import Known
from bot.store.case_codec import case_of, refund_of
from bot.store.codec import order_of, order_row, parcel_of, parcel_row
from bot.store.part import of_shop
from bot.store.shown import Shown
from bot.store.tables import cases, conversations, order_links, orders, outbox, parcels, refunds

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_NUMBERS: BindParameter[Any] = bindparam("numbers", expanding=True)
_LINKS = select(order_links).where(of_shop(order_links), order_links.c.conversation_id.in_(_IDS))
_NEWEST_ORDERS = select(orders).where(of_shop(orders)).order_by(orders.c.placed_at.desc())
_BY_NUMBERS = _NEWEST_ORDERS.where(orders.c.number.in_(_NUMBERS))
_BY_NUMBER = _NEWEST_ORDERS.where(func.lower(orders.c.number) == bindparam("number"))
_BY_PHONES = _NEWEST_ORDERS.where(orders.c.phone.in_(bindparam("phones", expanding=True)))
_PARCELS = (
    select(parcels).where(of_shop(parcels), parcels.c.order_number.in_(_NUMBERS)).order_by(parcels.c.number)
)
_CASES = (
    select(cases)
    .where(of_shop(cases), or_(cases.c.conversation_id.in_(_IDS), cases.c.order_number.in_(_NUMBERS)))
    .order_by(cases.c.opened_at.desc(), cases.c.number.desc())
)
_REFUNDS = (
    select(refunds)
    .where(of_shop(refunds), refunds.c.case_number.in_(bindparam("cases", expanding=True)))
    .order_by(refunds.c.created_at, refunds.c.key)
)
_GONE = select(outbox.c.key).where(
    of_shop(outbox),
    outbox.c.channel == PAYOUT,
    outbox.c.key.in_(bindparam("orders", expanding=True)),
    outbox.c.state != "withdrawn",
    or_(outbox.c.state != "queued", outbox.c.uncertain > 0),
)
"""Orders to pay that somebody may have."""
_ERASED = select(orders.c.number).where(
    of_shop(orders), orders.c.number.in_(_NUMBERS), orders.c.erased_at.is_not(None)
)
_QUEUED = (
    select(func.count())
    .select_from(conversations)
    .where(of_shop(conversations), conversations.c.holder == "queued")
)


class Facts(Shown):
    """Queries of orders and cases."""

    def known(self, conversation_ids: Iterable[int]) -> dict[int, Known]:
        """Each buyer's own orders and the cases over them, newest first."""
        ids = tuple(conversation_ids)
        owned: dict[int, list[str]] = defaultdict(list)
        for row in self._run(_LINKS, {"ids": ids}):
            owned[row.conversation_id].append(row.order_number)
        numbers = {number for found in owned.values() for number in found}
        by_number = (
            {order.number: order for order in self._orders(_BY_NUMBERS, {"numbers": numbers})}
            if numbers
            else {}
        )
        found_cases = self._cases(ids, numbers)
        paid = self._refunds(found_cases)
        gone = self._on_their_way(paid)
        shown = self._shown(ids)
        return {
            number: _of_buyer(number, owned[number], by_number, found_cases, paid, gone, shown[number])
            for number in ids
        }

    def order(self, number: str) -> Order | None:
        """Any order, whoever's: only to compare a proof with."""
        return next(iter(self._orders(_BY_NUMBER, {"number": number.lower()})), None)

    def orders_by_phone(self, phone: str) -> tuple[Order, ...]:
        """Orders placed with this phone number, with or without its country code."""
        short = phone[-11:]
        if len(short) < 7:
            return ()
        return tuple(self._orders(_BY_PHONES, {"phones": {phone, short, short[-10:]}}))

    def queue_length(self) -> int:
        """Conversations that wait for an agent."""
        return int(self._run(_QUEUED).scalar_one())

    def cases(self, conversation_id: int) -> list[Case]:
        """The cases a buyer may see, newest first."""
        return list(self.known((conversation_id,))[conversation_id].cases)

    def put_orders(self, found: Iterable[Order]) -> tuple[int, int]:
        """Insert or update; returns (new, changed). Who was erased does not come back: of these orders only what is bought,
        paid and sent is taken."""
        rows = [order_row(order) for order in found]
        erased = self.erased_orders(row["number"] for row in rows)
        without = {"buyer_name": "", "phone": ""}
        return self._put(orders, [row | without if row["number"] in erased else row for row in rows])

    def put_parcels(self, found: Iterable[Parcel]) -> tuple[int, int]:
        """Insert or update; returns (new, changed). Parcels of who was erased are left out: their scans name people."""
        rows = [parcel_row(parcel) for parcel in found]
        erased = self.erased_orders(row["order_number"] for row in rows)
        return self._put(parcels, [row for row in rows if row["order_number"] not in erased])

    def erased_orders(self, numbers: Iterable[str]) -> frozenset[str]:
        """Those of these orders whose buyer was erased."""
        found = self._run(_ERASED, {"numbers": tuple(set(numbers))})
        return frozenset(found.scalars())

    def link_order(self, order_number: str, conversation_id: int, how: str, now: datetime) -> None:
        """Remember that an order is this buyer's."""
        row = {"conversation_id": conversation_id, "order_number": order_number, "how": how, "at": now}
        self._insert_new(order_links, [row])

    def _orders(self, query: Executable, known: dict[str, Any]) -> list[Order]:
        rows = self._run(query, known).mappings().all()
        carried: dict[str, list[Parcel]] = defaultdict(list)
        numbers = {"numbers": [row["number"] for row in rows]}
        for row in self._run(_PARCELS, numbers).mappings():
            carried[row["order_number"]].append(parcel_of(row))
        return [order_of(row, tuple(carried[row["number"]])) for row in rows]

    def _cases(self, conversation_ids: tuple[int, ...], numbers: set[str]) -> list[Case]:
        known = {"ids": conversation_ids, "numbers": numbers}
        return [case_of(row) for row in self._run(_CASES, known).mappings()]

    def _refunds(self, found: Iterable[Case]) -> list[Refund]:
        numbers = [case.number for case in found]
        if not numbers:
            return []
        return [refund_of(row) for row in self._run(_REFUNDS, {"cases": numbers}).mappings()]

    def _on_their_way(self, found: Iterable[Refund]) -> frozenset[str]:
        """Refunds whose order to pay is not safely in the queue any more."""
        orders_out = {one.order_to_pay: one.key for one in found if one.state is RefundState.CREATED}
        if not orders_out:
            return frozenset()
        rows = self._run(_GONE, {"orders": tuple(orders_out)})
        return frozenset(orders_out[row.key] for row in rows)

    def _put(self, table: Table, rows: Sequence[dict[str, Any]]) -> tuple[int, int]:
        """Rows that are new are inserted, those that differ updated, the rest left alone; of two alike the last counts."""
        rows = list({row["number"]: row for row in rows}.values())
        key = table.c.number
        numbers = [row["number"] for row in rows]
        known = {
            row["number"]: dict(row)
            for row in self._run(select(table).where(of_shop(table), key.in_(numbers))).mappings()
        }
        fresh = [row for row in rows if row["number"] not in known]
        changed = [row for row in rows if not row.items() <= known.get(row["number"], row).items()]
        self._add(table, fresh)
        if changed:
            columns: dict[str, Any] = {name: bindparam(name) for name in changed[0] if name != "number"}
            statement = update(table).where(of_shop(table), key == bindparam("number_")).values(columns)
            self._run_each(statement, ({"number_": row["number"], **row} for row in changed))
        return len(fresh), len(changed)


def _of_buyer(
    conversation_id: int,
    numbers: list[str],
    by_number: dict[str, Order],
    found: list[Case],
    paid: list[Refund],
    gone: frozenset[str],
    shown: list[tuple[str, str]],
) -> Known:
    owned = sorted((by_number[number] for number in numbers), key=lambda order: order.placed_at, reverse=True)
    mine = tuple(
        case for case in found if case.conversation_id == conversation_id or case.order_number in numbers
    )
    own = {case.number for case in mine}
    refunded = tuple(refund for refund in paid if refund.case in own)
    on_their_way = gone & {refund.key for refund in refunded}
    return Known(tuple(owned), mine, refunded, on_their_way, tuple(shown))
