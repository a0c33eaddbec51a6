"""The shop's folder while the bot runs: read whole, watched, and read again when a file changes.

A broken edit never takes anything away: the file that can't be used keeps what it last held, and what is wrong with it
is told.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

import watchfiles

from bot.domain.guides import Guides
from bot.domain.macros import Macro
from bot.errors import FolderError, GuideError, PhraseError, Problems, TemplateError
from bot.flows.macros import reply_of
from bot.folder.guides import PATTERN as GUIDES
from bot.folder.guides import GuideFile, read_guide
from bot.folder.kept import Kept, digest
from bot.folder.learned import Learned
from bot.folder.phrases import PATTERN, read_phrase_file
from bot.folder.reading import read_texts
from bot.lexicon import load_lexicon
from bot.replies import Replies, compile_replies, storing
from bot.replies.path import place_of
from bot.understanding.phrasebook import Phrasebook, compile_phrasebook
from bot.understanding.phrases import PhraseFile
from bot.understanding.questions import learn_questions

_REPLIES = ("replies/**/*.j2", "replies/*/words.yaml")
_TONE = "replies/*/tone.yaml"
_SETTLE_MS = 200
"""Editors write a file in several steps; changes this close together are one."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What the folder holds, as far as it can be used."""

    phrasebook: Phrasebook
    replies: Replies
    phrase_files: dict[str, PhraseFile] = field(default_factory=dict)
    """By path below the folder."""
    guides: Guides = field(default_factory=Guides)
    guide_files: dict[str, GuideFile] = field(default_factory=dict)
    """By path below the folder."""
    problems: tuple[FolderError, ...] = ()

    def macros(self, language: str) -> tuple[Macro, ...]:
        """What agents answer often in that language: what can be used by title, then the files that can't be, and why."""
        told = {place_of(said.partition(":")[0]): said for said in map(str, self.problems)}
        wrong = {
            place.reply.removeprefix(reply_of("")): said
            for place, said in told.items()
            if place and place.language == language and place.reply.startswith(reply_of(""))
        }
        usable = (macro for macro in self.replies.macros(language) if macro.name not in wrong)
        return (*usable, *(Macro(name, name, problem=said) for name, said in sorted(wrong.items())))


class ShopFolder:
    """A folder with ``intents/`` and ``replies/``."""

    def __init__(
        self,
        path: Path,
        languages: Sequence[str],
        timezone: tzinfo,
        *,
        kept: Kept | None = None,
        tell: Callable[[int], None] = lambda _: None,
    ) -> None:
        """`kept`: where what was made of the files is kept. `tell` hears how many phrases are about to be learned."""
        self.path = path
        self._kept = kept or Kept()
        self._learned = Learned(self._kept, tell)
        self._languages = tuple(languages)
        self._timezone = timezone

    def read(self, previous: Contents | None = None) -> Contents:
        """Everything in it; files that can't be used stay as they were in `previous`."""
        phrase_files, phrase_problems = self._phrases(previous)
        replies, reply_problems = self._replies(previous.replies if previous else None)
        guide_files, guide_problems = self.guide_files(previous)
        same = previous is not None and phrase_files == previous.phrase_files
        book = previous.phrasebook if previous and same else self._compiled(phrase_files)
        told = previous is not None and guide_files == previous.guide_files
        guides = previous.guides if previous and told else self._taught(guide_files)
        problems = (*phrase_problems, *reply_problems, *guide_problems)
        return Contents(book, replies, phrase_files, guides, guide_files, problems)

    def phrasebook(self) -> Phrasebook:
        """The phrases alone; `Problems` when a file of them can't be used."""
        files, problems = self._phrases(None)
        if problems:
            raise Problems([str(problem) for problem in problems])
        return self._compiled(files)

    def replies(self) -> Replies:
        """The replies alone; `Problems` when a file of them can't be used."""
        replies, problems = self._replies(None)
        if problems:
            raise Problems([str(problem) for problem in problems])
        return replies

    def phrase_files(self) -> tuple[dict[str, PhraseFile], list[FolderError]]:
        """The phrase files by path, unlearned, and what is wrong with those that can't be used."""
        return self._phrases(None)

    def guides(self) -> Guides:
        """The guides alone; `Problems` when one can't be used."""
        files, problems = self.guide_files()
        if problems:
            raise Problems([str(problem) for problem in problems])
        return self._taught(files)

    def guide_files(self, previous: Contents | None = None) -> tuple[dict[str, GuideFile], list[FolderError]]:
        """The guides by path, unlearned, and what is wrong with those that can't be used."""
        texts = read_texts(self.path, GUIDES)
        files: dict[str, GuideFile] = {}
        problems: dict[str, FolderError] = {name: GuideError(wrong) for name, wrong in texts.unread.items()}
        for name, text in texts.read.items():
            try:
                files[name] = read_guide(self.path, Path(name), text)
            except GuideError as error:
                problems[name] = error
        known = previous.guide_files if previous else {}
        files |= {name: known[name] for name in problems.keys() & known.keys()}
        return dict(sorted(files.items())), [problems[name] for name in sorted(problems)]

    async def changes(self) -> AsyncIterator[None]:
        """Yields after something in it changed."""
        watched = [folder for name in ("intents", "replies") if (folder := self.path / name).is_dir()]
        if not watched:
            return
        async for _ in watchfiles.awatch(*watched, step=_SETTLE_MS):
            yield

    def reply_texts(self) -> dict[str, str]:
        """Path below the folder to text, of every template and list of words; `Problems` when one can't be read."""
        texts = read_texts(self.path, *_REPLIES, _TONE)
        if texts.unread:
            raise Problems([*texts.unread.values()])
        return texts.read

    def _replies(self, previous: Replies | None) -> tuple[Replies, tuple[TemplateError, ...]]:
        texts = read_texts(self.path, *_REPLIES)
        name = f"{digest(storing.ingredients(texts.read))}.replies"
        known = None if previous else self._kept_replies(name)
        made, problems = compile_replies(
            texts.read,
            previous or known,
            languages=self._languages,
            timezone=self._timezone,
            unread=texts.unread,
        )
        if not problems and not known:
            self._kept.put(name, storing.stored(made))
        return made, problems

    def _kept_replies(self, name: str) -> Replies | None:
        content = self._kept.get(name)
        if content is not None:
            with contextlib.suppress(ValueError):
                return Replies(self._languages, self._timezone, storing.loaded(content), {})
        return None

    def _compiled(self, files: dict[str, PhraseFile]) -> Phrasebook:
        spoken = (file for file in files.values() if file.language in self._languages)
        return compile_phrasebook(spoken, load_lexicon(), self._learned)

    def _taught(self, files: dict[str, GuideFile]) -> Guides:
        spoken = tuple(file.guide for file in files.values() if file.guide.language in self._languages)
        questions = learn_questions(spoken, load_lexicon(), self._learned)
        return Guides(spoken, self._languages, questions, questions.knows)

    def _phrases(self, previous: Contents | None) -> tuple[dict[str, PhraseFile], list[FolderError]]:
        texts = read_texts(self.path, PATTERN)
        files: dict[str, PhraseFile] = {}
        problems: dict[str, FolderError] = {name: PhraseError(wrong) for name, wrong in texts.unread.items()}
        for name, text in texts.read.items():
            try:
                files[name] = read_phrase_file(Path(name), text)
            except PhraseError as error:
                problems[name] = error
        if previous:
            known = previous.phrase_files
            files |= {name: known[name] for name in problems.keys() & known.keys()}
        return dict(sorted(files.items())), [problems[name] for name in sorted(problems)]
