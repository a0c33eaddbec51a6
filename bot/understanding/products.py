"""Names of the buyer's own products in a message: they tell which thing is meant, never what is wanted of it.

What a title shares with what buyers ask for (a shirt sold "with 七天无理由退货", a "Human anatomy poster") is no name: a word that
was taught by itself stays, and so does every no.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.understanding.marks import negative, takes_back
from bot.understanding.normalise import normalise
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.titles import HAN_NAME, without_titles

_PLAINLY = 0.9
"""So sure of an intent, a word asks for it, whatever is called by it: 快递, "return"."""


def without_products(text: str, titles: Iterable[str], book: Phrasebook) -> str:
    """The text with what it has of these titles taken out."""
    return " ".join(without_titles(text, tuple(titles), lambda name: _asks(name, book)).split())


def only_names(text: str, titles: Iterable[str], book: Phrasebook) -> bool:
    """True when nothing is said but names of these, and small words."""
    bare = without_titles(text, tuple(titles), lambda name: _asks(name, book))
    return bare != text and not book.words.empty.sub("", normalise(bare))


def _asks(name: str, book: Phrasebook) -> bool:
    """True for what has in it a no, a taking back or a wording, and for what asks for something by itself."""
    plain = normalise(name)
    if negative(plain) or takes_back(plain) or plain in book.exact:
        return True
    places = range(0 if plain.isascii() else len(plain))
    if any(plain[at:end] in book.exact for at in places for end in range(at + HAN_NAME, len(plain) + 1)):
        return True
    measure = any(map(str.isdigit, plain))  # A5, 4.5L: a wish in figures is taught, as 12315 is
    return not measure and book.judged(plain).best >= _PLAINLY
