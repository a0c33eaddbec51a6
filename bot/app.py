"""Everything plugged together: one shop, served on every channel that is set up."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib.util
import time
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import structlog
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.carriers import make_tracker
from bot.channels.health import Health
from bot.channels.payout.callback import Callback
from bot.channels.payout.channel import PayoutChannel
from bot.channels.web import chat
from bot.channels.web.channel import WebChannel
from bot.channels.web.hub import Hub
from bot.channels.web.reader import read as read_web
from bot.channels.web.server import WebServer, build
from bot.config import Config
from bot.desk import pages
from bot.desk.first_owner import way_in
from bot.desk.mini_app import FRAMES
from bot.desk.presence import Presence
from bot.desk.reader import read as read_desk
from bot.domain.decision import Say
from bot.domain.macros import Macro
from bot.domain.messages import Incoming
from bot.errors import ConfigError
from bot.folder.guides import pictures_of
from bot.folder.shop_folder import Contents, ShopFolder
from bot.lexicon import read_ahead
from bot.pipeline.arrivals import Reader
from bot.pipeline.bringing_forward import BringingForward
from bot.pipeline.deadlines import Deadlines, read_deadline
from bot.pipeline.deliveries import Channel, Rendered
from bot.pipeline.fetcher import Fetcher
from bot.pipeline.intake import Intake
from bot.pipeline.keeping import days_of
from bot.pipeline.machine_clock import MachineClock
from bot.pipeline.payouts import CHANNEL as PAYOUT
from bot.pipeline.payouts import read as read_news
from bot.pipeline.reports import CHANNEL as REPORT
from bot.pipeline.reports import read as read_report
from bot.pipeline.retention import Retention
from bot.pipeline.roles import EVERY, Role
from bot.pipeline.router import Router
from bot.pipeline.sender import Sender
from bot.pipeline.shop import Shop, thresholds_of
from bot.pipeline.tidings import Bell, Tidings, missed
from bot.pipeline.tracing import UNTRACED, Tracer
from bot.pipeline.wake import Wake
from bot.pipeline.worker import Step, Worker
from bot.shop.links import verify
from bot.store.clocks import CHANNEL as CLOCK
from bot.store.database import SqlDatabase
from bot.store.files import FileStore

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram
    from bot.desk.provider import Provider

_GARBAGE = (10_000, 20, 20)
"""How many new things there are before the young are looked through for garbage; how often that is done before older ones are."""
_AGAIN = 30.0
"""Seconds until the folder is watched again after that failed."""

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
        self.contents = contents
        self.database = database or SqlDatabase(config.storage.url, shop=config.storage.shop)
        self._opens = database is None
        self.files = FileStore(config.storage.files)
        self.hub = Hub()
        self.presence = Presence(announce=self.database.announce if self.database.shared else None)
        self._folder = folder
        self._secret = secret
        self._machine = MachineClock()
        self._clock = clock or self._machine
        self._ticks = ticks
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
        self.telegram = self._telegram()
        self._payouts = self._payout_channel()
        self._own = tuple(channels)
        """Those that only this process has."""
        self._channels: tuple[Channel, ...] = (
            *self._own,
            WebChannel(self.hub),
            *(self.telegram.channels if self.telegram else ()),
            *((self._payouts,) if self._payouts else ()),
        )
        self._shop = self._open_shop()

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
        await self._keep_pictures()
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(self.database.taking_part(self._heard))
            if self.telegram and roles != {Role.WEB}:
                await stack.enter_async_context(self.telegram)
            forward = BringingForward(
                self.database, self._clock, self._machine.set_back, lambda: self._heard(missed())
            )
            loops = [self._watch(), forward.run()]
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
        deadlines = Deadlines(
            self.database,
            self._clock,
            self._to_fire,
            self._to_work,
            doubtful=lambda: self._machine.doubtful,
        )
        router = Router(
            self.database,
            lambda: self._shop.policy.attendance,
            self._clock,
            self._to_route,
            self._to_work,
        )
        retention = Retention(
            self.database,
            self.files,
            self._clock,
            days_of(self.config.retention),
            self._pictures,
            doubtful=lambda: self._machine.doubtful,
        )
        sweeping = self.database.leading("retention", retention.run)
        return [worker.run(), deadlines.run(), router.run(), sweeping, _read_ahead()]

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
            self.database.leading(f"send/{bot.number}", lambda: self._send(bot.channels, self._to_post, bot)),
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
            await sender.drain()

    def server(
        self, *, samples: Iterable[chat.Sample] = (), desk_key: str = "", roles: Collection[Role] = EVERY
    ) -> WebServer:
        """The shop's site, bound to its port."""
        site = self.site(samples=samples, desk_key=desk_key, roles=roles)
        web = self.config.web
        return WebServer(site, (self.hub,), web.host, web.port, proxies=web.proxies)

    def site(
        self, *, samples: Iterable[chat.Sample] = (), desk_key: str = "", roles: Collection[Role] = EVERY
    ) -> Starlette:
        """All routes, as the shop words what is refused."""
        framed = {"/desk": FRAMES} if self.config.secrets.telegram_token else {}
        routes = self.routes(samples, desk_key, roles)
        return build(routes, self._words, self.config.shop.languages, framed)

    def routes(
        self, samples: Iterable[chat.Sample] = (), desk_key: str = "", roles: Collection[Role] = EVERY
    ) -> list[BaseRoute]:
        """What these roles answer, and the watchers' routes."""
        routes = self._watched()
        if Role.WEB in roles:
            routes += self._pages(samples, desk_key)
        if Role.INTAKE in roles:
            routes += self.telegram.routes() if self.telegram else []
            if secret := self.config.secrets.payout_secret:
                routes += Callback(self.database, self.intake.take, secret, self._clock).routes()
        return routes

    def _watched(self) -> list[BaseRoute]:
        public = bool(self.config.web.public_url or self.config.telegram.webhook_url)
        token = self.config.secrets.metrics_token
        return Health(self.database, self._clock, self.hub, token=token, public=public).routes()

    def _pages(self, samples: Iterable[chat.Sample], desk_key: str) -> list[BaseRoute]:
        """The web chat and the agents' page."""
        common: dict[str, Any] = {
            "database": self.database,
            "take": self.intake.take,
            "hub": self.hub,
            "files": self.files,
            "words": self._words,
            "languages": self.config.shop.languages,
            "secret": self._secret,
            "secure": self.config.web.public_url.startswith("https"),
            "origins": (self.config.web.public_url,) if self.config.web.public_url else (),
        }
        limits = chat.Limits(file_bytes=min(chat.Limits().file_bytes, self.config.storage.largest_file))
        settings = chat.ChatSettings(
            **common, samples=tuple(samples), shop=self.config.shop.name, limits=limits
        )
        return [
            *chat.routes(settings),
            *pages.routes(
                pages.DeskSettings(
                    **common,
                    clock=self._clock,
                    key=desk_key,
                    shop=self.config.shop.name,
                    address=self.config.web.public_url,
                    telegram_token=self.config.secrets.telegram_token,
                    provider=self._provider(),
                    timezone=self.config.shop.timezone.key,
                    policy=self.config.policy,
                    macros=self._macros,
                    render=self._render,
                    presence=self.presence,
                )
            ),
        ]

    def empty_site(self) -> Starlette:
        """Where nothing is to be found, as the shop words it."""
        return build((), self._words, self.config.shop.languages)

    async def way_in(self) -> str:
        """The key of a link that opens the desk once, while no owner can sign in; empty otherwise."""
        name = self._words(self.config.shop.languages[0], "page")["key_agent"]
        return await way_in(
            self.database,
            self.config.secrets.desk_password,
            name,
            self._clock(),
            by_telegram=bool(self.config.secrets.telegram_token),
            by_oidc=bool(self.config.oidc.issuer),
        )

    def look(self) -> None:
        """Look at once for what came due, without waiting for the next slow look."""
        for bell in self._bells:
            bell.up()

    @property
    def resting(self) -> bool:
        """Nobody in the shop has anything to do, as far as they know. What came due meanwhile is found by looking."""
        return all(bell.asleep for bell in (self._to_work, self._to_send, self._to_fire, self._to_route))

    async def reload(self) -> None:
        """Read the shop's folder again; what can't be used stays as it was. Learning takes seconds: not in the loop."""
        broken = _files(self.contents)
        self.contents = await asyncio.to_thread(self._folder.read, self.contents)
        await self._keep_pictures()
        self._shop = self._open_shop()
        settle_down()
        for problem in self.contents.problems:
            log.error("a file of the shop can't be used; its last good version stays", problem=str(problem))
        for file in sorted(broken - _files(self.contents)):
            log.info("a file of the shop that could not be used is mended", file=file)
        log.info("the shop's phrases and replies were read again", broken=len(self.contents.problems))

    async def _keep_pictures(self) -> None:
        """The guides' pictures, beside what buyers send: from there each channel takes what it sends."""
        for picture in pictures_of(self.contents.guide_files):
            await self.files.take(picture.path, picture.attachment.ref)

    def _pictures(self) -> set[str]:
        return {
            picture.attachment.ref.partition(":")[2] for picture in pictures_of(self.contents.guide_files)
        }

    def _open_shop(self) -> Shop:
        return open_shop(self.config, self.contents, self.telegram.reader if self.telegram else None)

    def _provider(self) -> Provider | None:
        """Where agents may sign in as well; ConfigError when what that needs is not installed."""
        settings, secret = self.config.oidc, self.config.secrets.oidc_secret
        if not settings.issuer:
            return None
        if importlib.util.find_spec("joserfc") is None:
            raise ConfigError(
                f"{self.config.origin('oidc.issuer')}: oidc.issuer is set, which needs a package more: "
                "pip install 'shouhou[oidc]'"
            )
        from bot.desk.provider import Provider  # noqa: PLC0415 -- the library it needs is an extra

        return Provider(settings.issuer, settings.client_id, secret, self._clock, name=settings.name)

    def _payout_channel(self) -> PayoutChannel | None:
        """Also where payments are made by hand by now: what was ordered before still has to reach who pays."""
        url, secret = self.config.payouts.url, self.config.secrets.payout_secret
        if not url or not secret:
            return None
        return PayoutChannel(url, secret, self.database, self.intake.take, self._clock)

    def _telegram(self) -> Telegram | None:
        token, settings = self.config.secrets.telegram_token, self.config.telegram
        if not token:
            return None
        from bot.channels.telegram import Limits, Settings, Telegram  # noqa: PLC0415 -- a shop without it starts sooner

        return Telegram(
            token=token,
            database=self.database,
            intake=self.intake,
            files=self.files.find,
            clock=self._ticks,
            settings=Settings(
                base_url=settings.base_url,
                base_file_url=settings.base_file_url,
                mode=settings.mode,
                staff_chat=settings.staff_chat,
                webhook_url=settings.webhook_url,
                secret=self.config.secrets.webhook_secret,
                max_connections=settings.max_connections,
                limits=Limits.of(settings.messages_per_second),
            ),
        )

    async def _receive(self, telegram: Telegram) -> None:
        words = {language: self._words(language, "command") for language in self.config.shop.languages}
        staff = {language: self._words(language, "staff_command") for language in self.config.shop.languages}
        await telegram.set_menu(words, staff)
        if telegram.settings.mode == "webhook":
            await telegram.receive()
        else:
            await self.database.leading(f"poll/{telegram.number}", telegram.receive)

    async def _watch(self) -> None:
        """Until cancelled; nothing that stands in the folder, or can't be read there, ends the serving."""
        while True:
            try:
                async for _ in self._folder.changes():
                    await self._reread()
            except Exception:
                log.exception("the shop's folder can't be watched; it is tried again")
                await asyncio.sleep(_AGAIN)
                await self._reread()
            else:
                return

    async def _reread(self) -> None:
        try:
            await self.reload()
        except Exception:
            log.exception("reading the shop's folder again failed; what was read before stays in force")

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

    def _macros(self, language: str) -> tuple[Macro, ...]:
        return self.contents.macros(language)

    def _render(self, say: Say, language: str) -> Rendered:
        return self.contents.replies(say, language)

    def _words(self, language: str, group: str) -> dict[str, str]:
        return dict(self.contents.replies.words(language, group))


def _files(contents: Contents) -> set[str]:
    """The files that can't be used: each problem begins with its own."""
    return {str(problem).partition(":")[0] for problem in contents.problems}


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


def open_folder(
    path: Path, config: Config, tell: Callable[[int], None] = lambda _: None
) -> tuple[ShopFolder, Contents]:
    """The shop's folder and what is in it. `tell` hears how many phrases are about to be learned."""
    folder = ShopFolder(path, config.shop.languages, config.shop.timezone, tell=tell)
    return folder, folder.read()


def open_shop(config: Config, contents: Contents, telegram: Reader | None = None) -> Shop:
    """The shop as turns see it. `telegram` reads its updates when the channel is being served."""
    return Shop(
        languages=config.shop.languages,
        phrasebook=contents.phrasebook,
        guides=contents.guides,
        thresholds=thresholds_of(config),
        policy=config.policy(),
        render=contents.replies,
        readers={
            "web": read_web,
            "terminal": read_web,
            "desk": read_desk,
            CLOCK: read_deadline,
            PAYOUT: read_news,
            REPORT: read_report,
            "telegram": telegram or _telegram_reader(config.telegram.staff_chat),
        },
        staff=telegram is not None and config.telegram.staff_chat is not None,
        macros=contents.macros,
    )


def _telegram_reader(staff_chat: int | None) -> Reader:
    """Reads what came from Telegram before the token was taken away; the library is loaded for the first of it."""

    def read(payload: Mapping[str, Any]) -> Incoming:
        from bot.channels.telegram import TelegramReader  # noqa: PLC0415 -- as above

        return TelegramReader(staff_chat)(payload)

    return read
