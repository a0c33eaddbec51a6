"""Words that are not for buyers: promises nobody can keep, reviews asked or paid for, blame."""

from __future__ import annotations

from collections.abc import Iterator

from bot.replies.finding import Finding, Severity
from bot.replies.tone.book import Book, Rule
from bot.replies.tone.phrases import Phrase, Span, covered, negated, spans
from bot.replies.tone.prose import Prose


def promised(path: str, said: Prose, book: Book) -> Iterator[Finding]:
    """A finding for each line and entry. A negation before it, or a longer wording that is fine, lets it pass."""
    for rule in book.never:
        for entry in rule["words"]:
            for line in sorted({said.line(span[0]) for span in _hits(said.text, entry, rule, book)}):
                yield Finding(path, line, Severity.WARNING, _told(entry, rule))


def _hits(text: str, entry: Phrase, rule: Rule, book: Book) -> Iterator[Span]:
    for span in spans(text, entry):
        if not covered(text, span, rule["unless"]) and not negated(text, span[0], book.negations):
            yield span


def _told(entry: Phrase, rule: Rule) -> str:
    parts = (f"“{entry.written}” ({rule.name})", rule.why, rule.instead)
    return "; ".join(part.rstrip(".。") for part in parts if part)
