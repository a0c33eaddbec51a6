"""After a refusal: who objects, or asks what now, is told the ways on."""

from __future__ import annotations

from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.turn import Turn
from bot.flows import dialogue_replies as say
from bot.flows.person_offered import person_offered
from bot.flows.running import start
from bot.flows.seller_refused import FLOW as SELLER_REFUSED
from bot.flows.seller_refused import was_refused


def objected(turn: Turn) -> Decision | None:
    """ "I don't agree", 那我能怎么办: of what the rules or the shop have refused."""
    talk = turn.conversation.talk
    if "objects" not in turn.meaning.exact or (talk and talk.asking):
        return None
    if person_offered(turn):
        buttons = (Button("start", "escalate", "human"), Button("start", "complaint", "complaint"))
        return Decision(turn.conversation, (say.WAYS_ON(buttons=buttons),))
    return start(turn, SELLER_REFUSED) if any(map(was_refused, turn.facts.cases)) else None
