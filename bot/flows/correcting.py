"""Told otherwise: another amount or reason than before, or another product than the one talked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.cases import Reason
from bot.domain.conversation import Talk
from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows import BY_INTENT
from bot.flows import dialogue_replies as say
from bot.flows.application import received
from bot.flows.flow import Flow
from bot.flows.meant import meant_instead, named_alone, slots_of, title_of
from bot.flows.ordering import READS, number_mended, order_of
from bot.flows.running import picked, run
from bot.flows.taps import ANY
from bot.understanding.contrast import says_more
from bot.understanding.normalise import normalise
from bot.understanding.precedence import SMALL_TALK
from bot.understanding.titles import without_titles


def told_otherwise(turn: Turn, flow: Flow, answer: str | None) -> dict[str, str]:
    """What this message tells otherwise than before.

    Under a summary anything it tells, but what stands there already: "yes, all of it" is a yes. At another question what
    is said to be changed, or is all of the message. Photos have words of their own, which correct nothing.
    """
    talk, meaning = turn.talk, turn.meaning
    told = _told(turn, flow)
    if not_wanted_only(turn):
        told.pop("reason", None)
    if talk.asking in flow.summaries:
        return {} if {talk.asking, "unsent"} & meaning.slots.keys() else _otherwise(talk, told)
    if (answer is not None and "correct" not in meaning.slots) or turn.incoming.attachments:
        return {}
    known = {name: value for name, value in _otherwise(talk, told).items() if name in talk.slots}
    return {
        name: value for name, value in known.items() if "correct" in meaning.slots or name in meaning.exact
    }


def not_wanted_only(turn: Turn) -> bool:
    """ "I don't want it, then": a fault that was told stays told, for whose fault it is decides who pays the postage."""
    told = turn.meaning.slots
    known = turn.slot("reason") not in ("", Reason.CHANGED_MIND) and turn.talk.asking != "cancel"
    # "actually I changed my mind" corrects the wish; 其实是不想要了 the reason
    corrects = told.get("correct", "") not in ({"", "yes"} if told.get("unwanted") == "mind" else {""})
    only = "unwanted" in told and not corrects
    return known and only and told.get("reason") == Reason.CHANGED_MIND


def repeated(turn: Turn, flow: Flow) -> bool:
    """True when all that is told stands in the summary already."""
    told = _told(turn, flow)
    return turn.talk.asking in flow.summaries and bool(told) and not _otherwise(turn.talk, told)


def _told(turn: Turn, flow: Flow) -> dict[str, str]:
    told = {name: value for name, value in turn.meaning.slots.items() if name in flow.corrects}
    if told.get("reason") == Reason.LATE and order_of(turn) and received(turn) == "yes":
        told.pop("reason")  # what takes too long, once the goods are here, is something else
    return told


def _otherwise(talk: Talk, told: Mapping[str, str]) -> dict[str, str]:
    """What is not known like this already; who is asked whether to cancel an order is offered all of it back."""
    known = ({"amount": "all"} if talk.asking == "cancel" else {}) | talk.slots
    return {name: value for name, value in told.items() if known.get(name) != value}


def correct(turn: Turn, flow: Flow, told: Mapping[str, str]) -> Decision:
    """Take it, come back to the question, and say what changed where no summary shows it."""
    talk = turn.talk.drop("currency") if "amount" in told else turn.talk
    corrected = turn.with_talk(talk.fill(**told))
    decision = run(corrected, flow)
    after = decision.conversation.talk
    if after is None or after.asking in flow.summaries or flow.corrected is None:
        return decision
    kept = frozenset(name for name in told if after.slots.get(name) == told[name])
    words = flow.corrected(turn.with_talk(after), kept) if kept & {"amount", "reason"} else None
    return replace(decision, says=(words, *decision.says)) if words else decision


def asked_anew(turn: Turn, flow: Flow, answer: str | None) -> Decision | None:
    """ "Change the reason", and not to what: it is asked again."""
    slot = turn.meaning.slots.get("correct", "")
    if answer is not None or slot not in flow.corrects & turn.talk.slots.keys():
        return None
    return run(turn.with_talk(turn.talk.drop(slot)), flow)


def another_number(turn: Turn) -> Decision | None:
    """ "Typo, it's 2600018003", while a proof is asked for."""
    mended = number_mended(turn)
    return run(mended, BY_INTENT[mended.talk.flow]) if mended else None


def another_product(turn: Turn) -> Decision | None:
    """ "Not the lamp, the socks", "wrong order, I meant the speaker": the talk turns to what is meant."""
    talk = turn.conversation.talk
    if talk is None or not talk.asking or talk.asking in READS or turn.incoming.choice:
        return None
    flow, order = BY_INTENT[talk.flow], order_of(turn)
    meant = _meant_instead(turn, flow)
    if order is None or not meant or _same(turn, meant) or _asks_for_more(turn, flow):
        return None
    kept = {name: value for name, value in talk.slots.items() if name in flow.keeps}
    fresh = Talk(flow.intent, str(turn.serial), kept | meant, attachments=turn.incoming.attachments)
    decision = run(turn.with_talk(picked(turn, flow, fresh)), flow)
    corrected = meant_instead(turn) or talk.asking not in flow.summaries
    left = "" if corrected else title_of(turn, talk.slots)
    words = (say.INSTEAD(product=title_of(turn, meant), left=left),) if meant["order"] != ANY else ()
    return replace(decision, says=(*words, *decision.says))


def _meant_instead(turn: Turn, flow: Flow) -> dict[str, str]:
    """The product that a correction names, a name alone, or one beside the wish said again ("the hoodie is pilling, I want a
    refund") before anything was told of the first; a name in passing corrects nothing. "Wrong order" and no name: to be asked which. "No the blanket": what
    follows a no that answers what was said before."""
    told = turn.slot("reason") or turn.talk.attachments
    wished_again = not told and turn.meaning.intent in flow.kin | {flow.intent}
    named = slots_of(turn, turn.meaning.text) if named_alone(turn) or wished_again else {}
    if named:
        return named
    several = len(turn.facts.orders) > 1
    wrong = {"order": ANY} if turn.meaning.slots.get("correct") == "order" and several else {}
    return meant_instead(turn) or wrong


def _same(turn: Turn, meant: Mapping[str, str]) -> bool:
    """True when it is what the talk is about already."""
    order = order_of(turn)
    if order is None or order.number != meant["order"]:
        return False
    return turn.slot("lines") in ("", meant.get("lines", turn.slot("lines")))


def _asks_for_more(turn: Turn, flow: Flow) -> bool:
    """True when it may ask for something else, and not only by the likeness of the few words beside the names."""
    first = turn.meaning.candidates[0].intent if turn.meaning.candidates else flow.intent
    if first in SMALL_TALK | {flow.intent, flow.undone_by} or turn.meaning.intent in flow.kin:
        return False
    if turn.meaning.slots.get("correct") == "order" and turn.meaning.intent is None:
        return False  # "wait, wrong order, I mean the coffee set"
    titles = [line.title for order in turn.facts.orders for line in order.lines]
    return says_more(without_titles(normalise(turn.meaning.text), titles))
