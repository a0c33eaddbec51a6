"""Which of the buyer's own products a message names, and for which of its wishes: "track the lamp, and refund the socks"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.changed import replace
from bot.domain.conversation import Talk
from bot.domain.orders import Order, OrderLine
from bot.domain.turn import Turn
from bot.flows.naming import guides_named, named
from bot.understanding.contrast import affirmed, says_more
from bot.understanding.marks import negative
from bot.understanding.normalise import clauses, normalise
from bot.understanding.titles import names, said_of, without_titles

_OF_A_PRODUCT = frozenset({"reason", "received", "came", "amount", "currency", "percent"})
"""What is told of a product, and of no other."""
_NEXT = re.compile(r"再|还有|另外|顺便|顺带|然后|and then|then|also|and also|plus")
"""What begins the next of several wishes."""
_STOPS = re.compile(r"[\s,，;；:：。]")
_LINK = 8
"""Characters of what only links two names: 和, "and the"."""
_SAYS_OTHERWISE = frozenset({"order_number", "quantity", "size", "colour", "ordinal", "correct"})
"""Slots that a name may bring with it; any other that is all of a message is an answer or a wish, whatever is sold."""


def in_plain_characters(turn: Turn) -> Turn:
    """The turn with its text in plain characters, as most products are called; not where they are written as it is."""
    meaning = turn.meaning
    titles = [line.title for order in turn.facts.orders for line in order.lines]
    if not meaning.plain or turn.incoming.choice or said_of(meaning.text, titles):
        return turn
    return replace(turn, meaning=replace(meaning, text=meaning.plain))


def apart_from_another(turn: Turn) -> Turn:
    """What is told of another product than the one talked about is no fact of this application: "the speaker broke too"."""
    meaning, talk = turn.meaning, turn.conversation.talk
    own = talk and (
        talk.slots.get("order") or (turn.facts.orders[0].number if len(turn.facts.orders) == 1 else "")
    )
    if not talk or not talk.asking or not own or turn.incoming.choice or "correct" in meaning.slots:
        return turn
    other = order_named(turn, meaning.text)
    if other is None or other.number == own:
        return turn
    slots = {name: value for name, value in meaning.slots.items() if name not in _OF_A_PRODUCT}
    kept = replace(meaning, slots=slots, exact=meaning.exact - _OF_A_PRODUCT)
    return replace(turn, meaning=kept)


def order_named(turn: Turn, text: str) -> Order | None:
    """The order whose products a text names; None when none, or several do alike."""
    orders = turn.facts.orders
    place = named(text, [" ".join(line.title for line in order.lines) for order in orders])
    return None if place is None else orders[place]


def order_meant(turn: Turn, text: str) -> Order | None:
    """The same; else the only one with a product that a text calls by another of its names, as the shop's guides have them
    (水杯 for 保温杯)."""
    if named_so := order_named(turn, text):
        return named_so
    called = {order.number: order for order in turn.facts.orders if _called_so(turn, order.lines, text)}
    return next(iter(called.values())) if len(called) == 1 else None


def _called_so(turn: Turn, lines: Sequence[OrderLine], text: str) -> list[OrderLine]:
    guides = guides_named(turn.facts.guides, text, turn.facts.guides.in_language(turn.conversation.language))
    return [line for line in lines if any(guide.covers(line) for guide in guides)]


def line_meant(turn: Turn, order: Order, text: str) -> OrderLine | None:
    """The line of an order with several that a text names, by its title or by another of its names."""
    called = _called_so(turn, order.lines, text) if len(order.lines) > 1 else []
    return line_of(order, text) or (called[0] if len(called) == 1 else None)


def without_title_told(turn: Turn) -> str:
    """What is said, without the name that an invoice is made out to: it is no product, whatever is engraved on one."""
    told = _STOPS.split(turn.meaning.slots.get("title", ""))[0]
    return turn.meaning.text.replace(told, " ") if told else turn.meaning.text


def several_named(turn: Turn) -> tuple[Order, ...]:
    """The orders whose products a message names in one breath ("the apron and the notebook"), or one after the other ("…,
    then the notebook"), as they were said; none where it names one, or a wish of its own may stand between them."""
    orders, between = _in_a_row(turn)
    return orders if between and all(_joins(text) or _goes_on(text) for text in between) else ()


def in_one_breath(turn: Turn) -> bool:
    """True when nothing but what links them stands between the names."""
    return all(map(_joins, _in_a_row(turn)[1]))


def _in_a_row(turn: Turn) -> tuple[tuple[Order, ...], list[str]]:
    """The orders of which something is named that no other order has, and what stands between the names."""
    text, found = without_title_told(turn), list[tuple[int, int, Order]]()
    if turn.incoming.choice:
        return (), []
    for order in turn.facts.orders:
        others = {part for one in turn.facts.orders if one is not order for part in _parts(one)}
        own = [
            name for name in said_of(text, [line.title for line in order.lines]) if not names(name) & others
        ]
        if own and own[0] in text:
            found.append((text.find(own[0]), text.find(own[0]) + len(own[0]), order))
    found.sort(key=lambda each: each[0])
    between = [text[end:start] for (_, end, _), (start, _, _) in pairwise(found)]
    return tuple(order for _, _, order in found), between


def _joins(between: str) -> bool:
    joined = clauses(between, 1) or ("",)
    return len(joined) == 1 and len(joined[0]) <= _LINK and not _goes_on(between)


def _goes_on(between: str) -> bool:
    joined = clauses(between, 1)
    return bool(joined) and _NEXT.match(joined[-1]) is not None


def _parts(order: Order) -> frozenset[str]:
    return frozenset(part for line in order.lines for part in names(line.title))


def line_of(order: Order, text: str) -> OrderLine | None:
    """The line of an order with several that a text names."""
    if len(order.lines) < 2:
        return None
    place = named(text, [line.title for line in order.lines])
    return None if place is None else order.lines[place]


def slots_of(turn: Turn, text: str) -> dict[str, str]:
    """The order that a text names, and which of its products; empty when it is not plain."""
    order = order_named(turn, text)
    if order is None:
        return {}
    line = line_of(order, text)
    return {"order": order.number} | ({"lines": str(line.number)} if line else {})


def of_another_product(turn: Turn, talk: Talk, named: Mapping[str, str]) -> bool:
    """True when a product that is named is not the one a talk is about; a talk may be about none yet."""
    only = turn.facts.orders[0].number if len(turn.facts.orders) == 1 else ""
    about = {"order": only} | talk.slots if only else talk.slots
    return any(about.get(name, value) != value for name, value in named.items())


def title_of(turn: Turn, slots: Mapping[str, str]) -> str:
    """What the product of an order, or the order, is called."""
    order = turn.facts.order(slots.get("order", ""))
    if order is None:
        return ""
    return next((line.title for line in order.lines if str(line.number) == slots.get("lines")), order.title)


def named_alone(turn: Turn) -> bool:
    """True when the message is the name of an own product and asks for nothing, or only "and this one?"."""
    return turn.meaning.name_alone and not turn.incoming.choice and not turn.meaning.exact - _SAYS_OTHERWISE


def meant_instead(turn: Turn) -> dict[str, str]:
    """The product that a correction names ("not the lamp, the socks"; "sorry, I meant the speaker"): what follows a no, or
    stands beside words that take something back. A name in passing corrects nothing."""
    text, told = turn.meaning.text, turn.meaning.slots
    after_no = told.get("after_no", "")
    if turn.incoming.choice or not (negative(text) or told.get("correct") or after_no):
        return {}
    return slots_of(turn, affirmed(text)) or slots_of(turn, after_no)


def corrects_only(turn: Turn) -> bool:
    """True when a message says which product is meant instead, and not a word more."""
    titles = [line.title for order in turn.facts.orders for line in order.lines]
    return bool(meant_instead(turn)) and not says_more(without_titles(normalise(turn.meaning.text), titles))


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a message that tells one of its wishes, in normal form, and what stands before it."""

    text: str
    before: str = ""

    def has(self, number: str) -> bool:
        """True when the number stands in it."""
        return bool(number) and normalise(number) in self.text


def part_of(turn: Turn, intent: str) -> Part | None:
    """The part that tells this wish, of a message with several; None when there is one, or it can't be told."""
    wishes = list(turn.meaning.wishes)
    if intent not in wishes or turn.incoming.choice:
        return None
    parts = clauses(turn.meaning.text)
    if len(parts) != len(wishes):
        parts = tuple(part for part in parts if order_named(turn, part) or _numbered(turn, part))
    at = wishes.index(intent)
    return Part(parts[at], " ".join(parts[:at])) if len(parts) == len(wishes) else None


def _numbered(turn: Turn, part: str) -> bool:
    return any(Part(part).has(order.number) for order in turn.facts.orders)
