"""What a browser does with our pages, over httpx: it keeps the cookie, repeats the token, reads streams."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import uuid4

import httpx

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
PDF = b"%PDF-1.7 paper"


@dataclass
class Event:
    name: str
    data: Any
    id: int | None


@dataclass
class Stream:
    """An open stream; `next` waits for the next event of a name."""

    _lines: AsyncIterator[str]
    comments: int = 0
    seen: list[Event] = field(default_factory=list)

    async def event(self) -> Event | None:
        """The next event, None when the stream ended."""
        fields: dict[str, str] = {}
        async for line in self._lines:
            if line.startswith(":"):
                self.comments += 1
            elif line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "data" in fields:
                number = int(fields["id"]) if "id" in fields else None
                found = Event(fields["event"], json.loads(fields["data"]), number)
                self.seen.append(found)
                return found
            else:
                fields.clear()
        return None

    async def next(self, name: str) -> Event:
        async with asyncio.timeout(5):
            while found := await self.event():
                if found.name == name:
                    return found
        raise AssertionError(f"the stream ended before {name}")

    async def comment(self) -> None:
        """Until the next one; no event comes before it."""
        async with asyncio.timeout(5):
            async for line in self._lines:
                if line.startswith(":"):
                    self.comments += 1
                    return
                assert not line, line

    async def ended(self) -> None:
        async with asyncio.timeout(5):
            while await self.event():
                pass

    def texts(self) -> list[str]:
        return ["".join(map(str, event.data["body"])) for event in self.seen if event.name == "line"]


class Browser:
    """One browser."""

    def __init__(self, url: str, page: str = "/") -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=10, headers={"Accept-Language": "en"})
        self.proof = ""
        self._page = page

    async def __aenter__(self) -> Self:
        await self.load()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.client.aclose()

    async def load(self) -> httpx.Response:
        page = await self.client.get(self._page)
        found = re.search(r'name="csrf" content="([^"]+)"', page.text)
        self.proof = found[1] if found else ""
        return page

    async def post(self, path: str, headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
        given = {"X-CSRF-Token": self.proof, "Origin": str(self.client.base_url), **(headers or {})}
        return await self.client.post(path, json=body, headers=given)

    async def write(self, text: str, key: str = "") -> httpx.Response:
        return await self.post("/chat/messages", id=key or str(uuid4()), text=text)

    async def send_files(self, *files: tuple[str, bytes], text: str = "", **fields: str) -> httpx.Response:
        return await self.client.post(
            "/chat/files",
            data={"id": str(uuid4()), "text": text, **fields},
            files=[("files", (name, content, "application/octet-stream")) for name, content in files],
            headers={"X-CSRF-Token": self.proof},
        )

    @asynccontextmanager
    async def stream(self, path: str = "/chat/stream", last: int | None = None) -> AsyncIterator[Stream]:
        headers = {"Last-Event-ID": str(last)} if last is not None else {}
        async with self.client.stream("GET", path, headers=headers) as response:
            assert response.status_code == 200, await response.aread()
            assert response.headers["content-type"].startswith("text/event-stream")
            yield Stream(response.aiter_lines())


def text_of(nodes: Any) -> str:
    """What of a line's nodes is text."""
    return "".join(node if isinstance(node, str) else text_of(node["c"]) for node in nodes)
