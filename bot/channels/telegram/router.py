"""Where an update belongs, seen from outside; tolerant, since what nobody understands is stored too."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from bot.channels.telegram.channel import NAME
from bot.channels.telegram.cleaning import clean
from bot.pipeline.arrivals import Arrival

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "message_reaction", "my_chat_member")
"""What we ask Telegram for (https://core.telegram.org/bots/api#update)."""
LARGEST_ID = 1 << 52
"""Chat ids "have at most 52 significant bits" (https://core.telegram.org/bots/api#chat)."""
LARGEST_THREAD = 1 << 31


@dataclass(frozen=True, slots=True)
class Route:
    """What routing needs to know of an update."""

    address: str = ""
    thread: int | None = None
    album: str = ""
    message: str = ""
    """A message of the staff group, where the update does not say in which topic it stands."""


NOWHERE = Route()


def arrival(update: Any, staff_chat: int | None = None) -> Arrival:
    """The update as a thing to store; never raises. Without address and thread nobody is waiting for it."""
    payload = update if isinstance(update, dict) else {"unreadable": update}
    route = _route(payload, staff_chat)
    return Arrival(
        NAME,
        origin(payload),
        payload,
        route.address,
        staff_thread=route.thread,
        staff_message=route.message,
        album=route.album,
    )


def origin(update: Mapping[str, Any]) -> str:
    """``update:<update_id>``, the same when Telegram brings it again; without an id, what it says decides."""
    number = update.get("update_id")
    if _is_id(number):
        return f"update:{number}"
    written = json.dumps(update, sort_keys=True, default=str)
    return f"odd:{hashlib.sha256(written.encode()).hexdigest()}"


def _route(update: Mapping[str, Any], staff_chat: int | None) -> Route:
    for kind in ("message", "edited_message"):
        if isinstance(update.get(kind), dict):
            return _of_message(update[kind], staff_chat)
    tap = update.get("callback_query")
    if isinstance(tap, dict):
        return (
            _of_message(tap["message"], staff_chat) if isinstance(tap.get("message"), dict) else _sender(tap)
        )
    reaction = update.get("message_reaction")
    if isinstance(reaction, dict):
        return _of_reaction(reaction, staff_chat)
    change = update.get("my_chat_member")
    return _of_message(change, staff_chat) if isinstance(change, dict) else NOWHERE


def _of_message(message: Mapping[str, Any], staff_chat: int | None) -> Route:
    chat = message.get("chat")
    if not isinstance(chat, dict) or not _is_id(chat.get("id")):
        return NOWHERE
    if chat.get("type") == "private":
        return Route(str(chat["id"]), album=_album(message))
    if staff_chat is not None and chat["id"] == staff_chat:
        return Route(thread=_thread(message), album=_album(message))
    return NOWHERE


def _of_reaction(reaction: Mapping[str, Any], staff_chat: int | None) -> Route:
    """A reaction names the message, and no topic (https://core.telegram.org/bots/api#messagereactionupdated)."""
    chat, message = reaction.get("chat"), reaction.get("message_id")
    if not isinstance(chat, dict) or not _is_id(message):
        return NOWHERE
    if staff_chat is not None and chat.get("id") == staff_chat:
        return Route(message=str(message))
    return _of_message(reaction, staff_chat)


def _sender(tap: Mapping[str, Any]) -> Route:
    """A tap under a message that is not shown: who tapped talks to us in the chat of the same id."""
    person = tap.get("from")
    if isinstance(person, dict) and _is_id(person.get("id")) and "inline_message_id" not in tap:
        return Route(str(person["id"]))
    return NOWHERE


def _thread(message: Mapping[str, Any]) -> int | None:
    """A reply outside topics has a thread id too; only `is_topic_message` makes it a topic's."""
    thread = message.get("message_thread_id")
    if message.get("is_topic_message") is not True or not _is_id(thread):
        return None
    return thread if 0 < thread < LARGEST_THREAD else None


def _album(message: Mapping[str, Any]) -> str:
    album = message.get("media_group_id")
    return clean(album, 64) if isinstance(album, str) else ""


def _is_id(number: object) -> TypeGuard[int]:
    return isinstance(number, int) and not isinstance(number, bool) and abs(number) < LARGEST_ID
