"""Which of the shop's guides may answer: by what the words name, else by what the buyer has, else any."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.guides import Guide, Hit, ids
from bot.domain.orders import Order, OrderLine
from bot.domain.turn import Turn
from bot.flows.meant import line_of, order_named
from bot.flows.naming import by_place, guides_named
from bot.flows.ordering import order_of
from bot.flows.taps import OTHER
from bot.understanding.contrast import affirmed

QUESTION, PRODUCT = "question", "product"


@dataclass(frozen=True, slots=True)
class Scope:
    """The guides that may answer a question."""

    guides: tuple[Guide, ...]
    """Of the products that may be meant."""
    general: tuple[Guide, ...]
    """For whatever the shop sells."""
    plain: bool
    """There is no doubt which product is meant."""
    own: bool = True
    """The buyer has these, or named them."""

    question: str = ""

    def search(self, turn: Turn, *guides: Guide) -> tuple[Hit, ...]:
        """The entries that may answer the question: of these guides, or of all."""
        among = ids((*(guides or self.guides), *self.general))
        return turn.facts.guides.search(self.question, among)

    @property
    def one(self) -> Guide | None:
        """The guide of the one product that is meant."""
        return self.guides[0] if self.plain and len(self.guides) == 1 else None


def scope_of(turn: Turn) -> Scope:
    """The guides that may answer the question of this talk."""
    question = turn.slot(QUESTION)
    if chosen := turn.slot(PRODUCT):
        of_products, general = every_guide(turn)
        meant = tuple(guide for guide in of_products if guide.name == chosen)
        return Scope(meant, general, plain=True, question=question)
    if order := turn.facts.order(turn.slot("order")):
        return _of_order(turn, question, order)
    return _of_question(turn, question, order_named(turn, question) or order_of(turn))


def found_for(turn: Turn, question: str) -> tuple[Hit, ...]:
    """The entries that may answer what nobody talks about yet."""
    return _of_question(turn, question, order_named(turn, question)).search(turn)


def every_guide(turn: Turn) -> tuple[tuple[Guide, ...], tuple[Guide, ...]]:
    """The guides of products, and those for everything."""
    every = turn.facts.guides.in_language(turn.conversation.language)
    of_products = tuple(guide for guide in every if not guide.everything)
    return of_products, tuple(guide for guide in every if guide.everything)


def _of_order(turn: Turn, question: str, order: Order) -> Scope:
    """The order is told: its products, unless the question names another one that they have no guide for."""
    of_products, general = every_guide(turn)
    numbers = {str(line.number): line for line in order.lines}
    line = numbers.get(turn.slot("lines")) or line_of(order, question)
    lines = (line,) if line else order.lines
    if own := covering(of_products, lines):
        return Scope(own, general, plain=len(lines) == 1, question=question)
    return _of_question(turn, question, order)


def _of_question(turn: Turn, question: str, order: Order | None) -> Scope:
    of_products, general = every_guide(turn)
    if named := guides_named(turn.facts.guides, question, of_products):
        return Scope(named, general, plain=len(named) == 1, question=question)
    lines = _lines(turn, question, order)
    if not lines:
        return Scope(of_products, general, plain=False, own=False, question=question)
    own = covering(of_products, lines)
    return Scope(own, general, plain=len(lines) == 1, question=question)


def covering(guides: Collection[Guide], lines: Collection[OrderLine]) -> tuple[Guide, ...]:
    """The guides for these products, in their order."""
    found = (guide for line in lines for guide in guides if guide.covers(line))
    return tuple({guide.name: guide for guide in found}.values())


def _lines(turn: Turn, question: str, order: Order | None) -> tuple[OrderLine, ...]:
    """The order lines that may be meant."""
    if order is None:
        return tuple(line for one in turn.facts.orders for line in one.lines)
    line = line_of(order, question)
    return (line,) if line else order.lines


def read_product(turn: Turn) -> str | None:
    """Which of the offered products: by its place, or by name any that has a guide; a no is another one."""
    offered = turn.slot("offered").split()
    place = by_place(turn.meaning.slots.get("ordinal", ""), offered)
    no = turn.meaning.slots.get("yes_no") == "no" or turn.meaning.intent == "deny"
    return place or product_named(turn) or (OTHER if no else None)


def product_named(turn: Turn) -> str | None:
    """The guide of the product that this message names; None when it names none, or several."""
    of_products, _ = every_guide(turn)
    text = affirmed(turn.meaning.text) or turn.meaning.text
    found = guides_named(turn.facts.guides, text, of_products)
    if not found and (order := order_named(turn, text)):
        line = line_of(order, text)
        found = covering(of_products, (line,) if line else order.lines)
    return found[0].name if len(found) == 1 else None
