"""Whether an order that is named is the buyer's. Nobody sees another's order.

An order becomes a buyer's by proof: a link the shop signed, a phone number the messenger vouches for, or the order
number with the last digits of the phone given at purchase. A wrong proof never tells whether the order exists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.conversation import FlagReason
from bot.domain.decision import Decision, Effect, LinkOrder
from bot.domain.orders import Order
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.flow import ask
from bot.flows.handoff import flag, wait
from bot.understanding.slots.order_number import as_digits

DIGITS = 4
"""How many last digits of the phone prove an order."""
_PHONE = re.compile(r"\d(?:[\s().-]{0,2}\d){3,}")
_NUMBER = re.compile(r"\d+")
_LONGEST_PHONE = 15
_SHORT = 40
"""Characters of a message that still is an answer to the question for digits."""

PHONE = reply("order/phone", tone=Tone.NEXT_STEP, number=str, digits=int, others=bool, again=bool)
NOT_MATCHED = reply("order/not_matched", tone=Tone.APOLOGY | Tone.NEXT_STEP, left=int)
TOO_MANY = reply(
    "order/too_many", tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE, minutes=int, back_at=datetime | None
)

REPLIES = (PHONE, NOT_MATCHED, TOO_MANY)


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of a proof: the turn to go on with, and the link to commit."""

    turn: Turn
    effects: tuple[Effect, ...] = ()


def ask_digits(turn: Turn) -> Decision:
    """Of an order that is said to be somebody else's, as of any: who placed it may have told the buyer."""
    number, others = turn.slot("order_number"), "others" in turn.meaning.slots
    again = turn.talk.asking == "phone_digits" and turn.slot("proof_for") == number
    words = PHONE(number=number, digits=DIGITS, others=others, again=again)
    return ask(turn.with_talk(turn.talk.fill(proof_for=number)), "phone_digits", words)


def read_digits(turn: Turn) -> str | None:
    """The last digits of a phone: the one number of four digits or more in a short message, besides the order's."""
    text, told = turn.incoming.text, turn.meaning.slots.get("order_number", "")
    beside = re.sub(re.escape(told), " ; ", text, flags=re.IGNORECASE) if told else text
    numbers = [re.sub(r"\D", "", found) for found in _PHONE.findall(beside)]
    if len(numbers) != 1 or len(text) > _SHORT or numbers[0] == turn.slot("order_number"):
        return None
    return numbers[0][-DIGITS:] if DIGITS <= len(numbers[0]) <= _LONGEST_PHONE else None


def prove(turn: Turn) -> Proof | Decision:
    """Check the proof of the order in ``order_number`` where one was given; after too many wrong ones a person is called."""
    number, digits = turn.slot("order_number"), turn.slot("phone_digits")
    if turn.facts.guarded or turn.conversation.link_failures >= turn.policy.link_guesses:
        return flag(turn, FlagReason.LINK_GUESSES, TOO_MANY(**wait(turn)))
    digits = digits or _told_beside(turn, number)
    if not digits:
        return Proof(turn)
    claimed = turn.facts.claimed
    if claimed and _proves(claimed, number, digits):
        return _linked(turn, claimed)
    return _refused(turn)


def _told_beside(turn: Turn, number: str) -> str:
    """The proof in the message that names the order too: a phone number, or the one other number, of so many digits."""
    told, text = turn.meaning.slots, turn.incoming.text
    if turn.incoming.choice or told.get("order_number") != number:
        return ""
    if phone := told.get("phone"):
        return phone[-DIGITS:]
    beside = re.sub(re.escape(number), " ; ", text, flags=re.IGNORECASE)
    numbers = _NUMBER.findall(beside) if beside != text else []
    digits = numbers[0] if len(numbers) == 1 else ""
    return digits if len(digits) == DIGITS and digits != told.get("amount") else ""


def _proves(claimed: Order, number: str, digits: str) -> bool:
    """All of the last digits, never fewer: with one digit, five guesses would be an even chance."""
    same = claimed.number.casefold() in (number.casefold(), as_digits(number))
    return same and len(digits) == DIGITS and claimed.phone.endswith(digits)


def _linked(turn: Turn, order: Order) -> Proof:
    talk = turn.talk.drop("order_number", "phone_digits").fill(order=order.number)
    conversation = replace(turn.conversation, talk=talk, link_failures=0)
    facts = replace(turn.facts, orders=(order, *turn.facts.orders), claimed=None)
    effect = LinkOrder(order.number, "phone_digits")
    return Proof(replace(turn, conversation=conversation, facts=facts), (effect,))


def _refused(turn: Turn) -> Decision:
    failures = turn.conversation.link_failures + 1
    number = turn.slot("order_number")
    talk = turn.talk.drop("order", "order_number", "phone_digits").fill(last_number=number)
    turn = turn.with_conversation(replace(turn.conversation, link_failures=failures, talk=talk))
    left = turn.policy.link_guesses - failures
    if left <= 0:
        return flag(turn, FlagReason.LINK_GUESSES, TOO_MANY(**wait(turn)))
    return ask(turn, "order_number", NOT_MATCHED(left=left))
