"""What came of a step, compared with what the scene says must come of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain.cases import Case
from bot.domain.conversation import Conversation, Holder
from bot.domain.decision import Audience
from bot.domain.messages import Speaker
from bot.pipeline.turns import Known, Line
from tests.play.people import Heard, plain
from tests.play.script import Step, listed
from tests.play.stage import Told

BUYERS = frozenset({"buyer", "edits", "taps", "sends", "command", "link", "contact", "garbled"})
"""Doers who are waiting for an answer."""
_ON_THE_DESK = frozenset({Speaker.SYSTEM, Speaker.NOTE, Speaker.BUYER})
"""Whose lines the agents read: posts for them, their notes, and what the buyer says."""


@dataclass(frozen=True, slots=True)
class Came:
    """What a step came to."""

    heard: Heard
    told: tuple[Told, ...]
    conversation: Conversation
    known: Known | None
    """Orders and cases, where the step asks for them."""
    lines: tuple[Line, ...]
    """The whole conversation, where the step asks for it."""
    language: str
    """The language it should be in."""

    @property
    def case(self) -> Case | None:
        """The newest case."""
        return self.known.cases[0] if self.known and self.known.cases else None

    def names(self, to: Audience) -> list[str]:
        """Replies to these readers, by name."""
        return [one.reply for one in self.told if one.to is to]

    def facts(self) -> dict[str, Any]:
        """What is compared for being the same, by the check's name."""
        return {
            "says": self.names(Audience.BUYER),
            "posts": self.names(Audience.DESK),
            "holder": self.conversation.holder.value,
            "evidence": len(self.case.evidence) if self.case else 0,
            "owns": sorted(order.number for order in self.known.orders) if self.known else [],
            "case": self.case.state.value if self.case else None,
            "silent": not self.heard.text,
        }


def asks_for_cases(step: Step) -> bool:
    """Whether a check of the step is about orders or cases, or names one."""
    return not step.checks.keys().isdisjoint(("case", "evidence", "owns")) or "{case}" in str(step.checks)


def asks_for_lines(step: Step) -> bool:
    """Whether a check of the step is about what the agents read."""
    return "desk" in step.checks


def check(step: Step, came: Came, story: str) -> None:
    """Every check of the step, and what holds for each step: no dead end, and the right language."""
    wanted, where = dict(step.checks), f"step {step.line}"
    _words(wanted, came, where, story)
    facts = came.facts() | _cases(wanted.get("case"), came)
    for name in wanted.keys() & facts.keys():
        expected = listed(wanted[name]) if name in ("says", "posts") else wanted[name]
        expected = sorted(map(str, expected)) if name == "owns" else expected
        assert facts[name] == expected, f"{where}: {name} is {facts[name]}, not {expected}\n{story}"
    if step.doer in BUYERS and came.conversation.holder is Holder.BOT and not wanted.get("silent"):
        assert came.heard.text, f"{where}: the buyer was left without an answer\n{story}"
    spoken = {one.language for one in came.told if one.to is Audience.BUYER}
    assert spoken <= {came.language}, f"{where}: answered in {spoken}, not in {came.language}\n{story}"


def _words(wanted: dict[str, Any], came: Came, where: str, story: str) -> None:
    number = came.case.number if came.case else ""
    for words in listed(wanted.get("bot")):
        assert words.replace("{case}", number) in came.heard.text, f"{where}: {words!r} was not said\n{story}"
    for words in listed(wanted.get("not")):
        assert words not in came.heard.text, f"{where}: {words!r} was said\n{story}"
    for label in listed(wanted.get("buttons")):
        shown = any(label in name for name in came.heard.labels)
        assert shown, f"{where}: no button {label!r}\n{story}"
    desk = "\n".join(plain(line.text) for line in came.lines if line.who in _ON_THE_DESK)
    for words in listed(wanted.get("desk")):
        assert words.replace("{case}", number) in desk, (
            f"{where}: the desk did not read {words!r}\n{desk}\n{story}"
        )


def _cases(wanted: Any, came: Came) -> dict[str, Any]:
    """States by order number, where the scene names orders."""
    if not isinstance(wanted, dict):
        return {}
    newest: dict[str, str] = {}
    for case in came.known.cases if came.known else ():
        newest.setdefault(case.order_number, case.state.value)
    return {"case": {number: newest.get(str(number)) for number in wanted}}
