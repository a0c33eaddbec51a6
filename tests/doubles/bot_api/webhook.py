"""Delivery of updates by webhook (https://core.telegram.org/bots/api#setwebhook).

"In case of an unsuccessful request (a request with response HTTP status code different from 2XY), we will repeat
the request." Updates of one queue go one after another; at most `max_connections` are in flight over all queues.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp

from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.updates import Update

if TYPE_CHECKING:
    from tests.doubles.bot_api.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
NEVER_IN_ANSWER = ("setwebhook", "deletewebhook", "close", "logout")


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds a refused update waits before it is tried again. The original begins with 1 and doubles."""

    first: float = 0.05
    factor: float = 2
    longest: float = 2


@dataclass(frozen=True, slots=True)
class Setting:
    """What setWebhook said."""

    url: str
    secret: str = ""
    max_connections: int = 40
    ip_address: str = ""
    certificate: bool = False


@dataclass(slots=True)
class Webhook:
    """The sender of updates; idle while no address is set."""

    world: World
    backoff: Backoff = Backoff()
    setting: Setting | None = None
    last_error: str = ""
    last_error_date: int = 0
    delivered: int = 0
    answer: Callable[[Json], Awaitable[object]] | None = None
    queues: dict[str, deque[Update]] = field(default_factory=lambda: defaultdict(deque))
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(40))
    session: aiohttp.ClientSession | None = None
    reached_at: Callable[[str], str] = lambda url: url
    """Where the address leads: what a proxy with the certificate would do."""

    def set(self, setting: Setting | None) -> None:
        """A new address (or none); what is pending goes to the new one."""
        self._cancel()
        self.setting = setting
        self.last_error, self.last_error_date = "", 0
        if setting is not None:
            self.slots = asyncio.Semaphore(setting.max_connections)
            for update in list(self.world.updates):
                self.on_update(update)

    def on_update(self, update: Update) -> None:
        """Puts an update into its queue and sees that somebody drains it."""
        if self.setting is None:
            return
        self.queues[update.queue].append(update)
        if update.queue not in self.tasks:
            self.tasks[update.queue] = asyncio.create_task(self._drain(update.queue))

    def forget(self) -> None:
        """drop_pending_updates."""
        self._cancel()

    async def close(self) -> None:
        self._cancel()
        if self.session is not None:
            await self.session.close()

    def _cancel(self) -> None:
        for task in self.tasks.values():
            task.cancel()
        self.tasks.clear()
        self.queues.clear()

    async def _drain(self, name: str) -> None:
        queue = self.queues[name]
        delay = self.backoff.first
        while queue:
            if self._gone(queue[0]) or await self._deliver(queue[0]):
                self.world.updates.done(queue.popleft())
                self.world.waiting.changed()
                delay = self.backoff.first
            else:
                await asyncio.sleep(delay)
                delay = min(delay * self.backoff.factor, self.backoff.longest)
        del self.queues[name], self.tasks[name]

    def _gone(self, update: Update) -> bool:
        return update.id not in self.world.updates.waiting or update.expires_at < self.world.clock()

    async def _deliver(self, update: Update) -> bool:
        assert self.setting is not None, "queues are emptied when the address goes"
        async with self.slots:
            try:
                return await self._post(self.setting, update)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                return self._failed(f"Connection failed: {type(error).__name__}")

    async def _post(self, setting: Setting, update: Update) -> bool:
        if self.session is None:
            self.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        headers = {"Content-Type": "application/json"}
        if setting.secret:
            headers[SECRET_HEADER] = setting.secret
        body = json.dumps(update.body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        async with self.session.post(self.reached_at(setting.url), data=body, headers=headers) as response:
            content = await response.read()
            if not 200 <= response.status <= 299:
                return self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
        self.delivered += 1
        await self._method_in_answer(content)
        return True

    def _failed(self, reason: str) -> bool:
        self.last_error, self.last_error_date = reason, self.world.now()
        return False

    async def _method_in_answer(self, content: bytes) -> None:
        """A bot may answer with a method to call, whose result it never sees."""
        try:
            body = json.loads(content)
        except ValueError:
            return
        method = body.get("method") if isinstance(body, dict) else None
        if isinstance(method, str) and self.answer and _may_stand_in_answer(method.lower()):
            await self.answer(body)

    def info(self) -> Json:
        """https://core.telegram.org/bots/api#webhookinfo"""
        setting = self.setting or Setting("")
        info: Json = {
            "url": setting.url,
            "has_custom_certificate": setting.certificate,
            "pending_update_count": len(self.world.updates),
        }
        if setting.url:
            info["max_connections"] = setting.max_connections
        if setting.ip_address:
            info["ip_address"] = setting.ip_address
        if self.last_error:
            info |= {"last_error_date": self.last_error_date, "last_error_message": self.last_error}
        if self.world.updates.listed is not None:
            info["allowed_updates"] = self.world.updates.listed
        return info


def _may_stand_in_answer(method: str) -> bool:
    return method not in NEVER_IN_ANSWER and not method.startswith("get")
