""" "Refund the socks, too", while the blanket's refund is under way: it comes next, and nothing that was told is lost."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.conversation import Standing, Talk
from bot.domain.decision import Decision
from bot.domain.meaning import Sureness
from bot.domain.turn import Turn
from bot.flows import BY_INTENT
from bot.flows import dialogue_replies as say
from bot.flows.matters import APPLICATIONS
from bot.flows.meant import meant_instead, slots_of, title_of
from bot.flows.next_product import wished_after
from bot.flows.ordering import READS, order_of
from bot.understanding.contrast import says_only_too, says_too
from bot.understanding.normalise import normalise
from bot.understanding.precedence import SMALL_TALK
from bot.understanding.titles import without_titles


def another_too(turn: Turn) -> Decision | None:
    """Another of the buyer's own products is named as one more; what is asked stays asked, and is put once more."""
    talk, said = turn.conversation.talk, turn.incoming
    if talk is None or not talk.asking or talk.asking in READS or said.choice or said.attachments:
        return None
    flow, named = BY_INTENT[talk.flow], slots_of(turn, turn.meaning.text)
    if flow.intent not in APPLICATIONS or not _is_one_more(turn, named):
        return None
    wish = _wish(turn) or flow.intent
    about = {name: value for name, value in named.items() if name in BY_INTENT[wish].starts}
    next_ = Talk(wish, f"{turn.serial}b", about, standing=Standing.WISHED)
    parked = wished_after(turn.conversation.parked, next_)
    if parked is None:
        return None
    put_anew = nothing_told(turn).with_conversation(replace(turn.conversation, parked=parked))
    again = flow.decide(put_anew)
    return replace(again, says=(say.COMES_NEXT(product=title_of(turn, named)), *again.says))


def _wish(turn: Turn) -> str | None:
    """What is asked for; 卫衣也是 only sounds like a yes."""
    return None if turn.meaning.intent in SMALL_TALK else turn.meaning.intent


def nothing_told(turn: Turn) -> Turn:
    """For the matter that is under way: what is wished for another product changes nothing of it."""
    silent = replace(
        turn.meaning, candidates=(), sureness=Sureness.UNKNOWN, wishes=(), slots={}, exact=frozenset()
    )
    return replace(turn, meaning=silent)


def _is_one_more(turn: Turn, named: dict[str, str]) -> bool:
    text, order, wish = turn.meaning.text, order_of(turn), _wish(turn)
    other = order is not None and named and named["order"] != order.number
    if not other or not says_too(text) or meant_instead(turn):
        return False
    if wish is not None:
        return wish in APPLICATIONS
    titles = [line.title for each in turn.facts.orders for line in each.lines]
    return says_only_too(without_titles(normalise(text), titles))
