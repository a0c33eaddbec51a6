"""Browsers that somebody has signed in at before: what strangers try in that login's name does not hold them up."""

from __future__ import annotations

import secrets
from datetime import timedelta

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.text import word

COOKIE = "shouhou_known"
KNOWN = timedelta(days=180)
"""For how long a browser is known after the last time somebody signed in at it."""
_MOST = 8
"""Logins that a browser is known for; of more, the oldest is forgotten."""


class KnownBrowsers:
    """Kept in a signed cookie, so a browser that never comes back leaves nothing here. It opens nothing by itself."""

    def __init__(self, secret: str) -> None:
        self._signed = URLSafeTimedSerializer(secret, salt="desk known browser")

    def bucket(self, request: Request, login: str) -> str:
        """By which tries from this browser in that login's name are counted; empty where nobody has signed in with it."""
        browser, logins = self._read(request)
        return f"{browser} {login}" if login in logins else ""

    def remember(self, request: Request, response: Response, login: str, *, https: bool) -> None:
        """Somebody has signed in at it."""
        browser, logins = self._read(request)
        known = [login, *(other for other in logins if other != login)][:_MOST]
        response.set_cookie(
            COOKIE,
            self._signed.dumps([browser or secrets.token_urlsafe(12), *known]),
            max_age=round(KNOWN.total_seconds()),
            path="/desk",
            httponly=True,
            samesite="strict",
            secure=https,
        )

    def _read(self, request: Request) -> tuple[str, list[str]]:
        try:
            kept = self._signed.loads(request.cookies.get(COOKIE, ""), max_age=round(KNOWN.total_seconds()))
        except BadData:
            return "", []
        browser, *logins = (word(one) for one in kept)
        return browser, logins
