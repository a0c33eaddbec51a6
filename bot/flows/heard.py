"""What a message comes to beside what is known: a product's name asks for nothing, a plain wish beats what it sounds like."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cases import Kind
from bot.domain.meaning import Candidate, Sureness
from bot.domain.turn import Turn
from bot.flows.meant import named_alone, order_named
from bot.flows.talked_of import with_talk_left
from bot.flows.troubles import TROUBLES
from bot.understanding.marks import takes_back
from bot.understanding.normalise import clauses, normalise
from bot.understanding.slots.proof import only_identifies

_WISHED, _ALSO, _PERHAPS = 0.4, 0.35, 0.25
"""How sure a clause must be of a wish: beside a trouble that is told; beside one that says what did not come, or is not
wanted; where reason and amount of a refund are told."""
_REFUSED = 0.4
"""How sure a request must be that is refused; none is surer than 0.6."""
_OF_KIND = {"exchange_goods": Kind.EXCHANGE, "warranty_repair": Kind.REPAIR}
_REFUND, _REVOKE, _REFUSE = "request_refund", "revoke_refund", "refuse_delivery"
_WHERE = frozenset({"track_parcel", "hurry_parcel"})
_LIKE_NOT_COME = _WHERE | TROUBLES | {"refund_status", _REFUND}
"""What "refund, it never came" sounds like as a whole: where is it, or where is the money."""


def as_meant(turn: Turn) -> Turn:
    """The turn with the wish its message comes to first."""
    meaning, talk = turn.meaning, turn.conversation.talk
    if named_alone(turn) or _only_identifies(turn):
        return replace(turn, meaning=replace(meaning, candidates=(), sureness=Sureness.UNKNOWN, wishes=()))
    if not meaning.candidates or (meaning.wishes and _REVOKE not in meaning.wishes):
        return turn
    if _sent_and_refused(turn):
        return _led_by(turn, _REVOKE)
    if talk is None:
        turn = _led_by(turn, _REFUND) if not meaning.wishes and _refund_wished(turn) else turn
    elif talk.flow == _REFUND and takes_back(meaning.text) and _asked(turn):
        return _led_by(with_talk_left(turn), _asked(turn))  # what is under way is not wanted
    revokes = any(case.open for case in turn.facts.cases)
    refuses = _REVOKE in (turn.meaning.candidates[0].intent, *turn.meaning.wishes)
    asked = _asked(turn) if refuses else ""
    return _led_by(turn, asked, _REVOKE if revokes else "") if asked else turn


def _only_identifies(turn: Turn) -> bool:
    """An order's number and who placed it, and nothing that is wanted, whatever it is a little like."""
    told = turn.meaning
    return not turn.incoming.choice and only_identifies(told.text, told.slots.get("order_number", ""))


def _sent_and_refused(turn: Turn) -> bool:
    """ "No exchange after all", 把换货取消了: of what was sent, that takes it back."""
    first, talk = turn.meaning.candidates[0], turn.conversation.talk
    kinds = {case.kind for case in turn.facts.cases if case.open}
    idle = talk is None or not talk.asking
    return idle and first.turned and first.confidence >= _REFUSED and _OF_KIND.get(first.intent) in kinds


def _refund_wished(turn: Turn) -> bool:
    """Money back in so many words, though it sounds like what is told with it: what is wrong with the goods, that they
    never came, or a request for something else that was taken back before."""
    first, slots = turn.meaning.candidates[0].intent, turn.meaning.slots
    wish = _guess(turn, _REFUND)
    sure = wish.confidence if wish and not wish.turned else 0.0
    if first == _REVOKE:
        return sure >= _WISHED and _nothing_to_revoke(turn)
    if first in _LIKE_NOT_COME and slots.get("received") == "no":
        return sure >= _ALSO and not _of_money(turn)
    told = "reason" in slots and first in TROUBLES - {_REFUSE} | {_REFUND}
    return told and sure >= (_PERHAPS if "amount" in slots else _WISHED)


def _nothing_to_revoke(turn: Turn) -> bool:
    """True when an order is named, and none of the open cases is over it."""
    order = order_named(turn, turn.meaning.text)
    disputed = [case.order_number for case in turn.facts.cases if case.open]
    return order is not None and order.number not in disputed


def _of_money(turn: Turn) -> bool:
    """True when it may be the money that has not come: 退款还没到, or from who has asked for it before."""
    first = turn.meaning.candidates[0]
    if first.intent != "refund_status":
        return False
    return bool(turn.facts.cases) or normalise(first.phrase) == normalise(turn.meaning.text)


def _asked(turn: Turn) -> str:
    """ "I don't want a refund, just tell me where it is": what a clause asks beside one that says what is not wanted."""
    plain = (intent for intent in (turn.meaning.intent, *turn.meaning.wishes) if intent in _WHERE)
    if told := next(plain, ""):
        return told
    asked = (
        guess.intent
        for guess in turn.meaning.candidates[1:]
        if guess.intent in _WHERE and _of_clause(guess) and not guess.turned and guess.confidence >= _ALSO
    )
    return next(asked, "") if _of_clause(turn.meaning.candidates[0]) else ""


def _of_clause(guess: Candidate) -> bool:
    return guess.signal.startswith("clause")


def _guess(turn: Turn, intent: str) -> Candidate | None:
    return next((guess for guess in turn.meaning.candidates if guess.intent == intent), None)


def _led_by(turn: Turn, intent: str, then: str = "") -> Turn:
    """This wish first, and perhaps another after it."""
    meaning = turn.meaning
    first = _guess(turn, intent) or replace(meaning.candidates[0], intent=intent)
    rest = tuple(guess for guess in meaning.candidates if guess is not first)
    asked_last = takes_back(next(iter(clauses(meaning.text)), ""))
    both = (then, intent) if asked_last else (intent, then)  # as they were said
    led = replace(meaning, candidates=(first, *rest), sureness=Sureness.ACT, wishes=both if then else ())
    return replace(turn, meaning=led)
