"""Passwords: what is asked of them, how they are kept, and how they are compared."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
"""Characters. Length does more than rules about signs do (NIST SP 800-63B, section 5.1.1)."""
LONGEST = 200
_AT_ONCE = 2
"""Passwords looked at side by side: each takes 64 MB for as long as that."""


class Passwords:
    """Argon2id, as RFC 9106 recommends where memory is short."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobodys = self._hasher.hash("nobody has this one")
        self._room = asyncio.Semaphore(_AT_ONCE)

    def kept(self, password: str) -> str:
        """What is kept of it. Slow on purpose."""
        return self._hasher.hash(password)

    async def fits(self, password: str, kept: str) -> bool:
        """True for the right one. Where there is none to compare with it takes as long, and fails."""
        async with self._room:
            return await asyncio.to_thread(self._compare, password[:LONGEST], kept)

    async def keep(self, password: str) -> str:
        """The same as `kept`, while others are served."""
        async with self._room:
            return await asyncio.to_thread(self.kept, password)

    def _compare(self, password: str, kept: str) -> bool:
        try:
            self._hasher.verify(kept or self._nobodys, password)
        except (VerificationError, InvalidHashError):
            return False
        return bool(kept)


def weakness(password: str, login: str, name: str) -> str:
    """The wording (``password_…``) of what is wrong with a new password; empty when nothing is."""
    if len(password) < SHORTEST:
        return "password_short"
    if len(password) > LONGEST:
        return "password_long"
    plain = password.casefold()
    guessable = len(set(plain)) < 4 or plain in (login.casefold(), name.casefold())
    return "password_weak" if guessable else ""
