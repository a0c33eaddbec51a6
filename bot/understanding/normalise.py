"""Normal forms: messages that differ only in how they were typed become the same text."""

from __future__ import annotations

import re
import unicodedata

from bot.understanding.remembered import remembered

_REPEATED = re.compile(r"(.)\1{2,}")
_NOT_WORD = re.compile(r"[\W_]+")
_CLAUSE_END = re.compile(
    r"[。！？!?;；,，~～…\n]+|(?<!\d)\.(?!\d)|\.(?=\s)|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])"
)
"""A stop, or the space that stands for one between Chinese words."""
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


@remembered(4096)
def normalise(text: str) -> str:
    """NFKC, case folded, emoji and punctuation taken as spaces, letters typed three times or more kept once.

    Spaces between Chinese characters mean nothing and go. Remembered: labels, titles and the message itself are looked at
    many times in a turn.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    words = _NOT_WORD.sub(" ", _REPEATED.sub(r"\1", folded)).strip()
    return re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", words)


def clauses(text: str, shortest: int = 2) -> tuple[str, ...]:
    """The parts of a message between its stops, normalised; those shorter than `shortest` are left out."""
    parts = (normalise(part) for part in _CLAUSE_END.split(text))
    return tuple(part for part in parts if len(part) >= shortest)


def both_ends(text: str, most: int) -> str:
    """The text; of one that is longer than `most` characters its beginning and its end, half of them each."""
    return text if len(text) <= most else f"{text[: most // 2]}\n{text[-(most // 2) :]}"


def is_cjk(text: str) -> bool:
    """True when Chinese characters carry the text."""
    return _CJK.search(text) is not None


def bounded(needle: str, text: str) -> bool:
    """True when `needle` stands in `text`; a word of letters must stand as a word."""
    if is_cjk(needle):
        return needle in text
    return f" {needle} " in f" {text} "
