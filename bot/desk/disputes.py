"""The mediator's page: the cases that are before them, with their dossiers, and their rulings."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.web.chat import Take
from bot.channels.web.guard import Refusal
from bot.channels.web.text import clean, word
from bot.desk import reader
from bot.desk.doors import Door, Doorkeeper, form_of
from bot.desk.office import Office
from bot.desk.session import Session
from bot.domain.cases import Case, Event, Role
from bot.domain.machine import needs, possible
from bot.domain.staff import Right
from bot.domain.transitions import Needs
from bot.pipeline.arrivals import Arrival
from bot.understanding.slots.amount import leading_amount

PAGE = "/desk/disputes"
_RULINGS = frozenset({Event.RULE_FOR_BUYER, Event.RULE_FOR_SELLER, Event.RULE_SPLIT})
_MOST = 500
"""Open cases looked through."""


class Disputes:
    """The page, and the rulings that go from there into the inbox like every act."""

    def __init__(self, office: Office, take: Take) -> None:
        self._office = office
        self._take = take

    def doors(self, keeper: Doorkeeper) -> list[Door]:
        """For mediators."""
        return [
            keeper.page(PAGE, self.page, Right.RULE),
            keeper.act(f"{PAGE}/{{number}}", self.rule, Right.RULE),
        ]

    async def page(self, request: Request, session: Session) -> Response:
        """What there is to rule on, soonest deadline first."""
        if switched := self._office.pages.switched(request):
            return switched
        return await self._page(request, session, ruled=request.query_params.get("ruled", "")[:40])

    async def rule(self, request: Request, session: Session) -> Response:
        """A ruling, on the case as it stood on the page."""
        form, number = form_of(request), request.path_params["number"]
        act, text, version = (
            word(form.get("act")),
            clean(form.get("text", "")).strip(),
            form.get("version", ""),
        )
        case = await self._office.database.read(lambda unit: unit.case(number))
        if case is None or not case.locked:
            raise Refusal(404, "error_not_found")
        if act not in _RULINGS or not (version.isascii() and version.isdecimal() and len(version) < 10):
            raise Refusal(400, "error_bad_request")
        if lacking := _lacking(case, Event(act), text):
            return await self._page(request, session, trouble=lacking, about=number, status=400)
        payload = reader.act(
            act,
            session.agent,
            account=session.staff.account,
            case=case.number,
            version=int(version),
            text=text,
        )
        arrival = Arrival("desk", f"desk:{uuid4()}", payload, conversation_id=case.conversation_id)
        await self._take([arrival])
        return RedirectResponse(f"{PAGE}?ruled={case.number}", 303)

    async def _page(
        self,
        request: Request,
        session: Session,
        *,
        trouble: str = "",
        about: str = "",
        ruled: str = "",
        status: int = 200,
    ) -> Response:
        cases = await self._office.database.read(lambda unit: unit.all_cases(ended=False, limit=_MOST))
        disputed = [(case, _rulings(case)) for case in cases if case.locked]
        return self._office.pages.render(
            "disputes.html",
            request,
            status=status,
            session=session,
            proof=self._office.sessions.proofs.of(session.id),
            disputes=disputed,
            trouble=trouble,
            about=about,
            ruled=ruled,
            local=self._office.local,
            named=self._named(request),
        )

    def _named(self, request: Request) -> Callable[[str, str], str]:
        """The wording of a code of one of these groups."""
        language = self._office.pages.language(request)
        return lambda group, code: self._office.pages.words(language, group)[code]


def disputed(case: Case | None) -> bool:
    """True for a case a mediator may see."""
    return case is not None and case.locked and case.open


def _rulings(case: Case) -> list[Event]:
    return [event for event in possible(case, Role.MEDIATOR) if event in _RULINGS]


def _lacking(case: Case, event: Event, text: str) -> str:
    """The wording of what the ruling lacks; empty when it is whole."""
    wanted = needs(case, event, Role.MEDIATOR)
    if Needs.AMOUNT in wanted and leading_amount(text) is None:
        return "ruling_needs_amount"
    return "ruling_needs_why" if Needs.WHY in wanted and not text else ""
