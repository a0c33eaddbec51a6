"""What is attached to a message (https://core.telegram.org/bots/api#message)."""

from __future__ import annotations

from typing import Any

from telegram import Message

from bot.channels.telegram.cleaning import clean
from bot.domain.messages import Attachment, Medium
from bot.domain.names import one_line

FILES = {
    "animation": Medium.VIDEO,  # before the document that comes with it "for backward compatibility"
    "video": Medium.VIDEO,
    "video_note": Medium.VIDEO_NOTE,
    "document": Medium.DOCUMENT,
    "voice": Medium.VOICE,
    "audio": Medium.VOICE,
    "sticker": Medium.STICKER,
}
THINGS = (
    "poll",
    "dice",
    "game",
    "story",
    "paid_media",
    "invoice",
    "checklist",
    "giveaway",
    "gift",
    "unique_gift",
)
"""What can't be fetched as one file; named, so that somebody can ask what it is about."""
LONGEST_NAME = 200
LONGEST_ID = 250
"""Of file ids Telegram documents no length; those it hands out have fewer than 100 characters."""
LONGEST_ALBUM = 64


def attachments(message: Message) -> tuple[Attachment, ...]:
    """The one thing a message carries; albums come as several messages."""
    album = clean(message.media_group_id or "", LONGEST_ALBUM)
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return (_file(Medium.PHOTO, largest, album),)
    for name, medium in FILES.items():
        if file := getattr(message, name, None):
            return (_file(medium, file, album),)
    if place := _place(message):
        return (Attachment(Medium.LOCATION, "", place),)
    thing = next((name for name in THINGS if getattr(message, name, None)), "")
    if not thing and message.api_kwargs and not (message.text or message.contact):
        thing = "message"  # of a kind newer than the library
    return (Attachment(Medium.OTHER, "", thing),) if thing else ()


def _file(medium: Medium, file: Any, album: str) -> Attachment:
    """A sticker is called by its emoji, since it has no name."""
    name = (
        getattr(file, "file_name", None) or getattr(file, "title", None) or getattr(file, "emoji", None) or ""
    )
    size = file.file_size if isinstance(file.file_size, int) else 0
    ref = f"telegram:{clean(file.file_id, LONGEST_ID)}"
    return Attachment(medium, ref, one_line(clean(name))[:LONGEST_NAME], max(size, 0), album)


def _place(message: Message) -> str:
    """``31.23,121.47`` and, for a venue, its name and address behind it."""
    at = message.venue.location if message.venue else message.location
    if at is None:
        return ""
    place = f"{float(at.latitude):.6f},{float(at.longitude):.6f}"
    if message.venue is None:
        return place
    return clean(f"{place} {message.venue.title}, {message.venue.address}", LONGEST_NAME)
