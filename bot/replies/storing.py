"""Compiled templates as bytes and back, as Jinja's own bytecode caches keep them: only ever read from where we wrote them."""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from sys import version as python

from bot import domain, flows
from bot.replies.replies import Replies
from bot.replies.template import Sheet


def ingredients(files: Mapping[str, str]) -> Iterator[str]:
    """All that decides what becomes of these files: their texts, the code that checks them, the libraries."""
    for path in sorted(files):
        yield path
        yield files[path]
    yield python
    yield version("jinja2")
    for place in (__file__, domain.__file__, flows.__file__):
        for source in sorted(Path(place).parent.glob("**/*.py")):
            yield source.read_text("utf-8")


def stored(replies: Replies) -> bytes:
    """All templates."""
    return marshal.dumps(
        [
            (key, sheet.path, sheet.content, sheet.text, dict(sheet.labels), sheet.reads)
            for key, sheet in replies.sheets.items()
        ]
    )


def loaded(content: bytes) -> dict[tuple[str, str], Sheet]:
    """By language and reply; ValueError when these bytes are none."""
    try:
        return {key: Sheet(*fields) for key, *fields in marshal.loads(content)}  # noqa: S302 -- our own file, see `Kept`
    except (EOFError, TypeError) as error:
        raise ValueError("these bytes are no templates") from error
