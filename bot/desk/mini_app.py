"""The desk inside Telegram: who opens it there is known by what Telegram signs for the page.

https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.web.bucket import Buckets, Rate
from bot.channels.web.guard import Refusal, caller, check_origin, json_body
from bot.desk.office import Office
from bot.pipeline.metrics import SIGN_IN_FAILURES

FRAMES = "https://web.telegram.org"
"""Where Telegram's web client shows the page inside its own; elsewhere it is a window."""
_FRESH = 600
"""Seconds what Telegram signed is good for signing in."""
_AHEAD = 60
"""Seconds its clock may be ahead of ours."""
_BYTES = 16 * 1024

log = structlog.get_logger(__name__)


class MiniApp:
    """Signs in who has an account that names their Telegram id."""

    def __init__(self, office: Office, token: str, rate: Rate) -> None:
        self._office = office
        self._token = token
        self._by_address = Buckets(rate)
        self._used: dict[str, datetime] = {}

    def routes(self) -> list[Route]:
        """Open to everybody: here it is found out who they are."""
        return [Route("/desk/telegram", self.sign_in, methods=["POST"])]

    async def sign_in(self, request: Request) -> Response:
        """By what Telegram gave the page."""
        check_origin(request, self._office.origins)
        if self._by_address.wait(caller(request)):
            raise Refusal(429, "sign_in_too_often")
        body = await json_body(request, _BYTES)
        given = body.get("data")
        signed = given if isinstance(given, str) else ""
        person = signed_person(signed, self._token, self._office.clock())
        if person is None:
            SIGN_IN_FAILURES.labels("telegram").inc()
            raise Refusal(403, "mini_app_not_signed")
        staff = await self._office.database.read(lambda unit: unit.staff_of(f"telegram:{person}"))
        if staff is None or staff.disabled:
            log.warning("desk.mini_app_stranger", telegram=person)
            SIGN_IN_FAILURES.labels("telegram").inc()
            raise Refusal(403, "mini_app_stranger", id=person)
        if not self._first_use(signed):
            log.warning("desk.mini_app_again", telegram=person)
            raise Refusal(403, "mini_app_not_signed")
        response = JSONResponse({})
        await self._office.sessions.begin(request, response, staff, "telegram", framed=True)
        return response

    def _first_use(self, signed: str) -> bool:
        """False for what has signed somebody in already: whoever overheard it comes too late. It is remembered for as long
        as it is fresh."""
        now, mark = self._office.clock(), dict(parse_qsl(signed))["hash"]
        old = now - timedelta(seconds=_FRESH + _AHEAD)
        self._used = {known: at for known, at in self._used.items() if at > old}
        fresh = mark not in self._used
        self._used[mark] = now
        return fresh


def signed_person(data: str, token: str, now: datetime) -> int | None:
    """The user id in what Telegram signed with the bot's token; None when it did not, or not just now."""
    fields = dict(parse_qsl(data, keep_blank_values=True))
    given = fields.pop("hash", "")
    text = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    key = hmac.digest(b"WebAppData", token.encode(), hashlib.sha256)
    right = hmac.digest(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hex()
    if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), right.encode()):
        return None
    try:
        at, person = int(fields["auth_date"]), json.loads(fields["user"])["id"]
    except (KeyError, ValueError, TypeError):
        return None
    age = now.timestamp() - at
    return person if isinstance(person, int) and -_AHEAD <= age <= _FRESH else None
