"""Reading one message by itself, on a Sunday."""

from __future__ import annotations

from datetime import date

from bot.understanding.phrasebook import Phrasebook
from bot.understanding.slots import Context, Found, find_slots

TODAY = date(2026, 11, 22)
ORDERS = ("2600018003", "2600018114", "SO-77-1234")
PARCELS = ("YT7300018003001",)
NOTHING_TAUGHT = Phrasebook()


def read(
    text: str, asking: str = "", book: Phrasebook = NOTHING_TAUGHT, lines: tuple[str, ...] = ()
) -> Found:
    context = Context(asking=asking, orders=ORDERS, parcels=PARCELS, today=TODAY, lines=lines)
    return find_slots(text, book, context)


def slot(name: str, text: str, asking: str = "") -> str | None:
    return read(text, asking).slots.get(name)
