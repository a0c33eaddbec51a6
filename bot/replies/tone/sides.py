"""What only some of a shop's languages have: values told, wordings left in another language, lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jinja2 import nodes

from bot.replies import walk
from bot.replies.finding import Finding, Severity
from bot.replies.path import path_of
from bot.replies.tone.book import Book
from bot.replies.tone.prose import first_line, prose
from bot.replies.tone.sheet import Sheet

_LETTERS = 3
"""Letters from which on a wording is one: a number or a sign is the same in every language."""


def compared(sheets: Mapping[tuple[str, str], Sheet], spoken: tuple[str, ...]) -> Iterator[Finding]:
    """Each reply in each language beside the others."""
    for name in sorted({reply for _, reply in sheets}):
        beside = {language: sheets[language, name] for language in spoken if (language, name) in sheets}
        yield from _untold(beside)
        yield from _copied(beside)


def _untold(beside: Mapping[str, Sheet]) -> Iterator[Finding]:
    """Values that some language tells and another does not."""
    told = {language: _values(sheet) for language, sheet in beside.items()}
    every = frozenset[str]().union(*told.values())
    for language, sheet in beside.items():
        for value in sorted(every - told[language]):
            other = next(path_of(known, sheet.declared.name) for known in told if value in told[known])
            message = f"{value!r} plays no part here, but does in {other}; a buyer should learn the same in each language"
            yield Finding(sheet.path, first_line(sheet.text), Severity.WARNING, message)


def _copied(beside: Mapping[str, Sheet]) -> Iterator[Finding]:
    """Wordings that are letter for letter those of another language."""
    seen: dict[str, str] = {}
    for sheet in beside.values():
        fresh = {}
        for tree in (sheet.text, *sheet.labels.values()):
            said = " ".join(prose(tree).text.split())
            if sum(char.isalpha() for char in said) < _LETTERS:
                continue
            if said in seen:
                message = f"the same words as in {seen[said]}; put them into this language"
                yield Finding(sheet.path, first_line(tree), Severity.WARNING, message)
            fresh[said] = sheet.path
        seen = {**fresh, **seen}


def lists_apart(books: Mapping[str, Book]) -> Iterator[Finding]:
    """Lists that one language has and another lacks."""
    lists = {book.path: _lists(book) for book in books.values()}
    for path, there in lists.items():
        for name in sorted(frozenset[str]().union(*lists.values()) - there):
            other = next(known for known in lists if name in lists[known])
            message = f"no list {name!r} here, but {other} has one; write down this language's words for it"
            yield Finding(path, 1, Severity.WARNING, message)


def _lists(book: Book) -> frozenset[str]:
    rules = {rule.name for rule in (*book.never, book.numbers) if rule.lists}
    return frozenset(rules | ({"not"} if book.negations else set()))


def _values(sheet: Sheet) -> frozenset[str]:
    """The values a template or its buttons read, such as ``order.parcels.eta``."""
    found: set[str] = set()
    for tree in (sheet.text, *sheet.labels.values()):
        _read(tree, {}, found)
    return frozenset(found)


def _read(node: nodes.Node, known: dict[str, str], found: set[str]) -> None:
    """Note every value, loops' and set names put back to what they stand for."""
    if isinstance(node, nodes.For | nodes.Assign):
        source = node.iter if isinstance(node, nodes.For) else node.node
        _read(source, known, found)
        known[walk.path(node.target)] = _named(source, known)
        if isinstance(node, nodes.Assign):
            return
        for child in (*node.body, *node.else_):
            _read(child, known, found)
    elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
        found |= {name} if (name := _named(node, known)) and not name.startswith("loop") else set()
    else:
        for child in node.iter_child_nodes():
            _read(child, known, found)


def _named(node: nodes.Node, known: Mapping[str, str]) -> str:
    match node:
        case nodes.Name(name=name):
            return known.get(name, name)
        case nodes.Getattr(attr=attr):
            return f"{_named(node.node, known)}.{attr}"
        case nodes.Getitem() | nodes.Filter(node=nodes.Expr()):
            return _named(node.node, known) if node.node else ""
    return ""
