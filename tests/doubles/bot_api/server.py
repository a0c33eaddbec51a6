"""The double itself: an HTTP server with the face of api.telegram.org, and handles for tests."""

# ruff: noqa: ASYNC109 -- `timeout=` reads best where a test waits for the bot

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Self, TypeVar

from aiohttp import StreamReader, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_parser import RawRequestMessage
from aiohttp.web_protocol import RequestHandler

from tests.doubles.bot_api.chat import Chat
from tests.doubles.bot_api.errors import ApiError, refused, too_many, unauthorized
from tests.doubles.bot_api.faults import Fault, Faults
from tests.doubles.bot_api.group import Group
from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.limits import Flood, Limits
from tests.doubles.bot_api.log import Call, Log
from tests.doubles.bot_api.methods import perform
from tests.doubles.bot_api.updates import Update, Updates
from tests.doubles.bot_api.user import User
from tests.doubles.bot_api.webhook import Backoff, Webhook
from tests.doubles.bot_api.wire import failed, json_answer, ok, read
from tests.doubles.bot_api.world import World

if TYPE_CHECKING:
    from tests.doubles.bot_api.control import Control

T = TypeVar("T")
BODY_LIMIT = 64 << 20
GATEWAY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
NOT_FOUND: Json = {"ok": False, "error_code": 404, "description": "Not Found"}


class BotApi:
    """One bot's Telegram. Lives as long as the `async with`; bots come and go."""

    def __init__(
        self,
        token: str = "12345:TEST",  # noqa: S107 -- invented
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        clock: Callable[[], float] = time.time,
        limits: Limits | None = None,
        seed: int = 0,
        backoff: Backoff | None = None,
        history: int | None = None,
        log_limit: int | None = None,
    ) -> None:
        self.token = token
        self.host = host
        self.port = port
        self.clock = clock
        self.log = Log(log_limit)
        self.faults = Faults(seed)
        self.violations: list[Call] = []
        self.control: Control | None = None
        self.world = _world(token, clock, limits or Limits(), history)
        self.world.webhook = Webhook(self.world, backoff or Backoff())
        self.world.webhook.answer = self._in_webhook_answer
        self.world.updates.on_add = [self.world.polling.wake, self.world.webhook.on_update]
        self._over = asyncio.Event()
        self._runner: web.ServerRunner | None = None

    # Life.

    async def __aenter__(self) -> Self:
        server = web.Server(
            self._serve, request_factory=_request, handler_cancellation=True, access_log=None
        )  # handler_cancellation: a poll whose bot died ends with it
        self._runner = web.ServerRunner(server, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        await site.start()
        self.port = int(self._runner.addresses[0][1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        self.world.polling.wake()
        await self.world.webhook.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def base_url(self) -> str:
        """For python-telegram-bot, which appends the token."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    # People and places.

    def user(
        self,
        user_id: int,
        *,
        first_name: str = "",
        last_name: str = "",
        username: str = "",
        language_code: str = "",
    ) -> User:
        """A person, new or already known by this number."""
        names = {"last_name": last_name, "username": username, "language_code": language_code}
        given = {name: value for name, value in names.items() if value}
        brief: Json = {"id": user_id, "is_bot": False, "first_name": first_name or f"User {user_id}", **given}
        return self.world.user(user_id, brief)

    def forum_group(self, chat_id: int, *, title: str = "Staff", forum: bool = True) -> Group:
        """A staff supergroup with topics, in which the bot is an administrator."""
        if chat_id >= 0:
            raise ValueError("group identifiers are negative, -100… for supergroups")
        known = self.world.chats.get(chat_id)
        return known if isinstance(known, Group) else self.world.group(chat_id, title, forum)

    def chat(self, chat_id: int) -> Chat:
        """What stands in a chat now."""
        return self.world.chats[chat_id]

    # What is under way.

    @property
    def pending(self) -> int:
        """Updates the bot has not confirmed."""
        return len(self.world.updates)

    @property
    def pending_updates(self) -> list[Json]:
        return [update.body for update in self.world.updates]

    @property
    def polled(self) -> bool:
        """A getUpdates request waits here now."""
        return self.world.polling.waiter is not None

    def raw_update(self, body: Json) -> Update:
        """An update of any shape; `update_id` is added unless given."""
        update = self.world.updates.add_raw(body)
        self.world.waiting.changed()
        return update

    async def wait_for(self, predicate: Callable[[], T | None], timeout: float = 10, what: str = "") -> T:
        """The first true value of the predicate, looked at whenever something happens here."""
        return await self.world.waiting.until(
            predicate, timeout, lambda: f"it never came true: {what or predicate}"
        )

    async def drained(self, timeout: float = 10) -> None:
        """Waits until the bot has confirmed every update."""
        await self.wait_for(
            lambda: self.pending == 0, timeout, f"the bot confirms all of {self.pending} updates"
        )

    # Requests.

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        parts = request.path.split("/", 3)
        if parts[1].startswith("bot") and len(parts) == 3:
            return await self._method(request, parts[1][3:], parts[2])
        if parts[1] == "file" and len(parts) == 4:
            return await self._download(request, parts[2], parts[3])
        if parts[1] == "control" and self.control is not None:
            return await self.control.serve(request)
        return json_answer(404, NOT_FOUND)

    async def _method(self, request: web.BaseRequest, token: str, name: str) -> web.StreamResponse:
        call = self.log.open(name, self.clock())
        fault = self.faults.pick(name)
        try:
            if token != self.token:
                raise unauthorized()
            call.params, call.files = await read(request)
            if fault is not None and not fault.accepted:
                return await self._misfortune(request, call, fault)
            await self._perform(call)
        except ApiError as error:
            self._refuse(call, error)
            return failed(error)
        if fault is not None:
            return await self._misfortune(request, call, fault)
        call.answered = True
        return ok(call.result, call.description)

    async def _perform(self, call: Call) -> None:
        try:
            call.result = await perform(self.world, call)
        except (ApiError, asyncio.CancelledError):
            raise
        except Exception as bug:
            call.description = f"a bug of the double itself: {bug!r}"
            self.violations.append(call)
            raise
        call.accepted = True
        call.code = 200
        self.world.waiting.changed()

    def _refuse(self, call: Call, error: ApiError) -> None:
        call.answered = True
        call.code, call.description = error.code, error.description
        if error.violation:
            self.violations.append(call)
        self.world.waiting.changed()

    async def _in_webhook_answer(self, body: Json) -> None:
        call = self.log.open(str(body["method"]), self.clock())
        call.params = {name: value for name, value in body.items() if name != "method" and value is not None}
        try:
            await self._perform(call)
        except ApiError as error:
            self._refuse(call, error)
        call.answered = False

    async def _misfortune(self, request: web.BaseRequest, call: Call, fault: Fault) -> web.StreamResponse:
        call.fault = fault.name
        self.world.waiting.changed()
        match fault.name:
            case "too_many":
                return self._misfortune_told(call, too_many(fault.retry_after))
            case "refused":
                return self._misfortune_told(call, refused(fault.reason))
            case "server_error":
                return self._misfortune_told(call, ApiError(500, "Internal Server Error"))
            case "bad_gateway":
                return web.Response(status=502, text=GATEWAY_PAGE, content_type="text/html")
            case "garbage":
                return web.Response(body=b'{"ok":true,"result":{"mess', content_type="application/json")
            case "late":
                await self._silence(fault.hold)
                call.answered = True
                return ok(call.result, call.description)
            case "accepted_then_timeout":
                await self._silence(fault.hold)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _misfortune_told(self, call: Call, error: ApiError) -> web.Response:
        call.answered = True
        call.code, call.description = error.code, error.description
        return failed(error)

    async def _silence(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._over.wait()
        except TimeoutError:
            pass

    async def _download(self, request: web.BaseRequest, owner: str, path: str) -> web.StreamResponse:
        call = self.log.open("download", self.clock())
        call.params = {"path": path}
        fault = self.faults.pick("download")
        stored = self.world.files.open(path, self.clock()) if owner == f"bot{self.token}" else None
        if stored is None or (fault is not None and fault.name == "expired"):
            call.code, call.answered = 404, True
            return json_answer(404, NOT_FOUND)
        if fault is not None and fault.name == "cut_off":
            return await self._cut_off(request, call, stored.content)
        if fault is not None:
            return await self._misfortune(request, call, fault)
        call.code, call.accepted, call.answered = 200, True, True
        return web.Response(body=stored.content, content_type="application/octet-stream")

    async def _cut_off(self, request: web.BaseRequest, call: Call, content: bytes) -> web.StreamResponse:
        call.fault = "cut_off"
        response = web.StreamResponse(headers={"Content-Length": str(len(content) + 1)})
        await response.prepare(request)
        await response.write(content[:-1])
        if request.transport is not None:
            request.transport.abort()
        return response


def _world(token: str, clock: Callable[[], float], limits: Limits, history: int | None) -> World:
    bot = {
        "id": int(token.partition(":")[0]),
        "is_bot": True,
        "first_name": "Shouhou",
        "username": "shouhou_test_bot",
    }
    return World(bot, clock, Updates(clock), Flood(limits), history)


def _request(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: RequestHandler,
    writer: AbstractStreamWriter,
    task: asyncio.Task[None],
) -> web.BaseRequest:
    """Requests may be as large as the largest upload."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=BODY_LIMIT)
