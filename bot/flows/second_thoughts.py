"""Second thoughts at a summary, of which nothing has been sent yet: words that may well put it aside are asked about, and a mere
yes sends nothing then.

To ask once more costs the buyer a tap; to send what they withdrew costs them more.
"""

from __future__ import annotations

from bot.domain.cases import Reason
from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.turn import Turn
from bot.flows import dialogue_replies as say
from bot.flows.flow import Flow
from bot.flows.matters import APPLICATIONS
from bot.flows.running import interrupts, paused

_MAYBE = 0.25
"""How sure it must be that something is taken back, to ask whether this is."""
_GOES_ON = frozenset({"amount", "cancel", "do", "kind", "option", "received"})
"""What is told of a request that shall go on."""
_CANCEL = "cancel"
"""The question of which "cancel" is the yes, and "I don't want it" the reason."""


def mind_changed(turn: Turn, flow: Flow) -> bool:
    """ "Nvm, I changed my mind", once it is told what is wrong with the goods, or beside words that drop it: what changed is
    the wish. Where nothing is told yet it may well be why."""
    talk, told = turn.talk, turn.meaning.slots
    if (
        told.get("unwanted") != "mind"
        or not flow.undone_by
        or turn.incoming.choice
        or turn.incoming.attachments
    ):
        return False
    goes_on = told.keys() & _GOES_ON or told.get("correct", "yes") != "yes"
    if goes_on or any(map(str.isdigit, turn.meaning.text)):
        return False
    if turn.meaning.intent in APPLICATIONS or interrupts(turn, flow):
        return False
    fault = talk.slots.get("reason", Reason.CHANGED_MIND) != Reason.CHANGED_MIND
    return "drop" in told or (fault and talk.asking not in ("reason", _CANCEL))


def perhaps_off(turn: Turn, flow: Flow) -> Decision | None:
    """ "Hmm nvm actually", 那就不要了: ask whether it is to be sent as it stands, or left."""
    asking, told = turn.talk.asking, turn.meaning.slots
    if asking not in flow.summaries or not flow.undone_by or turn.incoming.choice or interrupts(turn, flow):
        return None
    if turn.meaning.intent == "deny":  # that is plain
        return None
    corrects = "correct" in told and told.keys() & {"reason", "received"}
    if corrects or "amount" in told or not (_at_cancel if asking == _CANCEL else _at_confirm)(turn, flow):
        return None
    buttons = (Button(asking, "yes", "yes"), Button(asking, "leave" if asking == _CANCEL else "no", "no"))
    return Decision(paused(turn.conversation), (say.SEND_OR_LEAVE(buttons=buttons, token=turn.talk.token),))


def _at_confirm(turn: Turn, flow: Flow) -> bool:
    told, another = turn.meaning.slots, turn.meaning.intent in APPLICATIONS - {flow.intent}
    if "unwanted" in told and not (another and "do" in told):
        return told.get("reason", Reason.CHANGED_MIND) == Reason.CHANGED_MIND
    off = told.keys() & {"drop", "called_off"} or told.get("do") == "revoke" or _taken_back(turn, flow)
    return bool(off) and not another


def _at_cancel(turn: Turn, flow: Flow) -> bool:
    """Cancel is what is asked there, and a mere "changed my mind" may be why."""
    told = turn.meaning.slots
    mind = told.get("unwanted") == "mind" and ("reason" not in told or mind_changed(turn, flow))
    return _CANCEL not in told and (mind or told.keys() >= {"reason", "wanted"} or _taken_back(turn, flow))


def _taken_back(turn: Turn, flow: Flow) -> bool:
    """The likeliest guess is what takes it back, though the words may be of something else."""
    first = next(iter(turn.meaning.candidates), None)
    return first is not None and first.intent == flow.undone_by and first.confidence >= _MAYBE
