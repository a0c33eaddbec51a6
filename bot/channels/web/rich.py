"""Reply text (HTML of a few tags) as plain data a browser builds elements from, so that no page ever parses markup."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

TAGS = frozenset({"b", "i", "u", "s", "code", "a"})
SCHEMES = ("https://", "http://", "mailto:", "tel:")

Node = str | dict[str, Any]
"""Text, or an element: ``{"t": tag, "c": [children]}`` with ``"h"`` for a link's target."""


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.top: list[Node] = []
        self._open: list[dict[str, Any]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_data("\n")
        if tag not in TAGS:
            return
        node: dict[str, Any] = {"t": tag, "c": []}
        target = dict(attrs).get("href") or ""
        if tag == "a":
            node["h"] = target if target.lower().startswith(SCHEMES) else ""
        self._here().append(node)
        self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        depths = [depth for depth, node in enumerate(self._open) if node["t"] == tag]
        if depths:
            del self._open[depths[-1] :]

    def handle_data(self, data: str) -> None:
        self._here().append(data)

    def _here(self) -> list[Node]:
        return self._open[-1]["c"] if self._open else self.top


def nodes(html: str) -> list[Node]:
    """The text's nodes; tags that are not ours are dropped, their words stay."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.top


def plain(html: str) -> str:
    """Only the words."""
    return "".join(_words(node) for node in nodes(html))


def _words(node: Node) -> str:
    return node if isinstance(node, str) else "".join(_words(child) for child in node["c"])
