"""One's own account: password, second factor, where one is signed in."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.web.bucket import Buckets, Rate
from bot.channels.web.guard import Refusal
from bot.desk.doors import Door, Doorkeeper, form_of
from bot.desk.office import Office
from bot.desk.passwords import weakness
from bot.desk.session import Session
from bot.domain.staff import Right
from bot.pipeline.accounts import Credentials
from bot.pipeline.ports import Unit

PAGE = "/desk/account"
_TRIES = Rate(burst=5, per_second=1 / 60)
"""Of one session: of the old password, and of codes."""


class Account:
    """The page, and what is done on it."""

    def __init__(self, office: Office, shop: str) -> None:
        self._office = office
        self._shop = shop
        self._tries = Buckets(_TRIES)

    def doors(self, keeper: Doorkeeper) -> list[Door]:
        """All for oneself alone: whose account it is, the session tells."""
        return [
            keeper.page(PAGE, self.page, Right.OWN),
            keeper.act(f"{PAGE}/password", self.password, Right.OWN),
            keeper.act(f"{PAGE}/second", self.second, Right.OWN),
            keeper.act(f"{PAGE}/second/off", self.second_off, Right.OWN),
            keeper.act(f"{PAGE}/sessions", self.end_session, Right.OWN),
        ]

    async def page(self, request: Request, session: Session) -> Response:
        """How one's account stands."""
        if switched := self._office.pages.switched(request):
            return switched
        return await self._page(request, session, done=request.query_params.get("done", ""))

    async def password(self, request: Request, session: Session) -> Response:
        """Another password; whoever else is signed in with the old one is not any more."""
        form, known = form_of(request), await self._known(session)
        new = form.get("new", "")
        if trouble := await self._not_oneself(session, known, form.get("old", "")):
            return await self._page(request, session, trouble, 403)
        if trouble := weakness(new, session.staff.login, session.staff.name):
            return await self._page(request, session, trouble, 400)
        kept, now = await self._office.passwords.keep(new), self._office.clock()

        def job(unit: Unit) -> None:
            unit.set_password(session.staff.id, kept)
            unit.end_sessions(session.staff.id, now, besides=session.kept.id)
            unit.note_deeds([session.deed(now, "password", subject=session.staff.login)])

        await self._office.database.write(job)
        return _done("password_changed")

    async def second(self, request: Request, session: Session) -> Response:
        """The first code shows that the app has the key: from now on codes are asked for."""
        form, now = form_of(request), self._office.clock()
        nonce = self._office.second.nonce(form.get("offer", ""), session.staff.id)
        if nonce is None or (await self._known(session)).second:
            return await self._page(request, session, "second_again", 400)
        if self._tries.wait(session.id):
            return await self._page(request, session, "sign_in_too_often", 429)
        step = self._office.second.step(nonce, form.get("code", ""), now)
        if step is None:
            return await self._page(request, session, "code_wrong", 403, nonce=nonce)

        def job(unit: Unit) -> None:
            unit.set_second(session.staff.id, nonce)
            unit.use_second(session.staff.id, step)
            unit.note_deeds([session.deed(now, "second_on", subject=session.staff.login)])

        await self._office.database.write(job)
        return _done("second_on")

    async def second_off(self, request: Request, session: Session) -> Response:
        """No codes any more; by password, so that a desk left open does not do it."""
        form, known = form_of(request), await self._known(session)
        if trouble := await self._not_oneself(session, known, form.get("old", "")):
            return await self._page(request, session, trouble, 403)
        now = self._office.clock()

        def job(unit: Unit) -> None:
            unit.set_second(session.staff.id, "")
            unit.note_deeds([session.deed(now, "second_off", subject=session.staff.login)])

        await self._office.database.write(job)
        return _done("second_off")

    async def end_session(self, request: Request, session: Session) -> Response:
        """Sign out somewhere else: at one browser, or at all others."""
        which, now = form_of(request).get("session", ""), self._office.clock()
        only = int(which) if which.isascii() and which.isdecimal() and len(which) < 19 else None

        def job(unit: Unit) -> None:
            besides = session.kept.id if only is None else None
            unit.end_sessions(session.staff.id, now, only=only, besides=besides)
            unit.note_deeds([session.deed(now, "sign_out_elsewhere")])

        await self._office.database.write(job)
        return _done("sessions_ended")

    async def _page(
        self,
        request: Request,
        session: Session,
        trouble: str = "",
        status: int = 200,
        *,
        nonce: str = "",
        done: str = "",
    ) -> Response:
        known, now = await self._known(session), self._office.clock()
        signed_in = await self._office.database.read(lambda unit: unit.sessions_of(session.staff.id, now))
        offered = nonce or secrets.token_urlsafe(12)
        login = session.staff.login
        return self._office.pages.render(
            "account.html",
            request,
            status=status,
            session=session,
            proof=self._office.sessions.proofs.of(session.id),
            known=known,
            sessions=signed_in,
            trouble=trouble,
            done=done if done in _DONE else "",
            offer=self._office.second.offer(offered, session.staff.id),
            key=self._office.second.key(offered),
            local=self._office.local,
            picture="" if known.second else self._office.second.picture(offered, login, self._shop),
        )

    async def _known(self, session: Session) -> Credentials:
        known = await self._office.database.read(lambda unit: unit.credentials(session.staff.login))
        if known is None:
            raise Refusal(401, "error_session_over")
        return known

    async def _not_oneself(self, session: Session, known: Credentials, password: str) -> str:
        """The wording of what is wrong with the old password; empty when it is right, or there was none yet."""
        if not known.password and session.kept.how in ("key", "telegram", "oidc"):
            return ""
        if self._tries.wait(session.id):
            return "sign_in_too_often"
        return "" if await self._office.passwords.fits(password, known.password) else "password_wrong"


_DONE = frozenset({"password_changed", "second_on", "second_off", "sessions_ended"})


def _done(what: str) -> Response:
    return RedirectResponse(f"{PAGE}?done={what}", 303)
