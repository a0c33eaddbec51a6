"""The app's own parts without the network: one door in, a worker, deadlines, a sender, the shop's real words and store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from time import perf_counter
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select

from bot.carriers.source import Source
from bot.carriers.tracker import Tracker
from bot.config import Config
from bot.desk.reader import act
from bot.domain.policy import Policy
from bot.domain.staff import Staff, StaffRole
from bot.folder.shop_folder import Contents
from bot.opening import open_shop
from bot.pipeline.arrivals import Arrival
from bot.pipeline.deadlines import Deadlines
from bot.pipeline.deliveries import Channel
from bot.pipeline.intake import Intake
from bot.pipeline.sender import Sender
from bot.pipeline.shop import Shop
from bot.pipeline.wake import Wake
from bot.pipeline.worker import Worker
from bot.shop.links import sign, verify
from bot.simulate.agenda import Agenda
from bot.store.database import SqlDatabase, open_runner
from bot.store.tables import deadlines, inbox, outbox
from bot.store.unit import SqlUnit

T = TypeVar("T")
SENIOR, OWNER, MEDIATOR = "Mei", "Boss", "Judge"
_ROLES = {SENIOR: StaffRole.SENIOR, OWNER: StaffRole.OWNER, MEDIATOR: StaffRole.MEDIATOR}
"""Who may more, or other things, than an agent."""
_SECRET = "a key for the simulation, of no worth"


@dataclass(slots=True)
class Load:
    """What was done and how long it took."""

    taken: int = 0
    steps: list[float] = field(default_factory=list)
    """Seconds of each step of the worker that had something to do."""


class Stage:
    """The shop being served. It may go down, and comes up again as another process would."""

    def __init__(
        self,
        config: Config,
        contents: Contents,
        url: str,
        agenda: Agenda,
        channels: Iterable[Channel],
        source: Source,
        *,
        durable: bool = True,
    ) -> None:
        self.config = config
        self.agenda = agenda
        self.channels = tuple(channels)
        self.load = Load()
        self.up = False
        self.mail: list[Arrival] = []
        """What is on its way in; it waits while the shop is down."""
        self.pays_since: datetime | None = None
        """When the shop got a payment service; None while all is paid by hand."""
        self.staff: dict[str, Staff] = {}
        """Who has an account, by name."""
        self.next_due: datetime | None = None
        """When the shop has to do something by itself. Nobody but the shop writes, so that it is known after each rest."""
        self._contents = contents
        self._url = url
        self._durable = durable
        self._tracker = Tracker(source, agenda, timedelta(seconds=30), timedelta(minutes=30))
        self._serial = count(1)
        self._runner = open_runner(url, exclusive=False)

    async def open(self) -> None:
        """Begin to serve."""
        self.database = SqlDatabase(self._url, durable=self._durable)
        await self.database.__aenter__()
        await self.database.migrate()
        shop = open_shop(self.config, self._contents)
        policy = shop.policy
        await self.database.write(self._hire)
        bell = Wake()
        self._intake = Intake(self.database, self.agenda, bell)
        self._worker = Worker(
            self.database,
            lambda: self._now(shop, policy),
            self._tracker,
            lambda payload, now: verify(payload, _SECRET, now),
            self.agenda,
            bell,
            lambda _: None,
        )
        self._deadlines = Deadlines(self.database, self.agenda, bell, bell)
        self._sender = Sender(self.database, self.channels, self.agenda, bell, alone=True)
        self.policy = policy
        self.up = True

    def _hire(self, unit: SqlUnit) -> None:
        known = {one.staff.name: one.staff for one in unit.people()}
        for name, role in _ROLES.items():
            self.staff[name] = known.get(name) or unit.add_staff(name.lower(), name, role, self.agenda.now)

    def _now(self, shop: Shop, policy: Policy) -> Shop:
        return replace(shop, policy=replace(policy, pays_itself=self.pays_since is not None))

    async def down(self) -> None:
        """Stop serving; what is stored stays."""
        self.up = False
        await self.database.__aexit__()

    async def close(self) -> None:
        """Down for good."""
        if self.up:
            await self.down()
        await self._tracker.close()
        await self._runner.close()

    # -- in

    def put(
        self, channel: str, payload: dict[str, Any], address: str = "", conversation: int | None = None
    ) -> Arrival:
        """Something is on its way in."""
        arrival = Arrival(channel, f"{channel}:{next(self._serial)}", payload, address, conversation)
        self.mail.append(arrival)
        return arrival

    def act(self, agent: str, what: str, conversation: int, **more: Any) -> None:
        """An agent does something on their page."""
        account = f"console:{agent.lower()}"
        self.put("desk", act(what, agent, account=account, **more), conversation=conversation)

    def link(self, order_number: str) -> str:
        """The signed link the shop sends with an order."""
        return sign(order_number, _SECRET, self.agenda.now + timedelta(days=90))

    # -- on

    async def rest(self) -> None:
        """Until nothing is left to do at this time."""
        while self.mail or (self.next_due and self.next_due <= self.agenda.now):
            if self.mail:
                taken, self.mail = self.mail, []
                self.load.taken += len(taken)
                await self._intake.take(taken)
            await self._deadlines.step()
            await self._work()
            await self._sender.step()
            await self._sender.drain()
            self.next_due = await self.look(_next_due)

    async def _work(self) -> None:
        began = perf_counter()
        if (await self._worker.step()).took:
            self.load.steps.append(perf_counter() - began)
        await self._worker.drain()

    # -- looking

    async def read(self, job: Callable[[SqlUnit], T]) -> T:
        """As the agents' page looks."""
        return await self.database.read(job)

    async def look(self, job: Callable[[Connection], T]) -> T:
        """Past all ports, also while the shop is down."""
        return await self._runner.look(job)


_IN, _OUT = inbox.c, outbox.c
_DUE: tuple[Any, ...] = (
    select(func.min(deadlines.c.due_at)).where(deadlines.c.state == "waiting"),
    select(func.min(_IN.due_at)).where(
        _IN.id.in_(select(func.min(_IN.id)).where(_IN.state == "due").group_by(_IN.conversation_id))
    ),
    select(func.min(_OUT.due_at)).where(
        _OUT.id.in_(
            select(func.min(_OUT.id))
            .where(_OUT.state.in_(("queued", "sending")))
            .group_by(_OUT.channel, _OUT.address)
        )
    ),
)


def _next_due(connection: Connection) -> datetime | None:
    """When the shop has to do something by itself: a deadline, another try of what failed."""
    found = (connection.execute(query).scalar_one() for query in _DUE)
    return min((at for at in found if at), default=None)
