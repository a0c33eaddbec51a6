"""Slots the owner teaches in the phrase files: why, whether it came, whether to cancel, photos now or later."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from bot.understanding.phrasebook import Phrasebook, SlotWord
from bot.understanding.slots.context import Context
from bot.understanding.slots.found import Found
from bot.understanding.slots.negation import denies, says_no
from bot.understanding.slots.said import Said

ALIKE = 86
"""Percent of likeness from which a short message is taken for a taught word."""
_SHORT = 24
"""Characters up to which a message may be one mistyped word."""
_REVERSE = {"yes": "no", "no": "yes"}


def taught(said: Said, book: Phrasebook, context: Context, found: Found) -> None:
    """The longest taught word that stands in the message undenied wins its slot; short messages may be mistyped."""
    text = said.normal
    padded, denied = f" {text} ", set[str]()
    for word in book.slot_words:
        if word.needle in padded and word.slot not in found.slots:
            _standing(word, padded, text, context, found, denied)
    if 3 < len(text) <= _SHORT:
        _much_like(text, book, found, denied)


def _standing(
    word: SlotWord, padded: str, text: str, context: Context, found: Found, denied: set[str]
) -> None:
    mostly = 0.5 if word.slot == context.asking else 0.6
    exact = len(word.text) >= mostly * len(text)
    at = padded.index(word.needle) + word.needle.index(word.text)
    if not denies(word.text, padded, at):
        found.put(word.slot, word.value, exact)
    elif word.slot == "received" and not says_no(word.text):
        found.put(word.slot, _REVERSE.get(word.value, word.value), exact)
    else:
        denied.add(word.slot)


def _much_like(text: str, book: Phrasebook, found: Found, denied: set[str]) -> None:
    """What is like a word but says no where that one does not (or the other way round) means the reverse."""
    for slot, words in book.by_slot.items():
        if slot in found.slots or slot in denied:
            continue
        best = process.extractOne(text, words, scorer=fuzz.ratio, score_cutoff=ALIKE)
        if best and says_no(text) == says_no(best[2].text):
            found.put(slot, best[2].value, exact=True)
