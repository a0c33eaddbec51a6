"""From the files of the replies folder to `Replies`, all at once; what can't be used is left as it last worked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from types import MappingProxyType

from bot.domain.replies import Reply
from bot.errors import TemplateError
from bot.flows import REPLIES
from bot.flows.macros import declared_as
from bot.replies import words
from bot.replies.finding import Finding, Severity
from bot.replies.macros import read_as
from bot.replies.path import Place, path_of, place_of
from bot.replies.replies import Replies
from bot.replies.template import Sheet
from bot.replies.words import Wordlist

NOTHING: Mapping[str, str] = MappingProxyType({})


def compile_replies(
    files: Mapping[str, str],
    previous: Replies | None = None,
    *,
    languages: Sequence[str] = (),
    timezone: tzinfo = UTC,
    unread: Mapping[str, str] = NOTHING,
    declared: Mapping[str, Reply] = REPLIES,
) -> tuple[Replies, tuple[TemplateError, ...]]:
    """The replies these files make, and what is wrong with them.

    `files` is path (``replies/<lang>/…``) to content. A file that can't be used keeps what it held in `previous`; so
    does nothing that was taken away. `unread` is path to what is wrong with a file that could not even be read. `languages` are the shop's, its main one first; without them, those of the files.
    """
    places = [(place, files[path]) for path in sorted(files) if (place := place_of(path))]
    spoken = tuple(languages) or tuple(dict.fromkeys(place.language for place, _ in places))
    work = _Work(previous)
    for place, content in places:
        if place.words:
            work.take_words(place, content)
        elif one := declared_as(place.reply, declared):
            work.take_template(place, content, one)
    for place in filter(None, map(place_of, unread)):
        work.keep(place)
    made = Replies(spoken, timezone, work.sheets, work.wordlists)
    work.findings += _unsayable(made, declared, {**files, **unread})
    wrong = [TemplateError(unread[path]) for path in sorted(unread)]
    return made, (*wrong, *(finding.error for finding in sorted(work.findings)))


class _Work:
    """One compilation."""

    def __init__(self, previous: Replies | None) -> None:
        self.old_sheets: Mapping[tuple[str, str], Sheet] = previous.sheets if previous else {}
        self.old_words: Mapping[str, Wordlist] = previous.wordlists if previous else {}
        self.sheets: dict[tuple[str, str], Sheet] = {}
        self.wordlists: dict[str, Wordlist] = {}
        self.findings: list[Finding] = []

    def take_template(self, place: Place, content: str, declared: Reply) -> None:
        key = (place.language, place.reply)
        sheet = self.old_sheets.get(key)
        if sheet is None or sheet.content != content:
            fresh, findings = read_as(place.reply)(place.path, content, declared)
            self.findings += findings
            sheet = fresh or sheet
        if sheet is not None:
            self.sheets[key] = sheet

    def keep(self, place: Place) -> None:
        """What the file held before."""
        key = (place.language, place.reply)
        if place.words and place.language in self.old_words:
            self.wordlists[place.language] = self.old_words[place.language]
        elif key in self.old_sheets:
            self.sheets[key] = self.old_sheets[key]

    def take_words(self, place: Place, content: str) -> None:
        fresh, findings = words.read(place.path, content)
        self.findings += findings
        kept = fresh or self.old_words.get(place.language)
        if kept is not None:
            self.wordlists[place.language] = kept


def _unsayable(made: Replies, declared: Mapping[str, Reply], files: Mapping[str, str]) -> list[Finding]:
    """Replies that no language the shop answers in can say, for lack of a file; a broken one speaks for itself."""
    main = made.languages[0] if made.languages else "en"
    return [
        Finding(
            path_of(main, name),
            1,
            Severity.ERROR,
            f"no language has a usable template for {name!r}; write one here",
        )
        for name in declared
        if not any(
            (language, name) in made.sheets or path_of(language, name) in files for language in made.languages
        )
    ]
