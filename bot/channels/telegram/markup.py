"""Texts with a few tags, cut to Telegram's measure.

"1-4096 characters after entities parsing" (https://core.telegram.org/bots/api#sendmessage), counted in UTF-16
units. A text that is too long is cut where a reader would pause; tags open at the cut are closed before it
and opened after it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from itertools import groupby

from bot.channels.telegram.cleaning import units

MESSAGE = 4096
CAPTION = 1024
MOST_BYTES = 32_000
"""The server reads no text of more than 32 KiB, tags included."""
TAGS = {
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
    "u": "u",
    "ins": "u",
    "s": "s",
    "del": "s",
    "code": "code",
    "pre": "pre",
}
PAUSES = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"[。！？；…]|[.!?;](?=\s)|\s"))
"""Where a cut hurts least: after a paragraph, a line, a sentence or word."""
JOINED = frozenset("\u200d\ufe0e\ufe0f\u20e3")
TAG = re.compile(r"<[^<>]*>")
Tags = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Words under the same tags."""

    words: str
    tags: Tags


def plain(text: str) -> str:
    """What a reader sees of it, without tags."""
    return "".join(run.words for run in runs(text)) if "<" in text or "&" in text else text


def split(text: str, most: int = MESSAGE) -> list[str]:
    """Parts that Telegram takes, in order; blank ones are left out, since it takes no empty message."""
    text = text.strip()
    if units(text) <= most and len(text.encode()) <= MOST_BYTES:
        return [text] if TAG.sub("", text).strip() else []
    styled = [(character, run.tags) for run in runs(text) for character in run.words]
    return [part for start, end in _cuts(styled, most) if (part := _written(styled[start:end]))]


def runs(text: str) -> list[Run]:
    """The text's words with the tags they stand under; tags that Telegram does not know are dropped."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.runs


class _Reader(HTMLParser):
    """Reads markup, however broken."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.runs: list[Run] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_data("\n")
        elif tag == "a":
            href = dict(attrs).get("href") or ""
            self._open.append((tag, f'a href="{escape(href)}"' if href else ""))
        elif tag in TAGS:
            self._open.append((tag, TAGS[tag]))

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self._open]
        if tag in names:
            del self._open[len(names) - 1 - names[::-1].index(tag)]

    def handle_data(self, data: str) -> None:
        opened = dict.fromkeys(written for _, written in self._open if written)
        self.runs.append(Run(data, tuple(opened)))


def _cuts(styled: list[tuple[str, Tags]], most: int) -> Iterator[tuple[int, int]]:
    words = "".join(character for character, _ in styled)
    start = 0
    while start < len(words):
        end = _reach(words, start, most)
        end = end if end == len(words) else _pause(words, start, end)
        while end - start > 1 and len(_written(styled[start:end]).encode()) > MOST_BYTES:
            end = start + (end - start) // 2
        yield start, end
        start = end


def _reach(words: str, start: int, most: int) -> int:
    """How far one message reaches."""
    end = min(start + most, len(words))
    while units(words[start:end]) > most:
        end -= max((units(words[start:end]) - most) // 2, 1)
    return max(end, start + 1)


def _pause(words: str, start: int, end: int) -> int:
    """The last good place to cut in the second half of what would fit."""
    middle = start + (end - start) // 2
    for pause in PAUSES:
        found = [match.end() for match in pause.finditer(words, middle, end)]
        if found:
            return found[-1]
    cut = end
    while cut > middle and _belong(words[cut - 1], words[cut]):
        cut -= 1
    return cut if cut > middle else end


def _belong(before: str, after: str) -> bool:
    """Whether both are likely parts of one character as a reader sees it: a family, a flag, an accent."""
    modifier = "\U0001f3fb" <= after <= "\U0001f3ff"
    flag = all("\U0001f1e6" <= character <= "\U0001f1ff" for character in (before, after))
    return before == "\u200d" or after in JOINED or modifier or flag or unicodedata.combining(after) > 0


def _written(styled: list[tuple[str, Tags]]) -> str:
    """The characters as markup again, without blanks around."""
    first = next((i for i, (character, _) in enumerate(styled) if not character.isspace()), len(styled))
    last = next((i for i, (character, _) in enumerate(reversed(styled)) if not character.isspace()), 0)
    kept = styled[first : len(styled) - last]
    grouped = groupby(kept, key=lambda pair: pair[1])
    return "".join(_tagged("".join(character for character, _ in group), tags) for tags, group in grouped)


def _tagged(words: str, tags: Tags) -> str:
    opening = "".join(f"<{tag}>" for tag in tags)
    closing = "".join(f"</{tag.split()[0]}>" for tag in reversed(tags))
    return f"{opening}{escape(words, quote=False)}{closing}"
