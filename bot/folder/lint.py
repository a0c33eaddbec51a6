"""Checking phrase files against each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.flows import INTENTS
from bot.understanding.normalise import normalise
from bot.understanding.phrases import PhraseFile, wordings

THIN = 5
"""Fewer phrases than this are too few to recognise an intent by."""


def lint_phrases(
    files: Mapping[str, PhraseFile], languages: Iterable[str], broken: Iterable[str] = ()
) -> list[str]:
    """What should be mended in the phrase files, a line each. `broken`: what is wrong with files that can't be read."""
    unread = "\n".join(broken)
    findings: list[str] = []
    for language in languages:
        spoken = {path: file for path, file in files.items() if file.language == language}
        findings += _shared(spoken)
        findings += [
            f"warning: {path}: {len(file.phrases)} phrases are few; write at least {THIN}, worded differently"
            for path, file in spoken.items()
            if len(file.phrases) < THIN
        ]
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


def _shared(files: Mapping[str, PhraseFile]) -> list[str]:
    """Wordings that two intents claim."""
    claimed: dict[str, tuple[str, str]] = {}
    findings: list[str] = []
    for path, file in files.items():
        for wording, phrase in wordings(file):
            text = normalise(wording)
            other = claimed.setdefault(text, (file.intent, path))
            if other[0] != file.intent:
                findings.append(
                    f"error: {path}: {phrase!r} is also taught in {other[1]}; keep it in one of them"
                )
    return findings
