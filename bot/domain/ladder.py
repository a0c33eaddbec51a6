"""The ladder when talks fail (domain facts, section 7): its steps in order, and what each supposes. The words for them are
the owner's templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.cases import Case, Event
from bot.domain.verdicts import may_dispute


class Rung(StrEnum):
    """Who decides; worded in ``replies/<lang>/words.yaml``."""

    AGENT = "agent"
    SENIOR = "senior"
    """A senior, or the owner."""
    PLATFORM = "platform"
    HOTLINE = "hotline"
    """The platform's own hotline and its service in the app."""
    AUTHORITY = "authority"
    """The consumer authority (12315)."""


class Supposes(StrEnum):
    """What must have come before."""

    NOTHING = "nothing"
    APPLIED = "applied"
    """There is an application that somebody can decide."""
    REFUSED = "refused"
    """The shop has refused it, or let its time run out."""
    IN_DISPUTE = "in_dispute"
    """The platform has stepped in."""
    RULED = "ruled"
    """The platform has ruled, and not for the buyer."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder."""

    rung: Rung
    supposes: Supposes


LADDER = (
    Step(Rung.AGENT, Supposes.NOTHING),
    Step(Rung.SENIOR, Supposes.APPLIED),
    Step(Rung.PLATFORM, Supposes.REFUSED),
    Step(Rung.HOTLINE, Supposes.IN_DISPUTE),
    Step(Rung.AUTHORITY, Supposes.RULED),
)
"""From the first step to the last; none is skipped."""

_HOLDS: Mapping[Supposes, Callable[[Case | None], bool]] = {
    Supposes.NOTHING: lambda _: True,
    Supposes.APPLIED: lambda case: case is not None,
    Supposes.REFUSED: lambda case: case is not None and (may_dispute(case).allowed or case.locked),
    Supposes.IN_DISPUTE: lambda case: case is not None and case.locked,
    Supposes.RULED: lambda case: case is not None and case.ended_by is Event.RULE_FOR_SELLER,
}


def stands_on(case: Case | None) -> Rung:
    """The highest step that is open to the buyer now, for this case or without one."""
    return [step.rung for step in LADDER if _HOLDS[step.supposes](case)][-1]


def to_come(case: Case | None) -> tuple[Rung, ...]:
    """The steps after that, in order; none on the last."""
    rungs = tuple(step.rung for step in LADDER)
    return rungs[rungs.index(stands_on(case)) + 1 :]
