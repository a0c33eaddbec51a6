"""What a reply of its kind has to say, and does not, or not in every case."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

from bot.domain.replies import Tone
from bot.replies.finding import Finding, Severity
from bot.replies.tone.book import Book
from bot.replies.tone.phrases import has
from bot.replies.tone.prose import Says, first_line, told, words_of
from bot.replies.tone.sheet import Sheet

_TIMES = frozenset({"date", "day", "time", "moment", "minutes", "hours", "span"})
"""Filters that tell when, or how long."""

_CALLED = {
    Tone.GREETING: ("greeting", "the buyer has just come in: greet them"),
    Tone.APOLOGY: ("apology", "the buyer has trouble, waited or hears a no: say sorry first"),
    Tone.THANKS: ("thanks", "the buyer waits or did something for us: thank them"),
    Tone.NEXT_STEP: ("next step", "say who does what now, or ask what the buyer would like"),
    Tone.DEADLINE: ("deadline", "say by when or how long, by a value: {{ case.due_at|moment }}"),
}
"""What it is called, why it belongs there and how to mend it."""


def left_out(sheet: Sheet, book: Book) -> Iterator[Finding]:
    """A finding for each thing the reply's kind asks for and its text leaves out."""
    for tone in sheet.declared.tone:
        words = book.says.get(tone)
        if not words:
            continue  # the empty list is told of by itself
        found = told(sheet.text.body, _saying(tone, book))
        called, why = _CALLED[tone]
        if not found.ever:
            known = f"{book.path} lists what counts as one, such as “{words[0].written}”"
            message = f"no {called}; {why} ({known})"
            yield Finding(sheet.path, first_line(sheet.text), Severity.WARNING, message)
        elif not found.always and tone is not Tone.DEADLINE:  # where there is no deadline, none is told
            message = f"no {called} in some cases of this {{% if %}} or loop; {why} in each, or outside of it"
            yield Finding(sheet.path, found.unless, Severity.WARNING, message)


def _saying(tone: Tone, book: Book) -> Says:
    def says(run: list[nodes.Output]) -> bool:
        if tone is Tone.DEADLINE and any(_tells_time(output) for output in run):
            return True
        return has(words_of(run), book.says[tone])

    return says


def _tells_time(output: nodes.Output) -> bool:
    return any(found.name in _TIMES for found in output.find_all(nodes.Filter))
