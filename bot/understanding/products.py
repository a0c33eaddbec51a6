"""Names of the buyer's own products in a message: they tell which thing is meant, never what is wanted of it.

What a title shares with what buyers ask for (a shirt sold "with 七天无理由退货", a "Human anatomy poster") is no name: a word that
was taught by itself stays, and so does every no.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.understanding.marks import negative, takes_back
from bot.understanding.normalise import normalise
from bot.understanding.phrasebook import Phrasebook

_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_WORD = re.compile(r"[a-z]{4,}")
_SHORTEST = 2
"""Chinese characters in a row that name something."""
_NEARLY_ALL = 1.7
"""A wording at most so many times as long as a name is little more than it: 查快递, return it."""
_SAYS_NOTHING = re.compile(
    r"(?:那个|这个|那件|这件|那款|这款|那单|我的|的|了|呢|吧|啊|\b(?:the|my|one|that|this|it)\b)+|[\s\W]+",
    re.IGNORECASE,
)
_COMMON = frozenset(
    {"free", "gift", "item", "mini", "order", "pack", "pair", "pairs", "parcel", "piece", "pieces", "size"}
)
"""Words of titles that are said of much else."""


def without_products(text: str, titles: Iterable[str], book: Phrasebook) -> str:
    """The text with what it has of these titles taken out; empty when nothing else is said."""
    names = list(titles)
    for name in dict.fromkeys(name for run in _HAN.findall(text) for name in _shared(run, names)):
        text = text if _asks(name, book) else text.replace(name, " ")
    said = text.casefold()
    words = {word for title in names for word in _WORD.findall(title.casefold()) if word in said} - _COMMON
    words = {word for word in words if not _asks(word, book)}
    if words:
        text = re.sub(rf"\b(?:{'|'.join(sorted(words))})s?\b", " ", text, flags=re.IGNORECASE)
    return "" if not _SAYS_NOTHING.sub("", text) else " ".join(text.split())


def _asks(name: str, book: Phrasebook) -> bool:
    """True for what has in it a no, a taking back or a wording, and for what is nearly a wording by itself."""
    plain = normalise(name)
    if negative(plain) or takes_back(plain) or plain in book.exact:
        return True
    places = range(0 if plain.isascii() else len(plain))
    if any(plain[at:end] in book.exact for at in places for end in range(at + _SHORTEST, len(plain) + 1)):
        return True
    return book.has_piece(plain, int(len(plain) * _NEARLY_ALL))


def _shared(run: str, titles: Sequence[str]) -> list[str]:
    """The longest pieces of a run of Chinese characters that stand in a title, from the left."""
    found: list[str] = []
    at = 0
    while at <= len(run) - _SHORTEST:
        end = at + 1
        while end < len(run) and any(run[at : end + 1] in title for title in titles):
            end += 1
        if end - at >= _SHORTEST:
            found.append(run[at:end])
            at = end
        else:
            at += 1
    return found
