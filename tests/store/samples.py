"""Small things the store's tests are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.authority import Level
from bot.domain.book import Book
from bot.domain.cases import Act, Case, Entry, Event, Goods, Kind, Reason, Role, State
from bot.domain.conversation import Conversation
from bot.domain.decision import Effect, MoveCase, OpenCase
from bot.domain.dues import dues
from bot.domain.engine import Outcome, carry_out
from bot.domain.explanation import Explanation
from bot.domain.machine import apply
from bot.domain.meaning import Candidate, Sureness
from bot.domain.messages import Attachment, Speaker
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine, Parcel, ParcelEvent, ParcelState
from bot.pipeline.arrivals import Arrival, Claimed, InboxRow
from bot.pipeline.deliveries import Draft
from bot.pipeline.ports import Unit
from bot.pipeline.turns import Line, Outturn
from bot.store.database import SqlDatabase
from tests.domain.samples import POLICY, TERMS

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOBODY: frozenset[int] = frozenset()
MEANING = Explanation(
    "zh-Hant",
    Sureness.ASK,
    (
        Candidate("request_refund", 0.4375, "我要退款", "message: sound"),
        Candidate("revoke_refund", 0.2, "不退了", "clause: spelling, turned round", turned=True),
    ),
    {"amount": "20", "phone": "13800138000"},
)


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def message(text: str, number: int | str, address: str = "ann", **more: Any) -> Arrival:
    """Something a buyer wrote; `number` tells it apart."""
    payload = {"kind": "message", "text": text, "files": [], "language": "", "name": ""}
    return Arrival("web", f"web:{number}", payload, address, **more)


async def receive(database: SqlDatabase, *arrivals: Arrival, at: datetime = NOW) -> int:
    return len(await database.write(lambda unit: unit.receive(arrivals, at)))


async def claim(
    database: SqlDatabase, *, at: datetime = NOW, limit: int = 10, skip: frozenset[int] = NOBODY
) -> list[Claimed]:
    return await database.write_alone(lambda unit: unit.claim(at, limit, skip))


async def talk(database: SqlDatabase, address: str = "ann", channel: str = "web") -> Conversation:
    """The conversation of that address."""
    return await database.write(lambda unit: unit.conversation_at(channel, address, NOW))


def texts(claimed: Iterable[Claimed]) -> list[list[str]]:
    return [[row.payload["text"] for row in item.rows] for item in claimed]


def order(
    number: str = "A1", *paid: int, placed: datetime = NOW - 3 * HOUR, phone: str = "13800001234"
) -> Order:
    """An order with a line for each amount."""
    lines = tuple(
        OrderLine(position, f"S{position}", f"袜子 {position}", 1, cny(minor), "socks")
        for position, minor in enumerate(paid or (5_990, 1_200), 1)
    )
    return Order(number, "CNY", placed, "林小满", phone, paid_at=placed, lines=lines)


def parcel(number: str = "SF1", order_number: str = "A1") -> Parcel:
    scan = ParcelEvent(NOW, "已揽收", "杭州")
    return Parcel(number, "sf", order_number, ParcelState.IN_TRANSIT, NOW, NOW + 24 * HOUR, (scan,), NOW)


def opened(
    conversation_id: int,
    number: str = "R1",
    order_number: str = "A1",
    lines: tuple[int, ...] = (1,),
    *,
    kind: Kind = Kind.REFUND_ONLY,
    minor: int = 5_990,
) -> OpenCase:
    case = Case(
        number=number,
        conversation_id=conversation_id,
        order_number=order_number,
        lines=lines,
        kind=kind,
        state=State.WAIT_SELLER_AGREE,
        goods=Goods.NOT_RECEIVED if kind is Kind.REFUND_ONLY else Goods.RECEIVED,
        reason=Reason.LATE if kind is Kind.REFUND_ONLY else Reason.QUALITY,
        amount=cny(minor),
        opened_at=NOW,
    )
    opened, entry = apply(case, TERMS)
    return OpenCase(Outcome(opened, entry, dues(opened, NOW, POLICY)))


def moved(
    case: Case,
    event: Event,
    by: Role,
    *,
    at: datetime = NOW,
    why: str = "",
    waybill: str = "",
    paid: tuple[int, ...] = (),
    evidence: tuple[Attachment, ...] = (),
) -> MoveCase:
    act = Act(event, by, at, why=why, waybill=waybill, evidence=evidence)
    book = Book(order(case.order_number, *paid), (case,))
    return MoveCase(carry_out(case, act, book, POLICY, Level.OWNER))


def outturn(
    conversation: Conversation,
    *effects: Effect,
    rows: tuple[InboxRow, ...] = (),
    after: Conversation | None = None,
    said: tuple[str, ...] = (),
    key: str = "k",
) -> Outturn:
    """A turn that said these things, each with its line and its draft."""
    keys = [f"{key}:{count}" for count in range(len(said))]
    lines = tuple(Line(Speaker.BOT, text, NOW, key=one) for text, one in zip(said, keys, strict=True))
    drafts = tuple(
        Draft(conversation.channel, conversation.address, one, text)
        for text, one in zip(said, keys, strict=True)
    )
    return Outturn(rows, after or conversation, conversation, effects, lines, drafts)


def commits(*turns: Outturn, at: datetime = NOW) -> Callable[[Unit], None]:
    return lambda unit: unit.commit(turns, at)


async def shop_with(database: SqlDatabase, *orders: Order, address: str = "ann") -> Conversation:
    """A buyer to whom these orders belong."""
    conversation = await talk(database, address)

    def fill(unit: Unit) -> None:
        unit.put_orders(orders)
        for one in orders:
            unit.link_order(one.number, conversation.id, "test", NOW)

    await database.write(fill)
    return conversation


async def case_now(database: SqlDatabase, conversation_id: int, number: str = "R1") -> Case:
    found = await database.read(lambda unit: unit.cases(conversation_id))
    return next(case for case in found if case.number == number)


def at_version(case: Case, version: int) -> Case:
    return replace(case, version=version)


def entry_of(effect: OpenCase | MoveCase) -> Entry:
    return effect.outcome.entry
