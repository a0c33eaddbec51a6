"""Slash commands: the short way to what can also be said in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.cases import Case
from bot.domain.decision import Decision, Effect, LinkOrder
from bot.domain.messages import Button
from bot.domain.orders import Order
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.fitting import SHOWN
from bot.flows.flow import finish
from bot.flows.small_talk import OFFERED, menu

NAMES = ("start", "orders", "cases", "human", "cancel", "language", "help")
"""The commands the messenger's menu lists, in this order; worded in ``replies/<lang>/words.yaml``."""

START = reply(
    "command/start", *OFFERED, tone=Tone.GREETING | Tone.NEXT_STEP, name=str, orders=tuple[Order, ...]
)
START_LINKED = reply(
    "command/start_linked", *OFFERED, tone=Tone.GREETING | Tone.NEXT_STEP, name=str, orders=tuple[Order, ...]
)
START_BAD_LINK = reply("command/start_bad_link", tone=Tone.GREETING | Tone.APOLOGY | Tone.NEXT_STEP)
ORDERS = reply(
    "command/orders",
    "track",
    "refund",
    tone=Tone.PLAIN,
    option={"order": Order},
    orders=tuple[Order, ...],
    more=int,
)
NO_ORDERS = reply("command/no_orders", tone=Tone.NEXT_STEP)
CASES = reply("command/cases", tone=Tone.DEADLINE, cases=tuple[Case, ...])
NO_CASES = reply("command/no_cases", "request_refund", tone=Tone.NEXT_STEP)
CANCELLED = reply("command/cancelled", tone=Tone.PLAIN)
NOTHING_TO_CANCEL = reply("command/nothing_to_cancel", *OFFERED, tone=Tone.NEXT_STEP)
LANGUAGE = reply("command/language", "language", tone=Tone.NEXT_STEP, option={"language": str})
LANGUAGE_SET = reply("command/language_set", *OFFERED, tone=Tone.PLAIN, asked=bool)
HELP = reply("command/help", *OFFERED, tone=Tone.NEXT_STEP)
UNKNOWN = reply("command/unknown", *OFFERED, tone=Tone.APOLOGY | Tone.NEXT_STEP, command=str)

REPLIES = (
    START,
    START_LINKED,
    START_BAD_LINK,
    ORDERS,
    NO_ORDERS,
    CASES,
    NO_CASES,
    CANCELLED,
    NOTHING_TO_CANCEL,
    LANGUAGE,
    LANGUAGE_SET,
    HELP,
    UNKNOWN,
)


def start(turn: Turn) -> Decision:
    """Greet; a signed link proves an order to be the buyer's."""
    command = turn.incoming.command
    if command and command.argument and not turn.facts.proven:
        return finish(turn, START_BAD_LINK())
    if turn.facts.proven:
        return link_proven(turn, "signed_link")
    name, orders = turn.conversation.name, turn.facts.orders
    return finish(turn, START(name=name, orders=orders, buttons=menu()))


def link_proven(turn: Turn, how: str) -> Decision:
    """Link the orders this message proves, and name them."""
    known = {order.number for order in turn.facts.orders}
    effects: tuple[Effect, ...] = tuple(
        LinkOrder(order.number, how) for order in turn.facts.proven if order.number not in known
    )
    say = START_LINKED(name=turn.conversation.name, orders=turn.facts.proven, buttons=menu())
    decision = finish(turn, say, effects=effects)
    return replace(decision, conversation=replace(decision.conversation, link_failures=0))


def orders(turn: Turn) -> Decision:
    """List the buyer's orders."""
    own, more = turn.facts.orders[:SHOWN], max(len(turn.facts.orders) - SHOWN, 0)
    if not own:
        return finish(turn, NO_ORDERS())
    buttons = tuple(
        Button("start", f"{intent} order={order.number}", label, {"order": order})
        for order in own[:3]
        for intent, label in (("track_parcel", "track"), ("request_refund", "refund"))
    )
    return Decision(turn.conversation, (ORDERS(orders=own, more=more, buttons=buttons),))


def cases(turn: Turn) -> Decision:
    """List the buyer's cases with who must act, and by when."""
    if not turn.facts.cases:
        return finish(turn, NO_CASES(buttons=(Button("start", "request_refund", "request_refund"),)))
    return Decision(turn.conversation, (CASES(cases=turn.facts.cases[:6]),))


def cancel(turn: Turn) -> Decision:
    """Drop what is under way; nothing that was applied for is touched."""
    if turn.conversation.talk is None and turn.conversation.parked is None:
        return finish(turn, NOTHING_TO_CANCEL(buttons=menu()))
    dropped = replace(turn.conversation, talk=None, parked=None, misses=0)
    return Decision(dropped, (CANCELLED(),))


def language(turn: Turn) -> Decision:
    """Ask which language, or take the one that was named."""
    named = turn.incoming.command.argument if turn.incoming.command else ""
    if named in turn.languages:
        return set_language(turn, named)
    buttons = tuple(
        Button("start", f"language to={code}", "language", {"language": code}) for code in turn.languages
    )
    return Decision(turn.conversation, (LANGUAGE(buttons=buttons),))


def set_language(turn: Turn, code: str, *, asking: bool = False) -> Decision:
    """Answer in this language from now on; a question that is open stays so, or is put again after this."""
    conversation = replace(turn.conversation, language=code, language_fixed=True)
    asked = asking or conversation.talk is not None
    return Decision(conversation, (LANGUAGE_SET(asked=asked, buttons=() if asked else menu()),))


def help_(turn: Turn) -> Decision:
    """What the bot does, and how to reach a person."""
    return Decision(turn.conversation, (HELP(buttons=menu()),))


def unknown(turn: Turn, name: str) -> Decision:
    """A command nobody knows."""
    return Decision(turn.conversation, (UNKNOWN(command=name, buttons=menu()),))


ACTIONS: dict[str, Callable[[Turn], Decision]] = {
    "start": start,
    "orders": orders,
    "cases": cases,
    "cancel": cancel,
    "language": language,
    "help": help_,
}
"""What each command does; `human` is the flow of that name."""
