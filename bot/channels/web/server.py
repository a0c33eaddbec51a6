"""The web server: one Starlette app from everybody's routes, served by uvicorn inside our own loop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.web.connections import Patience, limited, networks
from bot.channels.web.hub import Hub
from bot.channels.web.pages import Pages, Words
from bot.errors import ShouhouError, StoreAway

GRACE = 8
"""Seconds open requests get at the end, after the streams were woken."""
_NEAR = 20
"""How many ports after one that is taken are tried."""

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}


def policy_words(policy: Mapping[str, str]) -> str:
    """A content security policy as browsers read it."""
    return "; ".join(f"{name} {value}" for name, value in policy.items())


HEADERS = {
    "Content-Security-Policy": policy_words(POLICY),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


class SecurityHeaders:
    """Adds the headers above to every response that does not set its own. `framed` says who may show the pages under a path
    inside their own."""

    def __init__(self, app: ASGIApp, framed: Mapping[str, str]) -> None:
        self._app = app
        self._framed = framed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers(scope["path"]).items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)

    def _headers(self, path: str) -> dict[str, str]:
        frames = next((who for under, who in self._framed.items() if path.startswith(under)), "")
        if not frames:
            return HEADERS
        policy = policy_words({**POLICY, "frame-ancestors": f"'self' {frames}"})
        allowed = {name: value for name, value in HEADERS.items() if name != "X-Frame-Options"}
        return {**allowed, "Content-Security-Policy": policy}


def build(
    routes: Sequence[BaseRoute],
    words: Words,
    languages: Sequence[str],
    framed: Mapping[str, str] | None = None,
) -> Starlette:
    """The app: everybody's routes, security headers, worded error pages. `framed` as `SecurityHeaders` takes it."""
    pages = Pages(words, languages)
    return Starlette(
        routes=list(routes),
        middleware=[Middleware(SecurityHeaders, framed or {})],
        exception_handlers={HTTPException: pages.error, StoreAway: pages.error, 500: pages.error},
    )


class ByHost:
    """Several sites on one port: a request goes to the one whose name it asks for, and to `other` when it asks for none."""

    def __init__(self, sites: Mapping[str, ASGIApp], other: ASGIApp) -> None:
        self._sites = sites
        self._other = other

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        asked = Headers(scope=scope).get("host", "") if scope["type"] in ("http", "websocket") else ""
        site = self._sites.get(name_of(asked), self._other)
        await site(scope, receive, send)


def name_of(host: str) -> str:
    """The name in an address or a Host header: without its port, in small letters."""
    return urlsplit(host if "//" in host else f"//{host}").hostname or ""


class WebServer:
    """Serves the app until it is stopped. Signals stay the business of whoever runs the loop.

    `proxies` are the addresses or networks, with commas between, of proxies that are believed when they say whom they speak for.
    """

    def __init__(
        self,
        app: ASGIApp,
        hubs: Sequence[Hub],
        host: str,
        port: int,
        *,
        proxies: str = "127.0.0.1,::1",
        patience: Patience | None = None,
    ) -> None:
        self._hubs = hubs
        self._socket = bind(host, port)
        shown = f"[{host}]" if ":" in host else host
        self.address = f"http://{shown}:{self._socket.getsockname()[1]}"
        """Where it can be visited."""
        config = uvicorn.Config(
            app,
            http=limited(patience or Patience(), networks(proxies)),
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            forwarded_allow_ips=proxies,
            timeout_graceful_shutdown=GRACE,
            lifespan="off",
        )
        self._server = _Server(config)

    async def run(self) -> None:
        """Serve until `stop`, or until cancelled."""
        serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            self.stop()
            await serving
            raise

    def stop(self) -> None:
        """Ask it to end: streams are woken, open requests get a moment."""
        for hub in self._hubs:
            hub.close()
        self._server.stop()


class _Server(uvicorn.Server):
    """Looks at the time once a second, where its parent looks ten times whether it is to stop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self.should_exit = True
        self._stopping.set()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._stopping.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; says what to do when the port is not to be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, because only on such sockets asyncio sends the end of an answer at once; else it waits 40 ms for the other side.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise ShouhouError(_why(error, host, port)) from error
    listening.setblocking(False)
    return listening


def _free_after(host: str, port: int) -> int:
    """A port near this one that nobody has now; 0 when none is found."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for near in range(port + 1, min(port + _NEAR, 65535) + 1):
        with socket.socket(family, socket.SOCK_STREAM) as tried, contextlib.suppress(OSError):
            tried.bind((host, near))
            return near
    return 0


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        free = _free_after(host, port)
        return (
            f"port {port} on {host} is already in use, perhaps by another Shouhou; "
            f"stop that one, or choose another port: SHOUHOU_WEB__PORT={free or '…'}"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return (
            f"port {port} on {host} needs more rights than this user has; "
            "choose one above 1023: SHOUHOU_WEB__PORT=8080"
        )
    return f"can't serve on {host}:{port}: {error.strerror or error}"
