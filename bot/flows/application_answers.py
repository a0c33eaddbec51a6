"""How the answers to the questions of a refund application are read."""

from __future__ import annotations

from bot.domain.cases import FAULT, Reason
from bot.domain.options import Option
from bot.domain.turn import Turn
from bot.flows.application import amount_in, limit_of, option_of, options_now, reasons_asked
from bot.flows.flow import Read, agreed, agreed_naming, asked_back, names_deed, yes_no
from bot.flows.matters import APPLICATIONS, MATTERS, REFUND, WISHES
from bot.flows.naming import by_place
from bot.flows.troubles import TROUBLE_OF
from bot.understanding.marks import asks
from bot.understanding.precedence import POLITE, SMALL_TALK

_OTHER_MATTER = 0.4
"""How sure a guess must be of something that is no trouble with goods, to be more than a reason in own words."""
_WISHED = 0.25
"""How sure it must be of one of the ways that are offered, when just these are asked about."""
_HINTED = 0.1
"""How sure it must be of a trouble, for the reason to be that one's."""
_DECLINED = 0.4
"""How sure of a no, where only a yes could mean anything else."""
_NAMED_AS = {Option.EXCHANGE: "exchange", Option.RESHIP: "reship", Option.REPAIR: "repair"}
"""What is done, where it is no refund."""
_LONGEST = 200
"""Characters that are kept of what the buyer tells in own words."""


def read_amount(turn: Turn) -> str | None:
    """A sum, all, half, a share; a mere yes, and no question, takes the most that was offered."""
    return turn.meaning.slots.get("amount") or ("all" if agreed(turn) == "yes" else None)


def read_reason(turn: Turn) -> str | None:
    """In words the shop has taught, by its place among the buttons, or in the buyer's own."""
    if told := turn.meaning.slots.get("reason"):
        return told
    reason = by_place(turn.meaning.slots.get("ordinal", ""), reasons_asked(turn))
    unsuited = "unsuited" in turn.meaning.exact and Reason.CHANGED_MIND in reasons_asked(turn)
    if reason is None and (
        unsuited or "unwanted" in turn.meaning.slots
    ):  # more likely no reason at all anywhere else
        reason = Reason.CHANGED_MIND
    return reason.value if reason else _reason_in_own_words(turn)


def _reason_in_own_words(turn: Turn) -> str | None:
    """What it is most like, of the troubles there are; else "another reason": the words themselves are kept."""
    guesses = turn.meaning.candidates
    if not guesses or not own_words(turn) or turn.meaning.exact or guesses[0].intent in SMALL_TALK:
        return None
    if turn.meaning.intent in WISHES.keys() - {turn.talk.flow} and "unwanted" not in turn.meaning.slots:
        return None  # what is wished for instead, and not why
    if guesses[0].intent not in APPLICATIONS and guesses[0].confidence >= _OTHER_MATTER:
        return None
    found = MATTERS.get(trouble_told(turn, _HINTED) or "")
    return Reason.OTHER if found is None else found.reason or found.reasons[0]


def trouble_told(turn: Turn, least: float) -> str | None:
    """The likeliest trouble with goods, of those that are at least so sure."""
    likely = (guess for guess in turn.meaning.candidates if guess.confidence >= least and not guess.turned)
    return next((guess.intent for guess in likely if guess.intent in TROUBLE_OF.values()), None)


def own_words(turn: Turn) -> str:
    """What the buyer tells, as they wrote it; nothing for a tap, a question, or a mark without a word."""
    said = turn.meaning.text.strip()
    if turn.incoming.choice or asked_back(turn) or not any(map(str.isalpha, said)):
        return ""
    return said[:_LONGEST]


def read_option(turn: Turn) -> str | None:
    """One of the ways that are offered: by its place, or by what the words ask for."""
    shown = [offer.option for offer in options_now(turn)]
    if meant := by_place(turn.meaning.slots.get("ordinal", ""), shown):
        return meant.value
    told = turn.meaning.slots.get("option", "")
    if full_told(turn) and told != Option.KEEP_PARTIAL:
        return REFUND
    if "amount" in turn.meaning.slots and Option.KEEP_PARTIAL in shown:
        return Option.KEEP_PARTIAL
    if told in shown:
        return told
    guesses = [guess for guess in turn.meaning.candidates if not guess.turned]
    if not guesses or guesses[0].confidence < _WISHED:
        return None
    named = WISHES.get(guesses[0].intent, "")
    anew = guesses[0].intent == "wrong_or_missing_item" or (
        named == Option.EXCHANGE and Option.EXCHANGE not in shown
    )
    if anew and Option.RESHIP in shown:
        return Option.RESHIP
    return named if named == REFUND or named in shown else None


def full_told(turn: Turn) -> bool:
    """ "Full", 全额: all there is is a refund, and no compensation, unless they say so."""
    told = amount_in(turn.meaning.slots.get("amount", ""), limit_of(turn))
    first = next(iter(turn.meaning.candidates), None)
    part = first is not None and first.intent == "partial_refund" and first.confidence >= _WISHED
    return told == limit_of(turn) and not part


def read_subject(turn: Turn) -> str | None:
    """What it shall be instead, what is broken, what is missing: in the buyer's words."""
    bare = "yes_no" in turn.meaning.exact or turn.meaning.intent in POLITE
    question = asks(turn.meaning.text) and not turn.meaning.slots.keys() & {"size", "colour", "instead"}
    return None if bare or question else own_words(turn) or None


def read_cancel(turn: Turn) -> str | None:
    """The button "no" asks for another reason or amount; who types no wants the order left as it is.

    A reason alone is no yes: "I changed my mind" may as well mean not to cancel.
    """
    if _unsent(turn):
        return "leave"
    answer = "yes" if _sends(turn) else agreed(turn, "cancel")
    return {"yes": "yes", "no": "leave"}.get(answer or "")


def read_confirm(turn: Turn) -> str | None:
    """A yes or a no to sending it; to take it back or drop it is a no, for nothing is sent yet."""
    if _unsent(turn):
        return "no"
    if _sends(turn):
        return "yes"
    dropped = "drop" in turn.meaning.exact or _refused(turn)
    return _by_kind(turn)(turn) or ("no" if dropped else None)


def _unsent(turn: Turn) -> bool:
    """不要提交, but not 要不要提交, which only asks."""
    told = turn.meaning
    asks = told.slots.get("do") == "asks" and "do" in told.exact
    return "unsent" in told.slots and not asks


def _sends(turn: Turn) -> bool:
    """ "Submit it", 提交吧: to send what is shown, and no question whether to."""
    return names_deed(turn) == "send"


def _refused(turn: Turn) -> bool:
    """ "No exchange after all", 不换了: what is applied for, in words that refuse it."""
    first = next(iter(turn.meaning.candidates), None)
    refused = first is not None and first.turned and first.confidence >= _DECLINED
    return refused and first is not None and first.intent == turn.talk.flow


def _by_kind(turn: Turn) -> Read:
    """The yes that names what the summary is of: 退吧 of a refund, 换吧 of an exchange."""
    option = option_of(turn)
    return agreed_naming(_NAMED_AS.get(option, "refund") if option else "refund", not_to="revoke")


def read_received(turn: Turn) -> str | None:
    """Whether it came: in so many words, in a word that means it only as the whole answer (到了), a plain yes or no, or by a
    fault that is told when just this is asked: who hears that the left one is silent has it."""
    slots = turn.meaning.slots
    came = slots.get("came") if "came" in turn.meaning.exact else None
    told = slots.get("received") or came or agreed(turn) or _seen_by_its_fault(turn)
    numbered = slots.get("ordinal", "") if turn.meaning.text.strip() in ("1", "2") else ""
    return told or by_place(numbered, ("yes", "no"))


def _seen_by_its_fault(turn: Turn) -> str | None:
    asked = turn.talk.asking == "received"
    return "yes" if asked and own_words(turn) and turn.meaning.slots.get("reason") in FAULT else None


def read_evidence(turn: Turn) -> str | None:
    """Photos are kept as they come; the answer is only whether that was all."""
    said = turn.meaning.slots.get("evidence")
    if said or yes_no(turn) == "no" or _has_none(turn):
        return "done" if turn.talk.attachments else "later"
    if turn.incoming.attachments:
        return None
    return "done" if yes_no(turn) == "yes" and turn.talk.attachments else None


def _has_none(turn: Turn) -> bool:
    """ "No pics": a no to photos, which drops nothing."""
    first = turn.meaning.candidates[0] if turn.meaning.candidates else None
    declines = first is not None and first.intent == "deny" and first.confidence >= _DECLINED
    return declines and not turn.meaning.slots.keys() & {"amount", "drop", "unsent", "correct"}
