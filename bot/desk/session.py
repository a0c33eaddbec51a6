"""Who sits at the desk: signing in, and being known again for a working day."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.guard import Proofs

COOKIE = "shouhou_desk"
HOURS = 12


@dataclass(frozen=True, slots=True)
class Session:
    """One agent signed in at one browser."""

    id: str
    agent: str
    """The name buyers and colleagues see."""


class Sessions:
    """Hands out and reads the desk's cookies."""

    def __init__(self, secret: str, password: str, *, secure: bool = False) -> None:
        self._cookies = URLSafeTimedSerializer(secret, salt=f"desk {_digest(password)}")
        self._password = _digest(password) if password else ""
        self._secure = secure
        self.proofs = Proofs(secret, "desk")

    @property
    def by_password(self) -> bool:
        """True when there is a password to sign in with."""
        return bool(self._password)

    def opens(self, password: str) -> bool:
        """True for the right password, told in the same time as a wrong one."""
        return self.by_password and hmac.compare_digest(_digest(password), self._password)

    def of(self, request: Request) -> Session | None:
        """Whose request it is; None when nobody is signed in, or was too long ago."""
        try:
            kept = self._cookies.loads(request.cookies.get(COOKIE, ""), max_age=HOURS * 3600)
            return Session(str(kept[0]), str(kept[1]))
        except (BadData, TypeError, ValueError, IndexError):
            return None

    def begin(self, request: Request, response: Response, agent: str) -> None:
        """Sign the agent in at this browser. A changed password ends all sessions."""
        response.set_cookie(
            COOKIE,
            self._cookies.dumps([secrets.token_urlsafe(12), agent]),
            max_age=HOURS * 3600,
            path="/desk",
            httponly=True,
            samesite="lax",
            secure=self._secure or request.url.scheme == "https",
        )

    def end(self, response: Response) -> None:
        """Sign out."""
        response.delete_cookie(COOKIE, path="/desk")


class OneTimeKey:
    """The key in the link the local demo prints: it opens the desk once."""

    def __init__(self, key: str) -> None:
        self._key = key

    def opens(self, given: str) -> bool:
        """True for the key, the first time."""
        if not self._key or not hmac.compare_digest(_digest(given), _digest(self._key)):
            return False
        self._key = ""
        return True


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
