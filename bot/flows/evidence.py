"""A reminder of evidence that may still be missing. When it is said is the clock's business."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import Case
from bot.domain.decision import Say
from bot.domain.evidence import Proof, missing, showing
from bot.domain.replies import Tone, reply

REMINDER = reply(
    "case/evidence_reminder",
    tone=Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
    missing=tuple[Proof, ...],
    sent=int,
    until=datetime | None,
)

REPLIES = (REMINDER,)


def reminder(case: Case, until: datetime | None) -> Say | None:
    """What to tell the buyer; None when nothing is to be asked for. `until`: when it is too late; None for no such day."""
    lacks = missing(case)
    if not case.open or not lacks:
        return None
    return REMINDER(case=case, missing=lacks, sent=showing(case), until=until)
