"""Asking others over HTTP, so that it can be told what was wrong without an address: there may be a token in it."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

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
    certificate_until: datetime | None = None
    """Until when their certificate is good."""


async def ask(method: str, address: str, data: Mapping[str, Any] | None = None) -> Answer:
    """Ask once; LookupUnavailable says why there was no answer."""
    try:
        async with (
            aiohttp.ClientSession(
                timeout=_PATIENCE, cookie_jar=aiohttp.DummyCookieJar(), trust_env=True
            ) as session,
            session.request(method, address, json=data, allow_redirects=False) as response,
        ):
            until = _good_until(response)
            body = await response.content.read(_LARGEST)
            return Answer(response.status, body, _date(response.headers.get("Date", "")), until)
    except aiohttp.ClientConnectorCertificateError as error:
        reason = getattr(error.certificate_error, "verify_message", "") or type(error).__name__
        raise LookupUnavailable(f"its certificate can't be trusted: {reason}") from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise LookupUnavailable(f"it can't be reached ({type(error).__name__})") from None


def _good_until(response: aiohttp.ClientResponse) -> datetime | None:
    transport = response.connection.transport if response.connection else None
    shown = transport.get_extra_info("peercert") if transport else None
    if not shown:
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), UTC)


def _date(header: str) -> datetime | None:
    try:
        return parsedate_to_datetime(header).astimezone(UTC)
    except ValueError:
        return None
