"""The shop that is killed: a folder of its own, a database, buyers with orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine
from bot.domain.staff import StaffRole
from bot.store.database import SqlDatabase
from bot.store.unit import SqlUnit
from tests.channels.web.house import KEPT

ROOT = Path(__file__).parents[2]
FIRST_BUYER = 100_000
ORDERS_EACH = 3
DESK_LOGIN = "xiaomei"


@dataclass(frozen=True, slots=True)
class Shop:
    """Where it is and who buys there."""

    folder: Path
    url: str
    buyers: tuple[int, ...]
    """Their chats."""

    @classmethod
    def lay_out(cls, folder: Path, url: str, buyers: int) -> Shop:
        """The repository's own words in a folder of its own."""
        for name in ("config.yaml", "intents", "replies"):
            (folder / name).symlink_to(ROOT / name)
        return cls(folder, url, tuple(range(FIRST_BUYER, FIRST_BUYER + buyers)))

    async def open(self) -> None:
        """Tables, orders, and whose they are."""
        async with SqlDatabase(self.url) as database:
            await database.migrate()
            await database.write_alone(self._fill)

    def _fill(self, unit: SqlUnit) -> None:
        now = datetime.now(UTC)
        unit.put_orders(order(number, now) for buyer in self.buyers for number in orders_of(buyer))
        for buyer in self.buyers:
            conversation = unit.conversation_at("telegram", str(buyer), now)
            for number in orders_of(buyer):
                unit.link_order(number, conversation.id, "crash", now)
        unit.set_password(unit.add_staff(DESK_LOGIN, "小美", StaffRole.AGENT, now).id, KEPT)


def orders_of(buyer: int) -> tuple[str, ...]:
    """The numbers of a buyer's orders."""
    return tuple(f"27{buyer - FIRST_BUYER:05d}{n:03d}" for n in range(ORDERS_EACH))


def order(number: str, now: datetime) -> Order:
    """Paid yesterday, not shipped yet."""
    line = OrderLine(1, "CUP", "不锈钢保温杯", 1, Money(11800, "CNY"), "kitchen")
    day = timedelta(days=1)
    return Order(number, "CNY", now - day, "买家", "", now - day, lines=(line,))
