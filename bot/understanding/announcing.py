"""Words that announce a slot's value, which then stands as it is written: taught under ``after`` in the phrase files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from bot.understanding.lexicon import Lexicon
from bot.understanding.normalise import is_cjk
from bot.understanding.phrases import AFTER, PhraseFile, variants

_PART = re.compile(r"\w+|[^\w\s]+")


def announcing_words(files: Iterable[PhraseFile], lexicon: Lexicon) -> Mapping[str, re.Pattern[str]]:
    """Slot to a pattern of its words, the longest first; it ends in a group where a value follows.

    A stop in a wording has to stand there: "name:" announces one, "name" alone does not.
    """
    told: dict[str, dict[str, bool]] = {}
    for file in files:
        for slot, values in file.slots.items():
            if AFTER in values:
                words = told.setdefault(slot, {})
                for value, names in values.items():
                    words |= {
                        _plain(text, lexicon): value == AFTER for name in names for text in variants(name)
                    }
    return {slot: _pattern(words) for slot, words in told.items()}


def _plain(text: str, lexicon: Lexicon) -> str:
    return lexicon.plain(unicodedata.normalize("NFKC", text))


def _pattern(words: Mapping[str, bool]) -> re.Pattern[str]:
    longest = sorted(words, key=lambda word: (-len(word), word))
    parts = (f"{_spelt(word)}()" if words[word] else _spelt(word) for word in longest)
    return re.compile(rf"\s*(?:{'|'.join(parts)})", re.IGNORECASE)


def _spelt(wording: str) -> str:
    """A wording with any spaces, or none, between its parts; letters stand as words of their own."""
    parts = _PART.findall(wording)
    spelt = r"\s*".join(map(re.escape, parts))
    begins, ends = (r"\b" if part[0].isalnum() and not is_cjk(part) else "" for part in (parts[0], parts[-1]))
    return f"{begins}{spelt}{ends}"
