"""What an agent asks the staff group to show: what was said before, and personal data that is masked there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.cases import Case
from bot.domain.decision import Audience, Decision
from bot.domain.manner import Manner
from bot.domain.messages import AgentAct, Speaker
from bot.domain.orders import Order
from bot.domain.replies import Tone, reply
from bot.domain.spoken import Spoken
from bot.domain.turn import Turn
from bot.flows import change_address, invoice
from bot.understanding.personal import masked

HISTORY = reply(
    "desk/history",
    tone=Tone.PLAIN,
    to=Audience.DESK,
    lines=tuple[Spoken, ...],
    cases=tuple[Case, ...],
)
PERSONAL = reply(
    "desk/personal",
    tone=Tone.PLAIN,
    to=Audience.DESK,
    agent=str,
    orders=tuple[Order, ...],
    lines=tuple[Spoken, ...],
)

REPLIES = (HISTORY, PERSONAL)

PERSONAL_POSTS = frozenset({change_address.POST.name, invoice.WANTED.name})
"""Posts whose values are personal data (`Reply.personal`)."""
_LINES, _SHOWN = 16, 6
"""How many lines are told again, and how many with personal data are shown."""


def history(turn: Turn, done: AgentAct) -> Decision:  # noqa: ARG001 -- as every act
    """The last lines and all cases, as one post."""
    said = tuple(line for line in turn.facts.said if line.who is not Speaker.SYSTEM)
    post = HISTORY(lines=said[-_LINES:], cases=turn.facts.cases)
    return Decision(turn.conversation, (replace(post, aside=_in_topic(turn)),))


def show(turn: Turn, done: AgentAct) -> Decision:
    """Who receives the orders, and the buyer's own words with their numbers and addresses; that they asked is in the audit."""
    told = tuple(line for line in turn.facts.said if _personal(line))[-_SHOWN:]
    orders = tuple(order for order in turn.facts.orders if order.buyer_name or order.phone)
    post = PERSONAL(agent=done.agent, orders=orders[:3], lines=told)
    shown = replace(post, aside=True, manner=Manner(unmasked=True)) if _in_topic(turn) else post
    return Decision(turn.conversation, (shown,))


def _in_topic(turn: Turn) -> bool:
    """Asked for in the staff group, and answered there alone. On the web desk it is a line, and the group reads it masked."""
    return bool(turn.incoming.marks)


def _personal(line: Spoken) -> bool:
    """What is not shown in the group as it was said, by whomever."""
    return line.reply in PERSONAL_POSTS or (line.who is Speaker.BUYER and masked(line.text) != line.text)


ACTS: dict[str, Callable[[Turn, AgentAct], Decision]] = {"history": history, "show": show}
