"""The buyers' chat page and what it talks to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.web import files as filing
from bot.channels.web import reader
from bot.channels.web.bucket import Buckets, Rate
from bot.channels.web.channel import NAME
from bot.channels.web.files import Files, Upload
from bot.channels.web.guard import PROOF, Refusal, caller, check_origin, check_rate, json_body, origin_id
from bot.channels.web.hub import Hub
from bot.channels.web.lines import FileLinks
from bot.channels.web.pages import HERE, Pages, Words
from bot.channels.web.places import Places
from bot.channels.web.reading import ChatReading
from bot.channels.web.sse import KEEP_ALIVE, Streams, follow, response
from bot.channels.web.text import LONGEST, clean, number, word
from bot.channels.web.visitor import Visitor, Visitors
from bot.domain.conversation import Conversation
from bot.domain.messages import Attachment
from bot.pipeline.arrivals import Arrival
from bot.pipeline.ports import Database, Unit

Take = Callable[[Sequence[Arrival]], Awaitable[None]]
"""Stores arrivals; once it returns they are safe."""

STRANGER = "-"
WORDS = (
    *("status_bot", "status_queued", "status_agent", "tagline", "today", "yesterday", "typing", "reload"),
    *("sending", "sent", "not_sent", "again", "remove", "stream_lost", "stream_parted"),
    *("delivery_queued", "delivery_sending", "delivery_blocked", "delivery_failed"),
    *("who_buyer", "who_bot", "who_agent", "error_ours"),
    *("error_too_many_files", "error_file_too_big", "error_file_type"),
)
"""Of the pages' own, that the chat's scripts say: a buyer's page has none of the desk's."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample buyer a visitor of the demo may be."""

    key: str
    name: str
    language: str
    orders: tuple[str, ...]
    """Order numbers."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much, and how often."""

    json_bytes: int = 64 * 1024
    file_bytes: int = 10 * 2**20
    files: int = 9
    messages: Rate = field(default=Rate(burst=12, per_second=1))
    """Of one visitor; each file counts as a message."""
    callers: Rate = field(default=Rate(burst=120, per_second=10))
    """Of one network address, whoever says to be behind it."""
    streams: int = 2
    """Open streams of one visitor."""
    caller_streams: int = 100
    """Of one network address, whoever says to be behind it."""
    caller_uploads: int = 4
    """Posts with files of one network address that are on their way at once."""
    tick: float = KEEP_ALIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    """What the chat is plugged together from."""

    database: Database
    take: Take
    hub: Hub
    files: Files
    words: Words
    languages: Sequence[str]
    secret: str
    """Signs cookies and links; changing it makes every browser a new visitor."""
    shop: str = ""
    """The name above the chat; empty: the assistant's own."""
    samples: Sequence[Sample] = ()
    """The sample buyers of the demo; none outside it."""
    origins: Sequence[str] = ()
    """Other origins whose pages may post, such as ``https://shop.example``."""
    timezone: str = ""
    """The time zone lines' times are shown in, the one replies tell times in, such as ``Asia/Shanghai``; empty: the browser's own."""
    secure: bool = False
    """Cookies only over HTTPS, even when a proxy talks plain HTTP to us."""
    limits: Limits = field(default_factory=Limits)


def routes(settings: ChatSettings) -> list[BaseRoute]:
    """The chat's routes."""
    chat = Chat(settings)
    return [
        Route("/", chat.page),
        Route("/chat/messages", chat.messages, methods=["POST"]),
        Route("/chat/taps", chat.taps, methods=["POST"]),
        Route("/chat/files", chat.send_files, methods=["POST"]),
        Route("/chat/who", chat.who, methods=["POST"]),
        Route("/chat/stream", chat.stream),
        Route("/chat/files/{token}", chat.file),
        Mount("/static/chat", StaticFiles(directory=HERE / "static")),
    ]


class Chat:
    """The chat's endpoints."""

    def __init__(self, settings: ChatSettings) -> None:
        self._set = settings
        self._limits = settings.limits
        self._pages = Pages(settings.words, settings.languages)
        self._visitors = Visitors(settings.secret, secure=settings.secure)
        self._links = FileLinks(settings.secret, "/chat/files")
        self._messages = Buckets(self._limits.messages)
        self._callers = Buckets(self._limits.callers)
        self._streams = Streams(self._limits.streams)
        self._streaming = Places(self._limits.caller_streams)
        self._arriving = Places(self._limits.caller_uploads)
        self._uploading = asyncio.Semaphore(4)
        self._samples = {sample.key: sample for sample in settings.samples}

    async def page(self, request: Request) -> Response:
        """The page; a browser never seen before gets its cookie with it."""
        if switched := self._pages.switched(request):
            return switched
        visitor = self._visitors.of(request) or Visitor.new()
        response = self._pages.render(
            "chat.html",
            request,
            proof=self._visitors.proofs.of(visitor.address),
            settings=self._for_script(visitor),
            words=self._pages.for_script(self._pages.language(request), "medium", "file", keys=WORDS),
            title=self._set.shop,
            samples=self._set.samples,
            sample=self._samples.get(visitor.who),
            choosing=bool(self._samples) and not visitor.who,
        )
        self._visitors.keep(request, response, visitor)
        return response

    async def messages(self, request: Request) -> Response:
        """Something written."""
        visitor, body = await self._posted(request)
        text = clean(body["text"]) if isinstance(body.get("text"), str) else ""
        if not text.strip():
            raise Refusal(400, "error_bad_request")
        payload = reader.message(text, language=self._pages.language(request), name=self._name(visitor))
        return await self._took(visitor, origin_id(body.get("id")), payload)

    async def taps(self, request: Request) -> Response:
        """A tapped button."""
        visitor, body = await self._posted(request)
        data, label = word(body.get("data")), word(body.get("label"))
        if not data:
            raise Refusal(400, "error_bad_request")
        payload = reader.tap(data, label, language=self._pages.language(request), name=self._name(visitor))
        return await self._took(visitor, origin_id(body.get("id")), payload)

    async def send_files(self, request: Request) -> Response:
        """Pictures, PDFs, videos, with a line of text or without."""
        visitor = self._checked(request)
        with self._arriving.taken(caller(request)):
            sent = await filing.form(request, self._limits.files, self._limits.file_bytes)
        try:
            origin, text = origin_id(sent.get("id")), clean(str(sent.get("text") or ""))
            async with self._uploading:  # in memory from here on
                kept = await self._keep(visitor, origin, await filing.uploads(sent, self._limits.file_bytes))
        finally:
            await sent.close()
        language, name = self._pages.language(request), self._name(visitor)
        return await self._took(
            visitor, origin, reader.message(text, files=kept, language=language, name=name)
        )

    async def _keep(self, visitor: Visitor, origin: str, found: Sequence[Upload]) -> list[Attachment]:
        check_rate(self._messages, visitor.address, len(found))
        return await filing.kept(self._set.files, found, origin)

    async def who(self, request: Request) -> Response:
        """In the demo: be this sample buyer, or a stranger, in a conversation of one's own."""
        _, body = await self._posted(request)
        who = body.get("who")
        sample = self._samples.get(who) if isinstance(who, str) else None
        if not self._samples or (sample is None and who != STRANGER):
            raise Refusal(400, "error_bad_request")
        visitor = Visitor.new(sample.key if sample else STRANGER)
        if sample:
            await self._link(visitor, sample)
        response = JSONResponse({})
        self._visitors.keep(request, response, visitor)
        return response

    async def stream(self, request: Request) -> Response:
        """The transcript, then each new line as it comes."""
        visitor = self._visitors.of(request)
        if visitor is None:
            raise Refusal(401, "error_session_over")
        check_rate(self._callers, caller(request))
        self._streaming.check(caller(request))
        conversation = await self._conversation(visitor)
        reading = ChatReading(
            self._set.database,
            conversation.id,
            last_seen(request),
            lambda file: self._links.to(file, visitor.address),
        )
        ear = self._set.hub.subscribe(conversation.id)
        news = follow(visitor.address, ear, self._streams, reading.look, tick=lambda: self._limits.tick)
        return response(self._streaming.while_read(caller(request), news))

    async def file(self, request: Request) -> Response:
        """A file of this visitor's conversation."""
        visitor = self._visitors.of(request)
        found = self._links.read(request.path_params["token"], visitor.address) if visitor else None
        content = await self._set.files.load(found[0]) if found else None
        if found is None or content is None:
            raise Refusal(404, "error_not_found")
        return filing.served(content, found[1])

    def _checked(self, request: Request) -> Visitor:
        """The visitor, once the request has shown that one of our pages sent it."""
        check_origin(request, self._set.origins)
        visitor = self._visitors.of(request)
        if visitor is None:
            raise Refusal(401, "error_session_over")
        self._visitors.proofs.check(request.headers.get(PROOF, ""), visitor.address)
        check_rate(self._callers, caller(request))
        return visitor

    async def _posted(self, request: Request) -> tuple[Visitor, Mapping[str, Any]]:
        visitor = self._checked(request)
        check_rate(self._messages, visitor.address)
        return visitor, await json_body(request, self._limits.json_bytes)

    async def _took(self, visitor: Visitor, origin: str, payload: Mapping[str, Any]) -> Response:
        await self._set.take([Arrival(NAME, f"web:{origin}", payload, visitor.address)])
        return JSONResponse({}, 202)

    async def _conversation(self, visitor: Visitor) -> Conversation:
        now, name = datetime.now(UTC), self._name(visitor)
        return await self._set.database.write(
            lambda unit: unit.conversation_at(NAME, visitor.address, now, name)
        )

    async def _link(self, visitor: Visitor, sample: Sample) -> None:
        now = datetime.now(UTC)

        def job(unit: Unit) -> None:
            conversation = unit.conversation_at(NAME, visitor.address, now, sample.name)
            for order in sample.orders:
                unit.link_order(order, conversation.id, "demo", now)

        await self._set.database.write(job)

    def _name(self, visitor: Visitor) -> str:
        sample = self._samples.get(visitor.who)
        return sample.name if sample else ""

    def _for_script(self, visitor: Visitor) -> dict[str, Any]:
        limits = self._limits
        return {
            "stream": not self._samples or bool(visitor.who),
            "longest": LONGEST,
            "timezone": self._set.timezone,
            "files": limits.files,
            "fileBytes": limits.file_bytes,
        }


def last_seen(request: Request) -> int:
    """The last line the browser has: what it says when it comes back, otherwise what the page asked for."""
    return number(request.headers.get("last-event-id") or request.query_params.get("after"))
