"""The few tags a reply may use, and how long a text is once they are taken away."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.tags import TAG, plain

TAGS = frozenset({"b", "i", "u", "s", "code", "a"})
MAX_UNITS = 4_096
"""What one message of a messenger holds, in UTF-16 units."""

_HREF = re.compile(r'\s+href="(?:https?://|tg://|mailto:)[^"<>\s]+"')
_ALLOWED = ", ".join(f"<{name}>" for name in ("b", "i", "u", "s", "code", 'a href="…"'))


@dataclass(frozen=True, slots=True)
class Tag:
    """An opening or closing tag, at a place in a text."""

    at: int
    name: str
    closes: bool
    wrong: str = ""
    """What is wrong with it; empty when nothing is."""


def tags_in(text: str) -> list[Tag]:
    """All tags of a literal text, in order."""
    found = []
    at = text.find("<")
    while at >= 0:
        match = TAG.match(text, at)
        found.append(_tag(match) if match else Tag(at, "", closes=False, wrong=_STRAY))
        at = text.find("<", match.end() if match else at + 1)
    return found


_STRAY = (
    "a `<` that begins no whole tag; write &lt; for the sign itself, and keep values out of tags "
    '(for a link: {{ parcel.link|link("…") }})'
)


def _tag(match: re.Match[str]) -> Tag:
    name, closes, rest = match["name"].lower(), bool(match["close"]), match["rest"]
    wrong = ""
    if name not in TAGS:
        wrong = f"<{match['close']}{match['name']}> is not shown by messengers; use {_ALLOWED}"
    elif name == "a" and not closes and not _HREF.fullmatch(rest):
        wrong = 'a link is written <a href="https://…">words</a>; for a value: {{ parcel.link|link("…") }}'
    elif rest.strip() and (closes or name != "a"):
        wrong = f"<{name}> takes no attributes"
    return Tag(match.start(), name, closes, wrong)


def balanced(text: str) -> bool:
    """True when a rendered text has only allowed tags, each closed in its turn."""
    stack: list[str] = []
    for tag in tags_in(text):
        if tag.wrong or (tag.closes and (not stack or stack.pop() != tag.name)):
            return False
        if not tag.closes:
            stack.append(tag.name)
    return not stack


def fits(text: str) -> bool:
    """Whether one message of a messenger holds the text; it takes at most two units a character."""
    return 2 * len(text) <= MAX_UNITS or units(text) <= MAX_UNITS


def units(text: str) -> int:
    """UTF-16 units of the text as it is read: what messengers count."""
    return len(plain(text).encode("utf-16-le", "surrogatepass")) // 2
