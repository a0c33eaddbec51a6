"""The messenger both bots talk to: getUpdates and sendMessage of a Bot API without limits, checks or delays.

It is there to be no bottleneck: bytes in, bytes out. Any other method is answered with `true`.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from itertools import count
from time import time
from typing import Self
from urllib.parse import parse_qsl

TOKEN = "1:bench"
_ME = b'{"id":1,"is_bot":true,"first_name":"Bench","username":"bench_bot"}'
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
_RESULT = b'{"ok":true,"result":%s}'


class Messenger:
    """Brings what buyers write, in order, and tells of each message that was sent to one."""

    def __init__(self, sent: Callable[[int], None]) -> None:
        self._sent = sent
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._poll: _Poll | None = None
        self._numbers, self._messages = count(1), count(1)
        self._server: asyncio.Server | None = None
        self.polled = asyncio.Event()
        """A bot has asked for updates."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Connection(self), "127.0.0.1", 0
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server:
            self._server.close()

    @property
    def address(self) -> str:
        """Where it is."""
        if self._server is None:
            raise RuntimeError("the messenger is not entered")
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def bring(self, chat: int, name: str, language: str, text: str) -> None:
        """A private message."""
        person = {"id": chat, "is_bot": False, "first_name": name, "language_code": language}
        message = {
            "message_id": next(self._messages),
            "from": person,
            "chat": {"id": chat, "first_name": name, "type": "private"},
            "date": int(time()),
            "text": text,
        }
        number = next(self._numbers)
        update = {"update_id": number, "message": message}
        self._waiting.append((number, json.dumps(update).encode()))
        if self._poll:
            self._poll.answer()

    def perform(self, method: str, body: bytes, reply: Callable[[bytes], None]) -> None:
        """Do what was asked, now or when there is something to tell."""
        match method:
            case "sendmessage":
                reply(self._send(_read(body)))
            case "getupdates":
                self._fetch(_read(body), reply)
            case "getme":
                reply(_ME)
            case _:
                reply(b"true")

    def _send(self, asked: dict[str, str]) -> bytes:
        chat = int(asked["chat_id"])
        message = {
            "message_id": next(self._messages),
            "chat": {"id": chat, "first_name": str(chat), "type": "private"},
            "date": int(time()),
            "text": asked["text"],
        }
        self._sent(chat)
        return json.dumps(message).encode()

    def _fetch(self, asked: dict[str, str], reply: Callable[[bytes], None]) -> None:
        """What was fetched before and is confirmed by this is forgotten."""
        begin = int(asked.get("offset") or 0)
        while self._waiting and self._waiting[0][0] < begin:
            self._waiting.popleft()
        if self._poll:
            self._poll.answer()
        self._poll = poll = _Poll(self, int(asked.get("limit") or 100), reply)
        if self._waiting:
            poll.answer()
        else:
            poll.wait(float(asked.get("timeout") or 0))
        self.polled.set()

    def give_up(self) -> None:
        """Nobody waits any more."""
        self._poll = None

    def first(self, limit: int) -> bytes:
        """The oldest updates."""
        found = (update for _, (_, update) in zip(range(limit), self._waiting, strict=False))
        return b"[%s]" % b",".join(found)


class _Poll:
    """A getUpdates that waits."""

    def __init__(self, messenger: Messenger, limit: int, reply: Callable[[bytes], None]) -> None:
        self._messenger = messenger
        self._limit = limit
        self._reply = reply
        self._timer: asyncio.TimerHandle | None = None

    def wait(self, seconds: float) -> None:
        """Until something comes, or for so long."""
        self._timer = asyncio.get_running_loop().call_later(seconds, self.answer)

    def answer(self) -> None:
        """Now."""
        if self._timer:
            self._timer.cancel()
        self._messenger.give_up()
        self._reply(self._messenger.first(self._limit))


class _Connection(asyncio.Protocol):
    """HTTP as both clients speak it: kept alive, one request at a time, its length in its head."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self._got = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 -- what a TCP server hands out
        self._transport = transport

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._got += data
        while (end := self._got.find(b"\r\n\r\n")) >= 0:
            head = self._got[:end].lower()
            size = _length(head)
            if len(self._got) < end + 4 + size:
                return
            body, self._got = self._got[end + 4 : end + 4 + size], self._got[end + 4 + size :]
            method = head.split(b" ", 2)[1].rpartition(b"/")[2].decode()
            self._messenger.perform(method, body, self._answer)

    def _answer(self, result: bytes) -> None:
        if self._transport and not self._transport.is_closing():
            body = _RESULT % result
            self._transport.write(_HEAD % (len(body), body))


def _length(head: bytes) -> int:
    begin = head.find(b"content-length:")
    return int(head[begin + 15 :].split(b"\r", 1)[0]) if begin >= 0 else 0


def _read(body: bytes) -> dict[str, str]:
    """The parameters, as JSON or as a form."""
    if body.startswith(b"{"):
        asked: dict[str, str] = json.loads(body)
        return asked
    return dict(parse_qsl(body.decode()))
