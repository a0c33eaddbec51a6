"""What crosses between the buyer's chat and the agents' topic: words, edits, reactions, and what became of them."""

from __future__ import annotations

from bot.domain.changed import replace
from bot.domain.decision import Alter, Audience, Decision, Say
from bot.domain.manner import Manner, Operation
from bot.domain.messages import AgentAct, Report
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows import desk_replies

NOT_DELIVERED = reply(
    "desk/not_delivered", tone=Tone.PLAIN, to=Audience.DESK, blocked=bool, operation=Operation, why=str
)

AGENT_SAID = reply("desk/agent_said", tone=Tone.PLAIN, to=Audience.DESK, text=str, agent=str)

REPLIES = (NOT_DELIVERED, AGENT_SAID)

REACT = "react"
"""The act of an agent who reacts to a message; who may not hears nothing of it."""
ARRIVED = "👌"
FAILED = "💔"
"""The bot's reactions on an agent's message; of the emoji that Telegram lets bots use
(https://core.telegram.org/bots/api#reactiontypeemoji)."""


def crossed(turn: Turn, decision: Decision) -> Decision:
    """The decision, with what each message carries over, so that replies, edits and reactions find their way; and what an
    agent said elsewhere than in the topic, for those who read there."""
    crossing = [_crossing(turn, say) for say in decision.says]
    elsewhere = [_mirrored(say) for say in decision.says if _said_elsewhere(turn, say)]
    return replace(decision, says=(*crossing, *elsewhere))


def _said_elsewhere(turn: Turn, say: Say) -> bool:
    """On the web desk, by the button under a draft, or by the name of a macro."""
    return say.reply == desk_replies.AGENT_SAYS.name and not turn.incoming.posted


def _mirrored(say: Say) -> Say:
    text, agent = str(say.values["text"]), str(say.values["agent"])
    line = AGENT_SAID(text=text, agent=agent, attachments=say.attachments)
    return replace(line, aside=True, manner=Manner(joins=True))


def _crossing(turn: Turn, say: Say) -> Say:
    said = turn.incoming
    if say.reply == desk_replies.AGENT_SAYS.name:
        return replace(say, manner=Manner(of=said.marks, answers=said.answers, watched=True))
    if say.reply == desk_replies.BUYER_SAYS.name:
        edited = said.edited and bool(said.marks)
        manner = Manner(
            operation=Operation.EDIT if edited else Operation.SEND,
            of=said.marks,
            answers=said.answers,
            joins=not edited,
        )
        return replace(say, manner=manner, attachments=() if edited else say.attachments)
    return say


def told_of_delivery(turn: Turn) -> Decision | None:
    """An agent's message shows whether it arrived; what did not is told in words."""
    report = turn.incoming.report
    if report is None:
        return None
    if report.outcome == "sent":
        return Decision(turn.conversation, effects=_marked(report, ARRIVED))
    words = NOT_DELIVERED(
        blocked=report.outcome == "blocked", operation=Operation(report.operation), why=report.why
    )
    under = replace(words, manner=Manner(under=report.of[0] if report.of else ""))
    marks = _marked(report, FAILED) if report.operation == Operation.SEND else ()
    return Decision(turn.conversation, (under,), marks)


def _marked(report: Report, emoji: str) -> tuple[Alter, ...]:
    return tuple(
        Alter(Audience.DESK, Manner(operation=Operation.REACT, under=mark), emoji) for mark in report.of[:1]
    )


def reacted(turn: Turn) -> Decision | None:
    """The buyer's reaction to what an agent said is shown to the agents; nobody has to answer it."""
    emoji = turn.incoming.reaction
    if emoji is None:
        return None
    manner = Manner(operation=Operation.REACT, of=(turn.incoming.answers,))
    return Decision(turn.conversation, effects=(Alter(Audience.DESK, manner, emoji),))


def reacts(turn: Turn, done: AgentAct) -> Decision:
    """An agent's reaction to what the buyer said."""
    manner = Manner(operation=Operation.REACT, of=(turn.incoming.answers,))
    return Decision(turn.conversation, effects=(Alter(Audience.BUYER, manner, done.text),))
