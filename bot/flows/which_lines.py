"""Which products of an order with several: named with the wish, or asked for."""

from __future__ import annotations

from bot.domain.decision import Decision
from bot.domain.messages import Button
from bot.domain.orders import Order, OrderLine
from bot.domain.replies import Reply, Tone, reply
from bot.domain.turn import Turn
from bot.flows.application import chosen_lines, lines_known
from bot.flows.flow import ask
from bot.flows.meant import line_meant
from bot.flows.naming import by_place
from bot.flows.ordering import the_order
from bot.understanding.contrast import affirmed


def asks_which(name: str, *labels: str) -> Reply:
    """Words that ask it, with a button for each product; under ``all_lines`` one for all of them."""
    return reply(name, "line", *labels, tone=Tone.NEXT_STEP, option={"line": OrderLine}, order=Order)


LINES = asks_which("request_refund/lines", "all_lines")
REPLIES = (LINES,)


def choose_lines(turn: Turn, words: Reply = LINES) -> Decision | Turn | None:
    """Ask which product when the order has several, in these words; the message may have named it."""
    order, every = the_order(turn), "all_lines" in words.labels
    if len(order.lines) <= 1 or (lines_known(turn) and (every or chosen_lines(turn))):
        return None
    if (told := _line_named(turn)) is not None:
        return turn.with_talk(turn.talk.fill(lines=told))
    buttons = (
        *((Button("lines", "all", "all_lines"),) if every else ()),
        *(Button("lines", str(line.number), "line", {"line": line}) for line in order.lines),
    )
    afresh = turn.with_talk(turn.talk.drop("lines"))
    return ask(afresh, "lines", words(order=order, buttons=buttons, token=turn.talk.token))


def with_line_named(turn: Turn) -> Turn:
    """The talk with the product that the message names, where none is chosen yet and none need be."""
    named = None if lines_known(turn) else _line_named(turn)
    return turn.with_talk(turn.talk.fill(lines=named)) if named else turn


def read_lines(turn: Turn) -> str | None:
    """Which product: by position, by words of its title, or all of them."""
    slots = turn.meaning.slots
    if slots.get("amount") == "all":
        return "all"
    if "ordinal" in slots:
        line = by_place(slots["ordinal"], the_order(turn).lines)
        return str(line.number) if line else None
    return _line_named(turn)


def _line_named(turn: Turn) -> str | None:
    """The product the message names, in whatever words it came ("refund the socks"); a tap names none."""
    if turn.incoming.choice:
        return None
    said = turn.meaning.text
    meant = line_meant(turn, the_order(turn), affirmed(said) or said)
    return str(meant.number) if meant else None
