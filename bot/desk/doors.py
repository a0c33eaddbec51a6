"""The desk's doors: each asks for a right, so that none stands open because somebody forgot to ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.web.guard import PROOF, Refusal, check_origin, form_body
from bot.desk.session import Session, Sessions
from bot.domain.staff import Right

Endpoint = Callable[[Request, Session], Awaitable[Response]]
FORM = "application/x-www-form-urlencoded"
_FORM_BYTES = 16 * 1024

log = structlog.get_logger(__name__)


class Door(Route):
    """A route that only those pass whose role opens it."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Awaitable[Response]],
        methods: list[str],
        rights: tuple[Right, ...],
    ) -> None:
        super().__init__(path, endpoint, methods=methods)
        self.rights = rights
        """Each of them opens it."""


class Doorkeeper:
    """Makes doors. What changes something has to come from a page of ours, by who is signed in there."""

    def __init__(
        self,
        sessions: Sessions,
        origins: Sequence[str],
        sign_in: Callable[[Request], Response],
    ) -> None:
        self._sessions = sessions
        self._origins = origins
        self._sign_in = sign_in

    def page(self, path: str, endpoint: Endpoint, *rights: Right) -> Door:
        """A page: who is not signed in sees where to, who may not see it is shown the way to what they may."""
        return Door(path, self._guarded(endpoint, rights, page=True), ["GET"], rights)

    def read(self, path: str, endpoint: Endpoint, *rights: Right) -> Door:
        """Something a page of ours loads."""
        return Door(path, self._guarded(endpoint, rights, page=False), ["GET"], rights)

    def act(self, path: str, endpoint: Endpoint, *rights: Right) -> Door:
        """Something that changes something."""
        return Door(path, self._guarded(endpoint, rights, page=False), ["POST"], rights)

    def _guarded(
        self, endpoint: Endpoint, rights: tuple[Right, ...], *, page: bool
    ) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            changes = request.method == "POST"
            if changes:
                check_origin(request, self._origins)
            session = await self._sessions.of(request)
            if session is None and page:
                return self._sign_in(request)
            if session is None:
                raise Refusal(401, "error_session_over")
            if changes:
                await self._check_proof(request, session)
            if any(session.may(right) for right in rights):
                return await endpoint(request, session)
            if page:
                return RedirectResponse(home(session), 303)
            log.warning("desk.forbidden", account=session.staff.account, path=request.url.path)
            raise Refusal(403, "error_not_yours")

        return guarded

    async def _check_proof(self, request: Request, session: Session) -> None:
        """The token of one of our pages: in a header from a script, in a field from a form."""
        sent = request.headers.get(PROOF, "")
        if not sent and request.headers.get("content-type", "").startswith(FORM):
            request.state.form = await form_body(request, _FORM_BYTES)
            sent = request.state.form.get("csrf", "")
        self._sessions.proofs.check(sent, session.id)


def home(session: Session) -> str:
    """Where somebody's work is."""
    if session.may(Right.SERVE):
        return "/desk"
    return "/desk/disputes" if session.may(Right.RULE) else "/desk/account"


def form_of(request: Request) -> dict[str, str]:
    """The fields of a form whose token was checked; Refusal when it was no form."""
    form: dict[str, str] | None = getattr(request.state, "form", None)
    if form is None:
        raise Refusal(415, "error_bad_request")
    return form
