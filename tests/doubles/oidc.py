"""A double of an OpenID Connect provider over real HTTP, strict about the authorization code flow with PKCE.

async with OidcProvider() as idp:
    idp.redirects.add(f"{house.url}/desk/oidc/back")
    idp.person = Account("248289761001", "mia@shop.example")   # who signs in there next
    ... Provider(idp.url, idp.client, idp.secret, clock) ...

It signs and checks by itself, without our code and without the library that checks in it. What breaks a rule of the
specification is answered as that says, and noted in `violations`.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote_plus, urlencode

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

ASKED = {
    *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce"),
    *("code_challenge", "code_challenge_method"),
}
EXCHANGED = {"grant_type", "code", "redirect_uri", "code_verifier"}


@cache
def key(kid: str) -> RSAPrivateKey:
    """A key of that name; the same for the whole run."""
    return generate_private_key(65537, 2048)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def public(kid: str) -> dict[str, str]:
    """A key as it is published (RFC 7517)."""
    numbers = key(kid).public_key().public_numbers()
    n, e = (number.to_bytes((number.bit_length() + 7) // 8, "big") for number in (numbers.n, numbers.e))
    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": b64(n), "e": b64(e)}


def token(claims: dict[str, Any], kid: str, *, alg: str = "RS256", signed_with: str = "") -> str:
    """A JWT, signed as it says (RFC 7515). HS256 takes the public key for a shared secret, as a forger would."""
    head = {"alg": alg, "kid": kid, "typ": "JWT", "x-of-the-provider": "1"}
    text = ".".join(b64(json.dumps(part).encode()) for part in (head, claims))
    if alg == "none":
        return f"{text}."
    if alg == "HS256":
        shared = json.dumps(public(kid)).encode()
        return f"{text}.{b64(hmac.digest(shared, text.encode(), hashlib.sha256))}"
    return f"{text}.{b64(key(signed_with or kid).sign(text.encode(), PKCS1v15(), SHA256()))}"


@dataclass(frozen=True)
class Account:
    """Somebody with an account there."""

    sub: str
    email: str = ""
    verified: object = True

    def claims(self) -> dict[str, object]:
        return {"email": self.email, "email_verified": self.verified} if self.email else {}


@dataclass(frozen=True)
class Grant:
    """What a code stands for."""

    redirect: str
    nonce: str
    challenge: str
    account: Account


@dataclass(slots=True)
class OidcProvider:
    """The provider."""

    client: str = "shouhou desk"
    secret: str = "50% s3cret: & + more"
    person: Account = field(default_factory=lambda: Account("248289761001", "mia@shop.example"))
    """Who signs in next."""
    redirects: set[str] = field(default_factory=set)
    """Where it sends browsers back to, letter by letter."""
    kid: str = "first"
    ways: list[str] | None = None
    """How clients may authenticate, as it publishes; None: it says nothing, which means in the header."""
    short: bool = False
    """Its tokens keep the e-mail address to themselves: it is told at the userinfo endpoint."""
    said: dict[str, Any] = field(default_factory=dict)
    """What it publishes otherwise than it is."""
    claims: dict[str, Any] = field(default_factory=dict)
    """What its tokens claim otherwise than they should; None: not at all."""
    sign: Callable[[dict[str, Any], str], str] = token
    replies: dict[str, web.Response | None] = field(default_factory=dict)
    """What a path answers instead; None: nothing, for as long as anybody waits."""
    sends_back: dict[str, str] = field(default_factory=dict)
    """What browsers come back with instead of a code."""
    violations: list[str] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    """How often each path was."""
    clock: Callable[[], float] = time.time
    url: str = ""
    _grants: dict[str, Grant] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _access: dict[str, Account] = field(default_factory=dict)
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._otherwise])
        app.add_routes(
            [
                web.get("/.well-known/openid-configuration", self._discovery),
                web.get("/authorize", self._authorize),
                web.post("/token", self._token),
                web.get("/jwks", self._jwks),
                web.get("/userinfo", self._userinfo),
            ]
        )
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "localhost", 0)
        await site.start()
        self.url = f"http://localhost:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._runner:
            await self._runner.cleanup()

    def rotate(self, kid: str) -> None:
        """Sign with another key from now on, and publish no other."""
        self.kid = kid

    @web.middleware
    async def _otherwise(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.asked[request.path] += 1
        if request.path not in self.replies:
            answer: web.StreamResponse = await handler(request)
            return answer
        reply = self.replies[request.path]
        if reply is None:
            await self._over.wait()
            return web.Response(status=503)
        return web.Response(status=reply.status, body=reply.body, headers=reply.headers)

    async def _discovery(self, _: web.Request) -> web.Response:
        said = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
        ways = {} if self.ways is None else {"token_endpoint_auth_methods_supported": self.ways}
        return web.json_response(said | ways | self.said)

    # -- the browser's part

    async def _authorize(self, request: web.Request) -> web.Response:
        asked = request.query
        if len(asked) != len(set(asked)) or asked.get("redirect_uri") not in self.redirects:
            return self._wrong(
                "authorize: it is sent back to where nobody registered"
            )  # never redirected there
        if problem := self._odd(dict(asked)):
            self.violations.append(f"authorize: {problem}")
            return self._back(asked, {"error": "invalid_request", "error_description": problem})
        if self.sends_back:
            return self._back(asked, self.sends_back)
        code = secrets.token_urlsafe(16)
        self._grants[code] = Grant(
            asked["redirect_uri"], asked["nonce"], asked["code_challenge"], self.person
        )
        return self._back(asked, {"code": code})

    def _odd(self, asked: dict[str, str]) -> str:
        if set(asked) != ASKED:
            return f"not what is asked: {sorted(set(asked) ^ ASKED)}"
        expected = {
            "response_type": "code",
            "client_id": self.client,
            "scope": "openid email",
            "code_challenge_method": "S256",
        }
        wrong = [name for name, value in expected.items() if asked[name] != value]
        wrong += [name for name in ("state", "nonce", "code_challenge") if len(asked[name]) != 43]
        return f"wrong: {wrong}" if wrong else ""

    def _back(self, asked: Any, said: dict[str, str]) -> web.Response:
        query = {"state": asked.get("state", ""), "iss": self.url} | said
        raise web.HTTPFound(f"{asked['redirect_uri']}?{urlencode(query)}")

    # -- the client's part

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        if request.content_type != "application/x-www-form-urlencoded":
            return self._wrong("token: no form")
        if not self._is_client(request, form):
            return self._wrong("token: not the client", "invalid_client", 401)
        if set(form) - {"client_id", "client_secret"} != EXCHANGED:
            return self._wrong(f"token: not what is exchanged: {sorted(form)}")
        if form["grant_type"] != "authorization_code":
            return self._wrong("token: another grant", "unsupported_grant_type")
        grant = self._grants.pop(form["code"], None)
        if form["code"] in self._used:
            self.violations.append("token: the code was used")
        if grant is None:
            return web.json_response({"error": "invalid_grant"}, status=400)
        self._used.add(form["code"])
        if problem := _unlike(grant, form):
            return self._wrong(f"token: {problem}", "invalid_grant")
        return self._tokens(grant)

    def _is_client(self, request: web.Request, form: dict[str, str]) -> bool:
        """In the header or in the form, as published, never both; in the header each part is encoded first."""
        header, posted = request.headers.get("Authorization", ""), "client_secret" in form
        if posted is bool(header) or posted is not (
            "client_secret_basic" not in (self.ways or ["client_secret_basic"])
        ):
            return False
        if posted:
            return (form.get("client_id"), form["client_secret"]) == (self.client, self.secret)
        kind, _, both = header.partition(" ")
        client, _, secret = base64.b64decode(both).decode().partition(":")
        return kind == "Basic" and (unquote_plus(client), unquote_plus(secret)) == (self.client, self.secret)

    def _tokens(self, grant: Grant) -> web.Response:
        now = int(self.clock())
        claims: dict[str, Any] = {
            "iss": self.url,
            "sub": grant.account.sub,
            "aud": self.client,
            "exp": now + 300,
            "iat": now,
            "nonce": grant.nonce,
            **({} if self.short else grant.account.claims()),
        }
        claims = {name: value for name, value in (claims | self.claims).items() if value is not None}
        access = secrets.token_urlsafe(16)
        self._access[access] = grant.account
        said = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": self.sign(claims, self.kid),
        }
        return web.json_response(said, headers={"Cache-Control": "no-store"})

    async def _jwks(self, _: web.Request) -> web.Response:
        return web.json_response({"keys": [{"kty": "of tomorrow", "kid": "x"}, public(self.kid)]})

    async def _userinfo(self, request: web.Request) -> web.Response:
        kind, _, access = request.headers.get("Authorization", "").partition(" ")
        account = self._access.get(access) if kind == "Bearer" else None
        if account is None:
            return self._wrong("userinfo: without a token", "invalid_token", 401)
        return web.json_response({"sub": account.sub, **account.claims()})

    def _wrong(self, problem: str, error: str = "invalid_request", status: int = 400) -> web.Response:
        self.violations.append(problem)
        return web.json_response({"error": error, "error_description": problem}, status=status)


def _unlike(grant: Grant, form: dict[str, str]) -> str:
    """What is not as it was when the browser left."""
    verifier = form["code_verifier"]
    if form["redirect_uri"] != grant.redirect:
        return "it was sent back to elsewhere"
    if len(verifier) < 43 or b64(hashlib.sha256(verifier.encode()).digest()) != grant.challenge:
        return "the verifier is another's"
    return ""
