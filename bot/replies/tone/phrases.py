"""Finding an owner's plain words in a text: letter case, full-width forms and unseen characters make no difference.

An entry is plain words, nothing more; ``…`` in it stands for a few words of the same sentence: ``discount … review``. Work is
bounded by the lengths of text and entry.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

VALUE = "\ufffc"
"""Stands in a text where a template shows a value."""
BREAK = "\x1e"
"""Stands in a text where one case of a template ends and another begins."""
MAX_LENGTH = 60
"""Characters of an entry."""
MAX_PARTS = 3

_GAP = 40
"""Characters that ``…`` may stand for."""
_OFTEN = 50
"""Places of a text where an entry's beginning is looked at: more of them tell nothing new."""
_REACH = 4
"""Words that may stand between a negation and what it turns round."""
_LOOK_BACK = 80
_SENTENCE_END = re.compile(r"[.!?。\n\x1e]")
_CLAUSE_END = re.compile(r"[,.;:!?。、\n\x1e]")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Phrase:
    """An entry of a list."""

    written: str
    parts: tuple[str, ...]
    """What is looked for, in this order."""


def phrase(written: str) -> Phrase:
    """An entry read; ValueError says what is wrong with it."""
    if len(written) > MAX_LENGTH:
        raise ValueError(f"is longer than {MAX_LENGTH} characters; a few words are enough")
    parts = tuple(fold(part).strip() for part in written.replace("...", "…").split("…"))
    if not all(parts):
        raise ValueError("needs words on both sides of …" if "…" in written else "has no words")
    if len(parts) > MAX_PARTS:
        raise ValueError(f"has more than {MAX_PARTS - 1} times …; make it two entries")
    return Phrase(written, parts)


def fold(text: str) -> str:
    """The text as entries are compared with it; its lines stay lines."""
    return "\n".join(map(_fold_line, text.split("\n")))


def _fold_line(line: str) -> str:
    plain = unicodedata.normalize("NFKC", line).casefold().replace("’", "'")
    seen = "".join(char for char in plain if unicodedata.category(char) != "Cf")
    return seen.replace("\n", " ")


def spans(text: str, entry: Phrase) -> Iterator[Span]:
    """Where a folded text has the entry, from its first word to its last."""
    first, *rest = entry.parts
    for start, end in islice(_occurrences(text, first, 0, len(text)), _OFTEN):
        last = _followed(text, end, rest)
        if last is not None:
            yield start, last


def _followed(text: str, end: int, rest: list[str]) -> int | None:
    """Where the last of the parts ends, each shortly after the one before; None when one is not there."""
    for part in rest:
        stop = _SENTENCE_END.search(text, end, end + _GAP)
        reach = min(end + _GAP + len(part), stop.start() if stop else len(text))
        found = next(_occurrences(text, part, end, reach), None)
        if found is None:
            return None
        end = found[1]
    return end


def has(text: str, entries: tuple[Phrase, ...]) -> bool:
    """True when a folded text has any of them."""
    return any(True for entry in entries for _ in spans(text, entry))


def covered(text: str, span: Span, entries: tuple[Phrase, ...]) -> bool:
    """True when one of the entries stands there too, sharing a character with the span."""
    begin = max(0, span[0] - _LOOK_BACK)
    near = text[begin : span[1] + _LOOK_BACK]
    return any(
        begin + start < span[1] and begin + end > span[0]
        for entry in entries
        for start, end in spans(near, entry)
    )


def negated(text: str, at: int, entries: tuple[Phrase, ...]) -> bool:
    """True when one of the entries stands shortly before this place, in the same clause."""
    clause = _CLAUSE_END.split(text[max(0, at - _LOOK_BACK) : at])[-1]
    ends = (end for entry in entries for _, end in spans(clause, entry))
    return any(_words(clause[end:]) <= _REACH for end in ends)


def _occurrences(text: str, part: str, begin: int, end: int) -> Iterator[Span]:
    at = text.find(part, begin, end)
    while at >= 0:
        after = at + len(part)
        begins = at == 0 or not _joined(text[at - 1], text[at])
        ends = after >= len(text) or not _joined(text[after - 1], text[after])
        if begins and ends:
            yield at, after
        at = text.find(part, at + 1, end)


def _joined(left: str, right: str) -> bool:
    """True when two characters belong to one word, in scripts that part words by blanks."""
    return _spelt(left) and _spelt(right)


def _spelt(char: str) -> bool:
    return char.isdigit() or char != char.upper()


def _words(text: str) -> int:
    """How many words; each character counts as one in scripts without blanks."""
    count, inside = 0, False
    for char in text:
        spelt = _spelt(char) or (inside and char == "'")
        count += (spelt and not inside) or (char.isalnum() and not spelt)
        inside = spelt
    return count
