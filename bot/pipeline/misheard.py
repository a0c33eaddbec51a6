"""Messages the bot had no answer to, read off the transcripts: by the words it answered with, and what was tapped then.

The transcript keeps what was said, not the name of the reply it was. So an answer is known by its first paragraph, or by
the menu of everything the bot does under it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process

from bot.domain.messages import Choice, Speaker
from bot.flows.small_talk import OFFERED
from bot.pipeline.ports import Line
from bot.understanding.teaching import Misheard

_SAME_WORDS = 90
"""The rapidfuzz ratio of two paragraphs that are one reply, before and after an owner mended a word of it."""
_PATIENT = 3
"""Things a buyer says after a message, up to which a tapped button is still about it."""


def misheard(said: Sequence[Line], at_a_loss: Sequence[str]) -> Iterator[Misheard]:
    """Of one conversation, oldest first. `at_a_loss`: what the bot says when it does not understand or is not sure."""
    known = [_opening(text) for text in at_a_loss]
    turns = list(_turns(said))
    shown: set[str] = set()
    for at, (heard, answers) in enumerate(turns):
        spoken = heard.text and not heard.text.startswith("/") and heard.text not in shown
        if spoken and any(_is_at_a_loss(line, known) for line in answers):
            yield Misheard(heard.text, _tapped_next(turns[at : at + _PATIENT + 1]))
        shown |= {label for line in answers for label, _ in line.buttons}


Turned = tuple[Line, list[Line]]


def _turns(said: Sequence[Line]) -> Iterator[Turned]:
    """Each line of the buyer's with what the bot answered."""
    heard: Line | None = None
    answers: list[Line] = []
    for line in said:
        if line.who is Speaker.BUYER:
            if heard:
                yield heard, answers
            heard, answers = line, []
        elif line.who is Speaker.BOT:
            answers.append(line)
    if heard:
        yield heard, answers


def _is_at_a_loss(line: Line, known: Sequence[str]) -> bool:
    offered = {Choice.parse(data).value for _, data in line.buttons}
    opening = _opening(line.text)
    return offered == set(OFFERED) or bool(
        process.extractOne(opening, known, scorer=fuzz.ratio, score_cutoff=_SAME_WORDS)
    )


def _tapped_next(turns: Sequence[Turned]) -> str:
    """The intent of the first start button that was tapped in the turns after the first."""
    shown: list[tuple[str, str]] = []
    for at, (heard, answers) in enumerate(turns):
        if at and (choice := _tapped(heard.text, shown)):
            return choice.value.partition(" ")[0] if choice.slot == "start" and choice.value != "bot" else ""
        shown += [pair for line in answers for pair in line.buttons]
    return ""


def _tapped(text: str, shown: Sequence[tuple[str, str]]) -> Choice | None:
    """The newest button of that label: a tap is told by it."""
    return next((Choice.parse(data) for label, data in reversed(shown) if label == text), None)


def _opening(text: str) -> str:
    """The first paragraph, which holds no values that change."""
    return text.strip().partition("\n\n")[0]
