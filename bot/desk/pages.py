"""The agents' page and what it talks to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from bot.channels.web import files as filing
from bot.channels.web.bucket import Buckets
from bot.channels.web.chat import last_seen
from bot.channels.web.guard import Refusal, check_rate, origin_id
from bot.channels.web.lines import FileLinks, shown
from bot.channels.web.pages import Pages
from bot.channels.web.reader import files_out
from bot.channels.web.sse import response
from bot.channels.web.text import LONGEST, number
from bot.desk.account import Account
from bot.desk.disputes import Disputes, disputed
from bot.desk.doors import Doorkeeper, Endpoint, form_of
from bot.desk.dossiers import Dossiers
from bot.desk.entrance import Entrance
from bot.desk.given import given
from bot.desk.macros import MacroList
from bot.desk.meanwhile import check_holder, said_meanwhile
from bot.desk.mini_app import MiniApp
from bot.desk.office import Office
from bot.desk.oidc import Oidc
from bot.desk.passwords import Passwords
from bot.desk.people import People
from bot.desk.posted import posted
from bot.desk.reads import Reads
from bot.desk.search import Search
from bot.desk.second_factor import SecondFactor
from bot.desk.session import Session, Sessions
from bot.desk.settings import DeskSettings
from bot.desk.streams import DeskStreams
from bot.domain.staff import Right
from bot.flows.desk import MACRO, SEND_DRAFT
from bot.flows.duty import DUTY_ACTS
from bot.pipeline.arrivals import Arrival
from bot.pipeline.ports import Unit
from bot.pipeline.turns import Line

HERE = Path(__file__).parent
CHANNEL = "desk"
_LINES = ("say", MACRO)
GROUPS = (
    *("state", "reason", "kind", "goods", "event", "role", "responsibility", "flag"),
    *("refund", "purpose", "medium", "file", "parcel", "carrier", "language", "intent"),
)
"""Of words, that the page's script needs."""


def routes(settings: DeskSettings) -> list[BaseRoute]:
    """The desk's routes."""
    return Desk(settings).routes()


class Desk:
    """The desk's endpoints."""

    def __init__(self, settings: DeskSettings) -> None:
        self._set = settings
        self._limits = settings.limits
        self._pages = Pages(settings.words, settings.languages, HERE / "templates")
        self._sessions = Sessions(settings.database, settings.secret, settings.clock, secure=settings.secure)
        self._links = FileLinks(settings.secret, "/desk/files")
        self._acts = Buckets(self._limits.acts)
        self._reads = Buckets(self._limits.reads)
        self._streams = DeskStreams(
            settings.database,
            settings.hub,
            settings.clock,
            lambda file: self._links.to(file, "desk"),
            self._limits.streams,
            self._limits.tick,
            settings.presence,
        )
        self._dossiers = Dossiers(
            settings.database, settings.files, settings.words, settings.policy, settings.timezone
        )
        self._noted = Reads(settings.database, settings.clock)

    def routes(self) -> list[BaseRoute]:
        """Who one is is found out at the entrance; everything else is behind doors that ask for a right."""
        settings, limits = self._set, self._limits
        office = Office(
            settings.database,
            self._pages,
            self._sessions,
            settings.passwords or Passwords(),
            SecondFactor(settings.secret),
            settings.clock,
            settings.origins,
            ZoneInfo(settings.timezone or "UTC"),
            settings.address,
            settings.provider,
        )
        entrance = Entrance(office, settings.secret, settings.key, limits.sign_ins)
        keeper = Doorkeeper(self._sessions, settings.origins, entrance.door)
        app = MiniApp(office, settings.telegram_token, limits.sign_ins) if settings.telegram_token else None
        oidc = settings.provider and Oidc(
            office, settings.provider, entrance, settings.secret, limits.sign_ins
        )
        return [
            *entrance.routes(),
            *(oidc.routes() if oidc else ()),
            *(app.routes() if app else ()),
            *self._doors(keeper),
            *Account(office, settings.shop).doors(keeper),
            *People(office, settings.policy).doors(keeper),
            *Disputes(office, settings.take).doors(keeper),
            Mount("/static/desk", StaticFiles(directory=HERE / "static")),
        ]

    def _doors(self, keeper: Doorkeeper) -> list[BaseRoute]:
        settings = self._set
        macros = MacroList(
            settings.database, self._noted, settings.macros, settings.render, settings.languages[0]
        )
        return [
            keeper.page("/desk", self.page, Right.SERVE),
            keeper.act("/desk/sign-out", self.sign_out, Right.OWN),
            keeper.act("/desk/acts", self.acts, Right.SERVE),
            keeper.act("/desk/duty", self.duty, Right.SERVE),
            keeper.read("/desk/stream", self.stream, Right.SERVE),
            keeper.read(
                "/desk/search", self._often(Search(settings.database, self._noted).found), Right.SERVE
            ),
            keeper.read("/desk/macros", self._often(macros.offered), Right.SERVE),
            keeper.act("/desk/typing", self._often(self._streams.presence.typed), Right.SERVE),
            keeper.read("/desk/files/{token}", self.file, Right.SERVE),
            keeper.read("/desk/cases/{number}/dossier", self.dossier, Right.SERVE, Right.RULE),
        ]

    def _often(self, answer: Endpoint) -> Endpoint:
        """For what pages ask for at every key, but not too often."""

        async def endpoint(request: Request, session: Session) -> Response:
            check_rate(self._reads, session.id)
            return await answer(request, session)

        return endpoint

    async def page(self, request: Request, session: Session) -> Response:
        """The desk."""
        if switched := self._pages.switched(request):
            return switched
        return self._pages.render(
            "desk.html",
            request,
            proof=self._sessions.proofs.of(session.id),
            session=session,
            longest=LONGEST,
            settings={
                "agent": session.agent,
                "timezone": self._set.timezone,
                "files": self._limits.posts.files,
                "fileBytes": self._limits.posts.file_bytes,
            },
            words=self._pages.for_script(self._pages.language(request), *GROUPS),
        )

    async def sign_out(self, _: Request, session: Session) -> Response:
        """Close the desk at this browser."""
        response = RedirectResponse("/desk", 303)
        await self._sessions.end(session, response)
        return response

    async def duty(self, request: Request, session: Session) -> Response:
        """They are here, or away; what they hold then goes to others by the router."""
        duty = form_of(request).get("duty", "")
        if duty not in DUTY_ACTS:
            raise Refusal(400, "error_bad_request")
        now = self._set.clock()

        def job(unit: Unit) -> None:
            unit.set_away(session.staff.id, away=duty == "away")
            unit.seen([session.staff.id], now)
            unit.note_deeds([session.deed(now, duty)])

        await self._set.database.write(job)
        return RedirectResponse("/desk", 303)

    async def acts(self, request: Request, session: Session) -> Response:
        """Something the agent did, into the inbox like everything else."""
        check_rate(self._acts, session.id)
        came = await given(request, self._limits.posts)
        payload, conversation_id = posted(came.body, session, files=bool(came.files))
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

    async def stream(self, request: Request, session: Session) -> Response:
        """The list, and one conversation, as they change; until the session ends."""
        conversation_id = number(request.query_params.get("conversation"))
        await self._noted.conversation(session, conversation_id)
        language = self._pages.language(request)
        return response(self._streams.of(session, conversation_id, last_seen(request), language))

    async def file(self, request: Request, session: Session) -> Response:
        """A file of any conversation."""
        found = self._links.read(request.path_params["token"], "desk")
        content = await self._set.files.load(found[0]) if found else None
        if found is None or content is None:
            raise Refusal(404, "error_not_found")
        await self._note(session, "file", subject=found[0][:120])
        return filing.served(content, found[1])

    async def dossier(self, request: Request, session: Session) -> Response:
        """Everything about a case in one ZIP, in the language that is asked for; for a mediator if it is before them."""
        check_rate(self._acts, session.id)
        case_number = request.path_params["number"]
        if not session.may(Right.SERVE):
            case = await self._set.database.read(lambda unit: unit.case(case_number))
            if not disputed(case):
                raise Refusal(404, "error_not_found")
        asked = request.query_params.get("language", "")
        language = asked if asked in self._pages.languages else self._pages.language(request)
        dossier = await self._dossiers.of(case_number, language, session.staff.account)
        await self._note(session, "dossier", subject=case_number[:120])
        return dossier

    async def _note(
        self, session: Session, act: str, conversation: int | None = None, subject: str = ""
    ) -> None:
        deed = session.deed(self._set.clock(), act, conversation, subject)
        await self._set.database.write(lambda unit: unit.note_deeds([deed]))
