"""What a raw update says.

Updates are stored as they came and read here, in the worker, through the library's own types. Whatever they
stumble over is one thing to us: an update that has not the documented shape
(https://core.telegram.org/bots/api#update).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, Message, MessageReactionUpdated, ReactionTypeEmoji, Update, User
from telegram import Contact as SharedContact
from telegram.constants import ChatType

from bot.channels.telegram.cleaning import clean
from bot.channels.telegram.media import attachments
from bot.channels.telegram.staff_reader import StaffReader, answered
from bot.domain.changed import replace
from bot.domain.messages import Choice, Command, Contact, Incoming
from bot.domain.names import one_line
from bot.errors import UnreadableUpdate

NOTHING = Incoming()
"""What an update says that says nothing: a service notice, another bot's command, a strange group."""
COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@(\w{1,64}))?(?:\s+(.*))?", re.DOTALL)
"""A command with its addressee and what follows; a deep link's payload comes as ``/start <payload>``."""
LONGEST_NAME = 128
_LATEST = 1 << 32
"""A date from which on Telegram, or the sender of this, is mistaken: seconds since 1970."""
_BESIDE = frozenset({"entities", "link_preview_options"})
"""What may stand beside the words of a message that is nothing but words."""


@dataclass(slots=True)
class TelegramReader:
    """Reads buyers' updates, and hands those of the staff group on to `StaffReader`."""

    staff_chat: int | None = None
    username: str = ""
    """The bot's own, once it is known: commands for other bots are none of ours."""

    def __call__(self, payload: Mapping[str, Any]) -> Incoming:
        """What it says; `UnreadableUpdate` when it has not the documented shape."""
        if plain := _plain(payload):
            return plain
        try:
            update = Update.de_json(dict(payload), None)
            return self._read(update)
        except Exception as error:  # noqa: BLE001 -- the library raises whatever an odd shape leads to
            trouble = UnreadableUpdate(
                f"an update of Telegram has not the documented shape ({type(error).__name__})"
            )
        raise trouble

    def _read(self, update: Update) -> Incoming:
        if update.callback_query:
            return self._tap(update.callback_query)
        if update.message_reaction:
            return self._reaction(update.message_reaction)
        message = update.message or update.edited_message
        if message is None:
            return NOTHING
        if message.chat.type == ChatType.PRIVATE:
            return self._private(message, edited=update.edited_message is not None)
        if self._is_staff(message.chat.id):
            read = StaffReader(self.username)
            return (read.message(message) if update.message else read.edited(message)) or NOTHING
        return NOTHING

    def _reaction(self, change: MessageReactionUpdated) -> Incoming:
        """What bots can show as well: an emoji, not one of somebody's own making; one."""
        emoji = next((one.emoji for one in change.new_reaction if isinstance(one, ReactionTypeEmoji)), "")
        mark = str(change.message_id)
        if self._is_staff(change.chat.id):
            return StaffReader(self.username).reaction(mark, emoji, change.user) or NOTHING
        if change.chat.type != ChatType.PRIVATE or (change.new_reaction and not emoji):
            return NOTHING
        return _from(change.user, Incoming(reaction=emoji, answers=mark))

    def _tap(self, tap: CallbackQuery) -> Incoming:
        if not isinstance(tap.data, str):
            return NOTHING
        choice = Choice.parse(clean(tap.data))
        if tap.message is None or tap.message.chat.type == ChatType.PRIVATE:
            return _from(tap.from_user, Incoming(choice=choice))
        if self._is_staff(tap.message.chat.id):
            return StaffReader(self.username).tap(choice, tap.from_user) or NOTHING
        return NOTHING

    def _private(self, message: Message, *, edited: bool) -> Incoming:
        if edited and message.location:
            return NOTHING  # a live location moves on by edits, every few seconds
        text = words(message)
        said = Incoming(
            text=text,
            attachments=attachments(message),
            command=command(text) if message.text else None,
            contact=_contact(message, message.contact) if message.contact else None,
            edited=edited,
        )
        if said == Incoming(edited=edited):
            return NOTHING
        marked = replace(said, ref=str(message.message_id), answers=answered(message))
        return _from(message.from_user, marked)

    def _is_staff(self, chat: int) -> bool:
        return self.staff_chat is not None and chat == self.staff_chat


def _plain(payload: Mapping[str, Any]) -> Incoming | None:
    """A buyer's message that is nothing but words, as most are; None for any other, which is left to the library: its types
    have room for all that a message may be, and take ten times as long."""
    match payload:
        case {
            "update_id": int(),
            "message": {
                "message_id": int(number),
                "from": {"id": int(), "first_name": str(first), **person},
                "chat": {"id": int(), "type": "private"},
                "date": int(date),
                "text": str(said),
                **beside,
            },
        } if len(payload) == 2 and 0 < date < _LATEST and beside.keys() <= _BESIDE:
            text = clean(said).strip()
            last, language = person.get("last_name") or "", person.get("language_code") or ""
            if not text or not isinstance(last, str) or not isinstance(language, str):
                return None
            return Incoming(
                text=text,
                command=command(text),
                ref=str(number),
                name=_called(first, last),
                language=clean(language, 35),
            )
    return None


def words(message: Message) -> str:
    """The text, or what stands under a picture."""
    return clean(message.text or message.caption or "").strip()


def command(text: str) -> Command | None:
    """A slash command; a lone slash, or one inside a text, is none."""
    found = COMMAND.fullmatch(text)
    return Command(found[1].lower(), (found[3] or "").strip()) if found else None


def called(person: User) -> str:
    """How a person calls themselves."""
    return _called(person.first_name, person.last_name or "")


def _called(first: str, last: str) -> str:
    return one_line(clean(f"{first} {last}"))[:LONGEST_NAME]


def _from(person: User | None, said: Incoming) -> Incoming:
    if person is None:
        return said
    return replace(said, name=called(person), language=clean(person.language_code or "", 35))


def _contact(message: Message, shared: SharedContact) -> Contact:
    """Own only if the messenger vouches for it, in a message that was not forwarded
    (https://core.telegram.org/bots/api#contact)."""
    sender = message.from_user
    own = sender is not None and shared.user_id == sender.id and message.forward_origin is None
    return Contact("".join(filter(str.isdecimal, clean(shared.phone_number, 32))), own)
