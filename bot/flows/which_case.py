"""Which of the buyer's cases a flow is about."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.cases import Case, Kind
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.replies import Reply, Tone, reply
from bot.domain.turn import Turn
from bot.flows.commands import NO_CASES
from bot.flows.flow import Read, ask, finish
from bot.flows.naming import by_place

Fits = Callable[[Case], bool]
"""Whether a flow has anything to do with a case as it stands."""

WHICH = reply("case/which", "case", tone=Tone.NEXT_STEP, option={"case": Case}, cases=tuple[Case, ...])
MOVED_ON = reply(
    "case/moved_on", "change", "revoke", "dispute", "human", tone=Tone.APOLOGY | Tone.NEXT_STEP, case=Case
)
"""What was about to be done can't be any more: the case moved while the buyer looked at it."""

REPLIES = (WHICH, MOVED_ON)


def is_open(case: Case) -> bool:
    """Somebody may still have to act."""
    return case.open


def case_of(turn: Turn, fits: Fits) -> Case | None:
    """The named case, or the one over the named order; else the only one that fits, or the newest where none does:
    an application before what a carrier is only asked about."""
    if named := turn.facts.case(turn.slot("case")):
        return named
    meant = _meant(turn)
    fitting = tuple(case for case in meant if fits(case))
    if fitting:
        return fitting[0] if len(fitting) == 1 else None
    applied = next((case for case in meant if case.open and case.kind is not Kind.PARCEL_INQUIRY), None)
    return applied or next((case for case in meant if case.open), meant[0] if meant else None)


def choose_case(turn: Turn, fits: Fits, which: Reply = WHICH) -> Decision | None:
    """Ask which case when several fit; say so when there is none to speak of."""
    if case_of(turn, fits):
        return None
    asked = _asked_among(turn, fits)
    if not asked:
        apply = Button("start", "request_refund", "request_refund")
        return finish(turn, NO_CASES(buttons=(apply,)))
    buttons = tuple(Button("case", case.number, "case", {"case": case}) for case in asked)
    return ask(turn, "case", which(cases=asked, buttons=buttons, token=turn.talk.token))


def the_case(turn: Turn, fits: Fits) -> Case:
    """The case the talk is about, where `choose_case` has come before."""
    case = case_of(turn, fits)
    if case is None:
        raise LookupError("choose_case comes first")
    return case


def knowing(turn: Turn, case: Case) -> Turn:
    """The talk is about this case as it stands now: what is agreed to later is agreed to of this version."""
    return turn.with_talk(turn.talk.fill(case=case.number, seen=str(case.version)))


def seen(turn: Turn, case: Case) -> int:
    """The version that was shown."""
    return int(turn.slot("seen") or case.version)


def read_case(fits: Fits) -> Read:
    """A case number, the number of its order, or which of those that fit by its place."""

    def read(turn: Turn) -> str | None:
        said, told = turn.meaning.text.casefold(), turn.meaning.slots
        offered = _asked_among(turn, fits)
        for case in offered:
            if case.number.casefold() in said or case.order_number == told.get("order_number"):
                return case.number
        if "age" in told and offered:
            pick = max if told["age"] == "newest" else min
            return pick(offered, key=lambda case: case.opened_at).number
        meant = by_place(told.get("ordinal", ""), offered)
        return meant.number if meant else None

    return read


def _asked_among(turn: Turn, fits: Fits) -> tuple[Case, ...]:
    return tuple(case for case in _meant(turn) if fits(case)) or tuple(filter(fits, turn.facts.cases))


def _meant(turn: Turn) -> tuple[Case, ...]:
    """The cases of the number or the order that is named; all of them when none is."""
    said = turn.meaning.text.casefold()
    if by_number := next((case for case in turn.facts.cases if case.number.casefold() in said), None):
        return (by_number,)
    told = turn.facts.order(turn.meaning.slots.get("order_number", ""))
    order = turn.slot("order_number") or turn.slot("order") or (told.number if told else "")
    return tuple(case for case in turn.facts.cases if order in ("", case.order_number))
