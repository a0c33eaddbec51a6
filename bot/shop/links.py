"""Signed order links: whoever holds one has proven that the order is theirs. Pure.

The payload is what Telegram passes on from ``t.me/<bot>?start=<payload>``: at most 64 of A-Z a-z 0-9 _ -.

    "1" + mac (22 characters, 128 bits of HMAC-SHA256) + expiry (6, seconds since 1970) + order number
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

VERSION = "1"
_SHORTEST_KEY = 16
_LONGEST_NUMBER = 32
_PAYLOAD = re.compile(
    r"1(?P<mac>[A-Za-z0-9_-]{22})(?P<body>(?P<expiry>[A-Za-z0-9_-]{6})(?P<number>[A-Za-z0-9-]{1,32}))"
)
_PURPOSE = b"shouhou order link 1\n"


def sign(order_number: str, key: str, expires: datetime) -> str:
    """The payload that proves the order to be the holder's until then. `key` is `Secrets.secret_key`."""
    if not re.fullmatch(rf"[A-Za-z0-9-]{{1,{_LONGEST_NUMBER}}}", order_number):
        raise ValueError(f"{order_number!r} is not an order number")
    body = _expiry(expires) + order_number
    return VERSION + _mac(body, key) + body


def verify(payload: str, key: str, now: datetime) -> str | None:
    """The order the payload proves; None when it is not ours, was changed, or has expired."""
    found = _PAYLOAD.fullmatch(payload) if payload.isascii() else None
    if found is None or not hmac.compare_digest(found["mac"], _mac(found["body"], key)):
        return None
    expires = int.from_bytes(urlsafe_b64decode(found["expiry"] + "=="), "big")
    return found["number"] if now.timestamp() < expires else None


def _expiry(expires: datetime) -> str:
    seconds = int(expires.astimezone(UTC).timestamp())
    return _base64(seconds.to_bytes(4, "big"))


def _mac(body: str, key: str) -> str:
    if len(key) < _SHORTEST_KEY:
        raise ValueError(f"a key of at least {_SHORTEST_KEY} characters is needed")
    return _base64(hmac.digest(key.encode(), _PURPOSE + body.encode(), "sha256")[:16])


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
