"""What is kept of somebody's account beside who they are: how they sign in, and where they are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.staff import Staff


@dataclass(frozen=True, slots=True)
class Credentials:
    """How somebody signs in."""

    staff: Staff
    password: str = ""
    """An Argon2 hash; empty: they have not chosen one yet."""
    invited_until: datetime | None = None
    """Until when the link they were given lets them choose one; None: there is no such link."""
    second: str = ""
    """The nonce the key of their second factor is made with; empty: they have none."""
    second_last: int = 0
    """The step of the last code that was taken: none is taken twice (RFC 6238, section 5.2)."""
    email: str = ""
    """What an OIDC provider knows them by the first time, in lower case; empty: they don't sign in there."""
    subject: str = ""
    """The fingerprint of who they are there; empty: they have not signed in there yet."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session: somebody signed in at one browser."""

    id: int
    staff: Staff
    how: str
    """``password``, ``telegram``, ``oidc``, ``invited`` or ``key``."""
    browser: str
    """As the browser names itself."""
    opened_at: datetime
    seen_at: datetime
    until: datetime
    away: bool = False
    """They said that they are."""
