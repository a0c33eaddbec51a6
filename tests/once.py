"""What a test process does once.

A file of templates, of words or of phrases is read once: the shipped ones are in every shop that tests lay out, and there
are hundreds. What is wrong with a template is looked for once. The certificates that httpx trusts, which each of its clients
would read anew, are read once. And what was collected, which stays to the end, is looked through for garbage once; later
garbage is looked for seldom.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Generator, Iterator
from functools import cache
from importlib.util import find_spec
from typing import Any, TypeVar

import pytest
from httpx import create_ssl_context

from bot.domain.replies import Reply
from bot.folder.phrases import read_phrase_file
from bot.replies import Replies, lint, template, words
from bot.replies.finding import Finding
from bot.replies.source import Wording
from bot.replies.template import Sheet
from bot.replies.tone import book as tone_book
from bot.replies.tone import check
from bot.replies.tone.book import Book
from bot.replies.tone.prose import parsed
from bot.replies.tone.sheet import Sheet as TonedSheet

T = TypeVar("T")

_MOST = 5_000
"""Templates remembered: all of a shop, and what a few tests made of them."""
_NEW = 20_000
"""New objects after which garbage is looked for: some ten megabytes, against a twentieth of the time."""


@pytest.fixture(scope="session", autouse=True)
def templates_read_once() -> Iterator[None]:
    """By path, text and what its reply declares; in the tone's own reading by the text."""
    read = template.read
    sheets: dict[object, tuple[Reply, Sheet | None, list[Finding]]] = {}
    trees: dict[object, Any] = {}

    def read_once(path: str, content: str, declared: Reply) -> tuple[Sheet | None, list[Finding]]:
        key = (path, content, id(declared))
        if key not in sheets:
            if len(sheets) >= _MOST:
                sheets.clear()
            sheets[key] = declared, *read(path, content, declared)
        _, sheet, findings = sheets[key]
        return sheet, list(findings)

    def parsed_once(environment: Any, wording: Wording) -> Any:
        key = (id(environment), wording)
        if key not in trees:
            if len(trees) >= _MOST:
                trees.clear()
            trees[key] = parsed(environment, wording)
        return trees[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(template, "read", read_once)
        patch.setattr(check, "parsed", parsed_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def templates_tried_once() -> Iterator[None]:
    """By all that is read of a template and of its language: itself, what its reply declares, the lists of words."""
    tried, spoken = lint._tried, check._spoken
    known: dict[object, tuple[object, list[Finding]]] = {}

    def remembered(key: object, kept: object, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
        """What is known by its identity stands beside, for as long as that is to be nobody else's."""
        if key not in known:
            if len(known) >= _MOST:
                known.clear()
            known[key] = kept, list(look())
        return iter(known[key][1])

    def tried_once(
        replies: Replies, language: str, tries: Any, declared: Reply, sheet: Sheet
    ) -> Iterator[Finding]:
        lists = tuple(replies.wordlists.items())
        key = (
            language,
            id(declared),
            id(sheet),
            replies.languages,
            replies.timezone,
            *((name, id(wordlist)) for name, wordlist in lists),
        )
        kept = (declared, sheet, lists)
        return remembered(key, kept, lambda: tried(replies, language, tries, declared, sheet))

    def spoken_once(sheet: TonedSheet, book: Book) -> Iterator[Finding]:
        key = (sheet.path, sheet.content, id(sheet.declared), id(book))
        return remembered(key, (sheet.declared, book), lambda: spoken(sheet, book))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lint, "_tried", tried_once)
        patch.setattr(check, "_spoken", spoken_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def lists_read_once() -> Iterator[None]:
    """By path and text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tone_book, "read", _once(tone_book.read))
        patch.setattr("bot.folder.shop_folder.read_phrase_file", _once(read_phrase_file))
        patch.setattr(words, "read", _once(words.read))
        yield


def _once(read: Callable[[Any, str], T]) -> Callable[[Any, str], T]:
    known: dict[object, T] = {}

    def read_once(path: Any, text: str) -> T:
        key = (path, text)
        if key not in known:
            if len(known) >= _MOST:
                known.clear()
            known[key] = read(path, text)
        return known[key]

    return read_once


@pytest.fixture(scope="session", autouse=True)
def certificates_read_once() -> Iterator[None]:
    """By what a client is told to trust."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("httpx._transports.default.create_ssl_context", cache(create_ssl_context))
        yield


@pytest.fixture(scope="session", autouse=True)
def sniffio_missed_once() -> Iterator[None]:
    """For each request httpcore, below httpx, imports what is not installed, which is looked for in every folder each time."""
    with pytest.MonkeyPatch.context() as patch:
        if find_spec("sniffio") is None:
            patch.setitem(sys.modules, "sniffio", None)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Of what is collected nothing is garbage: to look for it takes a fifth of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW)
