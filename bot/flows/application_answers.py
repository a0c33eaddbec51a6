"""How the answers to the questions of a refund application are read."""

from __future__ import annotations

from bot.domain.turn import Turn
from bot.domain.verdicts import reasons_for
from bot.flows.application import goods_now
from bot.flows.flow import agreed, yes_no
from bot.flows.meant import line_of
from bot.flows.naming import by_place
from bot.flows.ordering import the_order
from bot.understanding.contrast import affirmed


def read_amount(turn: Turn) -> str | None:
    """A sum, all, half, a share; a mere yes takes the most that was offered."""
    return turn.meaning.slots.get("amount") or ("all" if yes_no(turn) == "yes" else None)


def read_lines(turn: Turn) -> str | None:
    """Which product: by position, by words of its title, or all of them."""
    slots = turn.meaning.slots
    if slots.get("amount") == "all":
        return "all"
    if "ordinal" in slots:
        line = by_place(slots["ordinal"], the_order(turn).lines)
        return str(line.number) if line else None
    return line_named(turn)


def line_named(turn: Turn) -> str | None:
    """The product the message names, in whatever words it came ("refund the socks"); a tap names none."""
    if turn.incoming.choice:
        return None
    said = turn.meaning.text
    meant = line_of(the_order(turn), affirmed(said) or said)
    return str(meant.number) if meant else None


def read_reason(turn: Turn) -> str | None:
    """In words, or by its place among the buttons."""
    if told := turn.meaning.slots.get("reason"):
        return told
    reason = by_place(turn.meaning.slots.get("ordinal", ""), reasons_for(goods_now(turn)))
    return reason.value if reason else None


def read_cancel(turn: Turn) -> str | None:
    """The button "no" asks for another reason or amount; who types no wants the order left as it is.

    A reason alone is no yes: "I changed my mind" may as well mean not to cancel.
    """
    if "unsent" in turn.meaning.slots:
        return "leave"
    return {"yes": "yes", "no": "leave"}.get(agreed(turn, "cancel") or "")


def read_confirm(turn: Turn) -> str | None:
    """A yes or a no to sending it."""
    return "no" if "unsent" in turn.meaning.slots else agreed(turn)


def read_received(turn: Turn) -> str | None:
    """Whether it came: in so many words, in a word that means it only as the whole answer (到了), or a plain yes or no."""
    slots = turn.meaning.slots
    came = slots.get("came") if "came" in turn.meaning.exact else None
    return slots.get("received") or came or yes_no(turn)


def read_evidence(turn: Turn) -> str | None:
    """Photos are kept as they come; the answer is only whether that was all."""
    said = turn.meaning.slots.get("evidence")
    if said or yes_no(turn) == "no":
        return "done" if turn.talk.attachments else "later"
    if turn.incoming.attachments:
        return None
    return "done" if yes_no(turn) == "yes" and turn.talk.attachments else None
