"""Several products wished the same for: which is next, and which come after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.changed import replace
from bot.domain.conversation import Standing, Talk
from bot.domain.orders import Order
from bot.domain.turn import Turn
from bot.flows.meant import line_of, meant_instead, slots_of

REST = "rest"
"""A slot: the orders that come after this one, by their numbers, each perhaps with its product's line."""


def with_line(turn: Turn, order: Order) -> str:
    """The order's number, and behind a stroke which product of it is named."""
    line = line_of(order, turn.meaning.text)
    return f"{order.number}/{line.number}" if line else order.number


def of_one(named: str) -> dict[str, str]:
    """The slots that such a number stands for."""
    order, _, line = named.partition("/")
    return {"order": order} | ({"lines": line} if line else {})


def wished_next(turn: Turn, talk: Talk, named: Sequence[str]) -> Talk:
    """The same of the first of these, with those that come after it."""
    other = replace(talk, token=f"{turn.serial}b", attachments=(), standing=Standing.WISHED)
    rest = {REST: " ".join(named[1:])} if named[1:] else {}
    return other.drop(REST, "lines").fill(**of_one(named[0]), **rest)


def next_of_several(turn: Turn, talk: Talk) -> Talk | None:
    """What is offered once this one of several products is done."""
    named = talk.slots.get(REST, "").split()
    return wished_next(turn, talk, named) if named else None


def wished_after(parked: Talk | None, other: Talk) -> Talk | None:
    """What is put aside with one product more behind it; None where something else is, which comes first."""
    if parked is None or parked.standing is Standing.LEFT:
        return other
    if parked.standing is not Standing.WISHED or parked.flow != other.flow:
        return None
    named = _as_named(other)
    waiting = [_as_named(parked), *parked.slots.get(REST, "").split()]
    return parked if named in waiting else parked.fill(**{REST: " ".join([*waiting[1:], named])})


def is_next(parked: Talk, named: Mapping[str, str]) -> bool:
    """True when this product is the first of what is put aside to come next."""
    return bool(named) and named.items() <= of_one(_as_named(parked)).items()


def without(turn: Turn, parked: Talk, named: Mapping[str, str]) -> Talk | None:
    """What is put aside to come next, but for this product; None where nothing is left of it."""
    left = [one for one in parked.slots.get(REST, "").split() if not named.items() <= of_one(one).items()]
    if is_next(parked, named):
        return wished_next(turn, parked, left) if left else None
    return parked.drop(REST).fill(**({REST: " ".join(left)} if left else {}))


def with_next(talk: Talk, parked: Talk | None) -> Talk:
    """What is put aside now, with the products behind it that were to come after: they are not forgotten over a third matter."""
    if parked is None or (parked.flow, parked.standing) != (talk.flow, Standing.WISHED):
        return talk
    waiting = [*talk.slots.get(REST, "").split(), _as_named(parked), *parked.slots.get(REST, "").split()]
    return talk.fill(**{REST: " ".join(dict.fromkeys(waiting))})


def _as_named(talk: Talk) -> str:
    lines = talk.slots.get("lines")
    return talk.slots.get("order", "") + (f"/{lines}" if lines else "")


def still_wished(turn: Turn, offered: Talk) -> Talk | None:
    """What comes after the one that was offered, but for what is named now."""
    meant = product_meant(turn).get("order")
    left = [named for named in offered.slots.get(REST, "").split() if of_one(named)["order"] != meant]
    return wished_next(turn, offered, left) if left else None


def product_meant(turn: Turn) -> dict[str, str]:
    """The product that is named, or that is meant instead of another."""
    return {} if turn.incoming.choice else slots_of(turn, turn.meaning.text) or meant_instead(turn)
