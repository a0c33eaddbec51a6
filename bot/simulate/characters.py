"""What people are like. Everything is a chance, drawn once for each person."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Buyer:
    """How a buyer goes about things; chances from 0 to 1."""

    taps: float
    """Answers with a button rather than in words."""
    forgets: float
    """Lets a matter rest that waits for them."""
    insists: float
    """Takes a refusal further."""
    revokes: float
    """Takes an application back."""
    changes: float
    """Changes what was applied for."""
    twice: float
    """Taps twice, or sends the same again."""
    late_files: float
    """Sends the photos later."""
    night: bool
    """Writes at night."""
    hurry: float
    """Hours until the usual answer."""


def buyer(dice: random.Random) -> Buyer:
    """Most see a thing through; some forget, insist, waver or press everything twice."""
    kind = dice.choices(("plain", "forgetful", "stubborn", "wavering", "hasty"), (45, 18, 15, 12, 10))[0]
    return Buyer(
        taps=dice.uniform(0.3, 0.9),
        forgets=0.55 if kind == "forgetful" else 0.12,
        insists=0.8 if kind == "stubborn" else 0.2,
        revokes=0.45 if kind == "wavering" else 0.08,
        changes=0.4 if kind == "wavering" else 0.08,
        twice=0.25 if kind == "hasty" else 0.02,
        late_files=dice.uniform(0.1, 0.7),
        night=dice.random() < 0.15,
        hurry=0.02 if kind == "hasty" else dice.choice((0.03, 0.05, 0.2, 1.5)),
    )


@dataclass(frozen=True, slots=True)
class Agent:
    """How an agent works."""

    name: str
    capacity: int
    """Conversations at one look."""
    generous: float
    """Agrees rather than refuses."""
    keeps: timedelta
    """How long a conversation stays in their hands."""


def agents(dice: random.Random, buyers: int) -> tuple[Agent, ...]:
    """A team that a shop of so many buyers would have: some quick, some slow."""
    team = max(2, round(buyers / 120))
    return tuple(
        Agent(
            f"Agent{number}",
            capacity=dice.choice((3, 6, 12)),
            generous=dice.uniform(0.5, 0.9),
            keeps=timedelta(minutes=dice.choice((5, 20, 90, 600))),
        )
        for number in range(1, team + 1)
    )
