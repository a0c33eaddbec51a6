"""What of an application is to read otherwise, as far as it is told, and what it may become."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.cases import MONEY, Case, Change, Goods, Kind, Reason
from bot.domain.money import Money
from bot.domain.turn import Turn
from bot.domain.verdicts import kind_for, may_change, reasons_for
from bot.flows.application import amount_in
from bot.flows.naming import by_place
from bot.flows.which_case import case_of

_APPLIED = frozenset({Kind.REFUND_ONLY, Kind.RETURN_REFUND, Kind.EXCHANGE, Kind.RESHIP, Kind.REPAIR})
"""Kinds that may become one another; the others are matters of their own."""
_REFUNDS = frozenset({Kind.REFUND_ONLY, Kind.RETURN_REFUND})
_INSTEAD: Mapping[Goods, tuple[Kind, ...]] = {
    Goods.RECEIVED: (Kind.EXCHANGE, Kind.REPAIR),
    Goods.NOT_RECEIVED: (Kind.RESHIP,),
}
"""What may be asked for in place of money, by where the goods are."""


def can_change(case: Case) -> bool:
    """The rules let the buyer change it as it stands."""
    return may_change(case).allowed


def changeable(case: Case) -> tuple[str, ...]:
    """What may be told otherwise, of a case of this kind."""
    return (
        "reason",
        *(("amount",) if case.kind in MONEY else ()),
        *(("kind",) if case.kind in _APPLIED else ()),
        "evidence",
    )


def kinds_for(turn: Turn, case: Case) -> tuple[Kind, ...]:
    """The kinds it may become: the refund that fits the reason, or goods in its place."""
    if case.kind not in _APPLIED:
        return ()
    fitting = (kind_for(case.goods, _reason(turn, case)), *_INSTEAD.get(case.goods, ()))
    return tuple(kind for kind in fitting if kind is not case.kind)


def limit_of(turn: Turn, case: Case) -> Money:
    """The most it may ask for: what is left of what was paid, its own amount not counted."""
    order = turn.facts.order(case.order_number)
    if order is None:
        return case.amount
    return turn.facts.book(order).left(case.lines, besides=case.number)


def told_amount(turn: Turn, case: Case) -> Money | None:
    """The amount that was told; None where none was, or it can't be read."""
    return amount_in(turn.slot("amount"), limit_of(turn, case)) if turn.slot("amount") else None


def change_of(turn: Turn, case: Case) -> Change:
    """All that is told and is not so already. Another kind brings its own amount: nothing for goods, all there is for money."""
    reason, kind = _reason(turn, case), _kind(turn, case)
    amount = case.amount
    if kind not in MONEY:
        amount = Money(0, case.amount.currency)
    elif case.kind not in MONEY:
        amount = told_amount(turn, case) or limit_of(turn, case)
    else:
        amount = told_amount(turn, case) or case.amount
    return Change(
        kind=kind if kind is not case.kind else None,
        reason=reason if reason is not case.reason else None,
        amount=amount if amount != case.amount else None,
    )


def read_what(turn: Turn) -> str | None:
    """What is to change: in words, or by what is named of it."""
    told = turn.meaning.slots
    if told.get("correct") in ("reason", "amount"):
        return told["correct"]
    named = next((what for what in ("reason", "kind", "amount") if what in told), None)
    return told.get("change") or named or ("evidence" if turn.incoming.attachments else None)


def read_reason(turn: Turn) -> str | None:
    """In words, or by its place among the buttons."""
    case = case_of(turn, can_change)
    goods = case.goods if case else Goods.RECEIVED
    meant = by_place(turn.meaning.slots.get("ordinal", ""), reasons_for(goods))
    return turn.meaning.slots.get("reason") or (meant.value if meant else None)


def read_amount(turn: Turn) -> str | None:
    """A sum, all, half or a share."""
    return turn.meaning.slots.get("amount")


def read_kind(turn: Turn) -> str | None:
    """In words."""
    return turn.meaning.slots.get("kind")


def _reason(turn: Turn, case: Case) -> Reason:
    return Reason(turn.slot("reason")) if turn.slot("reason") in reasons_for(case.goods) else case.reason


def _kind(turn: Turn, case: Case) -> Kind:
    """The kind that was told; else a refund goes by its reason, whether the goods come back."""
    if turn.slot("kind"):
        return Kind(turn.slot("kind"))
    reason = _reason(turn, case)
    told_anew = reason is not case.reason and case.kind in _REFUNDS
    return kind_for(case.goods, reason) if told_anew else case.kind
