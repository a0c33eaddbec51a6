"""parse_mode MarkdownV2, read as the original reads it (https://core.telegram.org/bots/api#markdownv2-style).

Every one of ``_*[]()~`>#+-=|{}.!`` outside of an entity must be escaped with a preceding backslash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.spans import BadMarkup, in_order, link_span, units

RESERVED = b"_*[]()~`>#+-=|{}.!\n"
CODES = ("code", "pre")
CLOSERS = {
    "bold": b"*",
    "italic": b"_",
    "underline": b"__",
    "strikethrough": b"~",
    "spoiler": b"||",
    "code": b"`",
    "pre": b"```",
    "text_link": b"]",
    "custom_emoji": b"]",
}
SHOWN = {
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
    "code": "Code",
    "pre": "Pre",
}
_OUTSIDE = re.compile(rb"[^\\_*\[\]()~`>#+\-=|{}.!\n]+")
_IN_CODE = re.compile(rb"[^\\`]+")
_LANGUAGE = re.compile(rb"[^\s`]*")


def parse_markdown(text: str) -> tuple[str, list[Json]]:
    """Plain text and entities of a MarkdownV2 text."""
    return _Reader(text.encode()).read()


@dataclass(slots=True)
class _Open:
    kind: str
    offset: int
    byte: int
    begins: int
    language: str = ""


@dataclass(slots=True)
class _Reader:
    source: bytes
    at: int = 0
    out: bytearray = field(default_factory=bytearray)
    offset: int = 0
    open: list[_Open] = field(default_factory=list)
    spans: list[Json] = field(default_factory=list)
    line_start: bool = True

    def read(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            self._step()
        self._end_quote(at_end=True)
        if self.open:
            raise self._unclosed(self.open[-1])
        return self.out.decode(), in_order(self.spans)

    def _step(self) -> None:
        inside_code = bool(self.open) and self.open[-1].kind in CODES
        plain = (_IN_CODE if inside_code else _OUTSIDE).match(self.source, self.at)
        if plain:
            self._write(plain[0])
        elif self._escaped():
            self._write(self.source[self.at + 1 : self.at + 2], consumed=2)
        elif self._next() == b"\\":
            self._write(b"\\")
        elif self._next() == b"\n":
            self._new_line()
        elif self.open and self._closes(self.open[-1]):
            self._close()
        else:
            self._begin()

    def _write(self, chunk: bytes, consumed: int | None = None) -> None:
        self.out += chunk
        self.offset += units(chunk)
        self.at += len(chunk) if consumed is None else consumed
        self.line_start = chunk.endswith(b"\n")

    def _next(self, count: int = 1) -> bytes:
        return self.source[self.at : self.at + count]

    def _escaped(self) -> bool:
        """Docs: "Any character with code between 1 and 126 inclusively can be escaped anywhere"."""
        following = self.source[self.at + 1 : self.at + 2]
        return self._next() == b"\\" and bool(following) and 1 <= following[0] <= 126

    def _new_line(self) -> None:
        if not self.source.startswith(b">", self.at + 1):
            self._end_quote()
        self._write(b"\n")

    def _in_quote(self) -> bool:
        return any(entity.kind == "blockquote" for entity in self.open)

    def _end_quote(self, at_end: bool = False) -> None:
        """A block quotation ends with its line; `||` just before makes it expandable."""
        if not self._in_quote():
            return
        last = self.open[-1]
        expandable = last.kind == "spoiler" and last.byte == self.at - 2
        if expandable:
            self.open.pop()
        quote = self.open.pop()
        if quote.kind != "blockquote":
            raise self._unclosed(quote)
        length = self.offset - quote.offset + (0 if at_end else 1)
        if length:
            kind = "expandable_blockquote" if expandable else "blockquote"
            self.spans.append({"type": kind, "offset": quote.offset, "length": length})

    def _closes(self, entity: _Open) -> bool:
        if entity.kind == "blockquote":
            return False
        if entity.kind == "italic" and self._next(2) == b"__":
            return False
        return self.source.startswith(CLOSERS[entity.kind], self.at)

    def _begin(self) -> None:
        byte, kind, language = self.at, self._kind(), ""
        if kind == "quote_again":
            self.at += 1
            return
        self.at += {"underline": 2, "spoiler": 2, "custom_emoji": 2, "pre": 3}.get(kind, 1)
        if kind == "pre":
            language = self._language()
        self.open.append(_Open(kind, self.offset, byte, len(self.out), language))

    def _kind(self) -> str:
        two = self._next(2)
        pairs = {b"__": "underline", b"||": "spoiler", b"![": "custom_emoji"}
        singles = {b"_": "italic", b"*": "bold", b"~": "strikethrough", b"[": "text_link", b"`": "code"}
        if self._next(3) == b"```":
            return "pre"
        if two in pairs:
            return pairs[two]
        if self._next() == b">" and self.line_start:
            return "quote_again" if self._in_quote() else "blockquote"
        if self._next() in singles:
            return singles[self._next()]
        shown = self._next().decode()
        raise BadMarkup(f"Character '{shown}' is reserved and must be escaped with the preceding '\\'")

    def _language(self) -> str:
        """The word after ``` is a language when white space follows it; one new line is skipped."""
        found = _LANGUAGE.match(self.source, self.at)
        assert found is not None, "the pattern matches the empty string"
        language = ""
        if found[0] and self.source[found.end() : found.end() + 1].isspace():
            language = found[0].decode()
            self.at = found.end()
        for ending in (b"\r\n", b"\n\r", b"\n", b"\r"):
            if self.source.startswith(ending, self.at):
                self.at += len(ending)
                break
        return language

    def _close(self) -> None:
        entity = self.open.pop()
        self.at += len(CLOSERS[entity.kind])
        url = self._url(entity)
        length = self.offset - entity.offset
        if length == 0:
            return
        span = self._span(entity, length, url)
        if span is not None:
            self.spans.append(span)

    def _span(self, entity: _Open, length: int, url: str) -> Json | None:
        span: Json = {"type": entity.kind, "offset": entity.offset, "length": length}
        if entity.kind == "text_link":
            return link_span(url, entity.offset, length)
        if entity.kind == "custom_emoji":
            return _emoji(span, url)
        return {**span, "language": entity.language} if entity.language else span

    def _url(self, entity: _Open) -> str:
        if entity.kind not in ("text_link", "custom_emoji"):
            return ""
        if self._next() == b"(":
            return self._in_brackets()
        if entity.kind == "custom_emoji":
            raise BadMarkup("The entity must contain a tg://emoji or tg://time URL")
        return self.out[entity.begins :].decode()

    def _in_brackets(self) -> str:
        self.at += 1
        begin, url = self.at, bytearray()
        while self._next() not in (b")", b""):
            self.at += 1 if self._escaped() else 0
            url += self._next()
            self.at += 1
        if not self._next():
            raise BadMarkup(f"Can't find end of a URL at byte offset {begin}")
        self.at += 1
        return url.decode()

    def _unclosed(self, entity: _Open) -> BadMarkup:
        shown = SHOWN.get(entity.kind, entity.kind.capitalize())
        if entity.kind == "pre" and entity.language:
            shown = "PreCode"
        return BadMarkup(f"Can't find end of {shown} entity at byte offset {entity.byte}")


def _emoji(span: Json, url: str) -> Json:
    found = re.fullmatch(r"tg://emoji\?id=(\d+)", url)
    if found:
        return {**span, "custom_emoji_id": found[1]}
    if re.fullmatch(r"tg://time\?unix=\d+(&format=\w+)?", url):
        return {**span, "type": "date_time", "unix_time": int(url.split("=")[1].split("&", maxsplit=1)[0])}
    raise BadMarkup("Invalid tg://emoji or tg://time URL specified")
