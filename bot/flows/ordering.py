"""Which order is meant: by number, place, product, age or parcel; one that is not the buyer's own has to be proven
(`bot.flows.proving`)."""

from __future__ import annotations

from bot.domain.conversation import Standing, Talk
from bot.domain.decision import Decision, Say
from bot.domain.messages import Button
from bot.domain.orders import Order
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.fitting import SHOWN, likeliest
from bot.flows.flow import Read, ask
from bot.flows.meant import order_meant, without_title_told
from bot.flows.naming import by_place
from bot.flows.proving import DIGITS, Proof, ask_digits, prove, read_digits
from bot.flows.taps import ANY, OTHER
from bot.understanding.contrast import affirmed
from bot.understanding.slots.proof import only_mends

VOUCHING = frozenset({"telegram"})
"""Channels whose shared contact proves whose number it is."""
NAMED = "named"
"""What was served last when the buyer only named a product."""
LISTED = "listed"
"""A slot: the orders that were offered, by their numbers in the order in which they were shown."""
_NUMBER_ASKED = frozenset({"order", "order_number"})
_NO_WISH = frozenset({"affirm", "deny", "greeting", "thanks"})

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
TAKEN_FOR = reply("order/taken_for", tone=Tone.NEXT_STEP, order=Order)
LOST = reply("order/number_lost", "contact", "human", tone=Tone.NEXT_STEP, known=bool)

REPLIES = (WHICH, NUMBER, TAKEN_FOR, LOST)


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
        return ask_digits(turn)
    if turn.slot("order") == OTHER or not turn.facts.orders:
        say = NUMBER(first=not turn.facts.orders, buttons=_contact(turn), token=turn.talk.token)
        return ask(turn, "order_number", say)
    return _ask_which(turn)


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


READS: dict[str, Read] = {"order": read_order, "order_number": read_order, "phone_digits": read_digits}


def settle_order(turn: Turn) -> Proof | Decision:
    """Sort a named number into own or claimed, and check a proof when one was given."""
    turn = _sorted(turn)
    return prove(turn) if turn.slot("order_number") else Proof(turn)


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
