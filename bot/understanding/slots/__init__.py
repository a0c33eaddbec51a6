"""Slots: the facts a message states, whichever intent it has. One file a slot; `find` lists them in reading order."""

from bot.understanding.slots.context import Context
from bot.understanding.slots.find import find_slots
from bot.understanding.slots.found import Doubt, Found
from bot.understanding.slots.masking import masked

__all__ = ["Context", "Doubt", "Found", "find_slots", "masked"]
