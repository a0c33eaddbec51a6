"""What starts something: an intent that was understood, a bare number, a guess; and what is said when nothing fits."""

from __future__ import annotations

from bot.domain.cases import GOODS, Event, Role
from bot.domain.changed import replace
from bot.domain.conversation import Conversation, FlagReason, Standing, Talk
from bot.domain.decision import Decision
from bot.domain.machine import possible
from bot.domain.meaning import Sureness
from bot.domain.turn import Turn
from bot.flows import BY_INTENT, case_moves
from bot.flows import dialogue_replies as say
from bot.flows.answering import TAUGHT
from bot.flows.expected import GRUMBLED, SENT
from bot.flows.files_sent import what_about
from bot.flows.flow import Flow, asked_back, starting
from bot.flows.guided import found_for
from bot.flows.handoff import flag, in_line
from bot.flows.matters import APPLICATIONS, MATTERS, alike, told_for
from bot.flows.meant import corrects_only, meant_instead, named_alone, of_another_product, slots_of, title_of
from bot.flows.mere_reason import offer
from bot.flows.moods import mood_of
from bot.flows.ordering import NAMED
from bot.flows.return_shipment import takes_waybill, waits
from bot.flows.running import dropped, in_mind, paused, picked, run, start
from bot.flows.sent_yet import still_unsent
from bot.flows.small_talk import OFFERED, menu
from bot.flows.talked_of import remembering
from bot.flows.taps import ANY
from bot.flows.troubles import TROUBLE_OF, TROUBLES
from bot.flows.usage_help import INTENTS, PLAIN
from bot.understanding.precedence import SMALL_TALK, WISHES
from bot.understanding.questions import LIKELY, SURE
from bot.understanding.slots.proof import only_identifies

TRACK = "track_parcel"
USAGE_HELP = "usage_help"
SURELY = 0.85
"""How sure a wish is that is more than what the words are like."""
_LIKE_ARRIVED = SMALL_TALK | {"refund_status", TRACK}
"""What "it's here" sounds like."""
_TOLD = frozenset(
    {"hurry_parcel", "invoice", "price_protection", "return_policy", "shipping_fee_policy", "size_advice"}
)
"""Told of one product, and told again of another that was meant."""
_REFUSED = 0.5
"""How sure what is refused must be to be left be; no refusal is surer than 0.6."""
GUESSES = 3
"""The most best guesses offered as buttons."""


def understood(turn: Turn) -> Decision | None:
    """The message asks for something the bot does, or knows a person for."""
    intent, talk = turn.meaning.intent, turn.conversation.talk
    if intent is None or intent not in BY_INTENT:
        return None
    if intent in SMALL_TALK - {"deny"} and "reason" in turn.meaning.slots and talk is None:
        return None  # "hello, it came broken": not for the hello
    if intent == "warranty_repair" and "term" in turn.meaning.slots:
        return start(turn, BY_INTENT["return_policy"])  # how long it is: no application
    if talk and talk.asking and intent in SMALL_TALK:
        return _aside(turn, intent)
    if talk is None or not talk.asking or _of_another(turn, talk, intent):
        return start(turn, BY_INTENT[intent])
    if intent in (TROUBLES | APPLICATIONS) & BY_INTENT[talk.flow].kin:
        return run(turn, BY_INTENT[talk.flow])  # what is under way is the way out of it already
    if alike(talk.flow, intent) and intent != talk.flow:
        return _turned_into(turn, talk, BY_INTENT[intent])
    return start(turn, BY_INTENT[intent])


def _of_another(turn: Turn, talk: Talk, intent: str) -> bool:
    """ "Refund the socks", while it is asked what is wrong with the lamp: that is a matter of its own."""
    if talk.flow not in MATTERS or intent not in APPLICATIONS - {talk.flow}:
        return False
    return of_another_product(turn, talk, slots_of(turn, turn.meaning.text))


def _turned_into(turn: Turn, talk: Talk, flow: Flow) -> Decision:
    """ "An exchange, then": what was told stays told, and the first wish is not offered again."""
    if of_another_product(turn, talk, slots_of(turn, turn.meaning.text)):
        return start(turn, flow)
    anew = replace(told_for(talk, flow.intent), token=str(turn.serial))
    return run(turn.with_talk(picked(turn, flow, anew)), flow)


def question_of_a_guide(turn: Turn) -> Decision | None:
    """A question that a guide of the shop has: word by word, whatever else it is like, or where nothing else is surely asked
    for and it may well be one."""
    meaning = turn.meaning
    if turn.incoming.attachments or meaning.intent in INTENTS or named_alone(turn):
        return None
    taught = any(guess.confidence >= TAUGHT for guess in meaning.candidates[:1])
    least = _least(turn)
    if taught or not (least or turn.facts.guides.knows(meaning.text)):
        return None
    first = next(iter(found_for(turn, meaning.text)), None)
    if first is None or not (first.same or (least and first.chance >= least)):
        return None
    return start(turn, BY_INTENT[USAGE_HELP], {"question": meaning.text})


def _least(turn: Turn) -> float | None:
    """How sure an answer must be where it is not plain that one is asked for; None where nothing says so: a guide knows only
    its own questions, and to it all words are like one of them."""
    talk, guesses = turn.conversation.talk, turn.meaning.candidates[:2]
    if turn.meaning.intent is not None:
        return None
    if talk is not None:
        return SURE if talk.flow in INTENTS else None
    if not any(guess.intent in INTENTS for guess in guesses):
        return None
    likeliest = guesses[0].intent in INTENTS and turn.meaning.sureness is Sureness.ASK
    return LIKELY if likeliest else PLAIN


def _aside(turn: Turn, intent: str) -> Decision | None:
    """Small talk in the middle: a no drops the flow, a greeting or thanks is returned and the question asked again."""
    if intent == "deny":
        return dropped(turn)
    if intent == "affirm":
        return None
    polite = BY_INTENT[intent].decide(turn).says
    if intent == "goodbye":  # the question stays open, for who comes back to it
        return Decision(paused(turn.conversation), polite)
    again = BY_INTENT[turn.talk.flow].decide(turn)
    return replace(again, says=(*(replace(said, buttons=()) for said in polite), *again.says))


def bare_number(turn: Turn) -> Decision | None:
    """An order or tracking number and nothing else, but perhaps who placed it: the waybill that is waited for; else most
    likely, where is it?"""
    told = turn.meaning
    alone = told.exact & {"order_number", "tracking_number"}
    if turn.conversation.talk is not None:
        return None
    if not alone and not only_identifies(told.text, told.slots.get("order_number", "")):
        return None
    if "waybill" in told.slots and any(map(takes_waybill, turn.facts.cases)):
        return start(turn, BY_INTENT["return_shipment"])
    own = turn.facts.order(turn.meaning.slots.get("order_number", ""))
    if own:  # a refund asked for next is of this one
        parked = _of_named(turn, {"order": own.number})
        turn = turn.with_conversation(replace(turn.conversation, parked=parked))
    return start(turn, BY_INTENT[TRACK])


def where_to_send(turn: Turn) -> Decision | None:
    """ "Where do I send it?" from who is to send goods back."""
    if turn.conversation.talk is not None or turn.meaning.slots.get("where") != "yes":
        return None
    return start(turn, BY_INTENT["return_shipment"]) if any(map(waits, turn.facts.cases)) else None


def arrived(turn: Turn) -> Decision | None:
    """ "It's here", and not a word of what: what the shop sent anew is asked about, or the parcel a carrier is asked about;
    anything else is taken as good news."""
    told = turn.meaning
    came = any(told.slots.get(name) == "yes" and name in told.exact for name in ("received", "came"))
    if turn.conversation.talk is not None or not came or "reason" in told.slots or asked_back(turn):
        return None
    if told.candidates and told.candidates[0].confidence >= SURELY and told.intent not in _LIKE_ARRIVED:
        return None
    may_have_come = [case for case in turn.facts.cases if Event.CONFIRM_RECEIPT in possible(case, Role.BUYER)]
    awaited = [case for case in may_have_come if case.kind in GOODS]
    if not awaited and len(may_have_come) == 1:  # the carrier is still being asked
        return start(turn, BY_INTENT["signed_not_received"], {"case": may_have_come[0].number})
    if len(awaited) != 1:
        return Decision(turn.conversation, (say.GOOD_NEWS(buttons=menu()),))
    buttons = case_moves.ways_on(awaited[0], say.ALL_RIGHT)
    return Decision(turn.conversation, (say.ALL_RIGHT(case=awaited[0], buttons=buttons),))


def sent_after_all(turn: Turn) -> Decision | None:
    """ "Wait, don't send it", "no no, I want it" when it has just been sent: offer to take it back."""
    last, told = turn.conversation.last, turn.meaning
    if turn.conversation.talk is not None or last not in SMALL_TALK | {SENT, *GRUMBLED}:
        return None
    wanted = "wanted" in told.slots and (told.intent is None or told.intent in SMALL_TALK)
    case = turn.facts.open_case(turn.conversation.about)
    unsent = last == SENT and ("unsent" in told.slots or "drop" in told.exact)
    if case is None or not (unsent or wanted):
        return None
    return start(turn, BY_INTENT["revoke_refund"], {"case": case.number})


def product_named(turn: Turn) -> Decision | None:
    """A product's name alone: where is this one, after another was looked up; otherwise what about it?"""
    corrected = turn.meaning.intent not in WISHES and corrects_only(turn)
    if turn.conversation.talk is not None or not (named_alone(turn) or corrected):
        return None
    about = meant_instead(turn) if corrected else slots_of(turn, turn.meaning.text)
    last = BY_INTENT.get(turn.conversation.last)
    if last and "order" in last.starts and (last.intent == TRACK or (corrected and last.intent in _TOLD)):
        return start(turn, last, {"order": about.get("order", ANY)})
    if not about:
        return None
    parked = _of_named(turn, about)
    named = replace(turn.conversation, last=NAMED, parked=parked)
    knowing = remembering(turn, named, about["order"], None)
    buttons = tuple(starting(turn, BY_INTENT[intent], **about) for intent in say.WHAT_OF_IT.labels)
    return Decision(knowing, (say.WHAT_OF_IT(product=title_of(turn, about), buttons=buttons),))


def _of_named(turn: Turn, about: dict[str, str]) -> Talk:
    """What is put aside once a product was named: an application that was begun stays; else a refund of this product is
    what may come."""
    parked, refund = turn.conversation.parked, BY_INTENT["request_refund"].intent
    if parked and parked.standing is not Standing.LEFT:
        return parked
    if parked is None or parked.flow != refund:
        return Talk(refund, f"{turn.serial}b", about, standing=Standing.LEFT)
    if not of_another_product(turn, parked, about):
        return parked.fill(**about)
    return parked if parked.asking else Talk(refund, f"{turn.serial}b", about, standing=Standing.LEFT)


def guessed(turn: Turn) -> Decision | None:
    """Not sure: offer the best guesses as buttons, which keep what the message told; a question stays asked.

    Who names a fault and asks for nothing may want money back, or a person.
    """
    if turn.conversation.misses:
        return None
    likely = _likely(turn)
    if turn.conversation.talk is None and (named := turn.meaning.slots.get("reason")):
        trouble, alone = TROUBLE_OF.get(named, ""), set(likely) <= {"request_refund", "escalate"}
        if trouble and (alone or any(guess.intent == trouble for guess in turn.meaning.candidates)):
            return start(turn, BY_INTENT[trouble])
        if alone:
            return offer(turn)
    if not likely:
        return _refused(turn)
    buttons = tuple(starting(turn, BY_INTENT[intent]) for intent in likely)
    guess = say.GUESS(buttons=buttons)
    missed = replace(turn.conversation, misses=1)
    if missed.talk is None:
        return Decision(_offered(turn, missed, likely), (guess,))
    again = BY_INTENT[missed.talk.flow].decide(turn.with_conversation(missed))
    asked_both = paused(again.conversation)  # which of the two a yes answers, nobody knows
    return replace(again, conversation=asked_both, says=(guess, *again.says))


def _refused(turn: Turn) -> Decision | None:
    """ "No invoice": what is refused and no more is left be, and dropped where it is what is under way."""
    first, talk = next(iter(turn.meaning.candidates), None), turn.conversation.talk
    if first is None or not first.turned or first.confidence < _REFUSED or mood_of(turn):
        return None
    if talk is None:
        return BY_INTENT["deny"].decide(turn)
    return dropped(turn) if talk.flow == first.intent else None


def _offered(turn: Turn, conversation: Conversation, likely: list[str]) -> Conversation:
    """A single guess is asked with yes or no in mind: a yes takes it up."""
    if len(likely) > 1 or (conversation.parked and conversation.parked.standing is not Standing.LEFT):
        return conversation
    flow = BY_INTENT[likely[0]]
    return replace(conversation, parked=in_mind(turn, flow, Standing.OFFERED))


def _likely(turn: Turn) -> list[str]:
    """What the message may ask for, the likeliest first."""
    if turn.meaning.sureness is not Sureness.ASK or not any(map(str.isalpha, turn.meaning.text)):
        return []
    under_way = turn.conversation.talk.flow if turn.conversation.talk else ""
    idle = {under_way} if turn.facts.cases else {under_way, "revoke_refund"}  # nothing to revoke
    if under_way:  # what takes that back drops it, and nothing that was sent
        idle |= {BY_INTENT[under_way].undone_by}
    found = [guess.intent for guess in turn.meaning.candidates if guess.intent in OFFERED]
    return [intent for intent in found if intent not in idle][:GUESSES]


def puzzled(turn: Turn) -> Decision | None:
    """ "What do you mean?", "what now?": the question once more, or how the request stands, or what can be done here and who could explain it; it is no miss."""
    told, talk = turn.meaning.exact, turn.conversation.talk
    if "what_now" in told and talk is None and any(case.open for case in turn.facts.cases):
        return start(turn, BY_INTENT["refund_status"])
    asked = talk is not None and bool(talk.asking)
    if "puzzled" not in told and not (asked and "what_now" in told):
        return None
    if talk is None or not talk.asking:
        return Decision(turn.conversation, (say.UNCLEAR(asked=False, buttons=menu()),))
    again = BY_INTENT[talk.flow].decide(turn)
    return replace(again, says=(say.UNCLEAR(asked=True), *again.says))


def missed(turn: Turn) -> Decision | None:
    """Not understood: say so and ask again; the second time in a row a person is called.

    A file is asked about, and a face or a mark with no word is nothing that could be understood better by a person.
    """
    if turn.incoming.attachments and turn.conversation.talk is None:
        return what_about(turn)
    wordless = not any(map(str.isalnum, turn.meaning.text)) or "laughs" in turn.meaning.exact
    if wordless and (waits_for_yes := still_unsent(turn)):
        return waits_for_yes
    if turn.conversation.misses >= 1 and not wordless:
        return flag(turn, FlagReason.TWO_MISSES, in_line(turn, say.TWO_MISSES))
    turn = turn.with_conversation(replace(turn.conversation, misses=int(not wordless)))
    talk = turn.conversation.talk
    if talk is None:
        return Decision(turn.conversation, (say.FALLBACK(buttons=menu()),))
    again = BY_INTENT[talk.flow].decide(turn)
    return replace(again, says=(say.NOT_UNDERSTOOD(), *again.says))
