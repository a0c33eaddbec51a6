"""The shop that is killed: a folder of its own, a database, buyers with orders."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine
from bot.domain.staff import StaffRole
from bot.store.database import SqlDatabase
from bot.store.unit import SqlUnit
from tests.passwords import KEPT

ROOT = Path(__file__).parents[2]
FIRST_BUYER = 100_000
ORDERS_EACH = 3
DESK_LOGIN = "xiaomei"
_OPENED = """
import asyncio, sys, bot
from pathlib import Path
sys.path[0], folder, url, *buyers = sys.argv[1:]
from tests.crash.shop import Shop
asyncio.run(Shop(Path(folder), url, tuple(map(int, buyers))).open())
"""
"""The same by another version: its `bot`, these tests."""


@dataclass(frozen=True, slots=True)
class Shop:
    """Where it is and who buys there."""

    folder: Path
    url: str
    buyers: tuple[int, ...]
    """Their chats."""
    since: Path = ROOT
    """The checkout of the version that it begins with."""

    @classmethod
    def lay_out(cls, folder: Path, url: str, buyers: int, since: Path = ROOT) -> Shop:
        """The repository's own words in a folder of its own, as that version has them."""
        shop = cls(folder, url, tuple(range(FIRST_BUYER, FIRST_BUYER + buyers)), since)
        shop.take_words(since)
        return shop

    def take_words(self, version: Path) -> None:
        """The words of the version in that checkout, in place of what is there."""
        for name in ("config.yaml", "intents", "replies"):
            (self.folder / name).unlink(missing_ok=True)
            (self.folder / name).symlink_to(version / name)

    async def open(self) -> None:
        """Tables, orders, and whose they are; made by the version it begins with."""
        if self.since != ROOT:
            await self._opened_by(self.since)
            return
        async with SqlDatabase(self.url) as database:
            await database.migrate()
            await database.write_alone(self._fill)

    async def _opened_by(self, version: Path) -> None:
        given = (str(ROOT), str(self.folder), self.url, *map(str, self.buyers))
        made = await asyncio.create_subprocess_exec(sys.executable, "-c", _OPENED, *given, cwd=version)
        if code := await made.wait():
            raise RuntimeError(f"the version in {version} can't lay out a shop: it ended with {code}")

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
