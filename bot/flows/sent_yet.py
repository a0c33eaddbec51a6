""" "Did you send it?", 提交了吗: whether what was applied for was sent."""

from __future__ import annotations

from bot.domain.cases import Case
from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows import BY_INTENT
from bot.flows import dialogue_replies as say
from bot.flows.expected import GRUMBLED, SENT
from bot.flows.refund_status import FLOW as STATUS
from bot.flows.running import start
from bot.flows.track_parcel import FLOW as TRACK
from bot.understanding.precedence import SMALL_TALK

_STILL_OF_IT = SMALL_TALK | {SENT, STATUS.intent, *GRUMBLED}
"""What may have been served since it was sent, for it to be what is talked of."""


def whether_sent(turn: Turn) -> Decision | None:
    """At a summary it is not sent yet, and what sends it is said; once it was sent, how it stands.
    Where nothing was sent lately, it may as well be a parcel."""
    if "sent_yet" not in turn.meaning.exact:
        return None
    if turn.conversation.talk is not None and turn.conversation.talk.asking:
        return still_unsent(turn)
    if case := _lately_sent(turn):
        return start(turn, STATUS, {"case": case.number})
    return start(turn, STATUS if turn.meaning.slots["sent_yet"] == "applied" else TRACK)


def still_unsent(turn: Turn) -> Decision | None:
    """A laugh, a face or "I see" at a summary is no yes; what sends it is said, and not all of it over again."""
    talk = turn.conversation.talk
    if talk is None or talk.asking not in BY_INTENT[talk.flow].summaries:
        return None
    shown = (button for said in BY_INTENT[talk.flow].decide(turn).says for button in said.buttons)
    yes = tuple(button for button in shown if (button.slot, button.value) == (talk.asking, "yes"))
    return Decision(turn.conversation, (say.NOT_SENT_YET(buttons=yes, token=talk.token),)) if yes else None


def _lately_sent(turn: Turn) -> Case | None:
    """The request that was talked of last, with nothing but small talk since, as long as it is open."""
    still = turn.conversation.last in _STILL_OF_IT
    return turn.facts.open_case(turn.conversation.about) if still else None
