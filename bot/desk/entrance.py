"""The ways in: password and second factor, an invitation, the link the local demo prints."""

from __future__ import annotations

import hmac

import structlog
from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.web.bucket import Buckets, Rate
from bot.channels.web.guard import Refusal, caller, check_origin, form_body
from bot.channels.web.text import word
from bot.desk.doors import home
from bot.desk.first_owner import first_owner
from bot.desk.office import Office
from bot.desk.passwords import weakness
from bot.desk.session import fingerprint
from bot.domain.audit import Deed, Outcome
from bot.domain.staff import Staff
from bot.pipeline.accounts import Credentials
from bot.pipeline.metrics import SIGN_IN_FAILURES
from bot.pipeline.ports import Unit

_HALF_SECONDS = 300
"""How long a right password waits for the code."""
_FORM_BYTES = 4096
PER_LOGIN = Rate(burst=10, per_second=1 / 60)
"""Tries for one login: of each browser that is known for it, and of all others together, wherever they come from."""

log = structlog.get_logger(__name__)


class Entrance:
    """Lets people in, and says as little as it can to those it does not."""

    def __init__(self, office: Office, secret: str, key: str, rate: Rate) -> None:
        self._office = office
        self._halves = URLSafeTimedSerializer(secret, salt="desk half signed in")
        self._key = key
        self._by_address = Buckets(rate)
        self._by_login = Buckets(PER_LOGIN)
        self._by_browser = Buckets(PER_LOGIN)

    def routes(self) -> list[Route]:
        """Open to everybody: here it is found out who they are."""
        return [
            Route("/desk/sign-in", self.sign_in, methods=["POST"]),
            Route("/desk/code", self.code, methods=["POST"]),
            Route("/desk/welcome", self.welcome, methods=["GET"]),
            Route("/desk/welcome", self.choose, methods=["POST"]),
            Route("/desk/open", self.by_key, methods=["GET"]),
        ]

    def door(
        self, request: Request, status: int = 200, trouble: str = "", login: str = "", *, email: str = ""
    ) -> Response:
        """Where one signs in. `email` is what the OIDC provider says is theirs."""
        return self._office.pages.render(
            "sign_in.html",
            request,
            status=status,
            trouble=trouble,
            login=login,
            email=email,
            provider=self._office.provider,
            keyed=bool(self._key),
        )

    async def sign_in(self, request: Request) -> Response:
        """By login and password; who has a second factor is asked for its code."""
        check_origin(request, self._office.origins)
        form = await form_body(request, _FORM_BYTES)
        login = word(form.get("login"), 32).strip().lower()
        if self._too_often(request, login):
            return self.door(request, 429, "sign_in_too_often", login)
        known = await self._office.database.read(lambda unit: unit.credentials(login))
        fits = await self._office.passwords.fits(form.get("password", ""), known.password if known else "")
        if known is None or not fits or known.staff.disabled:
            await self._failed(known, "password")
            return self.door(request, 403, "sign_in_wrong", login)
        if known.second:
            return self._ask_code(request, self._halves.dumps([known.staff.id, known.password[-16:]]))
        return await self._let_in(request, known.staff, "password")

    async def code(self, request: Request) -> Response:
        """The second factor of who gave the right password just now."""
        check_origin(request, self._office.origins)
        form = await form_body(request, _FORM_BYTES)
        half, now = form.get("half", ""), self._office.clock()
        known = await self._half(half)
        if known is None:
            return self.door(request, 403, "sign_in_again")
        if self._too_often(request, known.staff.login):
            return self._ask_code(request, half, 429, "sign_in_too_often")
        step = self._office.second.step(known.second, form.get("code", ""), now)
        if step is None or not await self._office.database.write(
            lambda unit: unit.use_second(known.staff.id, step)
        ):
            await self._failed(known, "code")
            return self._ask_code(request, half, 403, "code_wrong")
        return await self._let_in(request, known.staff, "password")

    async def welcome(self, request: Request) -> Response:
        """Who was invited chooses a password."""
        known = await self._invited(request.query_params.get("invitation", ""))
        if known is None:
            return self.door(request, 403, "invitation_over")
        return self._welcome(request, known, request.query_params["invitation"])

    async def choose(self, request: Request) -> Response:
        """The password they chose; the link has done its work."""
        check_origin(request, self._office.origins)
        if self._by_address.wait(caller(request)):
            return self.door(request, 429, "sign_in_too_often")
        form = await form_body(request, _FORM_BYTES)
        invitation, password = form.get("invitation", ""), form.get("password", "")
        known = await self._invited(invitation)
        if known is None:
            return self.door(request, 403, "invitation_over")
        if trouble := weakness(password, known.staff.login, known.staff.name):
            return self._welcome(request, known, invitation, 400, trouble)
        kept, now = await self._office.passwords.keep(password), self._office.clock()
        deed = Deed(now, known.staff.account, known.staff.name, "password", subject=known.staff.login)

        def job(unit: Unit) -> bool:
            if not unit.redeem(fingerprint(invitation), kept):
                return False
            unit.end_sessions(known.staff.id, now)
            unit.note_deeds([deed])
            return True

        if not await self._office.database.write(job):
            return self.door(request, 403, "invitation_over")
        return await self._let_in(request, known.staff, "invited")

    async def by_key(self, request: Request) -> Response:
        """The link that is printed while nobody can sign in otherwise: it opens once, for the owner."""
        if "prefetch" in request.headers.get("sec-purpose", ""):
            raise Refusal(403, "error_forbidden")
        if (session := await self._office.sessions.of(request)) is not None:
            return RedirectResponse(home(session), 303)
        if self._by_address.wait(caller(request)):
            return self.door(request, 429, "sign_in_too_often")
        given = fingerprint(request.query_params.get("key", ""))
        if not self._key or not hmac.compare_digest(given, fingerprint(self._key)):
            SIGN_IN_FAILURES.labels("key").inc()
            return self.door(request, 403, "sign_in_key_used")
        words, now = self._office.pages.words(self._office.pages.language(request)), self._office.clock()
        owner = await self._office.database.write(lambda unit: first_owner(unit, words["key_agent"], now))
        self._key = ""
        return await self._let_in(request, owner, "key")

    async def _let_in(self, request: Request, staff: Staff, how: str) -> Response:
        response = RedirectResponse("/desk", 303)
        await self._office.sessions.begin(request, response, staff, how)
        return response

    def _too_often(self, request: Request, login: str) -> bool:
        """What strangers try does not hold up who comes from a browser where they have signed in before."""
        if own := self._office.sessions.known.bucket(request, login):
            return self._by_browser.wait(own) > 0
        return self._by_address.wait(caller(request)) > 0 or self._by_login.wait(login) > 0

    async def _failed(self, known: Credentials | None, way: str) -> None:
        """Somebody tried. What was typed as a login that nobody has may be a password, and is kept nowhere; it takes as long."""
        account, name = (known.staff.account, known.staff.name) if known else ("", "")
        log.warning("desk.sign_in_failed", account=account)
        SIGN_IN_FAILURES.labels(way).inc()
        deed = Deed(self._office.clock(), account, name, "sign_in", Outcome.REFUSED)
        await self._office.database.write(lambda unit: unit.note_deeds([deed]))

    async def _half(self, half: str) -> Credentials | None:
        """Who gave the right password; None when that was too long ago, or another was set since."""
        try:
            number, mark = self._halves.loads(half, max_age=_HALF_SECONDS)
        except (BadData, TypeError, ValueError):
            return None
        people = await self._office.database.read(lambda unit: unit.people())
        known = next((one for one in people if one.staff.id == number), None)
        usable = known and known.second and not known.staff.disabled and known.password.endswith(mark)
        return known if usable else None

    async def _invited(self, invitation: str) -> Credentials | None:
        if not invitation:
            return None
        found = await self._office.database.read(lambda unit: unit.invited(fingerprint(invitation)))
        if found is None or found.staff.disabled or not found.invited_until:
            return None
        return found if found.invited_until > self._office.clock() else None

    def _ask_code(self, request: Request, half: str, status: int = 200, trouble: str = "") -> Response:
        return self._office.pages.render("code.html", request, status=status, half=half, trouble=trouble)

    def _welcome(
        self, request: Request, known: Credentials, invitation: str, status: int = 200, trouble: str = ""
    ) -> Response:
        return self._office.pages.render(
            "welcome.html", request, status=status, staff=known.staff, invitation=invitation, trouble=trouble
        )
