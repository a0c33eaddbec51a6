"""parse_mode HTML, read as the original reads it (https://core.telegram.org/bots/api#html-style).

Only the listed tags are supported, every `<`, `>` and `&` that is not part of one must be written as an entity,
tags must be closed in order. Positions in errors are byte offsets, as in the original.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.spans import BadMarkup, in_order, link_span, units

SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
}
TAGS = {*SIMPLE, "a", "pre", "code", "blockquote", "tg-emoji", "tg-time"}
NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}

_SPECIAL = re.compile(rb"[<&]")
_REFERENCE = re.compile(rb"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([A-Za-z]+));?")
_TAG_NAME = re.compile(rb"[^\s>]*")
_SPACE = re.compile(rb"\s*")
_ATTRIBUTE_NAME = re.compile(rb"[^\s=>/\"']*")
_NAME_TOKEN = re.compile(rb"[A-Za-z0-9.\-]*")


def parse_html(text: str) -> tuple[str, list[Json]]:
    """Plain text and entities of an HTML text."""
    if "<" not in text and "&" not in text:
        return text, []
    return _Reader(text.encode()).read()


@dataclass(slots=True)
class _Tag:
    name: str
    attributes: dict[str, str]
    offset: int
    begins: int


@dataclass(slots=True)
class _Reader:
    source: bytes
    at: int = 0
    out: bytearray = field(default_factory=bytearray)
    offset: int = 0
    open: list[_Tag] = field(default_factory=list)
    spans: list[Json] = field(default_factory=list)

    def read(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            self._step()
        if self.open:
            raise BadMarkup(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        for span in self.spans:
            if span["type"] == "code":
                span.pop("language", None)
        return self.out.decode(), in_order(self.spans)

    def _step(self) -> None:
        found = _SPECIAL.search(self.source, self.at)
        end = found.start() if found else len(self.source)
        self._write(self.source[self.at : end])
        self.at = end
        if found and found[0] == b"&":
            self._write(self._reference() or self._plain_ampersand())
        elif found and self.source[self.at + 1 : self.at + 2] == b"/":
            self._end_tag()
        elif found:
            self._start_tag()

    def _write(self, chunk: bytes) -> None:
        self.out += chunk
        self.offset += units(chunk)

    def _plain_ampersand(self) -> bytes:
        self.at += 1
        return b"&"

    def _reference(self) -> bytes:
        """`&lt;`, `&#60;`, `&#x3c;`: the four named ones and all numbers."""
        found = _REFERENCE.match(self.source, self.at)
        if found is None:
            return b""
        character = NAMED.get(found[3], "") if found[3] else _numbered(found)
        if character:
            self.at = found.end()
        return character.encode()

    def _match(self, pattern: re.Pattern[bytes]) -> bytes:
        found = pattern.match(self.source, self.at)
        assert found is not None, "the patterns used here match the empty string"
        self.at = found.end()
        return found[0]

    def _next(self) -> bytes:
        return self.source[self.at : self.at + 1]

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        name = self._match(_TAG_NAME).decode().lower()
        if not self._next():
            raise BadMarkup(f"Unclosed start tag at byte offset {begin}")
        if name not in TAGS:
            raise BadMarkup(f'Unsupported start tag "{name}" at byte offset {begin}')
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise BadMarkup(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.at += 1
        self.open.append(_Tag(name, attributes, self.offset, len(self.out)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self._match(_SPACE)
            if self._next() == b">":
                return attributes
            name = self._match(_ATTRIBUTE_NAME).decode()
            if not name:
                raise BadMarkup(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
            attributes[name] = self._attribute_value(tag, begin)

    def _attribute_value(self, tag: str, begin: int) -> str:
        self._match(_SPACE)
        if self._next() == b"=":
            self.at += 1
            self._match(_SPACE)
            self._not_at_end(f'Unclosed start tag "{tag}" at byte offset {begin}')
            value = self._quoted() if self._next() in (b'"', b"'") else self._name_token()
            self._not_at_end(f"Unclosed start tag at byte offset {begin}")
            return value
        self._not_at_end(f'Unclosed start tag "{tag}" at byte offset {begin}')
        return ""

    def _not_at_end(self, complaint: str) -> None:
        if not self._next():
            raise BadMarkup(complaint)

    def _name_token(self) -> str:
        begin = self.at
        value = self._match(_NAME_TOKEN)
        if self._next() and not self._next().isspace() and self._next() != b">":
            raise BadMarkup(f"Unexpected end of name token at byte offset {begin}")
        return value.decode().lower()

    def _quoted(self) -> str:
        quote = self._next()
        self.at += 1
        value = bytearray()
        while self._next() not in (quote, b""):
            decoded = self._reference() if self._next() == b"&" else b""
            value += decoded or self._one_byte()
        self.at += 1
        return value.decode(errors="replace")

    def _one_byte(self) -> bytes:
        byte = self._next()
        self.at += 1
        return byte

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise BadMarkup(f"Unexpected end tag at byte offset {begin}")
        self.at += 2
        name = self._match(_TAG_NAME).decode().lower()
        self._match(_SPACE)
        if self._next() != b">":
            raise BadMarkup(f"Unclosed end tag at byte offset {begin}")
        self.at += 1
        tag = self.open.pop()
        if name and name != tag.name:
            raise BadMarkup(
                f'Unmatched end tag at byte offset {begin}, expected "</{tag.name}>", found "</{name}>"'
            )
        if self.offset > tag.offset:
            self._close(tag)

    def _close(self, tag: _Tag) -> None:
        """An empty tag leaves no entity; this one is not empty."""
        length = self.offset - tag.offset
        span: Json | None
        if tag.name in SIMPLE:
            span = {"type": SIMPLE[tag.name], "offset": tag.offset, "length": length}
        elif tag.name == "a":
            span = link_span(
                tag.attributes.get("href") or self.out[tag.begins :].decode(), tag.offset, length
            )
        elif tag.name == "blockquote":
            kind = "expandable_blockquote" if "expandable" in tag.attributes else "blockquote"
            span = {"type": kind, "offset": tag.offset, "length": length}
        elif tag.name == "tg-emoji":
            span = _emoji(tag, length)
        elif tag.name == "tg-time":
            span = _moment(tag, length)
        else:
            span = self._code(tag, length)
        if span is not None:
            self.spans.append(span)

    def _code(self, tag: _Tag, length: int) -> Json:
        """`<pre>` and `<code class="language-…">` around the same text become one `pre` with a language."""
        language = _language(tag)
        span: Json = {"type": tag.name, "offset": tag.offset, "length": length}
        twin = self.spans[-1] if self.spans else {}
        if twin.get("offset") == tag.offset and twin.get("length") == length:
            if tag.name == "pre" and twin["type"] == "code" and twin.get("language"):
                self.spans.pop()
                return {**span, "language": twin["language"]}
            if tag.name == "code" and twin["type"] == "pre" and language:
                self.spans.pop()
                return {**twin, "language": language}
        return {**span, "language": language} if tag.name == "code" and language else span


def _numbered(found: re.Match[bytes]) -> str:
    code = int(found[1], 16) if found[1] else int(found[2])
    if not 0 < code < 0x10FFFF or len(found[0].rstrip(b";")) >= 10:
        return ""
    if 0xD800 <= code <= 0xDFFF:
        raise BadMarkup(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        )
    return chr(code)


def _language(tag: _Tag) -> str:
    return tag.attributes.get("class", "").removeprefix("language-") if _is_language(tag) else ""


def _is_language(tag: _Tag) -> bool:
    return tag.attributes.get("class", "").startswith("language-")


def _emoji(tag: _Tag, length: int) -> Json:
    emoji_id = tag.attributes.get("emoji-id", "")
    if not emoji_id.isdigit() or int(emoji_id) == 0:
        raise BadMarkup("Invalid custom emoji identifier specified")
    return {"type": "custom_emoji", "offset": tag.offset, "length": length, "custom_emoji_id": emoji_id}


def _moment(tag: _Tag, length: int) -> Json | None:
    unix = tag.attributes.get("unix", "")
    if not unix.isdigit() or int(unix) <= 0:
        return None
    span: Json = {"type": "date_time", "offset": tag.offset, "length": length, "unix_time": int(unix)}
    style = tag.attributes.get("format", "")
    return {**span, "date_time_format": style} if style else span
