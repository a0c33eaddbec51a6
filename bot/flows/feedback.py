"""A suggestion (建议): thanks, and filed under product and cause, where the owner finds it."""

from __future__ import annotations

from bot.domain.decision import Decision, KeepFeedback
from bot.domain.feedback import Cause, Feedback
from bot.domain.orders import Order, OrderLine
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.about_order import about_order
from bot.flows.flow import Flow, ask, finish
from bot.flows.meant import line_of

WORDS = reply("feedback/words", tone=Tone.THANKS | Tone.NEXT_STEP)
FILED = reply("feedback/filed", tone=Tone.THANKS, product=str, cause=Cause)

_LONGEST = 1_000
"""Characters that are filed."""


def ask_words(turn: Turn) -> Decision | None:
    """Who only says that they have a suggestion is asked for it."""
    if turn.slot("words") or not _unsaid(turn):
        return None
    return ask(turn, "words", WORDS())


def file(turn: Turn) -> Decision | None:
    """One line of the ledger."""
    words = turn.slot("words") or turn.meaning.text.strip()
    order = about_order(turn)
    line = _line(order, words)
    cause = _cause(turn)
    said = Feedback(
        turn.conversation.id,
        order.number if order else "",
        line.sku if line else "",
        cause,
        words[:_LONGEST],
        turn.now,
    )
    product = line.title if line else ""
    return finish(turn, FILED(product=product, cause=cause), effects=(KeepFeedback(said),))


def _unsaid(turn: Turn) -> bool:
    """True for a tap, and for "I have a suggestion" that does not say which."""
    return bool(turn.incoming.choice) or ("unsaid" in turn.meaning.exact and _cause(turn) is Cause.OTHER)


def _cause(turn: Turn) -> Cause:
    """What this message is about, by the words the shop has taught for it."""
    told = turn.meaning.slots.get("cause", "")
    return Cause(told) if told in Cause.__members__.values() else Cause.OTHER


def _line(order: Order | None, words: str) -> OrderLine | None:
    """The product it is about; None where the order has several and none is named."""
    if order is None:
        return None
    return order.lines[0] if len(order.lines) == 1 else line_of(order, words)


def read_words(turn: Turn) -> str | None:
    """Whatever they write; not a file, and not another "I have an idea"."""
    said = turn.meaning.text.strip()
    return said if any(map(str.isalnum, said)) and not _unsaid(turn) else None


FLOW = Flow(
    intent="feedback",
    steps=(ask_words, file),
    replies=(WORDS, FILED),
    takes=frozenset({"order_number"}),
    free=frozenset({"words"}),
    reads={"words": read_words},
    kin=frozenset(
        {"complaint", "review_good", "review_bad", "size_advice", "quality_issue", "not_as_described"}
    ),
)
