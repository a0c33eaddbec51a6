"""One turn decided: which of the things that can happen happened, and whose word it is to answer it.

`decide` reads like the list it is: the first step that knows what to do with the turn decides it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.cases import Case, Event, Role, State, move
from bot.domain.conversation import FlagReason, Holder, Talk
from bot.domain.decision import Decision, MoveCase
from bot.domain.meaning import Sureness
from bot.domain.messages import Attachment, Button, Choice
from bot.domain.turn import Turn
from bot.errors import CaseError
from bot.flows import BY_INTENT, case_moves, commands, desk, ordering
from bot.flows import dialogue_replies as say
from bot.flows.escalate import BACK
from bot.flows.escalate import FLOW as ESCALATE
from bot.flows.flow import Flow, finish
from bot.flows.handoff import flag, notify, wait
from bot.flows.ordering import settle_order
from bot.flows.small_talk import OFFERED, menu

GUESSES = 3
"""The most best guesses offered as buttons."""
_HOLDS = 56
"""Bytes of a start button's value: messengers bound the whole payload to 64."""
SMALL_TALK = frozenset({"greeting", "thanks", "affirm", "deny"})
"""Intents too light to interrupt a question that was asked."""


def decide(turn: Turn) -> Decision:
    """What follows from this turn."""
    turn = in_its_language(turn)
    for step in STEPS:
        decision = step(turn)
        if decision is not None:
            return decision
    raise LookupError("the last step always decides")


def in_its_language(turn: Turn) -> Turn:
    """Follow the buyer's language, unless they chose one."""
    conversation = turn.conversation
    spoken = turn.meaning.language if turn.meaning.language in turn.languages else ""
    if conversation.language_fixed and conversation.language:
        return turn
    language = spoken or conversation.language or turn.languages[0]
    name = turn.incoming.name or conversation.name
    return turn.with_conversation(replace(conversation, language=language, name=name))


def come_due(turn: Turn) -> Decision | None:
    """A deadline passed: the case moves by itself, unless it moved before."""
    clock = turn.incoming.clock
    if clock is None:
        return None
    case = turn.facts.case(clock.case)
    if case is None or case.version != clock.version:
        return Decision(turn.conversation)
    try:
        moved, entry = move(
            case, Event(clock.kind), Role.CLOCK, turn.now, turn.policy.terms, seen=clock.version
        )
    except CaseError:
        return Decision(turn.conversation)
    return Decision(turn.conversation, case_moves.told(turn, moved, entry), case_moves.effects(moved, entry))


def nothing_said(turn: Turn) -> Decision | None:
    """A service message, a moved live location: nothing anybody waits for an answer to."""
    heard = turn.incoming
    something = (heard.text.strip(), heard.attachments, heard.choice, heard.command, heard.contact, heard.act)
    return None if any(something) else Decision(turn.conversation)


def agent_acts(turn: Turn) -> Decision | None:
    """An agent did something on the desk."""
    return desk.act(turn, turn.incoming.act) if turn.incoming.act else None


def given_back_by_buyer(turn: Turn) -> Decision | None:
    """A buyer who waits for a person may go back to the bot."""
    choice, command = turn.incoming.choice, turn.incoming.command
    asked = (choice is not None and choice.value == "bot") or (
        command is not None and command.name == "cancel"
    )
    if turn.conversation.holder is not Holder.QUEUED or not asked:
        return None
    freed = replace(
        turn.conversation,
        holder=Holder.BOT,
        flag=None,
        misses=0,
        link_failures=turn.conversation.link_failures,
    )
    return Decision(freed, (BACK(),))


def held_by_people(turn: Turn) -> Decision | None:
    """While people hold the conversation the bot is silent and shows them what the buyer says."""
    if turn.conversation.holder is Holder.BOT:
        return None
    heard = turn.incoming
    line = desk.BUYER_SAYS(text=turn.meaning.text, name=turn.conversation.name, attachments=heard.attachments)
    done = tapped(turn) if _takes_back(turn) else None
    return replace(done, says=(*done.says, line)) if done else Decision(turn.conversation, (line,))


def _takes_back(turn: Turn) -> bool:
    """The buyer's own right does not wait for people: a button that revokes, and its question, always work."""
    choice, talk = turn.incoming.choice, turn.conversation.talk
    if choice is None:
        return False
    return choice.value.startswith("revoke_refund ") or (talk is not None and choice.token == talk.token)


def commanded(turn: Turn) -> Decision | None:
    """A slash command."""
    command = turn.incoming.command
    if command is None:
        return None
    if command.name == "human":
        return start(turn, ESCALATE)
    action = commands.ACTIONS.get(command.name)
    return action(turn) if action else commands.unknown(turn, command.name)


def contact_shared(turn: Turn) -> Decision | None:
    """A phone number: the messenger vouches for the buyer's own, and only that proves anything."""
    contact = turn.incoming.contact
    if contact is None:
        return None
    if not contact.own:
        return Decision(turn.conversation, (say.CONTACT_NOT_OWN(),))
    if not turn.facts.proven:
        return Decision(turn.conversation, (say.CONTACT_LINKED_NONE(),))
    linked = commands.link_proven(turn, "contact")
    talk = turn.conversation.talk
    if talk is None or talk.asking not in ordering.READS:
        return linked
    own = (*turn.facts.proven, *(order for order in turn.facts.orders if order not in turn.facts.proven))
    known = replace(turn, facts=replace(turn.facts, orders=own, claimed=None))
    going_on = run(known.with_talk(talk.drop(*ordering.READS)), BY_INTENT[talk.flow])
    return replace(going_on, effects=(*linked.effects, *going_on.effects))


def tapped(turn: Turn) -> Decision | None:
    """A button: of the question under way, of the one put aside, or one that starts something."""
    choice = turn.incoming.choice
    if choice is None:
        return None
    if choice.slot == "start":
        return _start_tapped(turn, choice)
    conversation = turn.conversation
    if conversation.parked and choice.token == conversation.parked.token:
        resumed = turn.with_conversation(replace(conversation, talk=conversation.parked, parked=None))
        return (
            _resume(resumed, choice.value == "yes") if choice.slot == "resume" else _answer(resumed, choice)
        )
    if conversation.talk and choice.token == conversation.talk.token:
        return _answer(turn, choice)
    return Decision(conversation, (say.STALE_BUTTON(buttons=menu()),))


def answered(turn: Turn) -> Decision | None:
    """The answer to the question that was asked, unless the message plainly asks for something else."""
    talk = turn.conversation.talk
    if talk is None or not talk.asking:
        return None
    flow = BY_INTENT[talk.flow]
    evidence = _kept(turn, flow)
    if evidence is not None:
        return evidence
    corrected = _corrected(turn, flow, talk)
    if corrected != talk:
        return run(turn.with_talk(corrected), flow)
    value = flow.reads[talk.asking](turn)
    if value is None:
        return _told_more(turn, flow, talk)
    if _interrupts(turn, flow) and talk.asking not in turn.meaning.exact:
        return None
    return run(turn.with_talk(_picked(turn, flow, talk).fill(**{talk.asking: value})), flow)


def _corrected(turn: Turn, flow: Flow, talk: Talk) -> Talk:
    """At the summary, another amount or reason changes the application instead of answering yes or no."""
    if talk.asking != "confirm":
        return talk
    told = {name: turn.meaning.slots[name] for name in ("amount", "reason") if name in turn.meaning.slots}
    return talk.fill(
        **{name: value for name, value in told.items() if name in flow.takes & talk.slots.keys()}
    )


def _told_more(turn: Turn, flow: Flow, talk: Talk) -> Decision | None:
    """Not the answer, but something else the flow needs ("no, it never arrived"): that is progress all the same."""
    more = _picked(turn, flow, talk)
    if more == talk or _interrupts(turn, flow):
        return None
    return run(turn.with_talk(more), flow)


def offered_to_go_on(turn: Turn) -> Decision | None:
    """A yes or a no to "shall we go on?" after an interruption."""
    parked = turn.conversation.parked
    answer = turn.meaning.slots.get("yes_no")
    if parked is None or turn.conversation.talk is not None or answer is None:
        return None
    resumed = turn.with_conversation(replace(turn.conversation, talk=parked, parked=None))
    return _resume(resumed, answer == "yes")


def evidence_for_case(turn: Turn) -> Decision | None:
    """Photos that come after the case was opened, unless they come with words that ask for something else."""
    if not turn.incoming.attachments or turn.conversation.talk is not None:
        return None
    if turn.meaning.intent is not None and turn.meaning.intent not in SMALL_TALK:
        return None
    waiting = [case for case in turn.facts.cases if _takes_evidence(turn, case)]
    if len(waiting) != 1:
        return None
    photos = turn.incoming.attachments
    moved, entry = move(
        waiting[0], Event.ADD_EVIDENCE, Role.BUYER, turn.now, turn.policy.terms, evidence=photos
    )
    added = say.EVIDENCE_ADDED(number=moved.number, count=len(moved.evidence))
    if moved.state is State.SELLER_REFUSE_BUYER:  # nobody looks at a refused case by itself
        return notify(turn, FlagReason.NEW_EVIDENCE, added, effects=(MoveCase(moved, entry),))
    return Decision(turn.conversation, (added,), (MoveCase(moved, entry),))


def files_alone(turn: Turn) -> Decision | None:
    """A photo, a voice note, a sticker with no word: ask what it is about."""
    if not turn.incoming.attachments or turn.meaning.text.strip():
        return None
    medium = turn.incoming.attachments[0].medium.value
    return Decision(turn.conversation, (say.FILE_ONLY(medium=medium, buttons=menu()),))


def understood(turn: Turn) -> Decision | None:
    """The message asks for something the bot does."""
    intent = turn.meaning.intent
    if intent is None or intent not in BY_INTENT:
        return None
    if intent in ("greeting", "thanks") and "reason" in turn.meaning.slots and turn.conversation.talk is None:
        return None  # "hello, it came broken": not for the hello
    if turn.conversation.talk and turn.conversation.talk.asking and intent in SMALL_TALK:
        return _aside(turn, intent)
    return start(turn, BY_INTENT[intent])


def bare_number(turn: Turn) -> Decision | None:
    """An order or tracking number and nothing else: most likely, where is it?"""
    if turn.conversation.talk is not None or not turn.meaning.exact & {"order_number", "tracking_number"}:
        return None
    return start(turn, BY_INTENT["track_parcel"])


def guessed(turn: Turn) -> Decision | None:
    """Not sure: offer the best guesses as buttons, which keep what the message told; a question stays asked."""
    if turn.conversation.misses:
        return None
    likely = _likely(turn)
    if not likely:
        return None
    buttons = tuple(Button("start", _with_told(turn, intent), intent) for intent in likely)
    guess = say.GUESS(buttons=buttons)
    missed = replace(turn.conversation, misses=1)
    if missed.talk is None:
        return Decision(missed, (guess,))
    again = BY_INTENT[missed.talk.flow].decide(turn.with_conversation(missed))
    return replace(again, says=(guess, *again.says))


def _likely(turn: Turn) -> list[str]:
    """What the message may ask for. Who names a fault and asks for nothing may want money back, or a person."""
    under_way = turn.conversation.talk.flow if turn.conversation.talk else ""
    guesses = turn.meaning.candidates if turn.meaning.sureness is Sureness.ASK else ()
    found = [guess.intent for guess in guesses if guess.intent in OFFERED and guess.intent != under_way]
    if "reason" in turn.meaning.slots and not under_way:
        others = [intent for intent in found if intent not in ("request_refund", "escalate")]
        found = ["request_refund", *others[: GUESSES - 2], "escalate"]
    return found[:GUESSES] if any(map(str.isalpha, turn.meaning.text)) else []


def _with_told(turn: Turn, intent: str) -> str:
    """A button's value that starts the intent with what the message told, as far as a button can hold it."""
    takes = BY_INTENT[intent].takes
    value = intent
    for name, told in turn.meaning.slots.items():
        longer = f"{value} {name}={told}"
        if name in takes and " " not in told and len(longer.encode()) <= _HOLDS:
            value = longer
    return value


def missed(turn: Turn) -> Decision | None:
    """Not understood: say so and ask again; the second time in a row a person is called."""
    if turn.conversation.misses >= 1:
        words = say.TWO_MISSES(
            position=turn.facts.waiting + 1,
            **wait(turn),
            buttons=(Button("start", "bot", "back"),),
        )
        return flag(turn, FlagReason.TWO_MISSES, words)
    turn = turn.with_conversation(replace(turn.conversation, misses=1))
    talk = turn.conversation.talk
    if talk is None:
        return Decision(turn.conversation, (say.FALLBACK(buttons=menu()),))
    again = BY_INTENT[talk.flow].decide(turn)
    return replace(again, says=(say.NOT_UNDERSTOOD(), *again.says))


STEPS: tuple[Callable[[Turn], Decision | None], ...] = (
    come_due,
    nothing_said,
    agent_acts,
    given_back_by_buyer,
    held_by_people,
    commanded,
    contact_shared,
    tapped,
    answered,
    offered_to_go_on,
    evidence_for_case,
    files_alone,
    understood,
    bare_number,
    guessed,
    missed,
)


def start(turn: Turn, flow: Flow, **slots: str) -> Decision:
    """Begin a flow with what the message already tells; one under way is put aside, and offered again after."""
    conversation = turn.conversation
    under_way = conversation.talk if conversation.talk and conversation.talk.asking else None
    if under_way and under_way.flow == flow.intent:
        talk, parked = _picked(turn, flow, under_way).fill(**slots), conversation.parked
    else:
        talk, parked = _begun(turn, flow).fill(**slots), under_way or conversation.parked
        if parked and parked.flow == flow.intent:
            talk = talk if talk.slots else _picked(turn, flow, parked)
            parked = None
    return run(turn.with_conversation(replace(conversation, talk=talk, parked=parked)), flow)


def _begun(turn: Turn, flow: Flow) -> Talk:
    talk = Talk(flow.intent, str(turn.serial), attachments=turn.incoming.attachments)
    return _picked(turn, flow, talk)


def run(turn: Turn, flow: Flow) -> Decision:
    """Take a flow as far as it goes now, and offer to go on with what it interrupted."""
    turn = turn.with_conversation(replace(turn.conversation, misses=0))
    proof = settle_order(turn)
    if isinstance(proof, Decision):
        return proof
    decision = flow.decide(proof.turn)
    decision = replace(decision, effects=(*proof.effects, *decision.effects))
    parked = decision.conversation.parked
    if parked is None or not parked.asking or decision.conversation.talk is not None or decision.wants:
        return decision
    yes_no = (Button("resume", "yes", "yes"), Button("resume", "no", "no"))
    offer = say.RESUME(flow=parked.flow, buttons=yes_no, token=parked.token)
    offered = replace(parked, asking="")  # offered once; who answers something else is not asked again
    conversation = replace(decision.conversation, parked=offered)
    return replace(decision, conversation=conversation, says=(*decision.says, offer))


def _start_tapped(turn: Turn, choice: Choice) -> Decision:
    intent, *pairs = choice.value.split() or [""]
    slots = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    if intent == "language" and slots.get("to") in turn.languages:
        return commands.set_language(turn, slots["to"])
    flow = BY_INTENT.get(intent)
    if flow is None:
        return Decision(turn.conversation, (say.STALE_BUTTON(buttons=menu()),))
    return start(turn, flow, **slots)


def _answer(turn: Turn, choice: Choice) -> Decision:
    flow = BY_INTENT[turn.talk.flow]
    if choice.slot not in flow.reads:
        return Decision(turn.conversation, (say.STALE_BUTTON(buttons=menu()),))
    return run(turn.with_talk(turn.talk.fill(**{choice.slot: choice.value})), flow)


def _resume(turn: Turn, go_on: bool) -> Decision:
    return run(turn, BY_INTENT[turn.talk.flow]) if go_on else _dropped(turn)


def _dropped(turn: Turn) -> Decision:
    return finish(turn, say.DROPPED(flow=turn.talk.flow))


def _aside(turn: Turn, intent: str) -> Decision | None:
    """Small talk in the middle: a no drops the flow, a greeting or thanks is returned and the question asked again."""
    if intent == "deny":
        return _dropped(turn)
    if intent == "affirm":
        return None
    polite = BY_INTENT[intent].decide(turn).says
    again = BY_INTENT[turn.talk.flow].decide(turn)
    return replace(again, says=(*(replace(said, buttons=()) for said in polite), *again.says))


def _interrupts(turn: Turn, flow: Flow) -> bool:
    return turn.meaning.intent is not None and turn.meaning.intent not in SMALL_TALK | {flow.intent}


def _picked(turn: Turn, flow: Flow, talk: Talk) -> Talk:
    """The talk with what this message tells beyond the question asked; what is known already stays."""
    told = {name: value for name, value in turn.meaning.slots.items() if name in flow.takes}
    if tracking := told.pop("tracking_number", None):
        owner = [o.number for o in turn.facts.orders for p in o.parcels if p.number == tracking]
        told |= {"order": owner[0] if owner else "other"}  # a stranger's parcel is not taken for one's own
    return talk.fill(**{name: value for name, value in told.items() if name not in talk.slots})


def _kept(turn: Turn, flow: Flow) -> Decision | None:
    """Files that come while a flow takes evidence are kept with it, whatever is being asked."""
    if not turn.incoming.attachments or "evidence" not in flow.reads:
        return None
    talk = replace(turn.talk, attachments=_with_new(turn.talk.attachments, turn.incoming.attachments))
    return run(turn.with_talk(_picked(turn, flow, talk)), flow)


def _with_new(kept: tuple[Attachment, ...], came: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """An edited caption brings its photo again: each is kept once."""
    known = {attachment.ref for attachment in kept}
    return (*kept, *(attachment for attachment in came if not attachment.ref or attachment.ref not in known))


def _takes_evidence(turn: Turn, case: Case) -> bool:
    """Somebody will look at it: the reason calls for photos, the shop has refused, or the platform decides."""
    disputed = case.locked or case.state is State.SELLER_REFUSE_BUYER
    return case.open and (disputed or case.reason in turn.policy.evidence_reasons)
