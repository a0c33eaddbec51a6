"""Finding slots: what is read out of a message, in which order. What one took the next does not see."""

from __future__ import annotations

from collections.abc import Callable

from bot.understanding.phrasebook import Phrasebook
from bot.understanding.slots.amount import bare_amount, claimed_amount, stated_amount
from bot.understanding.slots.announced import announced
from bot.understanding.slots.carrier import carrier
from bot.understanding.slots.colour import colour
from bot.understanding.slots.company import company
from bot.understanding.slots.context import Context
from bot.understanding.slots.date import day_said
from bot.understanding.slots.found import Found
from bot.understanding.slots.order_number import order_number, own_numbers
from bot.understanding.slots.ordinal import age, ordinal
from bot.understanding.slots.percent import percent
from bot.understanding.slots.phone import phone
from bot.understanding.slots.quantity import quantity
from bot.understanding.slots.said import DETAILS, Said
from bot.understanding.slots.score import score
from bot.understanding.slots.size import size
from bot.understanding.slots.taught import taught
from bot.understanding.slots.tax_number import tax_number
from bot.understanding.slots.tracking_number import tracking_number
from bot.understanding.slots.whose import whose
from bot.understanding.slots.yes_no import yes_no

Read = Callable[[Said, Context, Found], None]
_NUMBERS: tuple[Read, ...] = (own_numbers, tax_number, day_said, tracking_number, phone, order_number)
"""What stands anywhere in a message."""
_DETAILS: tuple[Read, ...] = (carrier, percent, size, stated_amount)
"""What is said in the first words of it."""
_MORE_DETAILS: tuple[Read, ...] = (quantity, bare_amount, colour, age, ordinal)
"""The same, once a sum that is asked for was taken."""


def find_slots(text: str, book: Phrasebook, context: Context) -> Found:
    """Everything a message states."""
    said, found = Said.of(text), Found()
    for read in _NUMBERS:
        read(said, context, found)
    said.rest = said.rest[:DETAILS]
    for read in _DETAILS:
        read(said, context, found)
    claimed_amount(said, book.words, found)
    for read in _MORE_DETAILS:
        read(said, context, found)
    taught(said, book, context, found)
    announced(said, book, context, found)
    company(said, context, found)
    score(said, book, context, found)
    yes_no(said, book, found)
    whose(said, found)
    return found
