"""快递100: one service that asks most carriers. Its real-time query, as documented at api.kuaidi100.com.

One form-encoded POST to `poll/query.do` with `customer`, `param` (JSON) and `sign` (MD5 of param + key + customer in
upper-case hex). A parcel asked for more often than every half hour may be locked; the tracker's cache keeps that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import structlog

from bot.carriers.directory import Carrier, carrier_of
from bot.carriers.source import Needs, ParcelRefused
from bot.domain.orders import Parcel, ParcelEvent, ParcelState
from bot.errors import LookupUnavailable

PATH = "/poll/query.do"
CHINA = ZoneInfo("Asia/Shanghai")
"""Times in answers are China time."""

_STATES = {
    "0": ParcelState.IN_TRANSIT,
    "1": ParcelState.COLLECTED,
    "2": ParcelState.EXCEPTION,  # trouble
    "3": ParcelState.DELIVERED,
    "4": ParcelState.EXCEPTION,  # given back by the receiver
    "5": ParcelState.OUT_FOR_DELIVERY,
    "6": ParcelState.EXCEPTION,  # on its way back
    "7": ParcelState.IN_TRANSIT,  # handed to another carrier
    "8": ParcelState.IN_TRANSIT,  # customs
    "10": ParcelState.IN_TRANSIT,
    "11": ParcelState.IN_TRANSIT,
    "12": ParcelState.IN_TRANSIT,
    "13": ParcelState.EXCEPTION,  # held by customs
    "14": ParcelState.EXCEPTION,  # refused by the receiver
}
_NO_NEWS = frozenset({"500", "201"})
_REFUSED = {"400": "the carrier code or a field is not accepted", "408": "the phone number does not match"}
_DOWN = {
    "501": "the service is in trouble",
    "502": "the service is overloaded",
    "503": "the signature is not accepted: check KUAIDI100_CUSTOMER and KUAIDI100_KEY",
    "601": "the account has no queries left, or its key has expired",
}
_LARGEST = 1_000_000
_MOST_EVENTS = 200
_LONGEST_TEXT = 500
_SHORTEST_NUMBER, _LONGEST_NUMBER = 6, 32

log = structlog.get_logger(__name__)


class Kuaidi100:
    """Client of the real-time query."""

    def __init__(
        self,
        base_url: str,
        customer: str,
        key: str,
        phone_of: Callable[[str], Awaitable[str]],
        now: Callable[[], datetime],
    ) -> None:
        self._url = base_url.rstrip("/") + PATH
        self._customer = customer
        self._key = key
        self._phone_of = phone_of
        self._now = now
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, parcel: Parcel) -> Parcel:
        """The newest news; see `Source.ask`."""
        carrier = carrier_of(parcel.carrier)
        if carrier is None or not _SHORTEST_NUMBER <= len(parcel.number) <= _LONGEST_NUMBER:
            raise ParcelRefused(f"快递100 can't be asked about this parcel of {parcel.carrier!r}")
        phone = await self._phone_of(parcel.order_number) if carrier.asks_phone else ""
        return read(await self._post(_param(parcel, carrier, phone)), parcel, self._now())

    async def close(self) -> None:
        """Let go of connections."""
        if self._session:
            await self._session.close()

    async def _post(self, param: str) -> dict[str, Any]:
        form = {"customer": self._customer, "sign": sign(param, self._key, self._customer), "param": param}
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with self._session.post(self._url, data=form, allow_redirects=False) as response:
                if response.status != 200:
                    raise LookupUnavailable(f"快递100 answers with HTTP {response.status}")
                return _json(await _body(response))
        except (aiohttp.ClientError, OSError) as error:
            raise LookupUnavailable(f"快递100 can't be reached: {type(error).__name__}") from error


def make(needs: Needs) -> Kuaidi100:
    """The source."""
    secrets = needs.secrets
    return Kuaidi100(
        needs.settings.base_url, secrets.kuaidi100_customer, secrets.kuaidi100_key, needs.phone_of, needs.now
    )


def sign(param: str, key: str, customer: str) -> str:
    """The signature the service asks for. MD5 is its choice; it only travels inside TLS."""
    return hashlib.md5((param + key + customer).encode(), usedforsecurity=False).hexdigest().upper()


def read(answer: dict[str, Any], parcel: Parcel, now: datetime) -> Parcel:
    """What an answer says of the parcel."""
    events = answer.get("data")
    if str(answer.get("status")) == "200" and isinstance(events, list):
        return _news(answer, events, parcel, now)
    code = str(answer.get("returnCode") or answer.get("status") or "")
    if code in _NO_NEWS:
        return _nothing_yet(parcel, now)
    if code in _REFUSED:
        log.warning("快递100 refuses a parcel", carrier=parcel.carrier, code=code, reason=_REFUSED[code])
        raise ParcelRefused(f"快递100: {_REFUSED[code]}")
    raise LookupUnavailable(f"快递100: {_DOWN.get(code, 'its answer can not be understood')}")


def _param(parcel: Parcel, carrier: Carrier, phone: str) -> str:
    fields = {
        "com": carrier.kuaidi100,
        "num": parcel.number,
        "phone": phone,
        "resultv2": "1",  # with the place of each scan
        "show": "0",  # JSON
        "order": "desc",
    }
    return json.dumps({name: value for name, value in fields.items() if value}, ensure_ascii=False)


def _nothing_yet(parcel: Parcel, now: datetime) -> Parcel:
    return parcel if parcel.events else replace(parcel, as_of=now)


def _news(answer: dict[str, Any], data: list[Any], parcel: Parcel, now: datetime) -> Parcel:
    if str(answer.get("nu", "")).upper() != parcel.number.upper():
        raise LookupUnavailable("快递100 answers about another parcel")
    found = [event for raw in data[:_MOST_EVENTS] if (event := _event(raw))]
    if not found:
        return _nothing_yet(parcel, now)
    events = tuple(sorted(found, key=lambda event: event.at, reverse=True))
    return replace(parcel, state=_state(answer.get("state"), parcel.state), events=events, as_of=now)


def _state(code: object, otherwise: ParcelState) -> ParcelState:
    """The basic states, or the finer ones that begin with them (301: signed for in person; 1001: in transit)."""
    text = str(code)
    if text in _STATES:
        return _STATES[text]
    if len(text) == 4 and text.startswith("100"):
        return ParcelState.IN_TRANSIT
    if len(text) in (3, 4):
        return _STATES.get(text[:-2], otherwise)
    return otherwise


def _event(raw: Any) -> ParcelEvent | None:
    if not isinstance(raw, dict):
        return None
    text = _line(raw.get("context"))
    try:
        at = datetime.strptime(str(raw.get("ftime") or raw.get("time")), "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    return ParcelEvent(at.replace(tzinfo=CHINA), text, _line(raw.get("areaName"))) if text else None


def _line(raw: object) -> str:
    """Text of others, as one printable line of bounded length."""
    text = raw if isinstance(raw, str) else ""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:_LONGEST_TEXT]


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = await response.content.read(_LARGEST + 1)
    while len(body) <= _LARGEST and (more := await response.content.read(_LARGEST)):
        body += more
    if len(body) > _LARGEST:
        raise LookupUnavailable("快递100 answers with too much")
    return body


def _json(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise LookupUnavailable("快递100 answers with something that is not JSON") from None
    if not isinstance(answer, dict):
        raise LookupUnavailable("快递100 answers with JSON of another shape")
    return answer
