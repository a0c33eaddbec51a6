"""The stage with Telegram on it: a buyer who writes to the bot over real HTTP, through the Bot API double."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Literal

from bot.config import Config
from bot.domain.conversation import Conversation
from bot.domain.messages import Medium
from bot.folder.shop_folder import Contents
from tests.doubles import bot_api
from tests.doubles.bot_api import BotApi, Group, User
from tests.doubles.bot_api.message import Message
from tests.play.clock import StageClock
from tests.play.people import Heard
from tests.play.stage import Stage, config_for, served
from tests.serving import online

Mode = Literal["polling", "webhook"]
STAFF = -1001234567890
NAMELESS = "\x00"
"""Everybody on Telegram is called something; this is a name of which nothing is left."""
HINTS = {"zh": "zh-hans", "en": "en"}
_LANE = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8
_PORTS = count(12_000 + 2_500 * _LANE + os.getpid() % 100 * 10)
"""Each test process counts up in a stretch of its own: a port found free is bound a moment later."""


class TelegramStage(Stage):
    """A served shop, its clock, and the Telegram it is on."""

    def __init__(self, stage: Stage, api: BotApi) -> None:
        super().__init__(stage.app, stage.clock, stage.told, stage.shown)
        self.api = api

    @property
    def group(self) -> Group:
        """The agents' group."""
        return self.api.forum_group(STAFF)

    async def handled(self) -> None:
        """Until Telegram holds nothing back and all of it was handled."""
        await self.api.drained()
        await super().handled()

    async def quiet(self) -> None:
        """Until Telegram holds nothing back and the shop is at rest."""
        await self.api.drained()
        await super().quiet()


class TelegramBuyer:
    """A buyer on Telegram, known to the shop by their chat."""

    def __init__(self, stage: TelegramStage, user: User) -> None:
        self._stage = stage
        self.user = user
        self._heard = 0
        self._number = 0

    @classmethod
    def who_speaks(
        cls, stage: TelegramStage, language: str, name: str = "小林", number: int = 42
    ) -> TelegramBuyer:
        """A buyer whose apps are set to this language."""
        user = stage.api.user(
            number, first_name=name or NAMELESS, language_code=HINTS.get(language, language)
        )
        return cls(stage, user)

    async def says(self, text: str) -> None:
        """Write."""
        await self.user.says(text)
        await self._stage.api.drained()

    async def edits(self, text: str) -> None:
        """Change the last message."""
        last = next(one for one in reversed(self.user.chat.messages) if not one.from_bot)
        await self.user.edits(last, text)
        await self._stage.api.drained()

    async def taps(self, label: str) -> None:
        """Tap the newest button whose label holds these words."""
        shown = [(message, name) for message in reversed(self.user.chat.messages) for name in message.labels]
        found = next(((message, name) for message, name in shown if label in name), None)
        assert found is not None, f"there is no button {label!r}\n{self.user.chat.transcript}"
        await self.user.taps(found[1], found[0])
        await self._stage.api.drained()

    async def forges(self, data: str) -> None:
        """Tap what no button carries."""
        await self.user.forges(data)
        await self._stage.api.drained()

    async def sends(self, count: int, caption: str, medium: Medium = Medium.PHOTO) -> None:
        """Send photos, as an album when there are several, or other things one after another."""
        if medium is Medium.PHOTO and count > 1:
            await self.user.sends_album(count, caption)
        else:
            for _ in range(count):
                await self._send(medium, caption)
        await self._stage.api.drained()

    async def _send(self, medium: Medium, caption: str) -> None:
        match medium:
            case Medium.PHOTO:
                await self.user.sends_photo(caption)
            case Medium.VIDEO:
                await self.user.sends_video(caption)
            case Medium.DOCUMENT:
                await self.user.sends_document(caption=caption)
            case Medium.VOICE:
                await self.user.sends_voice()
            case Medium.STICKER:
                await self.user.sends_sticker()
            case Medium.LOCATION:
                await self.user.sends_location()
            case Medium.OTHER:
                raw_message(self.user, {"dice": {"emoji": "🎲", "value": 3}})

    async def shares(self, phone: str, *, own: bool) -> None:
        """Share a contact, their own or somebody else's."""
        await self.user.shares_contact(phone, own)
        await self._stage.api.drained()

    async def garbles(self, what: object) -> None:
        """Send what nobody can read."""
        raw_message(self.user, {"message_id": what, "text": {"not": "text"}})
        await self._stage.api.drained()

    async def hears(self) -> Heard:
        """What came since last time."""
        await self._stage.quiet()
        return heard(self.news())

    def news(self) -> list[Message]:
        """The messages that came since last time."""
        found = self.user.chat.sent_since(self._heard)
        self._heard = self.user.chat.sent_count
        return found

    async def number(self) -> int:
        """Their conversation's."""
        if not self._number:
            self._number = (await self.conversation()).id
        return self._number

    async def conversation(self) -> Conversation:
        """What the shop remembers of them."""
        return await self._stage.conversation_at("telegram", str(self.user.id))


def raw_message(user: User, content: dict[str, object]) -> None:
    """A message of a kind the double's people don't write, as an update in their chat."""
    user.chat.started = True
    message = {"message_id": 7_000_000, "date": user.world.now(), "chat": user.chat.brief, "from": user.brief}
    user.world.updates.add_raw({"message": message | content}, "message", f"chat:{user.id}")
    user.world.waiting.changed()


def heard(messages: list[Message]) -> Heard:
    """As the player compares it."""
    return Heard("\n".join(m.text for m in messages), tuple(label for m in messages for label in m.labels))


@contextlib.asynccontextmanager
async def on_telegram(
    folder: Path,
    clock: StageClock,
    contents: Contents | None = None,
    *,
    mode: Mode = "polling",
    staff: bool = True,
    environ: dict[str, str] | None = None,
    template: Path | None = None,
    limits: bot_api.Limits | None = None,
) -> AsyncIterator[TelegramStage]:
    """Serve the shop on a Telegram of its own until the block ends; `limits`: it takes only so much, by the stage's clock."""
    async with BotApi(limits=limits or bot_api.Limits.off(), clock=lambda: clock().timestamp()) as api:
        api.forum_group(STAFF)
        config = telegram_config(config_for(folder, environ), api, mode, staff=staff)
        if limits:
            config = replace(config, telegram=replace(config.telegram, messages_per_second=30))
        async with served(config, clock, contents, template) as stage, web_served(stage, mode):
            await api.wait_for(lambda: api.polled or api.world.webhook.setting, what="the bot takes updates")
            with contextlib.closing(TelegramStage(stage, api)) as on_stage:
                yield on_stage


@contextlib.asynccontextmanager
async def web_served(stage: Stage, mode: Mode) -> AsyncIterator[None]:
    """Serve the shop's web routes where Telegram is to bring its updates."""
    if mode == "polling":
        yield
        return
    async with online(stage.app.pages.server()):
        yield


def telegram_config(config: Config, api: BotApi, mode: Mode, *, staff: bool) -> Config:
    """The shop's settings, with this Telegram in them."""
    port = free_port()
    settings = replace(
        config.telegram,
        base_url=api.base_url,
        base_file_url=api.base_file_url,
        mode=mode,
        webhook_url=f"http://127.0.0.1:{port}/hooks/telegram" if mode == "webhook" else "",
        staff_chat=STAFF if staff else None,
        messages_per_second=0,
    )
    secrets = replace(config.secrets, telegram_token=api.token, webhook_secret="a-secret_1")
    return replace(config, telegram=settings, secrets=secrets, web=replace(config.web, port=port))


def free_port() -> int:
    """A port nobody listens on, below those the system hands out by itself."""
    for port in _PORTS:
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")
