"""Photos and other files of buyers: kept with what is asked, added to a case as evidence, or asked about."""

from __future__ import annotations

from bot.domain.cases import Act, Case, Event, Kind, Reason, Role, State
from bot.domain.changed import replace
from bot.domain.conversation import FlagReason, Standing, Talk
from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows import BY_INTENT, case_moves
from bot.flows import dialogue_replies as say
from bot.flows.handoff import notify
from bot.flows.running import with_files
from bot.flows.small_talk import menu
from bot.flows.troubles import TROUBLES
from bot.understanding.precedence import SMALL_TALK


def with_files_kept(turn: Turn) -> Turn:
    """Files that come while a flow takes evidence are kept with it, whatever is being asked and whatever else is said."""
    talk = turn.conversation.talk
    if talk is None or not talk.asking:
        return turn
    return turn.with_talk(with_files(turn, BY_INTENT[talk.flow], talk))


def evidence_for_case(turn: Turn) -> Decision | None:
    """Photos that come after the case was opened, unless they come with words that ask for something else."""
    if not turn.incoming.attachments or turn.conversation.talk is not None:
        return None
    if turn.meaning.intent is not None and turn.meaning.intent not in SMALL_TALK | TROUBLES:
        return None
    waiting = [case for case in turn.facts.cases if _takes_evidence(turn, case)]
    waiting = [case for case in waiting if case.kind is not Kind.PARCEL_INQUIRY] or waiting
    if len(waiting) != 1:
        return None
    photos = turn.incoming.attachments
    act = Act(Event.ADD_EVIDENCE, Role.BUYER, turn.now, evidence=photos)
    outcome = case_moves.carry_out(turn, waiting[0], act)
    moved, effects = outcome.case, case_moves.effects(turn, outcome)
    added = say.EVIDENCE_ADDED(number=moved.number, count=len(moved.evidence))
    if moved.state is State.SELLER_REFUSE_BUYER:  # nobody looks at a refused case by itself
        return notify(
            case_moves.seen_with(turn, outcome.case), FlagReason.NEW_EVIDENCE, added, effects=effects
        )
    return Decision(turn.conversation, (added,), effects)


def _takes_evidence(turn: Turn, case: Case) -> bool:
    """Somebody will look at it: the reason calls for photos, the shop has refused, or the platform decides."""
    disputed = case.locked or case.state is State.SELLER_REFUSE_BUYER
    proves = case.kind is Kind.PARCEL_INQUIRY and case.reason is Reason.SIGNED_NOT_RECEIVED
    return case.open and (disputed or proves or case.reason in turn.policy.evidence_reasons)


def files_alone(turn: Turn) -> Decision | None:
    """A photo, a voice note, a sticker with no word: ask what it is about."""
    if not turn.incoming.attachments or turn.meaning.text.strip():
        return None
    return what_about(turn)


def what_about(turn: Turn) -> Decision:
    """Ask what a file is about; an application that is in mind, or that may come of it, keeps it meanwhile."""
    conversation = turn.conversation
    parked = conversation.parked or Talk("request_refund", f"{turn.serial}b", standing=Standing.LEFT)
    kept = with_files(turn, BY_INTENT[parked.flow], parked)
    conversation = replace(conversation, parked=kept)
    medium = turn.incoming.attachments[0].medium.value
    return Decision(conversation, (say.FILE_ONLY(medium=medium, buttons=menu()),))
