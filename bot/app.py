"""Everything plugged together: one shop, served on every channel that is set up."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import time
from collections.abc import Callable, Collection, Coroutine, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

import structlog

from bot.carriers import make_tracker
from bot.channels.web.channel import WebChannel
from bot.channels.web.hub import Hub
from bot.channels.web.server import WebServer
from bot.config import Config
from bot.desk.presence import Presence
from bot.folder.rereading import Rereading
from bot.folder.shop_folder import Contents, ShopFolder
from bot.lexicon import read_ahead
from bot.opening import open_payouts, open_shop, open_telegram
from bot.pages import Pages
from bot.pipeline.bringing_forward import BringingForward
from bot.pipeline.deadlines import Deadlines
from bot.pipeline.deliveries import Channel
from bot.pipeline.fetcher import Fetcher
from bot.pipeline.intake import Intake
from bot.pipeline.keeping import days_of
from bot.pipeline.machine_clock import MachineClock
from bot.pipeline.retention import Retention
from bot.pipeline.roles import EVERY, SWEEPING, Role, polling, sending
from bot.pipeline.router import Router
from bot.pipeline.sender import Sender
from bot.pipeline.shop import Shop
from bot.pipeline.tidings import Bell, Tidings, missed
from bot.pipeline.tracing import UNTRACED, Tracer
from bot.pipeline.wake import Wake
from bot.pipeline.worker import Step, Worker
from bot.shop.links import verify
from bot.store.database import SqlDatabase
from bot.store.files import FileStore

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram

_GARBAGE = (10_000, 20, 20)
"""How many new things there are before the young are looked through for garbage; how often that is done before older ones are."""

log = structlog.get_logger(__name__)


class App:
    """One shop being served. Enter it to open its database, unless it is given an open one; `run` serves until cancelled."""

    def __init__(
        self,
        config: Config,
        folder: ShopFolder,
        contents: Contents,
        secret: str,
        *,
        database: SqlDatabase | None = None,
        clock: Callable[[], datetime] | None = None,
        channels: Iterable[Channel] = (),
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.config = config
        self.database = database or SqlDatabase(config.storage.url, shop=config.storage.shop)
        self._opens = database is None
        self.files = FileStore(config.storage.files)
        self._reading = Rereading(folder, contents, self.files, self._reread)
        self.hub = Hub()
        self.presence = Presence(announce=self.database.announce if self.database.shared else None)
        self._secret = secret
        self._machine = MachineClock()
        self._clock = clock or self._machine
        self.tracer: Tracer = UNTRACED
        """Who draws what becomes of each message; to be set before it is served."""
        self._bells = tuple(Wake() for _ in range(6))
        (
            self._to_work,
            self._to_send,
            self._to_post,
            self._to_fire,
            self._to_fetch,
            self._to_route,
        ) = self._bells
        self.intake = Intake(self.database, self._clock, self._to_work)
        self.telegram = open_telegram(config, self.database, self.intake, self.files, ticks)
        self._payouts = open_payouts(config, self.database, self.intake.take, self._clock)
        self.pages = self._open_pages()
        self._own = tuple(channels)
        """Those that only this process has."""
        self._channels: tuple[Channel, ...] = (
            *self._own,
            WebChannel(self.hub),
            *(self.telegram.channels if self.telegram else ()),
            *((self._payouts,) if self._payouts else ()),
        )
        self._shop = self._open_shop()

    def _open_pages(self) -> Pages:
        return Pages(
            config=self.config,
            contents=lambda: self.contents,
            database=self.database,
            intake=self.intake,
            files=self.files,
            hub=self.hub,
            presence=self.presence,
            telegram=self.telegram,
            secret=self._secret,
            clock=self._clock,
        )

    @property
    def contents(self) -> Contents:
        """What the shop's folder holds."""
        return self._reading.contents

    async def __aenter__(self) -> Self:
        if self._opens:
            async with contextlib.AsyncExitStack() as stack:
                await stack.enter_async_context(self.database)
                await self.database.migrate()
                stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._opens:
            await self.database.__aexit__()

    async def run(self, server: WebServer | None = None, roles: Collection[Role] = EVERY) -> None:
        """Do what these roles do until cancelled; what is under way is finished before this returns."""
        settle_down()
        self.intake.tracer = self.tracer
        await self._reading.keep_pictures()
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(self.database.taking_part(self._heard))
            if self.telegram and roles != {Role.WEB}:
                await stack.enter_async_context(self.telegram)
            forward = BringingForward(
                self.database, self._clock, self._machine.set_back, lambda: self._heard(missed())
            )
            loops = [self._reading.run(), forward.run()]
            if self._own and Role.SENDER not in roles:
                loops.append(self._send(self._own, self._to_send))
            if Role.WORKER in roles:
                loops += self._handling(stack)
            if Role.SENDER in roles:
                loops += self._bringing(stack)
            if self.telegram and Role.INTAKE in roles:
                loops.append(self._receive(self.telegram))
            if Role.WEB in roles:
                loops.append(self.presence.told())
            if server:
                loops.append(server.run())
            async with asyncio.TaskGroup() as group:
                for loop in loops:
                    group.create_task(loop)

    def _handling(self, stack: contextlib.AsyncExitStack) -> list[Coroutine[Any, Any, None]]:
        """The worker's loops. Several processes may run each of them: rows are claimed with locks; one removes what is over its
        time."""
        tracker = make_tracker(self.config, self._clock, self._phone_of)
        stack.push_async_callback(tracker.close)
        worker = Worker(
            self.database,
            lambda: self._shop,
            tracker,
            self._verify,
            self._clock,
            self._to_work,
            self._stepped,
        )
        worker.tracer = self.tracer
        sweeping = self.database.leading(SWEEPING, self._retention().run)
        return [worker.run(), self._deadlines().run(), self._router().run(), sweeping, _read_ahead()]

    def _deadlines(self) -> Deadlines:
        return Deadlines(
            self.database,
            self._clock,
            self._to_fire,
            self._to_work,
            doubtful=lambda: self._machine.doubtful,
        )

    def _router(self) -> Router:
        return Router(
            self.database,
            lambda: self._shop.policy.attendance,
            self._clock,
            self._to_route,
            self._to_work,
        )

    def _retention(self) -> Retention:
        return Retention(
            self.database,
            self.files,
            self._clock,
            days_of(self.config.retention),
            self._reading.pictures,
            doubtful=lambda: self._machine.doubtful,
        )

    def _bringing(self, stack: contextlib.AsyncExitStack) -> list[Coroutine[Any, Any, None]]:
        """The sender's loops."""
        fetcher = Fetcher(
            self.database,
            [self.telegram.files] if self.telegram else [],
            self.files,
            self._clock,
            self._to_fetch,
            holder=(lambda: self.database.number) if self.database.shared else None,
            largest=self.config.storage.largest_file,
            arrived=self._arrived,
        )
        if self._payouts:
            stack.push_async_callback(self._payouts.close)
        stack.push_async_callback(fetcher.close)
        return [*self._senders(), fetcher.run()]

    def _senders(self) -> list[Coroutine[Any, Any, None]]:
        """Of several processes one sends for the bot, since the messenger's limits are counted in it; what goes elsewhere all
        send."""
        bot = self.telegram
        if bot is None or not self.database.shared:
            return [self._send(self._channels, self._to_send, bot)]
        others = [channel for channel in self._channels if channel not in bot.channels]
        return [
            self.database.leading(sending(bot.number), lambda: self._send(bot.channels, self._to_post, bot)),
            self._send(others, self._to_send),
        ]

    async def _send(self, channels: Sequence[Channel], bell: Wake, bot: Telegram | None = None) -> None:
        """Until cancelled, or until another process sends; what is under way is finished."""
        if bot:
            await bot.keep_pace(self._clock())
        sender = Sender(
            self.database,
            channels,
            self._clock,
            bell,
            alone=not self.database.shared,
            reported=self._to_work.up,
            holder=lambda: self.database.number,
            tracer=self.tracer,
        )
        try:
            await sender.run()
        finally:
            await sender.drain(patient=self.database.number is None)

    def look(self) -> None:
        """Look at once for what came due, without waiting for the next slow look."""
        for bell in self._bells:
            bell.up()

    @property
    def resting(self) -> bool:
        """Nobody in the shop has anything to do, as far as they know. What came due meanwhile is found by looking."""
        return all(bell.asleep for bell in (self._to_work, self._to_send, self._to_fire, self._to_route))

    def _open_shop(self) -> Shop:
        return open_shop(self.config, self.contents, self.telegram.reader if self.telegram else None)

    def _reread(self) -> None:
        self._shop = self._open_shop()
        settle_down()

    async def _receive(self, telegram: Telegram) -> None:
        words = {language: self.pages.words(language, "command") for language in self.config.shop.languages}
        staff = {
            language: self.pages.words(language, "staff_command") for language in self.config.shop.languages
        }
        await telegram.set_menu(words, staff)
        if telegram.settings.mode == "webhook":
            await telegram.receive()
        else:
            await self.database.leading(polling(telegram.number), telegram.receive)

    async def _phone_of(self, order_number: str) -> str:
        order = await self.database.read(lambda unit: unit.order(order_number))
        return order.phone if order else ""

    def _heard(self, tidings: Tidings) -> None:
        """Another process tells what it committed."""
        bells = {
            Bell.INBOX: (self._to_work,),
            Bell.OUTBOX: (self._to_send, self._to_post),
            Bell.FILES: (self._to_fetch,),
        }
        for told in tidings.bells:
            for bell in bells[told]:
                bell.up()
        if tidings.all:
            self.hub.publish_all()
        self._arrived(tidings.conversations)
        self.presence.heard(tidings)

    def _stepped(self, step: Step) -> None:
        """Turns were taken: whoever has to do with them wakes."""
        if step.spoke:  # transcripts grew: screens look again
            self._arrived(step.spoke)
            self._to_send.up()
            self._to_post.up()
        if step.files:
            self._to_fetch.up()
        if step.people:
            self._to_route.up()

    def _arrived(self, conversations: set[int]) -> None:
        """There is something new to be seen in these conversations."""
        for number in conversations:
            self.hub.publish(number)

    def _verify(self, payload: str, now: datetime) -> str | None:
        return verify(payload, self._secret, now)


def settle_down() -> None:
    """Leave what was learned out of the search for garbage, which would take a tenth of a busy shop's time; what a turn leaves
    goes without being looked for, but for little. What was learned before, and is not used any more, is looked for now."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)


async def _read_ahead() -> None:
    try:
        await asyncio.to_thread(read_ahead)
    except Exception:
        log.exception("the word tables can't be read ahead; the first message that needs them tries again")
