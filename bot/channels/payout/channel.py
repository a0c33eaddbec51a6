"""Posts orders to pay to the shop's payment service, and takes in what it answers.

Repeating is safe: each order carries an idempotency key, and the service pays one key once. So whatever leaves it open
whether an order arrived is tried again, until there is an answer.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import aiohttp
import structlog

from bot.channels.payout.answer import word_of
from bot.channels.payout.signature import signed
from bot.domain.messages import Payout
from bot.domain.refunds import RefundEvent
from bot.errors import DeliveryError, Refused, TryLater, Uncertain
from bot.pipeline.arrivals import Arrival
from bot.pipeline.deliveries import Delivery
from bot.pipeline.payouts import CHANNEL, answered, news
from bot.pipeline.ports import Database

Take = Callable[[Sequence[Arrival]], Awaitable[None]]

PATIENCE = 30.0
"""Seconds for one exchange; less than the sender's lease."""
_LARGEST = 64 * 1024
_LONGEST_PAUSE = timedelta(hours=1)
_NOT_YET = frozenset({HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_UNKNOWN = frozenset({HTTPStatus.REQUEST_TIMEOUT})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Order:
    """What the channel must know of the order in the outbox row's text."""

    key: str
    attempt: int
    idempotency_key: str

    @classmethod
    def read(cls, text: str) -> _Order:
        found = json.loads(text)
        return cls(found["key"], found["attempt"], found["idempotency_key"])


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes
    retry_after: str


class PayoutChannel:
    """The channel named ``payout``; its addresses are refunds."""

    limit = None

    def __init__(
        self,
        url: str,
        secret: str,
        database: Database,
        take: Take,
        clock: Callable[[], datetime],
        patience: float = PATIENCE,
    ) -> None:
        self._url = url
        self._secret = secret
        self._database = database
        self._take = take
        self._clock = clock
        self._patience = aiohttp.ClientTimeout(total=patience)
        self._session: aiohttp.ClientSession | None = None

    @property
    def name(self) -> str:
        """As it stands in the outbox."""
        return CHANNEL

    async def close(self) -> None:
        """Let go of connections."""
        if self._session:
            await self._session.close()

    async def deliver(self, delivery: Delivery) -> str:
        """Post it, and store what is answered. Raises a `DeliveryError` that says what to do.

        Whatever nobody foresaw leaves it open whether money left: it is tried again, and never given up.
        """
        try:
            return await self._exchanged(delivery)
        except DeliveryError:
            raise
        except Exception as error:
            log.exception("an order to pay failed unforeseen; it is tried again", delivery=delivery.id)
            raise Uncertain(f"the exchange failed ({type(error).__name__})") from error

    async def _exchanged(self, delivery: Delivery) -> str:
        order = _Order.read(delivery.text)
        if await self._database.read(lambda unit: answered(unit, order.key, order.attempt)):
            return (
                ""  # the process was killed before it could mark it, or the service called before it answered
            )
        answer = await self._post(order, delivery)
        told = _told(order, answer, delivery)
        try:
            await self._take([news(told, delivery.conversation_id)])
        except Exception as error:
            raise Uncertain(f"the answer could not be stored ({type(error).__name__})") from error
        if told.why:
            raise Refused(told.why)
        return told.reference

    async def _post(self, order: _Order, delivery: Delivery) -> _Answer:
        body = delivery.text.encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": order.idempotency_key,
            **signed(self._secret, order.idempotency_key, self._clock(), body),
        }
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._patience, cookie_jar=aiohttp.DummyCookieJar())
        try:
            async with self._session.post(
                self._url, data=body, headers=headers, allow_redirects=False
            ) as response:
                retry_after = response.headers.get("Retry-After", "")
                return _Answer(response.status, await _body(response), retry_after)
        except aiohttp.ClientConnectorError as error:
            raise TryLater(
                f"the payment service can't be reached: {error.os_error}", _pause(delivery)
            ) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Uncertain(f"the payment service did not answer: {type(error).__name__}") from error


def _told(order: _Order, answer: _Answer, delivery: Delivery) -> Payout:
    """The news in the answer; `TryLater` or `Uncertain` when there is none yet."""
    status, said = answer.status, word_of(answer.body, order.key, order.attempt)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _UNKNOWN:
        raise Uncertain(f"the payment service answers with HTTP {status}")
    if status in _NOT_YET:
        raise TryLater(f"the payment service asks to wait (HTTP {status})", _asked_pause(answer, delivery))
    if status < HTTPStatus.OK or HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        log.error("payouts.url does not take orders to pay", status=status)
        raise TryLater(f"payouts.url answers with HTTP {status}, which is not followed", _pause(delivery))
    taken = status < HTTPStatus.MULTIPLE_CHOICES or status == HTTPStatus.CONFLICT
    # Where an earlier try had no answer it may have been paid, and a refusal of this one does not say that it was not.
    in_doubt = not taken and said.event is None and delivery.uncertain > 0
    event = said.event or (RefundEvent.SEND if taken or in_doubt else RefundEvent.FAIL)
    why = said.reason or f"HTTP {status}"
    return Payout(
        order.key,
        event.value,
        order.attempt,
        said.reference,
        why if in_doubt or event is RefundEvent.FAIL else "",
    )


def _pause(delivery: Delivery) -> timedelta:
    """Longer from try to try."""
    return timedelta(seconds=min(2 ** min(delivery.attempts, 8), 300))


def _asked_pause(answer: _Answer, delivery: Delivery) -> timedelta:
    """What the service asks for, in whole seconds; ours where it does not."""
    asked = answer.retry_after
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        return min(timedelta(seconds=max(int(asked), 1)), _LONGEST_PAUSE)
    return _pause(delivery)


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """The beginning of the answer: what matters stands there, and nobody must be able to fill our memory."""
    body = b""
    while len(body) < _LARGEST and (more := await response.content.read(_LARGEST - len(body))):
        body += more
    return body
