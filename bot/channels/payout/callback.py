"""`POST /payouts`: the payment service says what became of an order to pay. Stored before it is acknowledged."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.payout.answer import EVENTS, LONGEST_REASON, LONGEST_REFERENCE, text_of
from bot.channels.payout.channel import Take
from bot.channels.payout.signature import verify
from bot.channels.web.bucket import Buckets, Rate
from bot.channels.web.guard import caller
from bot.domain.messages import Payout
from bot.domain.refunds import order_to_pay
from bot.errors import BadSignature
from bot.pipeline.payouts import news
from bot.pipeline.ports import Database

PATH = "/payouts"
LARGEST_BODY = 16 * 1024
CALLS = Rate(burst=60, per_second=10)
"""Of one network address."""
_FIELDS = frozenset({"key", "event", "attempt", "reference", "reason"})
_NEEDED = frozenset({"key", "event", "attempt"})

log = structlog.get_logger(__name__)


class _Answer(Exception):
    """The call ends here, with this status and these words for the service's engineer."""

    def __init__(self, status: int, words: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.response = JSONResponse({"error": words}, status, headers)


class Callback:
    """The route. Nothing of what is ordered is told to whoever can't sign."""

    def __init__(
        self, database: Database, take: Take, secret: str, clock: Callable[[], datetime], rate: Rate = CALLS
    ) -> None:
        self._database = database
        self._take = take
        self._secret = secret
        self._clock = clock
        self._calls = Buckets(rate)

    def routes(self) -> list[Route]:
        """To be mounted in the web server."""
        return [Route(PATH, self._receive, methods=["POST"])]

    async def _receive(self, request: Request) -> Response:
        try:
            self._slow_down(request)
            body = await _body(request)
            self._check(request, body)
            await self._keep(_told(body))
        except _Answer as answer:
            return answer.response
        except ClientDisconnect:
            return JSONResponse({"error": "gone"}, 400)
        return JSONResponse({}, 202)

    def _slow_down(self, request: Request) -> None:
        wait = self._calls.wait(caller(request))
        if wait:
            raise _Answer(429, "too many calls; try again later", {"Retry-After": str(math.ceil(wait))})

    def _check(self, request: Request, body: bytes) -> None:
        try:
            verify(self._secret, request.headers, body, self._clock())
        except BadSignature as error:
            log.warning("a call to /payouts is not signed as it should be", reason=str(error))
            raise _Answer(401, str(error)) from None

    async def _keep(self, told: Payout) -> None:
        try:
            order = order_to_pay(told.key, told.tries)
            conversation_id = await self._database.read(lambda unit: unit.ordered(order))
            if conversation_id is None:
                raise _Answer(404, f"there is no order to pay of key {told.key!r} and attempt {told.tries}")
            await self._take([news(told, conversation_id)])
        except _Answer:
            raise
        except Exception as error:
            log.warning("news of a payment could not be stored", error=type(error).__name__)
            raise _Answer(503, "could not be stored; send it again") from error


def _told(body: bytes) -> Payout:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise _Answer(400, "the body is not JSON") from None
    if not isinstance(fields, dict):
        raise _Answer(400, "the body is not a JSON object")
    try:
        return _read(fields)
    except ValueError as error:
        raise _Answer(400, str(error)) from None


def _read(fields: Mapping[str, Any]) -> Payout:
    """The news; ValueError names the field that is not as it should be."""
    if odd := sorted(set(fields) - _FIELDS) or sorted(_NEEDED - set(fields)):
        raise ValueError(
            f"{odd[0][:40]} is not a field, or is missing; there are {', '.join(sorted(_FIELDS))}"
        )
    key, event, attempt = fields["key"], fields["event"], fields["attempt"]
    if not isinstance(key, str) or not re.fullmatch(r"[\w:-]{1,60}", key):
        raise ValueError("key is the refund's key from the order to pay, not its idempotency_key")
    if event not in ("succeeded", "failed"):
        raise ValueError("event is succeeded or failed")
    if type(attempt) is not int or not 0 <= attempt < 10_000:
        raise ValueError("attempt is the number from the order to pay")
    reference = text_of(fields, "reference", LONGEST_REFERENCE)
    return Payout(key, EVENTS[event].value, attempt, reference, text_of(fields, "reason", LONGEST_REASON))


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise _Answer(413, f"the body has more than {LARGEST_BODY} bytes")
    return bytes(body)
