"""The second factor: codes of an authenticator app (TOTP, RFC 6238).

The key is not kept: it is made of the shop's own secret and a nonce, so that a copy of the database makes no codes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
from datetime import datetime

import pyotp
import segno
from itsdangerous import BadData, URLSafeTimedSerializer

_OFFERED = 3600
"""Seconds somebody has to set up their app."""
STEP = 30
"""Seconds a code is good for."""
_DRIFT = (-1, 0, 1)
"""Steps by which a telephone's clock may be off."""


class SecondFactor:
    """Makes keys and looks at codes."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._offers = URLSafeTimedSerializer(secret, salt="desk second factor")

    def offer(self, nonce: str, number: int) -> str:
        """The nonce of a key somebody is shown, for their form to bring back: what they don't confirm is kept nowhere."""
        return self._offers.dumps([nonce, number])

    def nonce(self, offer: str, number: int) -> str | None:
        """The nonce that was offered to them; None when it was not, or too long ago."""
        try:
            nonce, offered = self._offers.loads(offer, max_age=_OFFERED)
        except (BadData, TypeError, ValueError):
            return None
        return str(nonce) if offered == number else None

    def key(self, nonce: str) -> str:
        """The key as authenticator apps take it (base32)."""
        digest = hmac.digest(self._secret, f"second factor {nonce}".encode(), hashlib.sha256)
        return base64.b32encode(digest[:20]).decode()

    def step(self, nonce: str, code: str, now: datetime) -> int | None:
        """Which step the code is of; None when it is of none around now."""
        codes, given = pyotp.TOTP(self.key(nonce)), code.replace(" ", "")
        at = int(now.timestamp()) // STEP
        fits = (at + drift for drift in _DRIFT if hmac.compare_digest(codes.generate_otp(at + drift), given))
        return next(fits, None) if given.isascii() else None

    def address(self, nonce: str, login: str, shop: str) -> str:
        """The ``otpauth:`` address that apps read."""
        return pyotp.TOTP(self.key(nonce)).provisioning_uri(name=login, issuer_name=shop)

    def picture(self, nonce: str, login: str, shop: str) -> str:
        """The same as a QR code, in SVG to stand in a page."""
        drawn = io.BytesIO()
        segno.make(self.address(nonce, login, shop), error="m").save(
            drawn, kind="svg", xmldecl=False, svgns=False, scale=5, dark="#000", light="#fff"
        )
        return drawn.getvalue().decode()
