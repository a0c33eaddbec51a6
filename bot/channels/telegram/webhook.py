"""Webhook: Telegram brings the updates; each is stored before it is acknowledged.

"In case of an unsuccessful request (a request with response HTTP status code different from 2XY), we will
repeat the request" (https://core.telegram.org/bots/api#setwebhook), so a storage error is answered with 503.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import Any
from urllib.parse import urlsplit

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Bot

from bot.channels.telegram.intake import Intake
from bot.channels.telegram.router import ALLOWED_UPDATES, arrival
from bot.channels.telegram.settings import Settings
from bot.channels.telegram.taps import Taps
from bot.errors import ConfigError

LARGEST_BODY = 1 << 20
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
DEFAULT_PATH = "/telegram"

log = structlog.get_logger(__name__)


class TooLarge(Exception):
    """The body is larger than any update."""


class Webhook:
    """The route in our web server, and the setting at Telegram."""

    def __init__(self, bot: Bot, intake: Intake, taps: Taps, settings: Settings) -> None:
        self._bot = bot
        self._intake = intake
        self._taps = taps
        self._settings = settings
        self._secret = secret(settings, bot.token)

    def routes(self) -> list[Route]:
        """To be mounted where `webhook_url` leads."""
        path = urlsplit(self._settings.webhook_url).path.rstrip("/") or DEFAULT_PATH
        return [Route(path, self._receive, methods=["POST"])]

    async def set_up(self) -> None:
        """Tell Telegram where to bring updates."""
        await self._bot.set_webhook(
            self._settings.webhook_url,
            secret_token=self._secret,
            max_connections=self._settings.max_connections,
            allowed_updates=ALLOWED_UPDATES,
        )

    async def tear_down(self) -> None:
        """Tell Telegram to keep updates for polling; none is dropped."""
        await self._bot.delete_webhook()

    async def _receive(self, request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            return PlainTextResponse("not from Telegram", 403)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return PlainTextResponse("an update is JSON", 415)
        try:
            update = parsed(await _body(request))
        except TooLarge:
            return PlainTextResponse("too large", 413)
        except ClientDisconnect:
            return PlainTextResponse("gone", 400)
        try:
            await self._intake.take([arrival(update, self._settings.staff_chat)])
        except Exception as error:  # noqa: BLE001 -- whatever it was, Telegram shall bring it again
            log.warning("telegram.not_stored", error=type(error).__name__)
            return PlainTextResponse("not stored", 503)
        self._taps.answer([update])
        return Response()


def parsed(body: bytes) -> Any:
    """The update; what is no JSON at all is kept as text, for a person to look at."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return {"unreadable": body.decode("utf-8", "replace")}


def secret(settings: Settings, token: str) -> str:
    """The owner's, or one that every process with the same token comes to by itself."""
    if not settings.secret:
        return hmac.new(token.encode(), b"shouhou webhook", hashlib.sha256).hexdigest()
    if not SECRET.fullmatch(settings.secret):
        raise ConfigError("the webhook secret may have 1 to 256 characters of A-Z, a-z, 0-9, _ and -")
    return settings.secret


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise TooLarge
    return bytes(body)
