"""Messages the bot had no answer to, read off the transcripts: by the replies it gave, and what was tapped then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.messages import Choice, Speaker
from bot.flows import dialogue_replies as say
from bot.pipeline.turns import Line
from bot.understanding.teaching import Misheard

AT_A_LOSS = frozenset(reply.name for reply in (say.NOT_UNDERSTOOD, say.FALLBACK, say.GUESS, say.TWO_MISSES))
"""What the bot says when it does not understand or is not sure, however the shop words it."""
_PATIENT = 3
"""Things a buyer says after a message, up to which a tapped button is still about it."""


def misheard(said: Sequence[Line]) -> Iterator[Misheard]:
    """Of one conversation, oldest first. Only what was said in words has a meaning: taps and commands can't be misheard."""
    turns = list(_turns(said))
    for at, (heard, answers) in enumerate(turns):
        if heard.meaning and any(line.reply in AT_A_LOSS for line in answers):
            yield Misheard(heard.text, _tapped_next(turns[at : at + _PATIENT + 1]))


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


def _tapped_next(turns: Sequence[Turned]) -> str:
    """The intent of the first start button that was tapped in the turns after the first."""
    shown: list[tuple[str, str]] = []
    for at, (heard, answers) in enumerate(turns):
        if at and (choice := _tapped(heard.text, shown)):
            return choice.value.partition(" ")[0] if choice.slot == "start" and choice.value != "bot" else ""
        shown += [pair for line in answers for pair in line.buttons]
    return ""


def _tapped(text: str, shown: Sequence[tuple[str, str]]) -> Choice | None:
    """The newest button of that label: a tap is told by it, and who types it means the same."""
    return next((Choice.parse(data) for label, data in reversed(shown) if label == text), None)
