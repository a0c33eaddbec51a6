"""What a look at the tone of a shop's replies shows. All of it are warnings: buyers are served, but not as well as they could be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.decision import Audience
from bot.domain.replies import Reply
from bot.flows import REPLIES
from bot.flows.macros import declared_as
from bot.replies import sandbox
from bot.replies.finding import Finding, Severity
from bot.replies.path import Place, place_of, tone_path, words_path
from bot.replies.source import take_apart
from bot.replies.tone import book as tone_book
from bot.replies.tone import fixed, missing, never, sides
from bot.replies.tone.allowed import sorted_out
from bot.replies.tone.book import Book
from bot.replies.tone.prose import gathered, parsed, prose
from bot.replies.tone.sheet import Sheet


def lint_tone(
    files: Mapping[str, str], *, languages: Sequence[str] = (), declared: Mapping[str, Reply] = REPLIES
) -> tuple[Finding, ...]:
    """What to consider, in the order of the files. `files` is path (``replies/<lang>/…``) to content."""
    places = [place for path in files if (place := place_of(path))]
    spoken = tuple(languages) or tuple(sorted({place.language for place in places}))
    books, found = _books(files, spoken)
    sheets = _sheets([place for place in places if place.language in spoken], files, declared)
    for (language, _), sheet in sheets.items():
        if language in books and sheet.declared.to is Audience.BUYER:
            found += _spoken(sheet, books[language])
    for language, book in books.items():
        path = words_path(language)
        found += _worded(path, files.get(path, ""), book)
    found += sides.compared(sheets, spoken)
    found += sides.lists_apart(books)
    looked_at = [place.path for place in places if place.language in books]
    return tuple(sorted(set(sorted_out({path: files[path] for path in looked_at}, found))))


def _books(files: Mapping[str, str], spoken: tuple[str, ...]) -> tuple[dict[str, Book], list[Finding]]:
    books: dict[str, Book] = {}
    found: list[Finding] = []
    there = [tone_path(language) for language in spoken if tone_path(language) in files]
    for language in spoken:
        path = tone_path(language)
        if path not in files:
            mend = f"copy {there[0]} and put this language's own words there" if there else "write one"
            message = f"nothing says how this language greets, apologises or what it never promises; {mend}"
            found.append(Finding(path, 1, Severity.WARNING, message))
            continue
        book, wrong = tone_book.read(path, files[path])
        found += wrong
        if book:
            books[language] = book
    return books, found


def _sheets(
    places: list[Place], files: Mapping[str, str], declared: Mapping[str, Reply]
) -> dict[tuple[str, str], Sheet]:
    read = {
        (place.language, place.reply): _sheet(place, files[place.path], one)
        for place in places
        if (one := declared_as(place.reply, declared))
    }
    return {key: sheet for key, sheet in read.items() if sheet}


def _sheet(place: Place, content: str, declared: Reply) -> Sheet | None:
    """The file taken apart; None when it can't be used, which is told elsewhere."""
    source, wrong = take_apart(place.path, content)
    text = None if wrong else parsed(sandbox.TEXT, source.text)
    if text is None:
        return None
    worded = {name: wording for name, wording in source.labels.items() if name in declared.labels}
    labels = {name: parsed(sandbox.LABEL, wording) for name, wording in worded.items()}
    return Sheet(place.path, content, declared, text, {name: tree for name, tree in labels.items() if tree})


def _spoken(sheet: Sheet, book: Book) -> Iterator[Finding]:
    yield from missing.left_out(sheet, book)
    for tree in (sheet.text, *sheet.labels.values()):
        said = prose(tree)
        yield from never.promised(sheet.path, said, book)
        yield from fixed.typed_in(sheet, said, book)


def _worded(path: str, content: str, book: Book) -> Iterator[Finding]:
    """Templates show these words as they are, so they promise as much."""
    for number, line in enumerate(content.split("\n"), 1):
        _, colon, words = line.split(" #")[0].partition(":")
        if colon and not line.startswith("#"):
            yield from never.promised(path, gathered(iter([(number, words)])), book)
