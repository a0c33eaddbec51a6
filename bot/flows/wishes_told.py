"""Told while something else is asked: how it shall be put right, at the question for photos; more, at a form with a sum."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.decision import Decision
from bot.domain.options import Option
from bot.domain.turn import Turn
from bot.flows import dialogue_replies as say
from bot.flows.application import amount_of, option_of
from bot.flows.application_answers import read_option
from bot.flows.correcting import correct
from bot.flows.flow import Flow, asked_back
from bot.flows.matters import REFUND
from bot.flows.meant import of_another_product, slots_of
from bot.flows.running import picked, run
from bot.understanding.slots.amount import sum_alone

_PLAIN = 0.5
"""How sure a wish must be that answers another question."""


def wish_told(turn: Turn, flow: Flow) -> Decision | None:
    """ "I'd rather have a new one", when photos are asked for: it is noted, said so, and the photos are still wanted."""
    first = turn.meaning.candidates[0].confidence if turn.meaning.candidates else 0.0
    plain = first >= _PLAIN or turn.meaning.slots.keys() & {"amount", "option"}
    if turn.talk.asking != "evidence" or "option" not in flow.reads or turn.incoming.choice or not plain:
        return None
    told = read_option(turn)
    another = of_another_product(turn, turn.talk, slots_of(turn, turn.meaning.text))
    asked_otherwise = told in (REFUND, Option.RETURN_REFUND) and turn.meaning.intent is not None
    if told is None or another or asked_otherwise:  # a refund has a flow of its own
        return None
    if asked_back(turn) or (told == turn.slot("option") and "amount" not in turn.meaning.slots):
        return None
    # said anew, it counts and not what was said before
    afresh = turn.talk.drop(*({"amount", "currency"} & turn.meaning.slots.keys()))
    wished = turn.with_talk(picked(turn, flow, afresh).fill(option=told))
    decision, option = run(wished, flow), option_of(wished)
    after = decision.conversation.talk
    if option is None or after is None or after.asking != "evidence":
        return decision
    amount = amount_of(wished) if option is Option.KEEP_PARTIAL else None
    return replace(decision, says=(say.WISH_NOTED(wish=option, amount=amount), *decision.says))


def more_wanted(turn: Turn, flow: Flow) -> Decision | None:
    """ "Too little", under a form with a sum: it is asked how much it shall be; a bare number is that."""
    told, sums = turn.meaning.slots, {"amount", "confirm"} <= flow.reads.keys()
    if turn.talk.asking != "confirm" or not sums or turn.incoming.choice or not _of_money(turn):
        return None
    if "amount" in told or told.keys() & {"order_number", "tracking_number", "ordinal", "quantity"}:
        return None
    number = sum_alone(turn.meaning.text)
    if number is not None and ("bargain" in told or turn.meaning.intent is None):
        return correct(turn, flow, {"amount": number})
    if "bargain" not in told:
        return None
    return run(turn.with_talk(turn.talk.drop("amount", "currency").fill(more="yes")), flow)


def _of_money(turn: Turn) -> bool:
    """True where the form asks for money, not for another piece or a repair."""
    return turn.slot("option") in ("", Option.KEEP_PARTIAL, Option.REFUND_ONLY)
