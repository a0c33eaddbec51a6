"""Greeting, thanks, and a yes or no that answers nothing: short polite words."""

from __future__ import annotations

from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.flow import Flow, finish

OFFERED = ("track_parcel", "request_refund", "revoke_refund", "escalate")
"""What the bot names when it says what it can do."""

HELLO = reply("greeting/hello", *OFFERED, tone=Tone.GREETING | Tone.NEXT_STEP, name=str)
WELCOME = reply("thanks/welcome", tone=Tone.PLAIN)
NOTED = reply("affirm/noted", *OFFERED, tone=Tone.NEXT_STEP)
BYE = reply("goodbye/bye", tone=Tone.PLAIN)
WHO = reply("bot_identity/who", *OFFERED, tone=Tone.NEXT_STEP)
ALL_RIGHT = reply("deny/all_right", *OFFERED, tone=Tone.NEXT_STEP)


def menu() -> tuple[Button, ...]:
    """A button for each thing the bot does."""
    return tuple(Button("start", intent, intent) for intent in OFFERED)


def hello(turn: Turn) -> Decision | None:
    """Greet by name."""
    return finish(turn, HELLO(name=turn.conversation.name, buttons=menu()))


def welcome(turn: Turn) -> Decision | None:
    """Take thanks."""
    return finish(turn, WELCOME())


def bye(turn: Turn) -> Decision | None:
    """Take leave."""
    return finish(turn, BYE())


def who(turn: Turn) -> Decision | None:
    """Say truly what is writing here, what it can do, and that a person can be had."""
    return finish(turn, WHO(buttons=menu()))


def noted(turn: Turn) -> Decision | None:
    """A yes to nothing: say what can be asked."""
    return finish(turn, NOTED(buttons=menu()))


def all_right(turn: Turn) -> Decision | None:
    """A no to nothing: leave it be, and say what can be asked."""
    return finish(turn, ALL_RIGHT(buttons=menu()))


GREETING = Flow(intent="greeting", steps=(hello,), replies=(HELLO,))
THANKS = Flow(intent="thanks", steps=(welcome,), replies=(WELCOME,))
GOODBYE = Flow(intent="goodbye", steps=(bye,), replies=(BYE,))
BOT_IDENTITY = Flow(intent="bot_identity", steps=(who,), replies=(WHO,))
AFFIRM = Flow(intent="affirm", steps=(noted,), replies=(NOTED,))
DENY = Flow(intent="deny", steps=(all_right,), replies=(ALL_RIGHT,))
