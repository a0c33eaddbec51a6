"""Telegram, plugged together.

async with Telegram(token=token, settings=settings, database=database, intake=intake, files=files) as
telegram: await telegram.set_menu(words) await telegram.receive()
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Self

import structlog
from starlette.routing import Route
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram import menu
from bot.channels.telegram.altering import Altering
from bot.channels.telegram.channel import NAME as BUYERS
from bot.channels.telegram.channel import BuyerChannel
from bot.channels.telegram.fetching import TelegramFiles
from bot.channels.telegram.intake import Intake, Pause, Polling
from bot.channels.telegram.pace import MINUTE, Limits, Pace
from bot.channels.telegram.post import Files, Post
from bot.channels.telegram.reader import TelegramReader
from bot.channels.telegram.request import AiohttpRequest, Timeouts
from bot.channels.telegram.router import arrival
from bot.channels.telegram.settings import Settings
from bot.channels.telegram.staff import StaffChannel
from bot.channels.telegram.taps import Taps
from bot.channels.telegram.webhook import Webhook
from bot.errors import ConfigError
from bot.pipeline.deliveries import STAFF, Channel, Sent
from bot.pipeline.ports import Database

__all__ = ["Intake", "Limits", "Settings", "Telegram", "TelegramReader", "arrival"]

log = structlog.get_logger(__name__)


class Telegram:
    """One bot: ways in (`receive`, `routes`), ways out (`channels`), how to read what came (`reader`), and
    where the files are that it refers to (`files`)."""

    def __init__(
        self,
        *,
        token: str,
        database: Database,
        intake: Intake,
        settings: Settings | None = None,
        files: Files | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings = settings or Settings()
        _keep_silent()
        self._request = AiohttpRequest(settings.connections, Timeouts(read=settings.timeout))
        self.bot = _bot(token, settings, self._request)
        self._taps = Taps(self.bot)
        self._polling = Polling(self.bot, intake, self._taps, settings.staff_chat, settings.poll_seconds)
        self._webhook = Webhook(self.bot, intake, self._taps, settings)
        self.reader = TelegramReader(settings.staff_chat)
        self._database = database
        self._pace = Pace(settings.limits, clock)
        self.channels = _channels(self.bot, settings, database, files, self._pace)
        self.files = TelegramFiles(self.bot, self._request)

    async def __aenter__(self) -> Self:
        await self._request.initialize()
        try:
            await self._introduce()
        except BaseException:
            await self._request.shutdown()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._taps.close()
        await self._request.shutdown()

    @property
    def number(self) -> str:
        """The bot's own id, which is no secret."""
        return self.bot.token.partition(":")[0]

    @property
    def name(self) -> str:
        """The bot's @username, empty until Telegram told it."""
        return self.reader.username

    def routes(self) -> list[Route]:
        """For the web server, in webhook mode; none otherwise."""
        return self._webhook.routes() if self.settings.mode == "webhook" else []

    async def receive(self) -> None:
        """Take in updates until cancelled, the way the settings say."""
        by_webhook = self.settings.mode == "webhook"
        await self._until_done(self._webhook.set_up if by_webhook else self._webhook.tear_down)
        log.info("telegram.receiving", mode=self.settings.mode, bot=self.name)
        await (asyncio.Event().wait() if by_webhook else self._polling.run())

    async def keep_pace(self, now: datetime) -> None:
        """Go on from what was sent in the last minute, whoever sent it."""
        lately = now - timedelta(seconds=MINUTE)
        sent = await self._database.read(lambda unit: unit.sent_since(lately, now))
        self._pace.recall(
            (chat, max((now - one.at).total_seconds(), 0), one.messages)
            for one in sent
            if (chat := self._chat(one)) is not None
        )

    def _chat(self, sent: Sent) -> int | None:
        if sent.channel == STAFF:
            return self.settings.staff_chat
        return int(sent.address) if sent.channel == BUYERS else None

    async def set_menu(self, words: menu.Words, staff_words: menu.Words | None = None) -> bool:
        """List the commands in each language, and the agents' in the staff group; False when it failed."""
        done = await menu.set_menu(self.bot, words)
        if staff_words and self.settings.staff_chat is not None:
            done &= await menu.set_staff_menu(self.bot, staff_words, self.settings.staff_chat)
        return done

    async def _introduce(self) -> None:
        """Ask Telegram who we are: a wrong token ends here, trouble of the net does not."""
        refused = False
        try:
            self.reader.username = (await self.bot.get_me()).username or ""
        except InvalidToken:
            refused = True
        except TelegramError as error:
            log.warning("telegram.not_reached", error=error.message)
        if refused:
            raise ConfigError(
                "Telegram does not accept the token in TELEGRAM_BOT_TOKEN. Copy it again from @BotFather "
                "(it looks like 123456789:AbC…), or unset it to go without Telegram."
            )

    async def _until_done(self, step: Callable[[], Awaitable[None]]) -> None:
        pause = Pause()
        while True:
            try:
                await step()
            except TelegramError as error:
                wait = pause.after(error)
                log.warning("telegram.not_ready", error=error.message, retry_in=round(wait, 1))
                await asyncio.sleep(wait)
            else:
                break
        if not self.name:
            await self._introduce()


def _bot(token: str, settings: Settings, request: AiohttpRequest) -> Bot:
    if not token.strip():
        raise ConfigError("TELEGRAM_BOT_TOKEN is empty")
    return Bot(
        token.strip(),
        base_url=settings.base_url,
        base_file_url=settings.base_file_url,
        request=request,
        get_updates_request=request,
    )


def _channels(
    bot: Bot, settings: Settings, database: Database, files: Files | None, pace: Pace
) -> tuple[Channel, ...]:
    post = Post(bot, files)
    buyers = BuyerChannel(post, Altering(bot), pace, database)
    if settings.staff_chat is None:
        return (buyers,)
    return (buyers, StaffChannel(bot, Post(bot, files), pace, database, settings.staff_chat))


def _keep_silent() -> None:
    """At DEBUG the library logs addresses with the token in them, and what people write."""
    logging.getLogger("telegram").setLevel(logging.INFO)
