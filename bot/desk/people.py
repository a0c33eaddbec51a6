"""The owner's page of who works here, and what they did."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.web.guard import Refusal
from bot.desk.doors import Door, Doorkeeper, form_of
from bot.desk.hiring import Hiring
from bot.desk.office import Office
from bot.desk.session import Session
from bot.domain.policy import Policy
from bot.domain.staff import Right, Staff, StaffRole
from bot.errors import AccountError
from bot.pipeline.ports import Unit

PAGE = "/desk/people"
_DEEDS = 100
"""Lines of the audit a page shows."""


class People:
    """The pages, and what is done on them."""

    def __init__(self, office: Office, policy: Callable[[], Policy]) -> None:
        self._office = office
        self._policy = policy

    def doors(self, keeper: Doorkeeper) -> list[Door]:
        """For owners."""
        return [
            keeper.page(PAGE, self.page, Right.PEOPLE),
            keeper.act(PAGE, self.hire, Right.PEOPLE),
            keeper.act(f"{PAGE}/{{number:int}}/{{what}}", self.change, Right.PEOPLE),
            keeper.page("/desk/audit", self.audit, Right.PEOPLE),
        ]

    async def page(self, request: Request, session: Session) -> Response:
        """Everybody, with what may be done about them."""
        if switched := self._office.pages.switched(request):
            return switched
        return await self._page(request, session)

    async def hire(self, request: Request, session: Session) -> Response:
        """A new account and its invitation."""
        form = form_of(request)
        role = _role(form.get("role", ""))
        login, name = form.get("login", ""), form.get("name", "")
        telegram, email = form.get("telegram", ""), form.get("email", "")

        def job(unit: Unit) -> tuple[Staff, str]:
            hiring = self._hiring(unit, session)
            staff = hiring.hire(login, name, role, telegram, email)
            return staff, hiring.invite(staff)

        try:
            staff, invitation = await self._office.database.write_alone(job)
        except AccountError as error:
            return await self._page(request, session, trouble=error.word, status=400, form=form)
        return await self._page(request, session, invited=staff, invitation=invitation)

    async def change(self, request: Request, session: Session) -> Response:
        """One thing about one of them."""
        form, what = form_of(request), request.path_params["what"]
        known = await self._office.database.read(lambda unit: unit.people())
        staff = next((one.staff for one in known if one.staff.id == request.path_params["number"]), None)
        if staff is None:
            raise Refusal(404, "error_not_found")
        if what == "invite" and staff.id == session.staff.id and form.get("sure") != "yes":
            return await self._page(request, session, asks=True)

        def job(unit: Unit) -> str:
            return self._change(self._hiring(unit, session), staff, what, form)

        try:
            invitation = await self._office.database.write_alone(job)
        except AccountError as error:
            return await self._page(request, session, trouble=error.word, status=400)
        if invitation:
            return await self._page(request, session, invited=staff, invitation=invitation)
        return RedirectResponse(PAGE, 303)

    async def audit(self, request: Request, session: Session) -> Response:
        """What people did, newest first; of one of them, in one conversation, to one case."""
        if switched := self._office.pages.switched(request):
            return switched
        asked = request.query_params
        account, subject = asked.get("account", "")[:64], asked.get("subject", "")[:120]
        conversation, before = _number(asked.get("conversation", "")), _number(asked.get("before", ""))
        found = await self._office.database.read(
            lambda unit: unit.deeds(account, conversation, subject, before, _DEEDS)
        )
        return self._office.pages.render(
            "audit.html",
            request,
            session=session,
            proof=self._office.sessions.proofs.of(session.id),
            deeds=[deed for _, deed in found],
            older=found[-1][0] if len(found) == _DEEDS else None,
            filters={"account": account, "conversation": asked.get("conversation", ""), "subject": subject},
            local=self._office.local,
        )

    def _change(self, hiring: Hiring, staff: Staff, what: str, form: dict[str, str]) -> str:
        """Do it; the secret of a new invitation, where there is one."""
        match what:
            case "invite":
                return hiring.invite(staff)
            case "role":
                hiring.appoint(staff, _role(form.get("role", "")))
            case "telegram":
                hiring.on_telegram(staff, form.get("telegram", ""))
            case "email":
                hiring.known_as(staff, form.get("email", ""))
            case "service":
                hiring.serve(staff, form.get("languages", ""), form.get("capacity", ""))
            case "disable":
                hiring.disable(staff)
            case "enable":
                hiring.enable(staff)
            case _:
                raise Refusal(404, "error_not_found")
        return ""

    def _hiring(self, unit: Unit, session: Session) -> Hiring:
        return Hiring(unit, session.staff.account, session.agent, self._office.clock())

    async def _page(
        self,
        request: Request,
        session: Session,
        *,
        trouble: str = "",
        status: int = 200,
        form: dict[str, str] | None = None,
        invited: Staff | None = None,
        invitation: str = "",
        asks: bool = False,
    ) -> Response:
        now = self._office.clock()
        people = await self._office.database.read(
            lambda unit: [(one, unit.sessions_of(one.staff.id, now)) for one in unit.people()]
        )
        colleagues = await self._office.database.read(lambda unit: unit.colleagues())
        wished = self._policy().attendance
        present = {one.staff.id: one.holds for one in colleagues if one.here(now, wished)}
        return self._office.pages.render(
            "people.html",
            request,
            status=status,
            session=session,
            proof=self._office.sessions.proofs.of(session.id),
            people=people,
            present=present,
            roles=list(StaffRole),
            provider=self._office.provider,
            trouble=trouble,
            form=form or {},
            invited=invited,
            asks=asks,
            link=f"{self._office.reached(request)}/desk/welcome?invitation={invitation}"
            if invitation
            else "",
            now=now,
            local=self._office.local,
        )


def _role(asked: str) -> StaffRole:
    if asked not in StaffRole.__members__.values():
        raise Refusal(400, "error_bad_request")
    return StaffRole(asked)


def _number(asked: str) -> int | None:
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None
