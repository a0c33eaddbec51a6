"""What buyers say to a case without being asked just now: the new parcel has come, the shop's offer will do."""

from __future__ import annotations

from bot.domain.cases import FAULT, GOODS, Case, Event, Reason
from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows import BY_INTENT, case_moves
from bot.flows.application import amount_in, may_mean
from bot.flows.application_answers import own_words
from bot.flows.expected import OFFER_MADE
from bot.flows.flow import asked_back
from bot.flows.matters import MATTERS
from bot.flows.meant import order_named
from bot.flows.running import start
from bot.understanding.marks import asks_whether, negative
from bot.understanding.precedence import SMALL_TALK
from bot.understanding.slots.amount import sum_alone

_NOT_RIGHT = frozenset({*FAULT, Reason.CHANGED_MIND})
"""Reasons that tell what is wrong with a thing that came; also that it is too small again."""
_TAKES_BACK = "revoke_refund"
"""Who asks for the request to be cancelled tells why by a change of mind, and nothing of what came."""
_BARGAINS = frozenset(
    {None, "affirm", "deny", "feedback", "partial_refund", "request_refund", "wrong_or_missing_item"}
)
"""What a counter-offer sounds like."""
_LEANS = 0.4
"""How sure a yes or a no to the offer that was just made must be."""


def new_parcel_told(turn: Turn) -> Decision | None:
    """ "The new one is here", "the replacement is faulty again", of a parcel that was sent anew."""
    case = _sent_anew(turn)
    if case is None or turn.incoming.choice or asked_back(turn) or _of_another(turn, case):
        return None
    slots, intent = turn.meaning.slots, turn.meaning.intent
    if intent == _TAKES_BACK:
        return None
    known = {"case": case.number, "seen": str(case.version)}
    if _asks_how(turn):
        return _start(turn, "exchange_goods", known | {"arrived": "later"})
    came, plainly = slots.get("received") or slots.get("came"), _plainly_came(turn)
    trouble = intent in MATTERS and intent != "return_goods" and not plainly
    wrong = slots.get("reason") in _NOT_RIGHT or (trouble and slots.get("received") != "no")
    if wrong or (_again(turn) and not plainly):
        return _start(turn, "exchange_goods", known | {"arrived": "no", "why": own_words(turn)})
    like_news = SMALL_TALK | {None, "track_parcel"} | (MATTERS.keys() if plainly else set())
    if came is None or intent not in like_news:
        return None
    return _start(turn, "exchange_goods", known | {"arrived": "yes" if came == "yes" else "later"})


def _asks_how(turn: Turn) -> bool:
    """ "How is my exchange going?": no word of what came."""
    slots, intent = turn.meaning.slots, turn.meaning.intent
    told = slots.keys() & {"reason", "received", "came", "size"}
    of_it = intent in MATTERS or (intent == "track_parcel" and "kind" in slots)
    return "progress" in slots and of_it and not told


def _plainly_came(turn: Turn) -> bool:
    """Nothing is told but that it came."""
    told = turn.meaning
    return any(told.slots.get(name) == "yes" and name in told.exact for name in ("received", "came"))


def _again(turn: Turn) -> bool:
    """ "It's here, and still too small", "still an M": what came is what was sent back for it."""
    slots = turn.meaning.slots
    came = slots.get("received") == "yes" or slots.get("came") == "yes"
    return slots.get("again") == "yes" and (came or bool(slots.keys() & {"size", "colour"}))


def refusal_called_off(turn: Turn) -> Decision | None:
    """ "I want it after all", "my wife signed for it", of a parcel that they were going to refuse: the request for its money
    is taken back, as far as the rules have it."""
    refused = [case for case in turn.facts.cases if case.open and case.reason is Reason.REFUSED]
    wanted = turn.meaning.slots.get("takes_it") == "yes" and turn.meaning.intent != _TAKES_BACK
    idle = turn.conversation.talk is None and not turn.incoming.choice
    if len(refused) != 1 or not wanted or not idle or _of_another(turn, refused[0]):
        return None
    return _start(turn, _TAKES_BACK, {"case": refused[0].number})


def _sent_anew(turn: Turn) -> Case | None:
    """The one case whose new parcel the buyer has yet to look at."""
    if turn.conversation.talk is not None:
        return None
    waiting = [
        case
        for case in turn.facts.cases
        if case.kind in GOODS and Event.CONFIRM_RECEIPT in case_moves.open_to_buyer(case)
    ]
    return waiting[0] if len(waiting) == 1 else None


def _of_another(turn: Turn, case: Case) -> bool:
    """True when another of the buyer's orders is named."""
    named = order_named(turn, turn.meaning.text)
    number = turn.meaning.slots.get("order_number") or (named.number if named else case.order_number)
    return number != case.order_number


def offer_answered(turn: Turn) -> Decision | None:
    """ "All right, let's leave it at that", while an offer of the shop stands; a yes that is put as a question, or comes long
    after it was made, is put to the test."""
    case, answer = _offered(turn), _yes_or_no(turn)
    just_made, asks = turn.conversation.last == OFFER_MADE, asks_whether(turn.meaning.text)
    if case is None or not answer or (asks and not just_made):
        return None
    known = {"case": case.number, "seen": str(case.version)}
    if just_made and not asks:
        return _start(turn, "partial_refund", known | {"accept": answer})
    return _start(turn, "partial_refund", known) if answer == "yes" else None


def offer_bargained(turn: Turn) -> Decision | None:
    """ "Too little", "make it 60", while an offer of the shop stands: it is passed on, and the offer stays open; of a sum
    that is no more than was offered the offer is put to the test."""
    case = _offered(turn)
    if case is None or case.offer is None or turn.incoming.choice:
        return None
    if turn.meaning.intent not in _BARGAINS and "amount" not in turn.meaning.exact:
        return None
    sum_ = _sum_wanted(turn, case)
    declined = turn.meaning.slots.get("yes_no") == "no" and not sum_
    if (
        declined
        or not (sum_ or "bargain" in turn.meaning.slots)
        or not (_talked_of(turn) or _plainly_more(turn))
    ):
        return None
    known = {"case": case.number, "seen": str(case.version)}
    amount = amount_in(sum_, case.offer) if sum_ else None
    enough = amount is not None and amount <= case.offer
    if enough and ("bargain" in turn.meaning.slots or _yes_or_no(turn) == "no"):
        return None  # "no way, 5 is a joke"
    return _start(turn, "partial_refund", known if enough else known | {"wants": sum_ or "more"})


def _sum_wanted(turn: Turn, case: Case) -> str:
    """The sum they name, in the offer's currency; while it is talked of a bare number is one."""
    told = turn.meaning.slots
    if case.offer is None or not may_mean(told.get("currency", ""), case.offer.currency):
        return ""
    stated = told.get("amount", "")
    if stated[:1].isdigit():
        return "" if stated.endswith("%") else stated
    alone = _talked_of(turn) and not told.keys() & {"order_number", "tracking_number"}
    return (alone and sum_alone(turn.meaning.text)) or ""


def _talked_of(turn: Turn) -> bool:
    """The offer was just made, or just answered."""
    return turn.conversation.last in (OFFER_MADE, "partial_refund")


def _plainly_more(turn: Turn) -> bool:
    """Long after the offer: all of the message says that it is too little."""
    return "bargain" in turn.meaning.exact


def _offered(turn: Turn) -> Case | None:
    if turn.conversation.talk is not None:
        return None
    offered = [case for case in turn.facts.cases if Event.ACCEPT_OFFER in case_moves.open_to_buyer(case)]
    return offered[0] if len(offered) == 1 else None


def _yes_or_no(turn: Turn) -> str:
    if turn.incoming.choice or turn.meaning.intent == "escalate":
        return ""
    if turn.meaning.slots.get("do") == "accept" and "do" in turn.meaning.exact:
        return "yes"
    if said := turn.meaning.slots.get("yes_no"):
        return said
    guesses = {guess.intent: guess.confidence for guess in turn.meaning.candidates if not guess.turned}
    if turn.meaning.intent not in {None, "affirm", "deny"}:
        return ""
    if guesses.get("deny", 0.0) >= _LEANS:
        return "no"
    return "yes" if guesses.get("affirm", 0.0) >= _LEANS and not negative(turn.meaning.text) else ""


def _start(turn: Turn, intent: str, slots: dict[str, str]) -> Decision:
    return start(turn, BY_INTENT[intent], slots)
