"""Who sits at the desk: known again by what their browser keeps, for a working day, unless somebody ends it."""

from __future__ import annotations

import hashlib
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.guard import Proofs
from bot.channels.web.text import word
from bot.desk.known_browsers import KnownBrowsers
from bot.domain.audit import Deed
from bot.domain.staff import Right, Staff
from bot.pipeline.accounts import SignedIn
from bot.pipeline.ports import Database, Unit

COOKIE = "shouhou_desk"
HOURS = 12
_PARTITIONS = sys.version_info >= (3, 14)
"""Python can write that mark of a cookie: without it, browsers that keep no third-party cookies ask to sign in again."""
_TOUCHED = timedelta(minutes=5)
"""How exactly it is known when a session was used last."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in at one browser."""

    kept: SignedIn

    @property
    def id(self) -> str:
        """By which this browser's streams and limits are told from others'."""
        return str(self.kept.id)

    @property
    def staff(self) -> Staff:
        """Who it is."""
        return self.kept.staff

    @property
    def agent(self) -> str:
        """The name buyers and colleagues see."""
        return self.kept.staff.name

    def may(self, right: Right) -> bool:
        """True when their role opens it."""
        return self.kept.staff.may(right)

    def deed(self, now: datetime, act: str, conversation: int | None = None, subject: str = "") -> Deed:
        """What they did, for the audit."""
        return Deed(now, self.staff.account, self.agent, act, conversation=conversation, subject=subject)


class Sessions:
    """Opens, knows again and ends sessions. What a browser keeps is worth nothing without the database, and the other
    way round: there only its fingerprint is kept."""

    def __init__(
        self, database: Database, secret: str, clock: Callable[[], datetime], *, secure: bool = False
    ) -> None:
        self._database = database
        self._clock = clock
        self._secure = secure
        self.proofs = Proofs(secret, "desk")
        self.known = KnownBrowsers(secret)

    async def of(self, request: Request) -> Session | None:
        """Whose request it is; None when nobody is signed in, or no longer."""
        token = request.cookies.get(COOKIE, "")
        if not token:
            return None
        now = self._clock()
        kept = await self._database.read(lambda unit: unit.session(fingerprint(token), now))
        if kept is None:
            return None
        if now - kept.seen_at > _TOUCHED:
            await self._database.write(lambda unit: unit.touch_session(kept.id, now))
        return Session(kept)

    async def begin(
        self, request: Request, response: Response, staff: Staff, how: str, *, framed: bool = False
    ) -> None:
        """Sign them in at this browser. `framed`: inside another site's page, as Telegram shows the desk."""
        token, now = secrets.token_urlsafe(32), self._clock()
        browser = word(request.headers.get("user-agent", ""), 160)

        def job(unit: Unit) -> None:
            until = now + timedelta(hours=HOURS)
            unit.open_session(fingerprint(token), staff.id, how, browser, now, until)
            unit.note_deeds([Deed(now, staff.account, staff.name, "sign_in", subject=how)])

        await self._database.write(job)
        https = self.https(request)
        response.set_cookie(
            COOKIE,
            token,
            max_age=HOURS * 3600,
            path="/desk",
            httponly=True,
            samesite="none" if framed and https else "lax",
            secure=https,
            partitioned=framed and https and _PARTITIONS,
        )
        if not framed:
            self.known.remember(request, response, staff.login, https=https)

    def https(self, request: Request) -> bool:
        """True when cookies travel over HTTPS only."""
        return self._secure or request.url.scheme == "https"

    async def end(self, session: Session, response: Response) -> None:
        """Sign out."""
        now = self._clock()

        def job(unit: Unit) -> None:
            unit.end_sessions(session.staff.id, now, only=session.kept.id)
            unit.note_deeds([session.deed(now, "sign_out")])

        await self._database.write(job)
        response.delete_cookie(COOKIE, path="/desk")


def fingerprint(token: str) -> str:
    """What is kept of a secret that only has to be known again: it is long and random, so a plain hash tells nothing."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
