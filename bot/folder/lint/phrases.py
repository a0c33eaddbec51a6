"""What a glance at the phrase files shows: missing and unserved intents, phrases claimed twice, idle ones, thin files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from statistics import median

from bot.flows import INTENTS
from bot.folder.lint.sides import lint_sides
from bot.lexicon import load_lexicon
from bot.understanding.normalise import normalise
from bot.understanding.phrases import PhraseFile, wordings
from bot.understanding.teaching import idle

THIN = 5
"""Fewer phrases than this are too few to recognise an intent by."""
SHORT = 2
"""So few letters stand in many a message by chance."""
_THRICE = re.compile(r"(.)\1\1")
MEAGRE = 5
"""An intent with less than one phrase for so many of the others' is drowned by them."""


def lint_phrases(
    files: Mapping[str, PhraseFile], languages: Iterable[str], broken: Iterable[str] = ()
) -> list[str]:
    """What should be mended in the phrase files, a line each. `broken`: what is wrong with files that can't be read."""
    unread = "\n".join(broken)
    languages = tuple(languages)
    answered = {path: file for path, file in files.items() if file.language in languages}
    findings = [*_shared(answered), *lint_sides(answered)]
    for language in languages:
        spoken = {path: file for path, file in files.items() if file.language == language}
        findings += [*_thin(spoken), *_idle(spoken), *_shrunk(spoken)]
        taught = {file.intent for file in spoken.values()}
        findings += [
            f"error: intents/{language}/{intent}.yaml: is missing; the bot can't recognise {intent} in this language"
            for intent in sorted(INTENTS)
            if intent not in taught and f"intents/{language}/{intent}.yaml" not in unread
        ]
        findings += [
            f"error: {path}: no flow serves an intent named {file.intent!r}"
            for path, file in spoken.items()
            if file.intent not in INTENTS
        ]
    return findings


def _shared(files: Mapping[str, PhraseFile]) -> Iterator[str]:
    """Wordings that two intents claim, in whichever characters or language: what is typed tells neither."""
    plain = load_lexicon().plain
    claimed: dict[str, tuple[str, str]] = {}
    for path, file in files.items():
        for wording, phrase in wordings(file):
            other = claimed.setdefault(normalise(plain(wording)), (file.intent, path))
            if other[0] != file.intent:
                yield f"error: {path}: {phrase!r} is also taught in {other[1]}; keep it in one of them"


def _thin(files: Mapping[str, PhraseFile]) -> Iterator[str]:
    """Files with few phrases, or few beside the others."""
    usual = median([len(file.phrases) for file in files.values()] or [0])
    for path, file in files.items():
        count = len(file.phrases)
        if count < THIN:
            yield f"warning: {path}: {count} phrases are few; write at least {THIN}, worded differently"
        elif count * MEAGRE < usual:
            yield f"warning: {path}: {count} phrases are few beside the {usual:g} that other intents have; write more"


def _shrunk(files: Mapping[str, PhraseFile]) -> Iterator[str]:
    """Words of slots whose letters typed three times count once, so that nearly nothing is left to know them by."""
    for path, file in files.items():
        for slot, values in file.slots.items():
            for word in (word for words in values.values() for word in words):
                left = normalise(word)
                if _THRICE.search(word) and len(left) <= SHORT:
                    yield f"warning: {path}: slots: {slot}: {word!r} is heard as {left!r}; leave it out, or write it out"


def _idle(files: Mapping[str, PhraseFile]) -> Iterator[str]:
    for path, file in files.items():
        for found in idle(file, load_lexicon()):
            if found.phrase == found.covered_by:
                yield f"warning: {path}: {found.phrase!r} stands there twice"
            else:
                yield f"warning: {path}: {found.phrase!r} adds nothing to {found.covered_by!r}; leave one of them out"
