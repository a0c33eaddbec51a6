"""Asking others over HTTP, so that it can be told what was wrong without an address: there may be a token in it."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.errors import LookupUnavailable

_PATIENCE = aiohttp.ClientTimeout(total=10)
_LARGEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered."""

    status: int
    body: bytes
    date: datetime | None
    """When, by their clock."""


async def ask(method: str, address: str, data: Mapping[str, Any] | None = None) -> Answer:
    """Ask once; LookupUnavailable says why there was no answer."""
    try:
        async with (
            aiohttp.ClientSession(
                timeout=_PATIENCE, cookie_jar=aiohttp.DummyCookieJar(), trust_env=True
            ) as session,
            session.request(method, address, json=data, allow_redirects=False) as response,
        ):
            return Answer(
                response.status, await _read(response.content), _date(response.headers.get("Date", ""))
            )
    except aiohttp.ClientConnectorCertificateError as error:
        reason = getattr(error.certificate_error, "verify_message", "") or type(error).__name__
        raise LookupUnavailable(f"its certificate can't be trusted: {reason}") from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise LookupUnavailable(f"it can't be reached ({type(error).__name__})") from None


async def certificate_until(address: str) -> datetime | None:
    """Until when the certificate of a server is good; None where it has none that can be trusted, or is not reached."""
    parts = urlsplit(address)
    if parts.scheme != "https":
        return None
    try:
        async with asyncio.timeout(_PATIENCE.total):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port or 443, ssl=True)
    except OSError:
        return None
    shown = writer.get_extra_info("peercert")
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), UTC)


async def _read(content: aiohttp.StreamReader) -> bytes:
    """To its end, or as much as is looked at."""
    body = b""
    while len(body) < _LARGEST and (piece := await content.read(_LARGEST - len(body))):
        body += piece
    return body


def _date(header: str) -> datetime | None:
    try:
        return parsedate_to_datetime(header).astimezone(UTC)
    except ValueError:
        return None
