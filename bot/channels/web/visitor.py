"""Who is at the other end of the web chat: a signed cookie, and nothing else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.guard import Proofs

COOKIE = "shouhou_visitor"
DAYS = 180


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser that talks with us."""

    address: str
    """Its address in channel ``web``: random, known to nobody else."""
    who: str = ""
    """The sample buyer it chose to be, in the demo; ``-`` for a stranger."""

    @classmethod
    def new(cls, who: str = "") -> Visitor:
        """One never seen before."""
        return cls(secrets.token_urlsafe(18), who)


class Visitors:
    """Gives browsers their cookie and knows them again by it."""

    def __init__(self, secret: str, *, secure: bool = False) -> None:
        self._cookies = URLSafeSerializer(secret, salt="visitor")
        self._secure = secure
        self.proofs = Proofs(secret, "visitor")

    def of(self, request: Request) -> Visitor | None:
        """Whose request it is; None without a cookie of ours."""
        try:
            address, who = self._cookies.loads(request.cookies.get(COOKIE, ""))
        except (BadData, TypeError, ValueError):
            return None
        return Visitor(str(address), str(who))

    def keep(self, request: Request, response: Response, visitor: Visitor) -> None:
        """Hand the browser its cookie."""
        response.set_cookie(
            COOKIE,
            self._cookies.dumps([visitor.address, visitor.who]),
            max_age=DAYS * 86400,
            httponly=True,
            samesite="lax",
            secure=self._secure or request.url.scheme == "https",
        )
