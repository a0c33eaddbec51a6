"""What answers something: a tap, the answer to the question asked, a yes to going on."""

from __future__ import annotations

from bot.domain.cases import Case
from bot.domain.changed import replace
from bot.domain.conversation import Standing, Talk
from bot.domain.decision import Decision
from bot.domain.messages import Button, Choice
from bot.domain.turn import Turn
from bot.flows import BY_INTENT, commands
from bot.flows import dialogue_replies as say
from bot.flows.correcting import asked_anew, correct, not_wanted_only, repeated, told_otherwise
from bot.flows.escalate import FLOW as ESCALATE
from bot.flows.expected import GRUMBLED, SENT
from bot.flows.flow import PAUSED, Flow, Read, asked_back
from bot.flows.guesses import SURE
from bot.flows.meant import slots_of
from bot.flows.ordering import READS
from bot.flows.person_offered import acknowledged, person_offered
from bot.flows.running import interrupts, offer_to_go_on, paused, picked, resume, run, start
from bot.flows.second_thoughts import perhaps_off
from bot.flows.small_talk import menu
from bot.flows.taps import fits
from bot.flows.wishes_told import more_wanted, wish_told
from bot.understanding.marks import asks_whether, names_nothing, negative
from bot.understanding.normalise import normalise
from bot.understanding.precedence import SMALL_TALK

_PLAINLY = 0.85
"""How sure another wish must be to come before the answer to the question that was asked."""
TAUGHT = 0.99
"""What an intent has whose very words were typed."""
_SENDS = frozenset({("confirm", "yes"), ("cancel", "yes")})
"""What the buttons mean that send a request."""
_YES_OR_NO = {"affirm": "yes", "deny": "no"}
_PLAIN_ANSWERS = frozenset({"ordinal", "came", "unsuited", "yes_no"})
"""Slots that answer a question where they are (nearly) all of the message, whatever wish it sounds like: 还没 is no "where
is my refund"."""


def tapped(turn: Turn) -> Decision | None:
    """A button: of the question under way, of the one put aside, or one that starts something."""
    choice = turn.incoming.choice
    if choice is None:
        return None
    if choice.slot == "start":
        return _start_tapped(turn, choice)
    conversation = turn.conversation
    if conversation.parked and choice.token == conversation.parked.token:
        if choice.slot == "resume":
            return resume(turn, conversation.parked, go_on=choice.value == "yes")
        talk = replace(conversation.parked, standing=Standing.ASKED)
        return _answer(turn.with_conversation(replace(conversation, talk=talk, parked=None)), choice)
    if conversation.talk and choice.token == conversation.talk.token:
        return _answer(turn, choice)
    return _stale(turn)


def _start_tapped(turn: Turn, choice: Choice) -> Decision:
    intent, *pairs = choice.value.split() or [""]
    slots = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    if intent == "language" and slots.get("to") in turn.languages:
        return _in_language(turn, slots["to"])
    flow = BY_INTENT.get(intent)
    if flow is None or not all(
        name in flow.takes | flow.starts and fits(name, value) for name, value in slots.items()
    ):
        return _stale(turn)
    return start(turn, flow, slots)


def _just_sent(turn: Turn) -> Case | None:
    """The request that the first tap on "send it" made, for who taps it twice."""
    choice, before = turn.incoming.choice, turn.conversation
    if choice is None or (choice.slot, choice.value) not in _SENDS or before.last != SENT or before.talk:
        return None
    return turn.facts.open_case(before.about)


def language_asked(turn: Turn) -> Decision | None:
    """ "English please", 说中文: the language changes, and a question that is open is put in it."""
    code = turn.meaning.slots.get("speak", "") if "speak" in turn.meaning.exact else ""
    return _in_language(turn, code) if code in turn.languages else None


def _in_language(turn: Turn, code: str) -> Decision:
    talk, parked = turn.conversation.talk, turn.conversation.parked
    if talk is None and parked and parked.standing is Standing.OFFERED:
        return offer_to_go_on(commands.set_language(turn, code, asking=True))
    said = commands.set_language(turn, code)
    if talk is None or not talk.asking:
        return said
    again = BY_INTENT[talk.flow].decide(turn.with_conversation(said.conversation))
    return replace(again, says=(*said.says, *again.says))


def hesitated(turn: Turn) -> Decision | None:
    """ "Let me think": there is time, and the question stays open; it is no miss, and nothing is put again."""
    talk = turn.conversation.talk
    if "pause" not in turn.meaning.exact or (talk and talk.asking in turn.meaning.exact):
        return None
    return Decision(paused(turn.conversation), (say.TAKE_YOUR_TIME(),))


def person_wanted(turn: Turn) -> Decision | None:
    """ "A human please", whatever is asked, is no answer to it; but "a person" may be, where that is what is read out."""
    talk, told = turn.conversation.talk, turn.meaning
    if talk is None or not talk.asking or told.intent != ESCALATE.intent or "person" in told.exact:
        return None
    if _tells_for_whom(turn):
        return None
    story = talk.asking in BY_INTENT[talk.flow].free and told.candidates[0].confidence < _PLAINLY
    return None if story else start(turn, ESCALATE)


def _tells_for_whom(turn: Turn) -> bool:
    """ "For me personally", 个人的: the answer to the question for whom, though it names a person."""
    reads = _reading(BY_INTENT[turn.talk.flow], turn.talk.asking)
    plainly = bool(turn.meaning.candidates) and turn.meaning.candidates[0].confidence >= TAUGHT
    return "person" in turn.meaning.slots and not plainly and reads(turn) is not None


def _reading(flow: Flow, asked: str) -> Read:
    """How its answer is read. Whatever flow an order is named in, it may have to be named again, and proven."""
    return flow.reads.get(asked) or READS[asked]


def _answer(turn: Turn, choice: Choice) -> Decision:
    flow = BY_INTENT[turn.talk.flow]
    if choice.slot not in flow.reads or not fits(choice.slot, choice.value):
        return _stale(turn)
    return run(turn.with_talk(turn.talk.fill(**{choice.slot: choice.value})), flow)


def _stale(turn: Turn) -> Decision:
    case = _just_sent(turn)
    if case is not None:
        again = Button("start", f"revoke_refund case={case.number}", "revoke_refund")
        return Decision(turn.conversation, (say.SENT_ALREADY(case=case, buttons=(again,)),))
    return Decision(turn.conversation, (say.STALE_BUTTON(buttons=menu()),))


def answered(turn: Turn) -> Decision | None:
    """The answer to the question that was asked, unless the message plainly asks for something else."""
    talk = turn.conversation.talk
    if talk is None or not talk.asking:
        return None
    flow = BY_INTENT[talk.flow]
    if talk.asking in flow.summaries and "how_much" in turn.meaning.exact:
        return run(turn, flow)  # the summary tells it
    value = _reading(flow, talk.asking)(turn) or _yes_to_all(turn, flow)
    if instead := _told_instead(turn, flow, value):
        return instead
    if value == "yes" and talk.asking in flow.summaries and PAUSED in talk.slots:
        return run(turn, flow)  # "ok" to "take your time" sends nothing
    # an amount is in the currency it is said in now
    talk = talk.drop(PAUSED, "currency") if talk.asking == "amount" else talk.drop(PAUSED)
    turn = turn.with_talk(talk)
    if value is None:
        more = wish_told(turn, flow) or _told_more(turn, flow, talk)
        return more or (run(turn, flow) if _doubtful(turn, flow) else None)
    if (
        _plainly_another(turn, flow)
        and not _tells_for_whom(turn)
        and not turn.meaning.exact & {talk.asking, *_PLAIN_ANSWERS}
        and not (value == "yes" and "do" in turn.meaning.exact)
    ):
        return None
    known = talk if talk.asking in flow.verbatim else picked(turn, flow, talk)
    return run(turn.with_talk(known.fill(**{talk.asking: value})), flow)


def _told_instead(turn: Turn, flow: Flow, value: str | None) -> Decision | None:
    """It may be called off; something is told otherwise, or is to be."""
    if value is None and (doubt := perhaps_off(turn, flow)):
        return doubt
    if corrections := told_otherwise(turn, flow, value):
        return correct(turn, flow, corrections)
    return more_wanted(turn, flow) or asked_anew(turn, flow, value)


def _yes_to_all(turn: Turn, flow: Flow) -> str | None:
    """ "Yes, all of it", where the summary says so too."""
    if (
        not repeated(turn, flow)
        or asks_whether(turn.meaning.text)
        or negative(turn.meaning.text)
        or interrupts(turn, flow)
    ):
        return None
    guesses = turn.meaning.candidates
    return "yes" if any(guess.intent == "affirm" and guess.confidence >= SURE for guess in guesses) else None


def _doubtful(turn: Turn, flow: Flow) -> bool:
    """ "Right?", or "cancel" to "shall I cancel it?", which may be either, or no more than the summary says: the question
    is put again, and it is no miss."""
    off = "drop" in turn.meaning.slots or turn.meaning.intent in SMALL_TALK
    if not_wanted_only(turn) and not off and not interrupts(turn, flow):
        return True
    same = repeated(turn, flow) and not interrupts(turn, flow)
    if turn.talk.asking in flow.summaries and (same or turn.meaning.intent == "affirm"):
        return True
    bare = turn.talk.asking == "cancel" and names_nothing(normalise(turn.meaning.text))
    return bare or _asks_before_yes(turn)


def _asks_before_yes(turn: Turn) -> bool:
    """A yes, or what is to be done, put as a question."""
    told = turn.meaning
    return bool(told.exact & {"yes_no", "do"}) and (asks_whether(told.text) or told.slots.get("do") == "asks")


def _plainly_another(turn: Turn, flow: Flow) -> bool:
    """A product's name or 都退 answers the question, whatever it is a little like.

    An order is named in any wish, and goes with it: "which order?" is answered by what is nothing else.
    """
    if turn.talk.asking in flow.own_no and names_nothing(normalise(turn.meaning.text)):
        return False
    if turn.meaning.intent == flow.undone_by and turn.talk.asking in turn.meaning.slots:
        return False  # "don't refund it" to "shall I cancel it?"
    least = 0.0 if turn.talk.asking in READS else _PLAINLY
    return interrupts(turn, flow) and turn.meaning.candidates[0].confidence >= least


def _told_more(turn: Turn, flow: Flow, talk: Talk) -> Decision | None:
    """Not the answer, but something else the flow needs ("no, it never arrived"), or files: progress all the same."""
    more = picked(turn, flow, talk)
    files = turn.incoming.attachments and flow.keeps_files
    another = _plainly_another(turn, flow) if files else interrupts(turn, flow)
    if (more == talk and not files) or another:
        return None
    return run(turn.with_talk(more), flow)


def offered_to_go_on(turn: Turn) -> Decision | None:
    """A yes or a no to "shall we go on?" after an interruption."""
    parked = turn.conversation.parked
    if parked is None or parked.standing is not Standing.OFFERED or turn.conversation.talk is not None:
        return None
    if turn.meaning.intent == ESCALATE.intent:  # "human please" is no "no, thanks"
        return None
    answer = turn.meaning.slots.get("yes_no") or _nods(turn) or ("no" if _keeps(turn, parked) else None)
    ok = acknowledged(turn) and turn.conversation.last not in GRUMBLED
    declined = person_offered(turn) and (answer == "no" or ok)
    return None if answer is None or declined else resume(turn, parked, go_on=answer == "yes")


def _keeps(turn: Turn, parked: Talk) -> bool:
    """ "I'll keep the blanket", where a refund of the blanket is offered next."""
    undone = turn.meaning.intent is not None and turn.meaning.intent == BY_INTENT[parked.flow].undone_by
    return undone and slots_of(turn, turn.meaning.text).get("order", "") == parked.slots.get("order")


def _nods(turn: Turn) -> str | None:
    """A yes or a no in words of its own ("yes, go ahead with it"), which asks nothing back and tells nothing else."""
    told = turn.meaning
    if asked_back(turn) or told.exact - {"do", "drop"} or told.intent not in _YES_OR_NO:
        return None
    return _YES_OR_NO[told.intent]
