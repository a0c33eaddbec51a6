"""Who holds connections open, or sends what no browser sends, over a plain socket."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.web.connections import Patience, networks, open_files_allow
from bot.channels.web.hub import Hub
from bot.channels.web.server import WebServer, build
from bot.errors import ConfigError
from tests.channels.web.house import LANGUAGES, words
from tests.serving import online

SHORT = 0.05
LONG = 60.0


async def _echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


Connect = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


@asynccontextmanager
async def served(patience: Patience, proxies: str = "127.0.0.1") -> AsyncIterator[Connect]:
    """A server with that patience, and how to reach it."""
    app = build([Route("/", _echo, methods=["GET", "POST"])], words, LANGUAGES)
    server = WebServer(app, (Hub(),), "127.0.0.1", 0, proxies=proxies, patience=patience)
    opened = []

    async def connect() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        found = await asyncio.open_connection("127.0.0.1", int(server.address.rpartition(":")[2]))
        opened.append(found[1])
        return found

    async with online(server):
        try:
            yield connect
        finally:
            for writer in opened:
                writer.close()
                with contextlib.suppress(ConnectionError):
                    await writer.wait_closed()


async def said(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the connection is closed."""
    try:
        return await asyncio.wait_for(reader.read(-1), 10)
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize(
    ("patience", "sent"),
    [
        (Patience(head_seconds=SHORT), b""),
        (Patience(head_seconds=SHORT), b"GET / HTTP/1.1\r\nHost: shop\r\nX-Slow: 1\r\n"),
        (Patience(body_seconds=SHORT), b"POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 100\r\n\r\nslow"),
        (
            Patience(body_seconds=SHORT),
            b"POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
        ),
    ],
    ids=["says nothing", "a head without end", "a body without end", "chunks without end"],
)
async def test_a_request_that_does_not_come_is_not_waited_for(patience: Patience, sent: bytes) -> None:
    async with served(patience) as connect:
        reader, writer = await connect()
        writer.write(sent)
        assert b"200" not in await said(reader)


async def test_a_second_request_in_drops_is_not_waited_for_either() -> None:
    async with served(Patience(head_seconds=SHORT)) as connect:
        reader, writer = await connect()
        writer.write(b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        writer.write(b"GET / HTTP/1.1\r\n")
        assert b"HTTP/1.1" not in (await said(reader))


async def test_one_address_has_so_many_connections_and_gets_them_back() -> None:
    async with served(Patience(of_address=2), proxies="") as connect:
        first, _ = [await connect() for _ in range(2)]
        reader, _ = await connect()
        assert await said(reader) == b""
        first[1].write(b"GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
        assert b"200 OK" in await said(first[0])
        first[1].close()
        reader, fourth = await connect()
        fourth.write(b"GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
        assert b"200 OK" in await said(reader)


async def test_a_proxy_speaks_for_many() -> None:
    async with served(Patience(of_address=1), proxies="127.0.0.1") as connect:
        for _ in range(3):
            reader, writer = await connect()
            writer.write(b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")


def test_proxies_are_addresses_or_networks() -> None:
    assert [str(one) for one in networks("127.0.0.1, ::1,10.0.0.0/8,")] == [
        "127.0.0.1/32",
        "::1/128",
        "10.0.0.0/8",
    ]
    with pytest.raises(ConfigError, match=r"web\.proxies: .*10\.0\.0\.0/8"):
        networks("10.0.0.7/8")


async def test_more_connections_than_files_may_be_open_are_turned_away() -> None:
    async with served(Patience(in_all=1)) as connect:
        await connect()
        reader, _ = await connect()
        assert await said(reader) == b""
    assert 16 <= open_files_allow(10_000) <= 10_000


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: shop\r\nX-Large: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: shop\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: shop\r\n" + b"X-Many: a\r\n" * 100_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
        b"GET / HTTP/1.1\r\nHost: shop\r\nX-Odd\x00: a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\n\r\n",
    ],
    ids=[
        "a large header",
        "a large address",
        "many headers",
        "two lengths",
        "a NUL in a name",
        "TLS",
        "no host",
    ],
)
async def test_what_no_browser_sends_is_refused(sent: bytes) -> None:
    async with served(Patience(head_seconds=LONG)) as connect:
        reader, writer = await connect()
        writer.write(sent)
        writer.write_eof()
        answer = await said(reader)
        assert not answer.startswith(b"HTTP/1.1 200"), answer[:100]


async def test_no_socket_of_another_protocol_is_opened() -> None:
    async with served(Patience()) as connect:
        reader, writer = await connect()
        writer.write(
            b"GET / HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eDlkdW1teWR1bW15ZHVtbQ==\r\n\r\n"
        )
        assert b" 101 " not in await said(reader)
