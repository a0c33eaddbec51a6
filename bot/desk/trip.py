"""The way to an OIDC provider and back: only the browser that left comes in, and only for ten minutes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import Response

COOKIE = "shouhou_trip"
PATH = "/desk/oidc"
_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Trip:
    """What is told to the provider on the way there, to know it again on the way back. Each is 256 random bits."""

    state: str
    """Comes back in the address: whoever brings it left from this browser (RFC 6749, section 10.12)."""
    nonce: str
    """Comes back in the token: it was made for this trip (OpenID Connect Core, section 3.1.3.7)."""
    verifier: str
    """Of which the provider knows the hash: a code that was read on the way is of no use alone (RFC 7636)."""

    @classmethod
    def begin(cls) -> Trip:
        """A new one."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))

    @property
    def challenge(self) -> str:
        """The verifier's hash, by the method S256."""
        return urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")

    def goes_on(self, state: str) -> bool:
        """True when who comes back brings this trip's state."""
        return hmac.compare_digest(self.state.encode(), state.encode("utf-8", "surrogatepass"))


class Trips:
    """Kept in a signed cookie: a browser that leaves and never comes back leaves nothing here."""

    def __init__(self, secret: str, clock: Callable[[], datetime]) -> None:
        self._signed = URLSafeSerializer(secret, salt="desk trip to the OIDC provider")
        self._clock = clock

    def keep(self, trip: Trip, response: Response, *, https: bool) -> None:
        """Give it to the browser. It has to come back with a link of another site, so the cookie is not a strict one."""
        kept = self._signed.dumps([trip.state, trip.nonce, trip.verifier, self._clock().timestamp()])
        response.set_cookie(
            COOKIE, kept, max_age=_SECONDS, path=PATH, httponly=True, samesite="lax", secure=https
        )

    def of(self, request: Request) -> Trip | None:
        """The trip this browser is on; None when it is on none, or left too long ago."""
        try:
            state, nonce, verifier, left = self._signed.loads(request.cookies.get(COOKIE, ""))
        except (BadData, TypeError, ValueError):
            return None
        late = not 0 <= self._clock().timestamp() - left <= _SECONDS
        return None if late else Trip(state, nonce, verifier)

    def end(self, response: Response) -> None:
        """It was made: it is not made twice."""
        response.delete_cookie(COOKIE, path=PATH)
