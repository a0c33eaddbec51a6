"""What starts something: an intent that was understood, a bare number, a guess; and what is said when nothing fits."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.conversation import FlagReason
from bot.domain.decision import Decision
from bot.domain.meaning import Sureness
from bot.domain.messages import Button
from bot.domain.turn import Turn
from bot.flows import BY_INTENT
from bot.flows import dialogue_replies as say
from bot.flows.commands import cases
from bot.flows.handoff import flag, wait
from bot.flows.running import SMALL_TALK, dropped, run, start
from bot.flows.small_talk import OFFERED, menu
from bot.flows.unserved import FOR_A_PERSON, SERVED_AS, STATUS, TROUBLES, hand_to_person

GUESSES = 3
"""The most best guesses offered as buttons."""
_HOLDS = 56
"""Bytes of a start button's value: messengers bound the whole payload to 64."""

_ASKING_WHETHER = frozenset({"cancel", "confirm", "ask_seller"})
"""Questions that "cancel" and "never mind" answer in the flow's own words."""


def withdrawn(turn: Turn) -> Decision | None:
    """What is under way is dropped: in so many words, or a refund is taken back that was never applied for."""
    talk = turn.conversation.talk
    if talk is None or not talk.asking:
        return None
    if "drop" in turn.meaning.exact and talk.asking not in _ASKING_WHETHER:
        return dropped(turn)
    if talk.flow != "request_refund" or any(case.open for case in turn.facts.cases):
        return None
    likeliest = turn.meaning.candidates[0].intent if turn.meaning.candidates else None
    likely = turn.meaning.sureness is Sureness.ASK and talk.asking not in _ASKING_WHETHER
    meant = turn.meaning.intent == "revoke_refund" or (likely and likeliest == "revoke_refund")
    return dropped(turn) if meant else None


def understood(turn: Turn) -> Decision | None:
    """The message asks for something the bot does."""
    intent = SERVED_AS.get(turn.meaning.intent or "", turn.meaning.intent)
    if intent in TROUBLES:
        return _trouble(turn)
    if intent in FOR_A_PERSON:
        return hand_to_person(turn)
    if intent == STATUS:
        return cases(turn)
    if intent is None or intent not in BY_INTENT:
        return None
    if intent in ("greeting", "thanks") and "reason" in turn.meaning.slots and turn.conversation.talk is None:
        return None  # "hello, it came broken": not for the hello
    if turn.conversation.talk and turn.conversation.talk.asking and intent in SMALL_TALK:
        return _aside(turn, intent)
    return start(turn, BY_INTENT[intent])


def _trouble(turn: Turn) -> Decision:
    """Money back or a person, whichever the buyer likes; a refund under way is that already, and goes on asking."""
    talk = turn.conversation.talk
    if talk and talk.asking and talk.flow == "request_refund":
        return run(turn, BY_INTENT[talk.flow])
    return _offered(turn, ["request_refund", "escalate"])


def _aside(turn: Turn, intent: str) -> Decision | None:
    """Small talk in the middle: a no drops the flow, a greeting or thanks is returned and the question asked again."""
    if intent == "deny":
        return dropped(turn)
    if intent == "affirm":
        return None
    polite = BY_INTENT[intent].decide(turn).says
    again = BY_INTENT[turn.talk.flow].decide(turn)
    return replace(again, says=(*(replace(said, buttons=()) for said in polite), *again.says))


def bare_number(turn: Turn) -> Decision | None:
    """An order or tracking number and nothing else: most likely, where is it?"""
    if turn.conversation.talk is not None or not turn.meaning.exact & {"order_number", "tracking_number"}:
        return None
    return start(turn, BY_INTENT["track_parcel"])


def guessed(turn: Turn) -> Decision | None:
    """Not sure: offer the best guesses as buttons, which keep what the message told; a question stays asked."""
    if turn.conversation.misses:
        return None
    likely = _likely(turn)
    return _offered(turn, likely) if likely else None


def _offered(turn: Turn, likely: list[str]) -> Decision:
    """The likeliest wishes as buttons; a question that was asked stays asked."""
    buttons = tuple(Button("start", _with_told(turn, intent), intent) for intent in likely)
    guess = say.GUESS(buttons=buttons)
    missed = replace(turn.conversation, misses=1)
    if missed.talk is None:
        return Decision(missed, (guess,))
    again = BY_INTENT[missed.talk.flow].decide(turn.with_conversation(missed))
    return replace(again, says=(guess, *again.says))


def _likely(turn: Turn) -> list[str]:
    """What the message may ask for. Who names a fault and asks for nothing may want money back, or a person."""
    under_way = turn.conversation.talk.flow if turn.conversation.talk else ""
    guesses = turn.meaning.candidates if turn.meaning.sureness is Sureness.ASK else ()
    found = [guess.intent for guess in guesses if guess.intent in OFFERED and guess.intent != under_way]
    if "reason" in turn.meaning.slots and not under_way:
        others = [intent for intent in found if intent not in ("request_refund", "escalate")]
        found = ["request_refund", *others[: GUESSES - 2], "escalate"]
    return found[:GUESSES] if any(map(str.isalpha, turn.meaning.text)) else []


def _with_told(turn: Turn, intent: str) -> str:
    """A button's value that starts the intent with what the message told, as far as a button can hold it."""
    takes = BY_INTENT[intent].takes
    value = intent
    for name, told in turn.meaning.slots.items():
        longer = f"{value} {name}={told}"
        if name in takes and " " not in told and len(longer.encode()) <= _HOLDS:
            value = longer
    return value


def missed(turn: Turn) -> Decision | None:
    """Not understood: say so and ask again; the second time in a row a person is called."""
    if turn.conversation.misses >= 1:
        words = say.TWO_MISSES(
            position=turn.facts.waiting + 1,
            **wait(turn),
            buttons=(Button("start", "bot", "back"),),
        )
        return flag(turn, FlagReason.TWO_MISSES, words)
    turn = turn.with_conversation(replace(turn.conversation, misses=1))
    talk = turn.conversation.talk
    if talk is None:
        return Decision(turn.conversation, (say.FALLBACK(buttons=menu()),))
    again = BY_INTENT[talk.flow].decide(turn)
    return replace(again, says=(say.NOT_UNDERSTOOD(), *again.says))
