"""The agents' page and what it talks to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.web import files as filing
from bot.channels.web.bucket import Buckets, Rate
from bot.channels.web.chat import Take, last_seen
from bot.channels.web.files import Files
from bot.channels.web.guard import Refusal, caller, check_origin, check_rate, form_body, origin_id
from bot.channels.web.hub import Hub
from bot.channels.web.lines import FileLinks, shown
from bot.channels.web.pages import Pages, Words
from bot.channels.web.reader import files_out
from bot.channels.web.sse import KEEP_ALIVE, Streams, follow, response
from bot.channels.web.text import LONGEST, clean, number, word
from bot.desk import reader
from bot.desk.dossiers import Dossiers
from bot.desk.given import Bounds, given
from bot.desk.macros import MacroList
from bot.desk.meant import meant
from bot.desk.meanwhile import check_holder, said_meanwhile
from bot.desk.panel import WITH_WORDS
from bot.desk.presence import Presence
from bot.desk.reading import DeskReading
from bot.desk.search import Search
from bot.desk.session import OneTimeKey, Session, Sessions
from bot.domain.cases import Role
from bot.domain.messages import AgentAct
from bot.domain.policy import Policy
from bot.domain.transitions import TRANSITIONS
from bot.flows.agents_words import follows
from bot.flows.desk import HOLDING_ACTS, MACRO, NOTE, SEND_DRAFT
from bot.flows.payment import BY_AGENTS
from bot.pipeline.arrivals import Arrival
from bot.pipeline.deliveries import Render
from bot.pipeline.macros import Macros
from bot.pipeline.ports import Database
from bot.pipeline.turns import Line

Endpoint = Callable[[Request, Session], Awaitable[Response]]
"""Answers a request of who is signed in."""
HERE = Path(__file__).parent
CHANNEL = "desk"
ACTS = frozenset(
    {"say", NOTE, SEND_DRAFT, *HOLDING_ACTS}
    | {row.event.value for row in TRANSITIONS if Role.AGENT in row.by}
    | {event.value for event in BY_AGENTS}
)
NEED_TEXT = frozenset({"say", NOTE} | {event.value for event in WITH_WORDS})
_LINES = ("say", MACRO)
WITH_FILES = frozenset({"say", NOTE})
BREATH = 0.2
"""Seconds between two looks at all conversations."""
SETTLING = 2.0
"""Seconds between two looks at what becomes of lines on their way to the buyer."""
GROUPS = (
    *("state", "reason", "kind", "goods", "event", "role", "responsibility", "flag"),
    *("refund", "purpose", "medium", "file", "parcel", "carrier", "language", "intent"),
)
"""Of words, that the page's script needs."""


@dataclass(frozen=True, slots=True)
class DeskLimits:
    """How much, and how often."""

    posts: Bounds = field(default=Bounds())
    sign_ins: Rate = field(default=Rate(burst=5, per_second=1 / 30))
    """Of one network address."""
    acts: Rate = field(default=Rate(burst=30, per_second=2))
    """Of one session."""
    reads: Rate = field(default=Rate(burst=60, per_second=5))
    """Of one session: searches, macros, keys it touches."""
    streams: int = 3
    """Open streams of one session."""
    tick: float = KEEP_ALIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """What the desk is plugged together from."""

    database: Database
    take: Take
    hub: Hub
    files: Files
    words: Words
    languages: Sequence[str]
    policy: Callable[[], Policy]
    """What dossiers judge a case by."""
    macros: Macros
    render: Render
    """Fills macros in."""
    secret: str
    """Signs cookies and links."""
    password: str = ""
    """Opens the desk; empty: only the one-time key does."""
    key: str = ""
    """Opens the desk once through ``/desk?key=…``; empty: no such link."""
    key_agent: str = ""
    """Who one is after opening the desk by the key; empty: the name the wording has for it."""
    timezone: str = ""
    """The time zone deadlines are shown in, such as ``Asia/Shanghai``; empty: the browser's own."""
    origins: Sequence[str] = ()
    """Other origins whose pages may post."""
    secure: bool = False
    """Cookies only over HTTPS, even when a proxy talks plain HTTP to us."""
    limits: DeskLimits = field(default_factory=DeskLimits)


def routes(settings: DeskSettings) -> list[BaseRoute]:
    """The desk's routes."""
    desk = Desk(settings)
    macros = MacroList(settings.database, settings.macros, settings.render, settings.languages[0])
    return [
        Route("/desk", desk.page),
        Route("/desk/sign-in", desk.sign_in, methods=["POST"]),
        Route("/desk/sign-out", desk.sign_out, methods=["POST"]),
        Route("/desk/acts", desk.acts, methods=["POST"]),
        Route("/desk/stream", desk.stream),
        Route("/desk/search", desk.reads(Search(settings.database).found)),
        Route("/desk/macros", desk.reads(macros.offered)),
        Route("/desk/typing", desk.does(desk.presence.typed), methods=["POST"]),
        Route("/desk/files/{token}", desk.file),
        Route("/desk/cases/{number}/dossier", desk.dossier),
        Mount("/static/desk", StaticFiles(directory=HERE / "static")),
    ]


class Desk:
    """The desk's endpoints."""

    def __init__(self, settings: DeskSettings) -> None:
        self._set = settings
        self._limits = settings.limits
        self._pages = Pages(settings.words, settings.languages, HERE / "templates")
        self._sessions = Sessions(settings.secret, settings.password, secure=settings.secure)
        self._key = OneTimeKey(settings.key)
        self._links = FileLinks(settings.secret, "/desk/files")
        self._sign_ins = Buckets(self._limits.sign_ins)
        self._acts = Buckets(self._limits.acts)
        self._reads = Buckets(self._limits.reads)
        self._streams = Streams(self._limits.streams)
        self.presence = Presence()
        self._dossiers = Dossiers(
            settings.database, settings.files, settings.words, settings.policy, settings.timezone
        )

    def reads(self, answer: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        """For who is signed in, and not too often."""

        async def endpoint(request: Request) -> Response:
            session = self._sessions.of(request)
            if session is None:
                raise Refusal(401, "error_session_over")
            check_rate(self._reads, session.id)
            return await answer(request, session)

        return endpoint

    def does(self, answer: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        """For what one of our own pages posts."""

        async def endpoint(request: Request) -> Response:
            session = self._checked(request)
            check_rate(self._reads, session.id)
            return await answer(request, session)

        return endpoint

    async def page(self, request: Request) -> Response:
        """The desk, or the door to it."""
        if "key" in request.query_params:
            return self._by_key(request)
        if switched := self._pages.switched(request):
            return switched
        session = self._sessions.of(request)
        if session is None:
            return self._door(request)
        return self._pages.render(
            "desk.html",
            request,
            proof=self._sessions.proofs.of(session.id),
            agent=session.agent,
            longest=LONGEST,
            settings={
                "agent": session.agent,
                "timezone": self._set.timezone,
                "files": self._limits.posts.files,
                "fileBytes": self._limits.posts.file_bytes,
            },
            words=self._pages.for_script(self._pages.language(request), *GROUPS),
        )

    async def sign_in(self, request: Request) -> Response:
        """Open the desk by password."""
        check_origin(request, self._set.origins)
        if self._sign_ins.wait(caller(request)):
            return self._door(request, 429, "sign_in_too_often")
        form = await form_body(request, 4096)
        agent = word(form.get("agent"), 32)
        if not self._sessions.opens(form.get("password", "")):
            return self._door(request, 403, "sign_in_wrong", agent)
        if not agent:
            return self._door(request, 400, "sign_in_no_name")
        response = RedirectResponse("/desk", 303)
        self._sessions.begin(request, response, agent)
        return response

    async def sign_out(self, request: Request) -> Response:
        """Close the desk at this browser."""
        check_origin(request, self._set.origins)
        response = RedirectResponse("/desk", 303)
        self._sessions.end(response)
        return response

    async def acts(self, request: Request) -> Response:
        """Something the agent did, into the inbox like everything else."""
        session = self._checked(request)
        check_rate(self._acts, session.id)
        came = await given(request, self._limits.posts)
        payload, conversation_id = _act(came.body, session.agent, files=bool(came.files))
        origin = origin_id(came.body.get("id"))
        seen = number(str(came.body.get("seen", 0))) if payload["act"] in _LINES else 0
        conversation, new = await self._set.database.read(
            lambda unit: (unit.conversation(conversation_id), said_meanwhile(unit, conversation_id, seen))
        )
        if conversation is None:
            raise Refusal(404, "error_not_found")
        if payload["act"] in (*_LINES, SEND_DRAFT):
            check_holder(conversation, session.agent)
        if new:
            return self._held_back(request, new)
        files = await filing.kept(self._set.files, came.files, origin)
        payload |= {"files": files_out(files)} if files else {}
        arrival = Arrival(CHANNEL, f"{CHANNEL}:{origin}", payload, conversation_id=conversation_id)
        await self._set.take([arrival])
        return JSONResponse({}, 202)

    def _held_back(self, request: Request, new: Sequence[Line]) -> Response:
        """What the buyer wrote meanwhile, for the agent who may answer otherwise now."""
        words = self._pages.words(self._pages.language(request))["error_said_meanwhile"]
        said = [shown(line, lambda file: self._links.to(file, "desk"), {}) for line in new]
        return JSONResponse({"error": "error_said_meanwhile", "message": words, "lines": said}, 409)

    async def stream(self, request: Request) -> Response:
        """The list, and one conversation, as they change."""
        session = self._sessions.of(request)
        if session is None:
            raise Refusal(401, "error_session_over")
        conversation_id = number(request.query_params.get("conversation"))
        reading = DeskReading(
            self._set.database,
            conversation_id,
            last_seen(request),
            lambda file: self._links.to(file, "desk"),
            self._pages.language(request),
            lambda: self.presence.others(conversation_id, session.agent),
        )
        ear = self._set.hub.subscribe_all()

        def tick() -> float:
            return min(SETTLING, self._limits.tick) if reading.settling else self._limits.tick

        events = follow(session.id, ear, self._streams, reading.look, tick=tick, breath=BREATH)
        return response(self.presence.during(events, conversation_id, session.agent, ear.nudge))

    async def file(self, request: Request) -> Response:
        """A file of any conversation, for whoever is signed in."""
        session = self._sessions.of(request)
        found = self._links.read(request.path_params["token"], "desk") if session else None
        content = await self._set.files.load(found[0]) if found else None
        if found is None or content is None:
            raise Refusal(404, "error_not_found")
        return filing.served(content, found[1])

    async def dossier(self, request: Request) -> Response:
        """Everything about a case in one ZIP, in the language that is asked for."""
        session = self._sessions.of(request)
        if session is None:
            raise Refusal(401, "error_session_over")
        check_rate(self._acts, session.id)
        asked = request.query_params.get("language", "")
        language = asked if asked in self._pages.languages else self._pages.language(request)
        return await self._dossiers.of(request.path_params["number"], language, session.agent)

    def _by_key(self, request: Request) -> Response:
        if "prefetch" in request.headers.get("sec-purpose", ""):
            raise Refusal(403, "error_forbidden")
        response = RedirectResponse("/desk", 303)
        if self._sessions.of(request) is not None:
            return response
        if self._sign_ins.wait(caller(request)):
            return self._door(request, 429, "sign_in_too_often")
        if not self._key.opens(request.query_params["key"]):
            return self._door(request, 403, "sign_in_key_used")
        words = self._pages.words(self._pages.language(request))
        self._sessions.begin(request, response, self._set.key_agent or words["key_agent"])
        return response

    def _door(self, request: Request, status: int = 200, trouble: str = "", agent: str = "") -> Response:
        return self._pages.render(
            "sign_in.html",
            request,
            status=status,
            trouble=trouble,
            agent=agent,
            by_password=self._sessions.by_password,
        )

    def _checked(self, request: Request) -> Session:
        check_origin(request, self._set.origins)
        session = self._sessions.of(request)
        if session is None:
            raise Refusal(401, "error_session_over")
        self._sessions.proofs.check(request, session.id)
        return session


def _act(body: dict[str, Any], agent: str, *, files: bool) -> tuple[dict[str, Any], int]:
    """The act's payload and its conversation, refused when it makes no sense."""
    act, conversation_id, version = word(body.get("act")), body.get("conversation"), body.get("version", 0)
    text = clean(body["text"]).strip() if isinstance(body.get("text"), str) else ""
    if act not in ACTS or type(conversation_id) is not int or type(version) is not int:
        raise Refusal(400, "error_bad_request")
    if (act in NEED_TEXT and not text and not files) or (files and act not in WITH_FILES):
        raise Refusal(400, "error_text_missing")
    then = word(body.get("then"), 64) if act == "say" else ""
    if then and not follows(then):
        raise Refusal(400, "error_bad_request")
    done = meant(AgentAct(act, agent, word(body.get("case")), version, text, then))
    payload = reader.act(
        done.act, done.agent, case=done.case, version=done.version, text=done.text, then=done.then
    )
    return payload, conversation_id
