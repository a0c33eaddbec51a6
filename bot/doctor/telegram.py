"""Telegram: whether it knows the bot, brings it what people write, and lets it work in the staff group."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from bot.config import Config
from bot.doctor.asking import Answer, ask
from bot.doctor.finding import Area, Finding
from bot.errors import LookupUnavailable

_AREA = Area("Telegram")
_FINE, _BEARABLE = timedelta(seconds=5), timedelta(seconds=30)
"""How far clocks may be apart: Telegram's tells seconds; codes and signed links are good for half a minute around."""
_LATELY = timedelta(hours=1)
_MANY = 100
"""Updates that wait for a webhook that does not take them."""
_NO = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
"""How it answers what it will not do however often it is asked; else it has troubles of its own, or too much to do."""


class _Refused(Exception):
    """Telegram does not do what it was asked; the words are its own."""


async def check_telegram(config: Config, clock: Callable[[], datetime]) -> list[Finding]:
    """Nothing where there is no token: the web chat needs none."""
    if not config.secrets.telegram_token:
        return []
    api = _Api(config)
    try:
        me, answer = await api.me()
    except LookupUnavailable as error:
        mend = (
            "try again in a moment; where that does not help, look at this machine's way to api.telegram.org"
        )
        return [_AREA.wrong("Bot API", str(error), mend)]
    except _Refused as error:
        mend = "copy the token again from @BotFather (it looks like 123456789:AbC…)"
        return [_AREA.wrong("token", f"Telegram does not accept TELEGRAM_BOT_TOKEN: {error}", mend)]
    found = [_AREA.ok("token", f"@{me.get('username', '?')}"), *_apart(answer, clock())]
    for part in (_webhook, _staff_group):
        try:
            found += await part(api, config, me, clock())
        except (LookupUnavailable, _Refused) as error:
            found.append(_AREA.wrong("Bot API", f"{error}", "try again in a moment"))
    return found


class _Api:
    """Asks what changes nothing."""

    def __init__(self, config: Config) -> None:
        self._root = f"{config.telegram.base_url}{config.secrets.telegram_token}"

    async def me(self) -> tuple[dict[str, Any], Answer]:
        """Who the bot is."""
        return await self._call("getMe")

    async def get(self, method: str, **params: Any) -> dict[str, Any]:
        """What it says."""
        result, _ = await self._call(method, **params)
        return result

    async def _call(self, method: str, **params: Any) -> tuple[dict[str, Any], Answer]:
        answer = await ask("POST", f"{self._root}/{method}", params)
        try:
            said = json.loads(answer.body)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise LookupUnavailable(f"it answers {method} with HTTP {answer.status} and no JSON")
        words = str(said.get("description", f"HTTP {answer.status}"))
        if answer.status in _NO:
            raise _Refused(words)
        if not isinstance(said.get("result"), dict):
            raise LookupUnavailable(f"it does not answer {method} just now: {words}")
        return said["result"], answer


def _apart(answer: Answer, now: datetime) -> Iterator[Finding]:
    if answer.date is None:
        return
    apart = abs(now - answer.date)
    told = f"{apart.total_seconds():.0f} s apart from Telegram's"
    mend = "set this machine's time, and keep it by NTP: timedatectl set-ntp true"
    if apart <= _FINE:
        yield _AREA.ok("clock", told)
    elif apart <= _BEARABLE:
        yield _AREA.consider("clock", told, mend)
    else:
        yield _AREA.wrong("clock", told, mend)


async def _webhook(api: _Api, config: Config, _: dict[str, Any], now: datetime) -> list[Finding]:
    info = await api.get("getWebhookInfo")
    there, ours = str(info.get("url", "")), config.telegram.webhook_url
    waiting = int(info.get("pending_update_count", 0))
    if config.telegram.mode == "polling":
        if not there:
            return [_AREA.ok("updates", f"asked for by polling; {waiting} wait")]
        host = urlsplit(there).hostname
        return [
            _AREA.consider(
                "updates",
                f"are brought to a webhook at {host}, and telegram.mode is polling",
                "the next start takes the webhook down; if another program uses this token, give it one of its own",
            )
        ]
    if there != ours:
        where = urlsplit(there).hostname or "nowhere"
        return [
            _AREA.consider(
                "updates",
                f"are brought to {where}, not to telegram.webhook_url",
                "start the shop: it tells Telegram where to bring them",
            )
        ]
    return [*_brought(info, waiting, now)]


def _brought(info: dict[str, Any], waiting: int, now: datetime) -> Iterator[Finding]:
    failed = datetime.fromtimestamp(int(info.get("last_error_date", 0)), UTC)
    mend = "see that the proxy passes telegram.webhook_url on, with a certificate Telegram can check"
    if now - failed < _LATELY:
        words = info.get("last_error_message", "it does not say why")
        yield _AREA.wrong("updates", f"could not be brought at {failed:%H:%M} UTC: {words}", mend)
    elif waiting > _MANY:
        yield _AREA.consider("updates", f"{waiting} wait at Telegram", "look whether the shop is served")
    else:
        yield _AREA.ok("updates", f"brought to the webhook; {waiting} wait")


async def _staff_group(api: _Api, config: Config, me: dict[str, Any], _: datetime) -> list[Finding]:
    chat = config.telegram.staff_chat
    if chat is None:
        return [_AREA.ok("staff group", "none: agents use the web page")]
    try:
        group = await api.get("getChat", chat_id=chat)
        member = await api.get("getChatMember", chat_id=chat, user_id=me["id"])
    except _Refused as error:
        mend = "add the bot to the group, and set telegram.staff_chat to its id (it begins with -100)"
        return [_AREA.wrong("staff group", f"can't be seen: {error}", mend)]
    return [*_rights(group, member, reads_all=bool(me.get("can_read_all_group_messages")))]


def _rights(group: dict[str, Any], member: dict[str, Any], *, reads_all: bool) -> Iterator[Finding]:
    if not group.get("is_forum"):
        yield _AREA.wrong("topics", "are off in the staff group", "switch Topics on in the group's settings")
    if member.get("status") not in ("administrator", "creator"):
        privacy = "" if reads_all else ", and by its privacy mode it does not hear what agents write"
        yield _AREA.wrong(
            "staff group",
            f"the bot is no administrator there{privacy}",
            "make it one, with the rights to manage topics and to pin messages",
        )
        return
    yield _AREA.ok("staff group", str(group.get("title", "")))
    rights = (
        ("can_manage_topics", "manage topics", True, "no conversation gets a topic of its own"),
        ("can_pin_messages", "pin messages", False, "cards are posted, and not pinned"),
    )
    for right, name, needed, without in rights:
        if member.get("status") == "creator" or member.get(right):
            yield _AREA.ok(f"right to {name}", "given")
        else:
            mend = f"give it in the group's list of administrators: {name}"
            tell = _AREA.wrong if needed else _AREA.consider
            yield tell(f"right to {name}", f"not given: {without}", mend)
