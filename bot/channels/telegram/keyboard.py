"""Buttons under a message (https://core.telegram.org/bots/api#inlinekeyboardbutton)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from bot.channels.telegram.cleaning import clean
from bot.domain.messages import Choice

COLUMNS = 30
"""What a row on a phone shows without cutting labels; a Chinese character takes two."""
MOST_IN_A_ROW = 3
PADDING = 4
PAYLOAD_BYTES = 64
LABEL = 64
MOST = 100

log = structlog.get_logger(__name__)


def keyboard(buttons: Iterable[tuple[str, str]]) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    """Rows of buttons: short labels side by side, long ones alone; an address as payload makes a link.

    A button that shares the phone number can stand below the input line only, and by itself.
    """
    buttons = tuple(buttons)
    sharing = [
        clean(label, LABEL).strip() for label, payload in buttons if Choice.parse(payload).slot == "contact"
    ]
    if sharing:
        return ReplyKeyboardMarkup(
            [[KeyboardButton(sharing[0], request_contact=True)]], resize_keyboard=True, one_time_keyboard=True
        )
    return inline(buttons)


def inline(buttons: Iterable[tuple[str, str]]) -> InlineKeyboardMarkup | None:
    """The same without the phone number: what a message that stands already may get."""
    rows: list[list[InlineKeyboardButton]] = []
    left = 0
    for button in _usable(buttons):
        need = columns(button.text) + PADDING
        if not rows or need > left or len(rows[-1]) == MOST_IN_A_ROW:
            rows.append([])
            left = COLUMNS
        rows[-1].append(button)
        left -= need
    return InlineKeyboardMarkup(rows) if rows else None


def columns(label: str) -> int:
    """How wide it looks."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in label)


def _usable(buttons: Iterable[tuple[str, str]]) -> list[InlineKeyboardButton]:
    """Telegram refuses a whole message for one bad button; better to do without the button, and to say so."""
    usable = []
    for label, payload in buttons:
        button = _button(clean(label, LABEL).strip(), payload)
        if button is None:
            log.error("telegram.button_left_out", payload_bytes=len(payload.encode("utf-8", "replace")))
        else:
            usable.append(button)
    return usable[:MOST]


def _button(label: str, payload: str) -> InlineKeyboardButton | None:
    if label and payload.startswith(("https://", "http://", "tg://")):
        return InlineKeyboardButton(label, url=payload)
    if label and payload == clean(payload) and 1 <= len(payload.encode()) <= PAYLOAD_BYTES:
        return InlineKeyboardButton(label, callback_data=payload)
    return None
