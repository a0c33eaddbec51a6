"""A double of a shop's payment service over real HTTP, strict about all that docs/payouts.md promises.

async with PaymentService(clock) as service:
    service.next = [Reply.drop(), Reply.status(503)]   # what becomes of the next requests, in order; then: accepted
    ... PayoutChannel(service.url, service.secret, …) ...
    await service.call_back("refund:R1", "succeeded")

It signs and verifies by itself, without our code.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import count
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

KEY = b"thirty-two bytes of pure chance!"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
FIELDS = {
    *("key", "attempt", "idempotency_key", "amount", "amount_minor", "currency"),
    *("order_number", "case_number", "purpose", "created_at"),
}
WHOLE = frozenset({"JPY", "KRW"})


@dataclass(frozen=True, slots=True, eq=False)
class Reply:
    """How one request is treated."""

    pays: bool = True
    code: int = 202
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    drops: bool = False
    waits: bool = False
    """The answer waits for `go_on`."""
    calls: tuple[str, ...] = ()
    """Events it calls back before it answers."""

    @classmethod
    def status(cls, code: int, body: Any = None, **headers: str) -> Reply:
        """Pays nothing and answers so."""
        return cls(pays=False, code=code, body=body, headers=headers)

    @classmethod
    def drop(cls, *, pays: bool = True) -> Reply:
        """The connection breaks before an answer, after the payment or without one."""
        return cls(pays=pays, drops=True)


@dataclass(slots=True)
class PaymentService:
    """The service."""

    clock: Callable[[], datetime]
    secret: str = SECRET
    tolerance: float = 300.0
    """Seconds that the time of signing may lie from now."""
    next: list[Reply] = field(default_factory=list)
    usual: Callable[[], Reply] = Reply
    """How requests are treated that nothing is said of in `next`."""
    on_paid: list[Callable[[dict[str, Any]], None]] = field(default_factory=list)
    """Called with each order as the money leaves."""
    payments: list[dict[str, Any]] = field(default_factory=list)
    """The orders that were paid; money has left once for each."""
    failed: set[str] = field(default_factory=set)
    """Idempotency keys that it refused in its own words: they have failed for good."""
    orders: dict[str, bytes] = field(default_factory=dict)
    """Idempotency key to the order as it first came."""
    violations: list[str] = field(default_factory=list)
    requests: int = 0
    callback_url: str = ""
    url: str = ""
    holding: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once an answer waits."""
    _go_on: asyncio.Event = field(default_factory=asyncio.Event)
    _serial: count[int] = field(default_factory=lambda: count(1))
    _runner: web.AppRunner | None = None

    def paid(self, key: str) -> int:
        """How often money has left for a refund."""
        return sum(order["key"] == key for order in self.payments)

    def go_on(self) -> None:
        """Let the answers out that wait; later ones wait again."""
        self._go_on.set()
        self._go_on, self.holding = asyncio.Event(), asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/pay", self._take)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/pay"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.go_on()
        if self._runner:
            await self._runner.cleanup()

    # -- orders to pay

    async def _take(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        body = await request.read()
        if problem := self._problem(request, body):
            self.violations.append(problem)
            return web.json_response({"reason": problem}, status=401)
        order = json.loads(body)
        key = order["idempotency_key"]
        if self.orders.setdefault(key, body) != body:
            self.violations.append(f"{key} came again with another body")
            return web.json_response({"reason": "another order has this key"}, status=422)
        return await self._treated(request, order, self.next.pop(0) if self.next else self.usual())

    async def _treated(self, request: web.Request, order: dict[str, Any], reply: Reply) -> web.StreamResponse:
        key = order["idempotency_key"]
        known = any(paid["idempotency_key"] == key for paid in self.payments)
        said = reply.body if isinstance(reply.body, dict) else {}
        refuses = said.get("event") == "failed" and said.get("key", order["key"]) == order["key"]
        if key in self.failed or (refuses and not known):
            self.failed.add(key)
            reply = Reply.status(422, {"event": "failed", "reason": "the account is closed"})
        elif refuses:
            reply = Reply()
        if reply.pays and not known:
            self.payments.append(order)
            for hear in self.on_paid:
                hear(order)
        for event in reply.calls:
            await self.call_back(order["key"], event, order["attempt"])
        if reply.waits:
            self.holding.set()
            go_on = self._go_on
            await go_on.wait()
        if reply.drops and request.transport:
            request.transport.abort()
        if known and reply.code == 202:
            return web.json_response({"event": "accepted"}, status=409)
        content = "" if reply.body is None else json.dumps(reply.body)
        return web.Response(status=reply.code, text=content, headers=reply.headers)

    def _problem(self, request: web.Request, body: bytes) -> str:
        headers = request.headers
        if request.content_type != "application/json":
            return "the body is not JSON"
        key, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not key or "." in key or not timestamp.isdigit():
            return "webhook-id and webhook-timestamp are needed"
        if abs(int(timestamp) - self.clock().timestamp()) > self.tolerance:
            return "it was signed too long ago"
        if headers.get("webhook-signature") != sign(key, timestamp, body):
            return "the signature is wrong"
        if headers.get("Idempotency-Key") != key:
            return "the idempotency key is not the message's id"
        return self._odd(json.loads(body), key, body)

    def _odd(self, order: dict[str, Any], key: str, body: bytes) -> str:
        if set(order) != FIELDS or order["idempotency_key"] != key:
            return "the order has not the documented fields"
        if json.dumps(order, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() != body:
            return "the body is not canonical"
        places = 0 if order["currency"] in WHOLE else 2
        if Decimal(order["amount"]).scaleb(places) != order["amount_minor"] or order["amount_minor"] <= 0:
            return "the amounts differ"
        return ""

    # -- calling back

    async def call_back(self, key: str, event: str, attempt: int = 1, **more: Any) -> int:
        """Tell the shop; the status of its answer."""
        told = {"key": key, "event": event, "attempt": attempt, "reference": f"P-{key}-{attempt}"} | more
        return await self.post(json.dumps(told).encode())

    async def post(self, body: bytes, headers: dict[str, str] | None = None) -> int:
        """A call, signed as it must be unless headers are given."""
        message_id, timestamp = f"msg_{next(self._serial)}", str(int(self.clock().timestamp()))
        given = headers or {
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": sign(message_id, timestamp, body),
        }
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.callback_url, data=body, headers=given) as response,
        ):
            return response.status


def sign(message_id: str, timestamp: str, body: bytes) -> str:
    """By the published scheme."""
    content = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(KEY, content, hashlib.sha256).digest()).decode()
