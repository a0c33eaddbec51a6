"""Requests: what python-telegram-bot asks of its own client, asked of ours, against a plain server."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import BodyPartReader, web
from telegram import Bot, InputFile, InputMediaPhoto
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.request import (
    AiohttpRequest,
    NotSent,
    NotSentInTime,
    ServerTrouble,
    Timeouts,
    environment_proxy,
)
from tests.channels.telegram.conftest import Start
from tests.doubles.site import Answers, site

TOKEN = "123:SECRET"
SHORT = Timeouts(connect=0.2, read=0.2, write=0.2, pool=0.2, upload=0.2)


@asynccontextmanager
async def server(answers: Answers) -> AsyncIterator[str]:
    async with site(answers) as url:
        yield f"{url}/bot"


@asynccontextmanager
async def bot(url: str, *, connections: int = 4, timeouts: Timeouts = SHORT) -> AsyncIterator[Bot]:
    async with AiohttpRequest(connections, timeouts) as request:
        yield Bot(TOKEN, base_url=url, base_file_url=url, request=request, get_updates_request=request)


def answers(status: int, body: Any) -> Answers:
    async def handler(_: web.BaseRequest) -> web.StreamResponse:
        text = body if isinstance(body, str) else json.dumps(body)
        return web.Response(status=status, text=text)

    return handler


async def silence(_: web.BaseRequest) -> web.StreamResponse:
    await asyncio.sleep(30)
    return web.Response()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, {"description": "Bad Request: no"}, BadRequest),
        (401, {"description": "Unauthorized"}, InvalidToken),
        (403, {"description": "Forbidden: bot was blocked"}, Forbidden),
        (404, {"description": "Not Found"}, InvalidToken),
        (409, {"description": "Conflict: x"}, Conflict),
        (413, "<html>too large</html>", BadRequest),
        (429, {"description": "x", "parameters": {"retry_after": 7}}, RetryAfter),
        (400, {"description": "x", "parameters": {"migrate_to_chat_id": -100}}, ChatMigrated),
        (500, {"description": "Internal Server Error"}, ServerTrouble),
        (502, "<html>Bad Gateway</html>", ServerTrouble),
        (599, "", ServerTrouble),
        (302, "", NetworkError),
        (200, '{"ok":true,"resu', NetworkError),
        (200, "[1]", NetworkError),
        (200, {"ok": True}, NetworkError),
        (200, "[" * 100_000, NetworkError),
    ],
)
async def test_answers_become_errors(status: int, body: Any, expected: type[TelegramError]) -> None:
    async with server(answers(status, body)) as url, bot(url) as ours:
        with pytest.raises(expected) as caught:
            await ours.get_me()
    assert type(caught.value) is expected
    assert TOKEN not in repr(caught.value)


async def test_retry_after_is_read_without_a_warning() -> None:
    told = {"description": "x", "parameters": {"retry_after": 7}}
    async with server(answers(429, told)) as url, bot(url) as ours:
        with pytest.raises(RetryAfter) as caught:
            await ours.get_me()
    assert caught.value.retry_after == timedelta(seconds=7)


async def test_no_answer_in_time() -> None:
    async with server(silence) as url, bot(url) as ours:
        with pytest.raises(TimedOut) as caught:
            await ours.get_me()
    assert not isinstance(caught.value, NotSent)


async def test_a_call_may_bring_its_own_read_timeout() -> None:
    async def slow(_: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(0.3)
        return web.json_response({"ok": True, "result": True})

    async with server(slow) as url, bot(url) as ours:
        assert await ours.delete_webhook(read_timeout=5)
        with pytest.raises(TimedOut):
            await ours.delete_webhook()


async def test_a_server_that_reads_too_slowly() -> None:
    """The server takes the connection but never reads the upload: writing is bounded too."""

    async def never_reads(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        transport: Any = writer.transport  # of a server it reads too, which its type does not say
        transport.pause_reading()
        await over.wait()
        writer.transport.abort()

    over = asyncio.Event()
    listener = await asyncio.start_server(never_reads, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    async with listener, bot(f"http://127.0.0.1:{port}/bot") as ours:
        with pytest.raises(TimedOut):
            await asyncio.wait_for(ours.send_document(1, InputFile(b"x" * (32 << 20))), 10)
        over.set()
        await asyncio.sleep(0.05)


async def test_all_connections_busy_is_surely_not_sent() -> None:
    asked = asyncio.Event()

    async def takes_its_time(request: web.BaseRequest) -> web.StreamResponse:
        asked.set()
        return await silence(request)

    async with server(takes_its_time) as url, bot(url, connections=1, timeouts=Timeouts(pool=0.1)) as ours:
        first = asyncio.create_task(ours.get_me())
        await asked.wait()
        with pytest.raises(NotSentInTime, match="pool timeout") as caught:
            await ours.get_me()
        first.cancel()
    assert isinstance(caught.value, TimedOut)
    assert isinstance(caught.value, NotSent)


async def test_whoever_waits_for_a_connection_gets_the_next_free_one() -> None:
    async def slow(_: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(0.02)
        return web.json_response({"ok": True, "result": True})

    async with server(slow) as url, bot(url, connections=2, timeouts=Timeouts()) as ours:
        assert all(await asyncio.gather(*(ours.delete_webhook() for _ in range(10))))


async def test_connection_refused_is_surely_not_sent() -> None:
    async with bot("http://127.0.0.1:9/bot") as ours:
        with pytest.raises(NotSent) as caught:
            await ours.get_me()
    assert TOKEN not in repr(caught.value)


async def test_an_unknown_host_is_surely_not_sent() -> None:
    async with bot("http://no-such-host.invalid/bot", timeouts=Timeouts(connect=5)) as ours:
        with pytest.raises(NotSent):
            await ours.get_me()


async def test_a_connection_that_never_comes_about_is_surely_not_sent() -> None:
    """A listener whose queue is full leaves the next one waiting."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    queued = [socket.socket() for _ in range(4)]
    for one in queued:
        one.setblocking(False)
        one.connect_ex(listener.getsockname())
    async with bot(f"http://127.0.0.1:{listener.getsockname()[1]}/bot") as ours:
        with pytest.raises(NotSentInTime):
            await ours.get_me()
    for one in (*queued, listener):
        one.close()


async def test_a_connection_that_breaks_can_not_be_known() -> None:
    async def breaks(request: web.BaseRequest) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with server(breaks) as url, bot(url) as ours:
        with pytest.raises(NetworkError) as caught:
            await ours.get_me()
    assert not isinstance(caught.value, NotSent)
    assert TOKEN not in repr(caught.value)
    assert caught.value.__context__ is None


async def test_words_travel_as_json() -> None:
    seen: list[Any] = []

    async def keeps(request: web.BaseRequest) -> web.StreamResponse:
        seen.append((request.content_type, await request.json()))
        return web.json_response({"ok": True, "result": True})

    async with server(keeps) as url, bot(url) as ours:
        await ours.do_api_request("x", {"text": "你好 😀", "list": [1, {"a": None}], "no": None})
    assert seen == [("application/json", {"text": "你好 😀", "list": [1, {"a": None}]})]


async def test_files_travel_as_a_form_with_their_names_readable() -> None:
    seen: dict[str, Any] = {}

    async def keeps(request: web.BaseRequest) -> web.StreamResponse:
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            assert part.name
            seen[part.name] = (part.filename, bytes(await part.read()))
        return web.json_response({"ok": True, "result": []})

    media = [InputMediaPhoto(InputFile(bytes([n]), "收据.png", attach=True)) for n in (1, 2)]
    async with server(keeps) as url, bot(url, timeouts=Timeouts()) as ours:
        await ours.send_media_group(1, media)
    assert seen.pop("chat_id") == (None, b"1")
    assert [item["type"] for item in json.loads(seen.pop("media")[1])] == ["photo", "photo"]
    assert sorted(seen.values()) == [("收据.png", b"\x01"), ("收据.png", b"\x02")]


async def test_a_file_is_fetched() -> None:
    async with server(answers(200, "content")) as url, AiohttpRequest() as request:
        assert await request.retrieve(f"{url}/x") == b"content"


async def test_connections_are_kept_alive() -> None:
    peers = set()

    async def keeps(request: web.BaseRequest) -> web.StreamResponse:
        assert request.transport is not None
        peers.add(request.transport.get_extra_info("peername"))
        return web.json_response({"ok": True, "result": True})

    async with server(keeps) as url, bot(url) as ours:
        for _ in range(5):
            await ours.delete_webhook()
    assert len(peers) == 1


async def test_it_opens_and_closes_as_often_as_one_likes() -> None:
    request = AiohttpRequest(timeouts=Timeouts(read=3))
    assert request.read_timeout == 3
    await request.shutdown()
    async with server(answers(200, {"ok": True, "result": 1})) as url:
        for _ in range(2):
            await request.initialize()
            await request.initialize()
            assert await request.post(f"{url}/x") == 1
            await request.shutdown()
            await request.shutdown()
        with pytest.raises(NetworkError, match="not initialised"):
            await request.post(f"{url}/x")


def test_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:3128")
    monkeypatch.setenv("no_proxy", "bot-api.internal")
    assert environment_proxy("https://api.telegram.org") == "http://127.0.0.1:3128"
    assert environment_proxy("https://bot-api.internal") is None
    monkeypatch.setenv("https_proxy", "socks5://127.0.0.1:1080")
    assert environment_proxy("https://api.telegram.org") is None


async def test_the_library_writes_no_token_into_the_log(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    telegram = await start()
    await telegram.bot.get_me()
    assert telegram.bot.token not in caplog.text
