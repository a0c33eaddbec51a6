"""The tags of a reply's text: how one is written, and the text without them."""

from __future__ import annotations

import html
import re

TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<rest>[^<>]*)>")


_LINK = re.compile(r'<a href="(?P<to>[^"]*)">(?P<words>.*?)</a>', re.DOTALL)


def written_out(text: str) -> str:
    """The text as somebody would type it who has no tags: where a link leads stands behind its words."""
    return plain(_LINK.sub(lambda found: f"{found['words']} {found['to']}", text))


def plain(text: str) -> str:
    """The text as it is read: tags away, entities resolved."""
    return html.unescape(TAG.sub("", text))
