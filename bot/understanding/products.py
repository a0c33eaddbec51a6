"""Names of the buyer's own products in a message: they tell which thing is meant, never what is wanted of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_WORD = re.compile(r"[a-z]{4,}")
_SHORTEST = 2
"""Chinese characters in a row that name something."""
_SAYS_NOTHING = re.compile(
    r"(?:那个|这个|那件|这件|那款|这款|那单|我的|的|了|呢|吧|啊|the|my|one|that|this|it)+|[\s\W]+",
    re.IGNORECASE,
)
_COMMON = frozenset(
    {"free", "gift", "item", "mini", "order", "pack", "pair", "pairs", "parcel", "piece", "pieces", "size"}
)
"""Words of titles that are said of much else."""


def without_products(text: str, titles: Iterable[str]) -> str:
    """The text with what it has of these titles taken out; empty when nothing else is said."""
    names = list(titles)
    for run in _HAN.findall(text):
        for name in _shared(run, names):
            text = text.replace(name, " ")
    words = {word for title in names for word in _WORD.findall(title.casefold())} - _COMMON
    if words:
        text = re.sub(rf"\b(?:{'|'.join(sorted(words))})s?\b", " ", text, flags=re.IGNORECASE)
    return "" if not _SAYS_NOTHING.sub("", text) else " ".join(text.split())


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
