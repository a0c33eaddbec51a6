"""A flow: the steps that serve one intent, read from top to bottom until one of them decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.domain.changed import replace
from bot.domain.decision import Decision, Effect, Say
from bot.domain.messages import Button
from bot.domain.replies import Reply
from bot.domain.turn import Turn
from bot.flows.taps import fits
from bot.understanding.marks import asks_whether, ends_as_question, names_nothing
from bot.understanding.normalise import normalise

Step = Callable[[Turn], Decision | Turn | None]
"""Decides, or returns None when it has nothing to ask or say and the next step may look; a turn that knows more is what the
next step looks at."""

Read = Callable[[Turn], str | None]
"""Reads the answer to one question out of a message; None when the message does not answer it."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One intent's conversation."""

    intent: str
    steps: tuple[Step, ...]
    """Tried in order; the last one always decides."""
    replies: tuple[Reply, ...] = ()
    """Everything it may say that no other flow declares."""
    takes: frozenset[str] = frozenset()
    """Slots it picks up from any message, asked for or not."""
    kin: frozenset[str] = frozenset()
    """Intents that tell more of the same matter: they never interrupt it."""
    reads: Mapping[str, Read] = field(default_factory=dict)
    """The questions it asks, and how each answer is read."""
    starts: frozenset[str] = frozenset()
    """Slots that a button which starts it may carry, besides those it takes."""
    own_no: frozenset[str] = frozenset()
    """Questions that "never mind" answers in the flow's own words; at any other it drops the flow."""
    why_refunded: str = ""
    """The reason of a refund that is asked for in the middle of it, of the same order; empty where it tells none."""
    free: frozenset[str] = frozenset()
    """Questions that are answered in whatever words: even so "never mind that" and a person asked for are no answer."""
    verbatim: frozenset[str] = frozenset()
    """Questions whose answer is taken as it stands: a number in an address is no order's."""
    undone_by: str = ""
    """The intent that takes it back: before it was sent that only means to drop it."""
    summaries: frozenset[str] = frozenset()
    """Questions that sum up what is told: there an amount or a reason changes it instead of answering yes or no."""
    corrects: frozenset[str] = frozenset()
    """Slots that a message may tell otherwise once they are told."""
    keeps: frozenset[str] = frozenset()
    """Slots that stay when the talk turns to another product."""
    corrected: Callable[[Turn, frozenset[str]], Say | None] | None = None
    """Words for what was told otherwise, where no summary shows it."""

    @property
    def keeps_files(self) -> bool:
        """True when files that come while it asks are evidence."""
        return "evidence" in self.reads

    def decide(self, turn: Turn) -> Decision:
        """The first step's decision; LookupError when no step decides, which is a mistake in the flow."""
        for step in self.steps:
            found = step(turn)
            if isinstance(found, Decision):
                return found
            turn = found or turn
        raise LookupError(f"no step of {self.intent} decided")


UNASKED = frozenset({"aftercare"})
"""Flows that the bot begins by itself and no words do: whatever else the buyer says comes first, and nobody is asked to go
on with them."""


def is_forgotten(turn: Turn) -> bool:
    """True when the question that is open was put so long ago that nothing said now is meant for it."""
    return turn.policy.aftercare.is_forgotten(turn.conversation.asked_at, turn.now)


PAUSED = "paused"
"""A slot of a talk that was paused: the next "ok" may answer only that there is time, until the question is put again."""


def ask(turn: Turn, slot: str, *says: Say) -> Decision:
    """Put a question and wait for this slot."""
    talk = replace(turn.talk.drop(PAUSED), asking=slot)
    return Decision(replace(turn.conversation, talk=talk), says)


def finish(turn: Turn, *says: Say, effects: tuple[Effect, ...] = ()) -> Decision:
    """Say the last word of a flow; its slots are forgotten with it."""
    return Decision(replace(turn.conversation, talk=None), says, effects)


_HOLDS = 56
"""Bytes of a start button's value: messengers bound the whole payload to 64."""


def starting(turn: Turn, flow: Flow, **known: str) -> Button:
    """A button that starts a flow with what is known and what this message told, as far as a button can hold it."""
    value = flow.intent
    for name, told in {**known, **turn.meaning.slots}.items():
        longer = f"{value} {name}={told}"
        if name in flow.takes | flow.starts and fits(name, told) and len(longer.encode()) <= _HOLDS:
            value = longer
    return Button("start", value, flow.intent)


def yes_or_no(slot_: str) -> tuple[Button, Button]:
    """The two buttons under a question that is answered with yes or no."""
    return (Button(slot_, "yes", "yes"), Button(slot_, "no", "no"))


def yes_no(turn: Turn) -> str | None:
    """Read a yes or a no."""
    return turn.meaning.slots.get("yes_no")


def agreed(turn: Turn, *slots: str) -> str | None:
    """Read a yes or a no to what is done at once, out of the first of these slots that is told, else of a mere yes or no.

    A yes that is put as a question ("right?", 确认提交吗) is asked back, and does nothing.
    """
    told = turn.meaning.slots
    answer = next((told[name] for name in (*slots, "yes_no") if told.get(name)), None)
    return None if answer == "yes" and asks_whether(turn.meaning.text) else answer


def agreed_to(turn: Turn) -> str | None:
    """The same of what a summary proposes; to drop it, or a mere "cancel", is meant of that and not of what stands."""
    told = turn.meaning
    no = told.slots.keys() & {"drop", "unsent"} or names_nothing(normalise(told.text))
    return "no" if no else agreed(turn)


def agreed_naming(what: str, *, not_to: str = "", read: Read = agreed) -> Read:
    """Read a yes as well where all of the message is to do just what is asked about: 撤销吧, "yes, withdraw it"; and a no
    where it is `not_to`."""
    means = {what: "yes", not_to: "no"}

    def named(turn: Turn) -> str | None:
        told = names_deed(turn)
        return means.get(told) or read(turn) if told else read(turn)

    return named


def names_deed(turn: Turn) -> str:
    """What all of the message is to do, such as ``send``; nothing where it only asks whether to."""
    told = turn.meaning
    return told.slots["do"] if "do" in told.exact and not asks_whether(told.text) else ""


def asked_back(turn: Turn) -> bool:
    """True when the message ends as a question does."""
    return ends_as_question(turn.meaning.text)


def slot(name: str) -> Read:
    """Read a slot that understanding found."""
    return lambda turn: turn.meaning.slots.get(name)
