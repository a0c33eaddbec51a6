import asyncio
import socket
from contextlib import ExitStack

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.web.hub import Hub
from bot.channels.web.server import WebServer, bind, build
from bot.errors import ShouhouError
from tests.channels.web.browser import Browser
from tests.channels.web.house import LANGUAGES, House, words
from tests.serving import online


def test_a_port_in_use_is_said_with_one_that_is_free() -> None:
    with ExitStack() as taken:
        port = next(filter(None, (in_a_row(taken, first) for first in range(20_000, 30_000, 2))))
        with pytest.raises(ShouhouError, match=rf"port {port} .* in use.*SHOUHOU_WEB__PORT=\d+") as refused:
            bind("127.0.0.1", port)
        free = int(str(refused.value).rpartition("=")[2])
        assert free > port + 1
        bind("127.0.0.1", free).close()


def in_a_row(taken: ExitStack, first: int) -> int | None:
    """This port, with it and the next one taken; None where somebody else has one of them."""
    try:
        for port in (first, first + 1):
            taken.enter_context(socket.create_server(("127.0.0.1", port)))
    except OSError:
        return None
    return first


def test_an_address_that_is_not_ours_is_said() -> None:
    with pytest.raises(ShouhouError, match=r"can't serve on 192\.0\.2\.1:8080"):
        bind("192.0.2.1", 8080)


async def test_the_end_of_an_answer_does_not_wait_for_the_other_side() -> None:
    """Nagle's algorithm is off for who connects: with it, each answer but the first waits 40 ms for an acknowledgement."""
    come: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came = writer.get_extra_info("socket")
        come.set_result(came.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    listening = bind("127.0.0.1", 0)
    async with await asyncio.start_server(greet, sock=listening):
        _, writer = await asyncio.open_connection(*listening.getsockname())
        assert await come
        writer.close()


async def test_stopping_does_not_wait_for_open_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are woken and end: nobody has to cut them off after the moment that open requests get."""
    monkeypatch.setattr("bot.channels.web.server.GRACE", 600)
    house = House()
    async with asyncio.timeout(60):
        async with house.open():
            browser = Browser(house.url)
            await browser.load()
            async with browser.stream() as stream:
                await stream.next("ready")
        await browser.client.aclose()


async def test_a_cancelled_server_still_ends_in_order() -> None:
    server = WebServer(build([], words, LANGUAGES), (Hub(),), "127.0.0.1", 0)
    serving = asyncio.create_task(server.run())
    async with httpx.AsyncClient(base_url=server.address) as client:
        assert (await client.get("/")).status_code == 404
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    with pytest.raises(httpx.ConnectError):
        async with httpx.AsyncClient() as client:
            await client.get(server.address)


async def test_errors_are_worded_for_people_and_for_scripts() -> None:
    async with House().open() as house, httpx.AsyncClient(base_url=house.url) as client:
        page = await client.get("/nowhere", headers={"Accept": "text/html", "Accept-Language": "zh"})
        assert page.status_code == 404
        assert words("zh", "page")["error_not_found"] in page.text
        script = await client.get("/nowhere", headers={"Accept-Language": "en"})
        assert script.json() == {
            "error": "error_not_found",
            "message": words("en", "page")["error_not_found"],
        }
        assert (await client.get("/chat/messages")).status_code == 405
        assert "content-security-policy" in script.headers


async def test_a_fault_of_ours_tells_nothing_of_our_insides() -> None:
    async def broken(request: Request) -> Response:
        raise RuntimeError("the password is swordfish")

    server = WebServer(build([Route("/", broken)], words, LANGUAGES), (Hub(),), "127.0.0.1", 0)
    async with online(server) as address, httpx.AsyncClient(base_url=address) as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.json()["error"]) == (500, "error_ours")
    assert "swordfish" not in answer.text
