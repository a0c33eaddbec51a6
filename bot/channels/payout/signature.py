"""Signatures by the published scheme of Standard Webhooks (https://www.standardwebhooks.com), symmetric, version ``v1``.

Signed is ``{id}.{timestamp}.{body}`` with HMAC-SHA256, so neither the body, nor its id, nor its time can be changed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.errors import BadSignature

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
TOLERANCE = timedelta(minutes=5)
"""How far the time of signing may lie from now, either way: what was overheard is of no use later."""
_VERSION = "v1,"
_PREFIX = "whsec_"
_IDS = re.compile(r"[A-Za-z0-9_:#-]{1,120}")
"""No full stop: it parts the id from the time."""


def signed(secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of a message sent at this time."""
    timestamp = str(int(at.timestamp()))
    return {
        ID: message_id,
        TIMESTAMP: timestamp,
        SIGNATURE: _VERSION + _signature(secret, message_id, timestamp, body),
    }


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """`BadSignature` unless who sent this knows the secret, and sent it now."""
    message_id, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not _IDS.fullmatch(message_id) or not re.fullmatch(r"[0-9]{1,12}", timestamp):
        raise BadSignature(f"{ID} or {TIMESTAMP} is missing, or not as it should be")
    right = (_VERSION + _signature(secret, message_id, timestamp, body)).encode()
    given = headers.get(SIGNATURE, "").split(" ")
    if not any(hmac.compare_digest(right, one.encode()) for one in given):
        raise BadSignature(f"{SIGNATURE} is not right for this body, {ID}, {TIMESTAMP} and secret")
    if abs(int(timestamp) - now.timestamp()) > TOLERANCE.total_seconds():
        raise BadSignature(
            f"{TIMESTAMP} lies more than five minutes from now: sign anew each time it is sent"
        )


def _signature(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    content = f"{message_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.digest(_key(secret), content, hashlib.sha256)).decode()


def _key(secret: str) -> bytes:
    """Behind ``whsec_`` stand the key's bytes in base64, as in the scheme; any other secret is its own bytes."""
    try:
        return (
            base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
            if secret.startswith(_PREFIX)
            else secret.encode()
        )
    except binascii.Error:
        return secret.encode()
