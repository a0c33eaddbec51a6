"""Sends deliveries piece by piece.

A delivery of several messages can fail half-way. What was sent already is remembered by the outbox row's id,
and the next attempt goes on behind it. The memory is this process's own: after a crash, or when another
process takes the retry, the delivery begins again, so its first messages may come twice (never not at all).
Most deliveries are one message.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import structlog
from telegram import (
    Bot,
    InputFile,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.channels.telegram.cleaning import clean
from bot.channels.telegram.keyboard import keyboard
from bot.channels.telegram.markup import plain
from bot.channels.telegram.pieces import Piece, pieces
from bot.channels.telegram.trouble import BAD_MARKUP, TOPIC_CLOSED, TOPIC_GONE, says
from bot.domain.messages import Attachment, Medium
from bot.errors import Refused
from bot.pipeline.deliveries import Delivery

Files = Callable[[str], tuple[Path | bytes, str]]
"""Where ``file:<sha256>`` is: its path or content, and its name; LookupError or OSError when it is gone."""

KINDS = {
    Medium.PHOTO: "photo",
    Medium.VIDEO: "video",
    Medium.VIDEO_NOTE: "video_note",
    Medium.DOCUMENT: "document",
    Medium.VOICE: "voice",
    Medium.STICKER: "sticker",
    Medium.OTHER: "document",
}
IN_ALBUMS = {
    Medium.PHOTO: InputMediaPhoto,
    Medium.VIDEO: InputMediaVideo,
    Medium.DOCUMENT: InputMediaDocument,
}
OTHER_KIND = re.compile(r"can't use file of type (\w+) as", re.IGNORECASE)
SENDABLE = {kind.replace("_", ""): kind for kind in (*KINDS.values(), "audio", "animation")}
PLACE = re.compile(r"(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)")
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
REMEMBERED = 1000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a delivery goes: a chat, perhaps a topic in it."""

    chat: int
    thread: int | None = None
    reply: str = ""
    """The message of this chat that is answered, if it still stands."""

    @property
    def answered(self) -> ReplyParameters | None:
        """The same as Telegram takes it."""
        if not self.reply:
            return None
        return ReplyParameters(int(self.reply), allow_sending_without_reply=True)


@dataclass(slots=True)
class Todo:
    """What is still to be sent of a delivery."""

    delivery: int
    left: list[Piece]
    ref: str = ""
    """The ids of the messages that were sent, blanks between them."""

    @property
    def messages(self) -> int:
        """How many messages that is."""
        return sum(piece.messages for piece in self.left)


class Post:
    """The way out. Raises the library's own errors; what they mean for the outbox is the channel's to say."""

    def __init__(self, bot: Bot, files: Files | None = None) -> None:
        self._bot = bot
        self._files = files
        self._begun: OrderedDict[int, Todo] = OrderedDict()

    def todo(self, delivery: Delivery) -> Todo:
        """All of it, or what an earlier attempt left."""
        return self._begun.get(delivery.id) or Todo(delivery.id, list(pieces(delivery)))

    async def send(self, todo: Todo, place: Place) -> str:
        """Send it; the ids of its messages. The last carries the buttons."""
        if not todo.left:
            raise Refused("there is nothing in this message that Telegram would show")
        while todo.left:
            first = place if not todo.ref else replace(place, reply="")
            todo.ref = f"{todo.ref} {await self._piece(todo.left[0], first)}".strip()
            del todo.left[0]
            self._remember(todo)
        return todo.ref

    def _remember(self, todo: Todo) -> None:
        if not todo.left:
            self._begun.pop(todo.delivery, None)
            return
        self._begun[todo.delivery] = todo
        while len(self._begun) > REMEMBERED:
            self._begun.popitem(last=False)

    async def _piece(self, piece: Piece, place: Place) -> str:
        """Send it; without markup where Telegram can't read it, by name where it does not take a file."""
        try:
            return await self._whole(piece, place)
        except (BadRequest, LookupError, OSError) as error:
            if isinstance(error, BadRequest) and says(error, BAD_MARKUP):
                log.warning("telegram.bad_markup")
                return await self._whole(piece, place, marked=False)
            if not piece.files or (isinstance(error, BadRequest) and not _is_about_files(error)):
                raise
            log.warning("telegram.file_not_taken", error=type(error).__name__, files=len(piece.files))
        return await self._one_by_one(piece, place)

    async def _whole(self, piece: Piece, place: Place, *, marked: bool = True) -> str:
        words = piece.words if marked else plain(piece.words)
        mode = ParseMode.HTML if marked else None
        if not piece.files:
            return await self._words(words, mode, piece, place)
        if len(piece.files) > 1:
            return await self._album(words, mode, piece, place)
        return await self._file(words, mode, piece, place)

    async def _one_by_one(self, piece: Piece, place: Place) -> str:
        """The files alone and the words after; a file that is not taken is named, to be asked for."""
        refs = []
        for attachment in piece.files:
            try:
                refs.append(await self._file("", None, Piece(files=(attachment,)), place))
                place = replace(place, reply="")
            except (BadRequest, LookupError, OSError) as error:
                if isinstance(error, BadRequest) and not _is_about_files(error):
                    raise
                refs.append(await self._words(name_line(attachment), None, Piece(), place))
        if piece.words or piece.buttons:
            refs.append(await self._whole(Piece(piece.words, buttons=piece.buttons), place))
        return " ".join(refs)

    async def _words(self, words: str, mode: str | None, piece: Piece, place: Place) -> str:
        message = await self._bot.send_message(
            place.chat,
            words,
            parse_mode=mode,
            message_thread_id=place.thread,
            reply_parameters=place.answered,
            reply_markup=keyboard(piece.buttons),
            link_preview_options=NO_PREVIEW,
        )
        return str(message.message_id)

    async def _file(self, words: str, mode: str | None, piece: Piece, place: Place) -> str:
        (attachment,) = piece.files
        if not attachment.ref:
            return await self._thing(attachment, place)
        try:
            return await self._as(KINDS[attachment.medium], words, mode, piece, place)
        except BadRequest as error:
            kind = _other_kind(error) or ("document" if _is_upload(attachment) else "")
            if not kind or kind == KINDS[attachment.medium] or not _is_about_files(error):
                raise
            return await self._as(kind, words, mode, piece, place)

    async def _as(self, kind: str, words: str, mode: str | None, piece: Piece, place: Place) -> str:
        """A file as a photo, a voice note …: "not possible to change the file type when resending"
        (https://core.telegram.org/bots/api#sending-files)."""
        given: dict[str, Any] = {kind: await self._given(piece.files[0])}
        if words:
            given |= {"caption": words, "parse_mode": mode}
        send = getattr(self._bot, f"send_{kind}")
        message: Message = await send(
            place.chat,
            message_thread_id=place.thread,
            reply_parameters=place.answered,
            reply_markup=keyboard(piece.buttons),
            **given,
        )
        return str(message.message_id)

    async def _album(self, words: str, mode: str | None, piece: Piece, place: Place) -> str:
        """Several pictures as one; the words stand under the first."""
        media = []
        for number, attachment in enumerate(piece.files):
            item = IN_ALBUMS[attachment.medium]
            given = await self._given(attachment, attach=True)
            caption = words if number == 0 and words else None
            media.append(item(given, caption=caption, parse_mode=mode))
        messages = await self._bot.send_media_group(
            place.chat, media, message_thread_id=place.thread, reply_parameters=place.answered
        )
        return " ".join(str(message.message_id) for message in messages)

    async def _thing(self, attachment: Attachment, place: Place) -> str:
        """What is no file: a place is shown on a map, anything else is named."""
        found = PLACE.match(attachment.name) if attachment.medium is Medium.LOCATION else None
        if found is None:
            return await self._words(name_line(attachment), None, Piece(), place)
        latitude, longitude = float(found[1]), float(found[2])
        message = await self._bot.send_location(
            place.chat,
            latitude,
            longitude,
            message_thread_id=place.thread,
            reply_parameters=place.answered,
        )
        return str(message.message_id)

    async def _given(self, attachment: Attachment, *, attach: bool = False) -> str | InputFile:
        """The file as Telegram takes it: by its own id, or uploaded."""
        if not _is_upload(attachment):
            return attachment.ref.removeprefix("telegram:")
        if self._files is None:
            raise LookupError(f"nobody keeps {attachment.ref}")
        content, name = self._files(attachment.ref)
        return InputFile(
            content if isinstance(content, bytes) else content.read_bytes(), attachment.name or name, attach
        )


def name_line(attachment: Attachment) -> str:
    """A file in a line of text."""
    return f"📎 {clean(attachment.name, 200) or attachment.medium.value}"


def _is_upload(attachment: Attachment) -> bool:
    return not attachment.ref.startswith("telegram:")


def _other_kind(error: BadRequest) -> str:
    found = OTHER_KIND.search(error.message)
    return SENDABLE.get(found[1].lower(), "") if found else ""


def _is_about_files(error: BadRequest) -> bool:
    """Everything that is not about the place."""
    return not says(
        error, TOPIC_CLOSED, *TOPIC_GONE, "not found", "not enough rights", "chat_write_forbidden"
    )
