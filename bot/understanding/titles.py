"""What of a product's title names it: a word of some letters that is not said of everything, or two Chinese characters that
stand together. A title said in part is still that product; the plural s makes no other word."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.understanding.normalise import is_cjk, normalise
from bot.understanding.remembered import remembered

HAN_NAME = 2
"""Chinese characters in a row that name something."""
_LETTERS = 3
"""Letters from which on a word names something."""
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_TOKEN = re.compile(r"[^\W_\u3400-\u9fff]+")
_WORD = re.compile(r"[^\W\d_\u3400-\u9fff]+")
_NOT_IN, _NOT_ON = r"(?<![^\W\d_\u3400-\u9fff])", r"(?![^\W\d_\u3400-\u9fff])"
"""The ends of a word, which may stand right beside a Chinese character: 退AirPods."""
_SAID_OF_MUCH = frozenset(
    {
        *(
            "and",
            "for",
            "free",
            "gift",
            "item",
            "mini",
            "one",
            "order",
            "pack",
            "pair",
            "parcel",
            "piece",
            "please",
        ),
        *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "all", "new", "over"),
        *("set", "size", "that", "the", "this", "with"),
    }
)
"""English, as titles of every language are often in part: what is not listed names, and at worst two things alike."""


@remembered(1024)
def names(text: str) -> frozenset[str]:
    """The words and the pairs of Chinese characters that may name a product. Remembered: the titles of a buyer's orders are
    looked at with every message of theirs."""
    plain = normalise(text)
    runs = _HAN.findall(plain)
    found = {run[at : at + HAN_NAME] for run in runs for at in range(len(run) - HAN_NAME + 1)}
    found |= {named for word in _WORD.findall(plain) if (named := _named(word))}
    return frozenset(found)


def said_of(text: str, titles: Sequence[str]) -> list[str]:
    """What of a text names one of these products, as it was typed: the longest runs of Chinese characters, and words."""
    runs = [name for run in _HAN.findall(text) for name in _shared(run, titles)]
    known = {name for title in titles for name in names(title)}
    words = [word for word in _WORD.findall(text) if _named(word.casefold()) in known]
    return [*dict.fromkeys(runs), *dict.fromkeys(words)]


def without_titles(text: str, titles: Sequence[str], stays: Callable[[str], bool] = lambda _: False) -> str:
    """A text without what names one of these products, nor a title's other words beside it ("set"), but what stays."""
    found = [name for name in said_of(text, titles) if not stays(name)]
    for name in found:
        text = text.replace(name, " ") if is_cjk(name) else re.sub(rf"{_NOT_IN}{name}{_NOT_ON}", " ", text)
    beside = {word for title in titles for word in _TOKEN.findall(normalise(title))} if found else set()
    return _TOKEN.sub(
        lambda word: " " if word[0].casefold() in beside and not stays(word[0]) else word[0], text
    )


def _named(word: str) -> str:
    """The word by which things are named; empty for one that names nothing."""
    one = word.removesuffix("s")
    names_it = not is_cjk(word) and len(word) >= _LETTERS and not {word, one} & _SAID_OF_MUCH
    return one if names_it else ""


def _shared(run: str, titles: Sequence[str]) -> list[str]:
    """The longest pieces of a run of Chinese characters that stand in a title, from the left."""
    found: list[str] = []
    at = 0
    while at <= len(run) - HAN_NAME:
        end = at + 1
        while end < len(run) and any(run[at : end + 1] in title for title in titles):
            end += 1
        if end - at >= HAN_NAME:
            found.append(run[at:end])
            at = end
        else:
            at += 1
    return found
