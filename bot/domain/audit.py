"""What people did, written down: who, what, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What became of it."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing somebody did. What they said to a buyer stands in the transcript, not here."""

    at: datetime
    account: str
    """Such as ``staff:7``, ``telegram:4242`` for who has no account, ``console:mia`` for the command line."""
    name: str
    act: str
    """As the desk names it (``claim``, ``agree``), or ``read``, ``file``, ``dossier``, ``sign_in`` and the like."""
    outcome: Outcome = Outcome.DONE
    conversation: int | None = None
    subject: str = ""
    """What it was done to beside the conversation: a case, a refund, a login."""
    before: Mapping[str, Any] = field(default_factory=dict)
    """What it changed, as it stood; empty where nothing changed."""
    after: Mapping[str, Any] = field(default_factory=dict)
