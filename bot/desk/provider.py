"""The OIDC provider: where browsers are sent, and who it says has come back.

https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import aiohttp
from joserfc.jwk import KeySet

from bot.channels.web.text import word
from bot.desk.id_token import Expected, check, read_keys, signed_claims
from bot.desk.session import fingerprint
from bot.desk.trip import Trip
from bot.errors import LookupUnavailable, NotVouched

PATIENCE = 5.0
"""Seconds for one exchange: somebody waits for it."""
_KNOWN_FOR = timedelta(hours=1)
"""How long what the provider publishes is taken as it was; its keys are asked for again at once where they don't fit."""
_LARGEST = 256 * 1024
_LONGEST_SUBJECT = 255
_SCOPE = "openid email"


@dataclass(frozen=True, slots=True)
class Person:
    """Who came back, as the provider says."""

    subject: str
    """The fingerprint of who they are there: the same for ever, and nobody else's."""
    email: str
    """In lower case; empty when the provider names none that it has verified."""


@dataclass(slots=True)
class _Published:
    """What the provider says of itself."""

    authorization: str
    token: str
    jwks: str
    userinfo: str
    basic: bool
    """It takes the client's secret in the header, not in the form."""
    until: datetime
    keys: KeySet | None = None


class Provider:
    """One provider, at which the shop's people have accounts. Raises `LookupUnavailable` when it does not answer as one, and
    `NotVouched` when its answer does not say who somebody is."""

    def __init__(
        self,
        issuer: str,
        client: str,
        secret: str,
        clock: Callable[[], datetime],
        *,
        name: str = "",
        patience: float = PATIENCE,
    ) -> None:
        self.issuer = issuer
        self.name = name
        """What people call it; empty: it has no name here."""
        self._client = client
        self._secret = secret
        self._clock = clock
        self._patience = aiohttp.ClientTimeout(total=patience)
        self._kept: _Published | None = None

    async def address(self, trip: Trip, back: str) -> str:
        """Where the browser goes to sign in; `back` is where it comes back to."""
        published = await self._published()
        asked = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": back,
            "scope": _SCOPE,
            "state": trip.state,
            "nonce": trip.nonce,
            "code_challenge": trip.challenge,
            "code_challenge_method": "S256",
        }
        joint = "&" if urlsplit(published.authorization).query else "?"
        return f"{published.authorization}{joint}{urlencode(asked)}"

    async def person(self, code: str, trip: Trip, back: str) -> Person:
        """Who the code stands for that the browser brought back."""
        published = await self._published()
        tokens = await self._tokens(published, code, trip, back)
        claims = await self._signed(published, str(tokens.get("id_token", "")))
        check(claims, Expected(self.issuer, self._client, trip.nonce, self._clock()))
        subject = claims["sub"]
        if len(subject) > _LONGEST_SUBJECT:
            raise NotVouched("its id of a person is longer than 255 characters")
        if "email" not in claims:
            claims = await self._more(published, str(tokens.get("access_token", "")), subject)
        return Person(fingerprint(f"{self.issuer} {subject}"), _verified_email(claims))

    async def _published(self) -> _Published:
        """What it says of itself at the place every provider has for that (OpenID Connect Discovery, section 4)."""
        if self._kept and self._clock() < self._kept.until:
            return self._kept
        said = await self._document(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if said.get("issuer") != self.issuer:
            raise LookupUnavailable("it calls itself by another address than oidc.issuer")
        ways = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        self._kept = _Published(
            self._endpoint(said, "authorization_endpoint"),
            self._endpoint(said, "token_endpoint"),
            self._endpoint(said, "jwks_uri"),
            self._endpoint(said, "userinfo_endpoint") if "userinfo_endpoint" in said else "",
            basic=isinstance(ways, list) and "client_secret_basic" in ways,
            until=self._clock() + _KNOWN_FOR,
        )
        return self._kept

    def _endpoint(self, said: dict[str, Any], name: str) -> str:
        """An address of its own, as safe to talk to as the provider itself."""
        address = said.get(name)
        if not isinstance(address, str) or urlsplit(address).scheme not in (
            "https",
            urlsplit(self.issuer).scheme,
        ):
            raise LookupUnavailable(f"it names no safe {name}")
        return address

    async def _tokens(self, published: _Published, code: str, trip: Trip, back: str) -> dict[str, Any]:
        """What it gives for the code: once, to us, for the browser that left."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": trip.verifier,
        }
        headers = {"Accept": "application/json"}
        if published.basic:  # both are encoded before they are joined: RFC 6749, section 2.3.1
            headers["Authorization"] = aiohttp.encode_basic_auth(
                quote_plus(self._client), quote_plus(self._secret)
            )
        else:
            form |= {"client_id": self._client, "client_secret": self._secret}
        status, said = await self._ask("POST", published.token, data=form, headers=headers)
        if status != HTTPStatus.OK:
            raise NotVouched(f"it gives no token: HTTP {status} {word(said.get('error'), 60)}")
        return said

    async def _signed(self, published: _Published, token: str) -> dict[str, Any]:
        """What the token claims. Keys that don't fit may be old ones: the provider's are asked for once more."""
        if published.keys:
            try:
                return signed_claims(token, published.keys)
            except NotVouched:
                published.keys = None
        published.keys = read_keys(await self._document(published.jwks))
        return signed_claims(token, published.keys)

    async def _more(self, published: _Published, access: str, subject: str) -> dict[str, Any]:
        """What it tells of somebody beside the token, where it keeps that short; nothing when that can't be had: who came before
        is known without."""
        if not published.userinfo or not access:
            return {}
        try:
            said = await self._document(published.userinfo, {"Authorization": f"Bearer {access}"})
        except LookupUnavailable:
            return {}
        return said if said.get("sub") == subject else {}

    async def _document(self, address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        given = {"Accept": "application/json", **(headers or {})}
        status, said = await self._ask("GET", address, headers=given)
        if status != HTTPStatus.OK:
            raise LookupUnavailable(f"{urlsplit(address).path} answers with HTTP {status}")
        return said

    async def _ask(self, method: str, address: str, **given: Any) -> tuple[int, dict[str, Any]]:
        """Status and JSON object of its answer."""
        try:
            async with (
                aiohttp.ClientSession(timeout=self._patience, cookie_jar=aiohttp.DummyCookieJar()) as session,
                session.request(method, address, allow_redirects=False, **given) as response,
            ):
                status, body = response.status, await _body(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise LookupUnavailable(f"it can't be reached: {type(error).__name__}") from error
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise LookupUnavailable(f"{urlsplit(address).path} answers with HTTP {status}")
        return status, _object(body)


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > _LARGEST:
            raise LookupUnavailable("it answers with too much")
    return bytes(body)


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise LookupUnavailable("it answers with something that is not JSON") from None
    if not isinstance(said, dict):
        raise LookupUnavailable("it answers with JSON of another shape")
    return said


def _verified_email(claims: dict[str, Any]) -> str:
    """Only one the provider has verified, and only in ASCII: other letters may become these when they are made small."""
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str) or not email.isascii():
        return ""
    return email.strip().lower()
