"""What every request has to pass before anything is done for it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from ipaddress import IPv6Address, IPv6Network
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from itsdangerous import Signer
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.channels.web.bucket import Buckets

PROOF = "x-csrf-token"
"""The header that repeats what the page was given: other sites can't read the page, so they can't send it."""
_SUBSCRIBER = 64
"""Bits of an IPv6 address by which one subscriber is told from another."""


class Refusal(HTTPException):
    """A request is turned away; `word` names the wording of the reason in group ``page``, `values` fill it in."""

    def __init__(
        self, status: int, word: str, *, headers: Mapping[str, str] | None = None, **values: object
    ) -> None:
        super().__init__(status, detail=word, headers=headers)
        self.values = values


class Proofs:
    """Tells a page of ours by the token it was given for its session."""

    def __init__(self, secret: str, session: str) -> None:
        self._signer = Signer(secret, salt=f"proof of {session}")

    def of(self, session: str) -> str:
        """The token the session's pages carry."""
        return self._signer.get_signature(session).decode()

    def check(self, sent: str, session: str) -> None:
        """Refuse a request that does not carry its session's token."""
        if not self._signer.verify_signature(session, sent):
            raise Refusal(403, "error_stale_page")


def check_origin(request: Request, origins: Sequence[str] = ()) -> None:
    """Refuse what another site's page sent. A request without any such mark did not come from a browser's page."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refusal(403, "error_other_site")
    origin = request.headers.get("origin")
    if origin is None:
        return
    ours = {request.headers.get("host", "").lower(), *(_host(one) for one in origins)}
    if _host(origin) not in ours:
        raise Refusal(403, "error_other_site")


def _host(address: str) -> str:
    """The host and port of a web address; what is none has a host nobody has."""
    try:
        return urlsplit(address).netloc.lower() or "none"
    except ValueError:
        return "none"


def check_rate(buckets: Buckets, key: str, cost: float = 1) -> None:
    """Refuse who comes too often, and say when to try again."""
    wait = buckets.wait(key, cost)
    if wait:
        raise Refusal(429, "error_too_fast", headers={"Retry-After": str(math.ceil(wait))})


def caller(request: Request) -> str:
    """Where a request came from: its network address, or the network that one subscriber has all addresses of (IPv6)."""
    host = request.client.host if request.client else ""
    if ":" not in host:
        return host
    try:
        address = IPv6Address(host)
    except ValueError:
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((address, _SUBSCRIBER), strict=False))


async def json_body(request: Request, most: int) -> dict[str, Any]:
    """The request's JSON object, of at most so many bytes."""
    return json_object(await _body(request, "application/json", most))


def json_object(content: object) -> dict[str, Any]:
    """The JSON object that text is; refused when it is none."""
    try:
        body = json.loads(content) if isinstance(content, (str, bytes)) else None
    except (ValueError, RecursionError):
        raise Refusal(400, "error_bad_request") from None
    if not isinstance(body, dict):
        raise Refusal(400, "error_bad_request")
    return body


async def form_body(request: Request, most: int) -> dict[str, str]:
    """The fields of a plain HTML form, of at most so many bytes."""
    content = await _body(request, "application/x-www-form-urlencoded", most)
    return dict(parse_qsl(content.decode(errors="replace"), keep_blank_values=True))


async def _body(request: Request, media_type: str, most: int) -> bytes:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != media_type:
        raise Refusal(415, "error_bad_request")
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > most:
            raise Refusal(413, "error_too_long")
    return bytes(content)


def origin_id(value: Any) -> str:
    """The sender's own id of what it sends: sent twice, it is one thing."""
    try:
        return str(UUID(value))
    except (TypeError, ValueError, AttributeError):
        raise Refusal(400, "error_bad_request") from None
