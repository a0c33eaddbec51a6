"""Which order is meant, and whether it is the buyer's. Nobody sees another's order.

An order becomes a buyer's by proof: a link the shop signed, a phone number the messenger vouches for, or the order
number with the last digits of the phone given at purchase. A wrong proof never tells whether the order exists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.conversation import FlagReason, Standing, Talk
from bot.domain.decision import Decision, Effect, LinkOrder, Say
from bot.domain.messages import Button
from bot.domain.orders import Order
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.fitting import SHOWN, likeliest
from bot.flows.flow import Read, ask
from bot.flows.handoff import flag, wait
from bot.flows.meant import order_meant, without_title_told
from bot.flows.naming import by_place
from bot.flows.taps import ANY, OTHER
from bot.understanding.contrast import affirmed
from bot.understanding.slots.order_number import as_digits
from bot.understanding.slots.proof import only_mends

VOUCHING = frozenset({"telegram"})
"""Channels whose shared contact proves whose number it is."""
NAMED = "named"
"""What was served last when the buyer only named a product."""
DIGITS = 4
"""How many last digits of the phone prove an order."""
LISTED = "listed"
"""A slot: the orders that were offered, by their numbers in the order in which they were shown."""
_NUMBER_ASKED = frozenset({"order", "order_number"})
_NO_WISH = frozenset({"affirm", "deny", "greeting", "thanks"})
_PHONE = re.compile(r"\d(?:[\s().-]{0,2}\d){3,}")
_NUMBER = re.compile(r"\d+")
_LONGEST_PHONE = 15
_SHORT = 40
"""Characters of a message that still is an answer to the question for digits."""

WHICH = reply(
    "order/which",
    "order",
    "other_order",
    tone=Tone.NEXT_STEP,
    option={"order": Order},
    orders=tuple[Order, ...],
    more=int,
    again=bool,
    anew=bool,
)
NUMBER = reply("order/number", "contact", tone=Tone.NEXT_STEP, first=bool)
PHONE = reply("order/phone", tone=Tone.NEXT_STEP, number=str, digits=int, others=bool, again=bool)
NOT_MATCHED = reply("order/not_matched", tone=Tone.APOLOGY | Tone.NEXT_STEP, left=int)
TAKEN_FOR = reply("order/taken_for", tone=Tone.NEXT_STEP, order=Order)
TOO_MANY = reply(
    "order/too_many", tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE, minutes=int, back_at=datetime | None
)

LOST = reply("order/number_lost", "contact", "human", tone=Tone.NEXT_STEP, known=bool)

REPLIES = (WHICH, NUMBER, PHONE, NOT_MATCHED, TAKEN_FOR, TOO_MANY, LOST)


def order_of(turn: Turn) -> Order | None:
    """The order the talk is about: the named one, or the only one there is."""
    named = turn.facts.order(turn.slot("order"))
    if named or turn.slot("order") or turn.slot("order_number"):
        return named
    return turn.facts.orders[0] if len(turn.facts.orders) == 1 else None


def the_order(turn: Turn) -> Order:
    """The order the talk is about, where `choose_order` has come before."""
    order = order_of(turn)
    if order is None:
        raise LookupError("choose_order comes first")
    return order


def choose_order(turn: Turn) -> Decision | None:
    """Ask which order is meant, or for the proof that a named one is the buyer's."""
    if order_of(turn):
        return None
    if turn.slot("order_number"):
        return _ask_digits(turn)
    if turn.slot("order") == OTHER or not turn.facts.orders:
        say = NUMBER(first=not turn.facts.orders, buttons=_contact(turn), token=turn.talk.token)
        return ask(turn, "order_number", say)
    return _ask_which(turn)


def _ask_digits(turn: Turn) -> Decision:
    """Of an order that is said to be somebody else's, as of any: who placed it may have told the buyer."""
    number, others = turn.slot("order_number"), "others" in turn.meaning.slots
    again = turn.talk.asking == "phone_digits" and turn.slot("proof_for") == number
    words = PHONE(number=number, digits=DIGITS, others=others, again=again)
    return ask(turn.with_talk(turn.talk.fill(proof_for=number)), "phone_digits", words)


def _ask_which(turn: Turn) -> Decision:
    """The same orders stay as they were numbered and need no second list; others are numbered anew."""
    likely, numbered = likeliest(turn)[:SHOWN], _numbered(turn)
    asked = bool(numbered) and (turn.talk.asking == "order" or bool(_listed_aside(turn)))
    again = asked and set(likely) == set(numbered)
    shown, more = numbered if again else likely, max(len(turn.facts.orders) - SHOWN, 0)
    buttons = (
        *(Button("order", order.number, "order", {"order": order}) for order in shown),
        Button("order", OTHER, "other_order"),
    )
    words = WHICH(
        orders=shown,
        more=more,
        again=again,
        anew=asked and not again,
        buttons=buttons,
        token=turn.talk.token,
    )
    listed = turn.talk.fill(**{LISTED: " ".join(order.number for order in shown)})
    return ask(turn.with_talk(listed), "order", words)


def _numbered(turn: Turn) -> tuple[Order, ...]:
    """The orders as the buyer saw them numbered last."""
    listed = turn.slot(LISTED) or _listed_aside(turn)
    seen = (turn.facts.order(number) for number in listed.split())
    return tuple(order for order in seen if order)


def _listed_aside(turn: Turn) -> str:
    """What stands listed by the same question of what was put aside just now: "where is it?", and then "hurry up"."""
    aside = turn.conversation.parked
    asks = aside is not None and aside.standing is Standing.ASKED and aside.asking == "order"
    return aside.slots.get(LISTED, "") if aside and asks else ""


def _contact(turn: Turn) -> tuple[Button, ...]:
    """Where the messenger vouches for a phone number, sharing it is the shorter way."""
    return (Button("contact", "share", "contact"),) if turn.conversation.channel in VOUCHING else ()


def read_order(turn: Turn) -> str | None:
    """An order number, or a tracking number of an own parcel, or which of the offered ones by place, or any by name."""
    slots, shown = turn.meaning.slots, _numbered(turn) or likeliest(turn)[:SHOWN]
    if number := slots.get("order_number"):
        return number
    if tracking := slots.get("tracking_number"):
        return of_parcel(turn, tracking) or (OTHER if turn.talk.asking == "order" else None)
    if aged := _by_age(turn):
        return aged.number
    if "ordinal" in slots:
        order = by_place(slots["ordinal"], shown)
        return order.number if order else None
    meant = order_meant(turn, affirmed(turn.meaning.text) or turn.meaning.text)
    return meant.number if meant else None


def slip_mended(turn: Turn) -> tuple[Say, ...]:
    """Says which order a number with a slip in it was taken for, where this message told it."""
    order = order_of(turn)
    told = turn.meaning.slots.get("order_number", "")
    guessed = "order_number" in turn.meaning.doubts and not turn.incoming.choice
    return (TAKEN_FOR(order=order),) if guessed and order and order.number == told else ()


def of_parcel(turn: Turn, tracking: str) -> str:
    """The number of the buyer's order that this parcel carries; empty when it carries none of theirs."""
    own = (
        order.number for order in turn.facts.orders for parcel in order.parcels if parcel.number == tracking
    )
    return next(own, "")


def number_lost(turn: Turn) -> Decision | None:
    """ "I don't have the number": where it stands and what does instead; the question stays open."""
    talk = turn.conversation.talk
    if talk is None or talk.asking not in _NUMBER_ASKED or "number_lost" not in turn.meaning.exact:
        return None
    buttons = (*_contact(turn), Button("start", "escalate", "human"))
    words = LOST(known=talk.asking == "order" and bool(turn.facts.orders), buttons=buttons)
    return Decision(turn.conversation, (words,))


def number_mended(turn: Turn) -> Turn | None:
    """The turn with the order's number that is told once more in place of the one a proof is asked for, or was wrong for: a
    slip costs no try. None where none is told."""
    talk, number = turn.conversation.talk, turn.meaning.slots.get("order_number", "")
    if talk is None or talk.asking not in ("phone_digits", "order_number") or turn.incoming.choice:
        return None
    asked = turn.slot("order_number") or turn.slot("last_number")
    nothing_else = talk.asking == "phone_digits" and turn.meaning.intent in {None, talk.flow, *_NO_WISH}
    if (
        not asked
        or number == asked
        or len(number) <= DIGITS
        or not (nothing_else or only_mends(turn.meaning.text, number))
    ):
        return None
    return turn.with_talk(talk.drop("last_number").fill(order_number=number))


def read_digits(turn: Turn) -> str | None:
    """The last digits of a phone: the one number of four digits or more in a short message, besides the order's."""
    text, told = turn.incoming.text, turn.meaning.slots.get("order_number", "")
    beside = re.sub(re.escape(told), " ; ", text, flags=re.IGNORECASE) if told else text
    numbers = [re.sub(r"\D", "", found) for found in _PHONE.findall(beside)]
    if len(numbers) != 1 or len(text) > _SHORT or numbers[0] == turn.slot("order_number"):
        return None
    return numbers[0][-DIGITS:] if DIGITS <= len(numbers[0]) <= _LONGEST_PHONE else None


READS: dict[str, Read] = {"order": read_order, "order_number": read_order, "phone_digits": read_digits}


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of a proof: the turn to go on with, and the link to commit."""

    turn: Turn
    effects: tuple[Effect, ...] = ()


def settle_order(turn: Turn) -> Proof | Decision:
    """Sort a named number into own or claimed, and check a proof when one was given."""
    turn = _sorted(turn)
    number, digits = turn.slot("order_number"), turn.slot("phone_digits")
    if not number:
        return Proof(turn)
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


def _sorted(turn: Turn) -> Turn:
    """Move an own order's number from any order slot to ``order``, anyone else's to ``order_number``."""
    turn = _digits_again(turn)
    number = turn.slot("order_number") or turn.slot("order") or _by_product(turn)
    if number in ("", OTHER, ANY):
        return turn
    own, about = turn.facts.order(number), _talked_about(turn)
    talk = turn.talk if about in (None, own) else _another(turn)
    if own:
        return turn.with_talk(talk.drop("order_number", "phone_digits").fill(order=own.number))
    return turn.with_talk(talk.drop("order").fill(order_number=number))


def _talked_about(turn: Turn) -> Order | None:
    """The order that the questions so far were about."""
    chosen = turn.facts.order(turn.slot("order"))
    only = turn.facts.orders[0] if len(turn.facts.orders) == 1 and not turn.slot("order") else None
    return chosen or (only if turn.talk.asking not in ("", *READS) else None)


def _another(turn: Turn) -> Talk:
    """The talk once it turns to another order: products, amounts and photos of the first have nothing to do with it."""
    kept = {name: turn.slot(name) for name in READS if turn.slot(name)}
    talk = turn.talk
    return Talk(
        talk.flow, str(turn.serial), kept, attachments=turn.incoming.attachments, standing=talk.standing
    )


def _digits_again(turn: Turn) -> Turn:
    """After a wrong proof, four digits alone are another try for the same order, not an order number."""
    last, said = turn.slot("last_number"), turn.slot("order_number")
    if not last or not said.isdigit() or len(said) != DIGITS:
        return turn
    return turn.with_talk(turn.talk.drop("last_number").fill(order_number=last, phone_digits=said))


def _by_product(turn: Turn) -> str:
    """The order whose product the first words of a flow name ("the socks have a hole"); none when it is not plain."""
    if turn.talk.asking or turn.incoming.choice:
        return ""
    meant = order_meant(turn, without_title_told(turn)) or _by_age(turn)
    return meant.number if meant else ""


def _by_age(turn: Turn) -> Order | None:
    """The order that was placed last, or first, where that is what is said."""
    age = turn.meaning.slots.get("age")
    if not age or not turn.facts.orders:
        return None
    pick = max if age == "newest" else min
    return pick(turn.facts.orders, key=lambda order: order.placed_at)


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
