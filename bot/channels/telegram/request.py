"""python-telegram-bot's requests, carried by aiohttp.

What matters beyond speed: afterwards it must be clear whether a request surely never left (`NotSent`), was
answered with a server's trouble (`ServerTrouble`), or went out without anybody knowing what became of it (any
other `NetworkError`).
"""

from __future__ import annotations

import asyncio
import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.errors import FileGone, FileTooBig

if TYPE_CHECKING:
    from telegram._utils.types import ODVInput

# The library's opt-in to `RetryAfter.retry_after` as a timedelta; without it each 429 warns of the change.
os.environ.setdefault("PTB_TIMEDELTA", "true")

DOWNLOAD = 240.0
"""Seconds a file may take to come, however steadily it does."""
KEEP_ALIVE = 15
"""Seconds an idle connection is kept; servers keep it longer, so a request rarely meets a closing one."""


class NotSent(NetworkError):
    """The request never left: refused, no such host, no connection to be had."""

    __slots__ = ()


class NotSentInTime(NotSent, TimedOut):
    """The request never left, because no connection came about in time."""

    __slots__ = ()


class ServerTrouble(NetworkError):
    """The server answered that it has trouble (5xx)."""

    __slots__ = ("status",)

    def __init__(self, status: int) -> None:
        super().__init__(f"the server answered {status} {_phrase(status)}")
        self.status = status

    def __reduce__(self) -> tuple[Any, ...]:
        return self.__class__, (self.status,)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds for each stage of a request; None for no bound."""

    connect: float | None = 5
    read: float | None = 20
    write: float | None = 10
    pool: float | None = 10
    """Waiting for a free connection."""
    upload: float | None = 60
    """In place of `write` where files are sent."""


class AiohttpRequest(BaseRequest):
    """One pool of kept-alive connections."""

    __slots__ = ("_connections", "_proxies", "_session", "_slots", "_timeouts")

    def __init__(self, connections: int = 64, timeouts: Timeouts | None = None) -> None:
        self._connections = connections
        self._timeouts = timeouts or Timeouts()
        self._session: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(connections)
        self._proxies: dict[str, str | None] = {}

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer unless a call says otherwise."""
        return self._timeouts.read

    async def initialize(self) -> None:
        """Open the pool; harmless when it is open."""
        if self._session is not None and not self._session.closed:
            return
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
        )

    async def shutdown(self) -> None:
        """Close the pool; harmless when it is closed."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Ask and wait for the answer: status and body."""
        usual = self._timeouts
        uploads = request_data is not None and request_data.contains_files
        bounds = client_timeout(
            connect=_chosen(connect_timeout, usual.connect),
            write=_chosen(write_timeout, usual.upload if uploads else usual.write),
            read=_chosen(read_timeout, usual.read),
            sends=request_data is not None,
        )
        await self._slot(_chosen(pool_timeout, usual.pool))
        try:
            status, body = await self._exchange(url, method, request_data, bounds)
        finally:
            self._slots.release()
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ServerTrouble(status)
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise BadRequest("the file is too large for Telegram")
        return status, body

    async def download(self, url: str, most: int) -> bytes:
        """A file of at most so many bytes: `FileTooBig` when it has more, `FileGone` when the link leads nowhere."""
        usual = self._timeouts
        bounds = aiohttp.ClientTimeout(total=DOWNLOAD, sock_connect=usual.connect, sock_read=usual.read)
        await self._slot(usual.pool)
        try:
            return await self._download(url, most, bounds)
        except (aiohttp.ClientError, OSError) as error:
            trouble = _trouble(error)
        finally:
            self._slots.release()
        raise trouble

    async def _download(self, url: str, most: int, bounds: aiohttp.ClientTimeout) -> bytes:
        async with self._opened().get(
            url, timeout=bounds, proxy=self._proxy(url), allow_redirects=False
        ) as response:
            if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise ServerTrouble(response.status)
            if response.status == HTTPStatus.TOO_MANY_REQUESTS:
                raise RetryAfter(_seconds(response.headers.get("Retry-After", "")))
            if response.status != HTTPStatus.OK:
                raise FileGone(f"the link to the file leads nowhere ({response.status})")
            content = bytearray()
            async for chunk in response.content.iter_any():
                content += chunk
                if len(content) > most:
                    raise FileTooBig(f"it has more than the {most} bytes that are kept")
            return bytes(content)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer. Unlike the original's, an unreadable one is not logged: people's words may be in it."""
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict) or not ("result" in answer or "description" in answer):
            raise NetworkError("the server's answer can't be read")
        return answer

    async def _slot(self, timeout: float | None) -> None:  # noqa: ASYNC109 -- as the library calls it
        if not self._slots.locked():
            await self._slots.acquire()
            return
        try:
            async with asyncio.timeout(timeout):
                await self._slots.acquire()
        except TimeoutError:
            raise NotSentInTime(f"pool timeout: all {self._connections} connections are busy") from None

    async def _exchange(
        self, url: str, method: str, data: RequestData | None, bounds: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        session = self._opened()
        body, headers = _body(data)
        try:
            async with session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=bounds,
                proxy=self._proxy(url),
                allow_redirects=False,
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, OSError) as error:
            trouble = _trouble(error)
        raise trouble  # out here, so that the original, with the token in its address, does not come along

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            raise RuntimeError("this request object is not initialised")
        return self._session

    def _proxy(self, url: str) -> str | None:
        """What HTTPS_PROXY and its kin say for this server, looked up once."""
        origin = "/".join(url.split("/", 3)[:3])
        if origin not in self._proxies:
            self._proxies[origin] = environment_proxy(origin)
        return self._proxies[origin]


def environment_proxy(origin: str) -> str | None:
    """The HTTP proxy the environment names for this server, if any."""
    parts = urlsplit(origin)
    if not parts.hostname or proxy_bypass(parts.hostname):
        return None
    proxy = getproxies().get(parts.scheme, "")
    return proxy if proxy.startswith(("http://", "https://")) else None


def client_timeout(
    *, connect: float | None, write: float | None, read: float | None, sends: bool
) -> aiohttp.ClientTimeout:
    """aiohttp bounds connecting and reading; writing is bounded with them, as a whole."""
    total = None
    if sends and connect is not None and write is not None and read is not None:
        total = connect + write + read
    return aiohttp.ClientTimeout(total=total, connect=connect, sock_connect=connect, sock_read=read)


def _chosen(given: ODVInput[float], usual: float | None) -> float | None:
    return usual if given is BaseRequest.DEFAULT_NONE else cast("float | None", given)


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, Mapping[str, str] | None]:
    """JSON, or a form where files go along (https://core.telegram.org/bots/api#making-requests)."""
    if data is None:
        return None, None
    if not data.contains_files:
        return json.dumps(data.parameters).encode(), {"Content-Type": "application/json"}
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        stream = (
            io.BytesIO(content) if isinstance(content, bytes) else content
        )  # written in chunks, not at a stroke
        form.add_field(name, stream, filename=filename, content_type=mime)
    return form, None


def _trouble(error: Exception) -> NetworkError:
    """What went wrong, in words without the address."""
    name = type(error).__name__
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return NotSentInTime("no connection in time")
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError, aiohttp.InvalidURL)):
        return NotSent(f"no connection ({name})")
    if isinstance(error, TimeoutError):
        return TimedOut("no answer in time")
    return NetworkError(f"the connection broke ({name})")


def _seconds(header: str) -> int:
    return int(header) if header.isascii() and header.isdigit() and len(header) < 6 else 1


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus.__members__.values() else ""
