"""Everything wrong with a shop's replies, before a buyer finds it: each file by itself, tried on samples, and side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from typing import Any

from bot.domain.messages import Button
from bot.domain.replies import Reply
from bot.errors import TemplateError
from bot.flows import REPLIES
from bot.flows.commands import NAMES
from bot.flows.desk import STAFF_COMMANDS
from bot.flows.macros import declared_as, reply_of
from bot.replies import words
from bot.replies.finding import Finding, Severity, nearest
from bot.replies.macros import read_as
from bot.replies.markup import MAX_UNITS, balanced, fits
from bot.replies.path import FOLDER, TONE, Place, path_of, place_of, words_path
from bot.replies.replies import Replies
from bot.replies.source import take_apart
from bot.replies.template import MAX_LABEL, Sheet
from bot.replies.tries import Tries
from bot.replies.words import Wordlist


def lint(
    files: Mapping[str, str],
    *,
    languages: Sequence[str] = (),
    timezone: tzinfo = UTC,
    declared: Mapping[str, Reply] = REPLIES,
) -> tuple[Finding, ...]:
    """What is wrong, in the order of the files. `files` is path (``replies/<lang>/…``) to content."""
    places = {path: place_of(path) for path in files}
    known = [place for place in places.values() if place]
    spoken = tuple(languages) or tuple(sorted({place.language for place in known}))
    found = [_stray(path) for path, place in places.items() if place is None and _ours(path)]
    found += _unasked(known, spoken, declared)
    wordlists, sheets = {}, {}
    for place in known:
        if place.language not in spoken:
            continue
        if place.words:
            wordlist, wrong = words.read(place.path, files[place.path])
            found += wrong
            if wordlist:
                wordlists[place.language] = wordlist
        elif one := declared_as(place.reply, declared):
            sheet, wrong = read_as(place.reply)(place.path, files[place.path], one)
            found += wrong
            if sheet:
                sheets[place.language, place.reply] = sheet
    found += _missing_files(known, spoken, declared)
    found += _missing_macros(known, spoken)
    found += _words(wordlists, spoken)
    replies = Replies(spoken, timezone, sheets, wordlists)
    tries = {language: Tries(language) for language in spoken}
    for (language, reply), sheet in sheets.items():
        if one := declared_as(reply, declared):
            found += _tried(replies, language, tries[language], one, sheet)
    return tuple(sorted(set(found)))


def _ours(path: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    return path.startswith(f"{FOLDER}/") and name != TONE and not name.startswith((".", "README"))


def _stray(path: str) -> Finding:
    message = "not a file of this folder; templates stand in replies/<lang>/<intent>/<reply>.j2"
    return Finding(path, 1, Severity.WARNING, message)


def _unasked(known: list[Place], spoken: tuple[str, ...], declared: Mapping[str, Reply]) -> Iterator[Finding]:
    for place in known:
        if place.language not in spoken:
            message = f"the shop does not answer in {place.language!r}{nearest(place.language, spoken)}"
            yield Finding(place.path, 1, Severity.WARNING, f"{message}; add it to `languages` in config.yaml")
        elif not place.words and declared_as(place.reply, declared) is None:
            message = f"nothing in the bot says {place.reply!r}{nearest(place.reply, declared)}"
            yield Finding(place.path, 1, Severity.WARNING, message)


def _missing_files(
    known: list[Place], spoken: tuple[str, ...], declared: Mapping[str, Reply]
) -> Iterator[Finding]:
    there = {(place.language, place.reply) for place in known}
    for language in spoken:
        if (language, "") not in there:
            message = "this language has no words; copy the file of another language and translate it"
            yield Finding(words_path(language), 1, Severity.ERROR, message)
        for name in declared:
            if (language, name) not in there:
                others = [path_of(other, name) for other in spoken if (other, name) in there]
                mend = f"copy {others[0]} and translate it" if others else "write it"
                yield Finding(path_of(language, name), 1, Severity.ERROR, f"this reply is missing; {mend}")


def _missing_macros(known: list[Place], spoken: tuple[str, ...]) -> Iterator[Finding]:
    """Agents answer a buyer in the buyer's language, so each language needs them."""
    there = {(place.language, place.reply): place for place in known if place.reply.startswith(reply_of(""))}
    for place in there.values():
        for language in spoken:
            if place.language in spoken and (language, place.reply) not in there:
                message = (
                    f"agents have this macro in {place.language!r} only; copy {place.path} and translate it"
                )
                yield Finding(path_of(language, place.reply), 1, Severity.WARNING, message)


def _words(wordlists: Mapping[str, Wordlist], spoken: tuple[str, ...]) -> Iterator[Finding]:
    wanted = words.required(frozenset(NAMES), frozenset(STAFF_COMMANDS))
    wanted = {**wanted, "language": frozenset(spoken)}
    for group in ("carrier", "page", "dossier"):  # what one language words, all do
        wanted[group] = frozenset().union(
            *(wordlist.groups.get(group, {}).keys() for wordlist in wordlists.values())
        )
    for wordlist in wordlists.values():
        yield from words.gaps(wordlist, wanted)


def _tried(replies: Replies, language: str, tries: Tries, declared: Reply, sheet: Sheet) -> Iterator[Finding]:
    """What goes wrong on samples of each size, and with every value each enum in them can have."""
    for values, options in tries.of(declared, sheet.reads):
        yield from _once(replies, language, declared, sheet, values, options)


def _once(
    replies: Replies,
    language: str,
    declared: Reply,
    sheet: Sheet,
    values: dict[str, Any],
    options: dict[str, Any],
) -> Iterator[Finding]:
    buttons = tuple(Button("sample", "1", label, options) for label in declared.labels)
    try:
        rendered = replies(declared(buttons=buttons, **values), language)
    except TemplateError as error:
        yield _as_finding(sheet.path, error)
        return
    if not balanced(rendered.text):
        yield Finding(
            sheet.path, 1, Severity.ERROR, "a tag is left open or closed twice; close each in its own block"
        )
    if not fits(rendered.text):
        message = f"it can come to more than {MAX_UNITS} characters; cut values: title|short(30), orders[:5]"
        yield Finding(sheet.path, 1, Severity.ERROR, message)
    for (label, _), name in zip(rendered.buttons, declared.labels, strict=True):
        if label.endswith("…") and len(label) == MAX_LABEL:
            lines = take_apart(sheet.path, sheet.content)[0].labels
            message = (
                f"the button {name!r} can come to more than {MAX_LABEL} characters and is cut; use |short"
            )
            yield Finding(sheet.path, lines[name].line, Severity.WARNING, message)


def _as_finding(path: str, error: TemplateError) -> Finding:
    """The finding an error of rendering makes: its message begins with ``path:line: ``."""
    told = str(error).removeprefix(f"{path}:")
    line, _, message = told.partition(": ")
    if not line.isdigit():
        line, message = "1", told
    return Finding(path, int(line), Severity.ERROR, f"on some values it fails: {message}")
