"""How to use it, care for it, get a part for it (使用咨询): the shop's own answer with steps and pictures, and a person when
that does not help.

An answer is told when it is sure to be the one; else the likeliest questions are offered, or the product is asked for.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.conversation import FlagReason, Standing
from bot.domain.decision import Decision
from bot.domain.guides import Guide, Hit, SizeRow, guide_of
from bot.domain.messages import Button
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.flow import Flow, Read, agreed, ask, asked_back, finish, yes_or_no
from bot.flows.guided import PRODUCT, QUESTION, Scope, found_for, product_named, read_product, scope_of
from bot.flows.handoff import flag, for_who_waits, in_line, notify, wait
from bot.flows.meant import part_of
from bot.flows.naming import by_place
from bot.flows.taps import NONE, OTHER
from bot.understanding.questions import LIKELY, SURE

INTENTS = frozenset({"usage_help", "size_advice"})
"""What is answered from the guides."""
PLAIN = 0.6
"""So sure of an entry, it is told though nothing in the message says that it asks how something works."""
_RIVAL = 0.3
"""The least chance of a product's answer that makes it worth asking which product is meant."""
OFFERED = 3
"""The most questions offered as buttons."""
PRODUCTS = 6
"""The most products offered as buttons."""
TRIES = 2
"""Answers told to one question before a person is called."""
_POLITELY = {"affirm": "yes", "thanks": "yes", "deny": "no"}
_LONGEST = 200
_OF_A_QUESTION = ("entry", "told", "tried", "solved", "offered")
"""Slots that end with the question they belong to."""

ANSWER = reply(
    "usage_help/answer",
    "yes",
    "no",
    tone=Tone.PLAIN,
    question=str,
    steps=tuple[str, ...],
    parts=tuple[str, ...],
    sizes=tuple[SizeRow, ...],
    again=bool,
)
DID_IT_HELP = reply("usage_help/did_it_help", "yes", "no", tone=Tone.NEXT_STEP, question=str)
GLAD = reply("usage_help/glad", tone=Tone.PLAIN)
WHICH_PRODUCT = reply(
    "usage_help/which_product",
    "product",
    "other_product",
    tone=Tone.NEXT_STEP,
    option={"product": str},
    products=tuple[str, ...],
)
WHICH_QUESTION = reply(
    "usage_help/which_question",
    "entry",
    "none",
    tone=Tone.NEXT_STEP,
    option={"question": str},
    questions=tuple[str, ...],
    product=str,
)
NOT_SOLVED = for_who_waits("usage_help/not_solved", Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE)
FOR_PEOPLE = for_who_waits("talk/for_people", Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE)
PASSED_ON = reply("talk/passed_on", tone=Tone.NEXT_STEP | Tone.DEADLINE, minutes=int, back_at=datetime | None)


def serve(turn: Turn) -> Decision:
    """What comes next of a question."""
    turn = with_question(turn)
    return _judged(turn) or _chosen(turn) or _told_before(turn) or find(turn)


def with_question(turn: Turn) -> Turn:
    """The turn with what is asked; another question under way begins anew, about the same product if that answers it."""
    turn = _of_another_product(turn)
    talk, said = turn.talk, turn.meaning.text.strip()
    asks = not turn.incoming.choice and any(map(str.isalpha, said))
    begins = asks and QUESTION not in talk.slots
    another = asks and turn.meaning.intent in INTENTS and not talk.slots.get(talk.asking)
    in_full = asks and talk.asking == PRODUCT and _sure(found_for(turn, said))
    if begins or another or in_full:
        part = part_of(turn, talk.flow)
        talk = talk.fill(question=(part.text if part else said)[:_LONGEST])
    if another:
        talk = talk.drop("order", "lines", "order_number")
    if talk.slots.get(QUESTION, "") == talk.slots.get("heard", ""):
        return turn.with_talk(talk)
    fresh = turn.with_talk(talk.drop(*_OF_A_QUESTION).fill(heard=talk.slots[QUESTION]))
    if talk.slots.get(PRODUCT) and not _sure(scope_of(fresh).search(fresh)):
        fresh = fresh.with_talk(fresh.talk.drop(PRODUCT))
    return fresh


def _of_another_product(turn: Turn) -> Turn:
    """ "I meant the speaker": the same question about that one."""
    meant = turn.slot("solved")
    if meant in ("", "yes", "no"):
        return turn
    return turn.with_talk(turn.talk.drop(*_OF_A_QUESTION).fill(product=meant))


def _judged(turn: Turn) -> Decision | None:
    """It helped, or it did not: then the next likeliest answer, or a person."""
    solved = turn.slot("solved")
    if not solved:
        return None
    if solved == "yes":
        return finish(turn, GLAD())
    tried = turn.slot("tried").split()
    turn = turn.with_talk(turn.talk.drop("solved", "told"))
    others = [hit for hit in scope_of(turn).search(turn) if hit.entry not in tried and hit.chance >= LIKELY]
    if others and len(tried) < TRIES:
        return tell(turn, others[0].entry)
    words = in_line(turn, NOT_SOLVED)
    return _passed_on(turn) or flag(turn, FlagReason.NOT_SOLVED, words)


def _chosen(turn: Turn) -> Decision | None:
    """One of the offered questions, or none of them."""
    entry = turn.slot("entry")
    if not entry:
        return None
    return to_a_person(turn) if entry == NONE else tell(turn, entry)


def _told_before(turn: Turn) -> Decision | None:
    """The answer stands above already: only whether it helped is asked again."""
    entry = turn.facts.guides.entry(turn.slot("told"), turn.conversation.language)
    if entry is None:
        return None
    words = DID_IT_HELP(question=entry.title, buttons=yes_or_no("solved"), token=turn.talk.token)
    return ask(turn, "solved", words)


def find(turn: Turn) -> Decision:
    """The answer, or what has to be known to find it."""
    scope = scope_of(turn)
    hits = scope.search(turn)
    doubtful = not scope.plain and len(scope.guides) > 1
    rivals = _rivals(turn, scope, hits) if doubtful else ()
    if len(rivals) > 1:
        return ask_product(turn, rivals)
    if _sure(hits):
        return tell(turn, hits[0].entry)
    if rivals and scope.own:
        return tell(turn, scope.search(turn, rivals[0])[0].entry)
    if doubtful and scope.own:
        return ask_product(turn, scope.guides)
    likely = [hit.entry for hit in hits if hit.chance >= LIKELY]
    if scope.one:
        return offer(turn, scope.one, [*likely, *(entry.id for entry in scope.one.entries)])
    if likely:
        return offer(turn, None, likely)
    return ask_product(turn, scope.guides) if doubtful else to_a_person(turn)


def _sure(hits: tuple[Hit, ...]) -> bool:
    return bool(hits) and hits[0].chance >= SURE


def _rivals(turn: Turn, scope: Scope, hits: tuple[Hit, ...]) -> tuple[Guide, ...]:
    """The products that would have the answer, were each the one that is meant, the likeliest first: none where not even
    one of them surely has it."""
    names = dict.fromkeys(guide_of(hit.entry) for hit in hits)
    guides = [guide for name in names for guide in scope.guides if guide.name == name]
    found = {guide: scope.search(turn, guide) for guide in guides}
    chances = {
        guide: each[0].chance
        for guide, each in found.items()
        if each and guide_of(each[0].entry) == guide.name
    }
    best = max(chances.values(), default=0.0)
    least = max(_RIVAL, min(best / 2, SURE))
    rivals = [guide for guide, chance in chances.items() if best >= SURE and chance >= least]
    return tuple(sorted(rivals, key=lambda guide: -chances[guide]))


def tell(turn: Turn, id_: str) -> Decision:
    """Tell an entry, with its pictures, and ask whether it helped."""
    entry = turn.facts.guides.entry(id_, turn.conversation.language)
    if entry is None:  # taken out of its file since it was offered
        return to_a_person(turn)
    tried = turn.slot("tried").split()
    talk = turn.talk.drop("entry", "offered").fill(told=id_, tried=" ".join((*tried, id_)))
    words = ANSWER(
        question=entry.title,
        steps=entry.steps,
        parts=entry.parts,
        sizes=entry.sizes,
        again=bool(tried),
        buttons=yes_or_no("solved"),
        token=talk.token,
        attachments=entry.pictures,
    )
    return ask(turn.with_talk(talk), "solved", words)


def offer(turn: Turn, guide: Guide | None, entries: list[str]) -> Decision:
    """The likeliest questions as buttons."""
    guides, language = turn.facts.guides, turn.conversation.language
    found = [entry for id_ in dict.fromkeys(entries) if (entry := guides.entry(id_, language))][:OFFERED]
    talk = turn.talk.fill(offered=" ".join(entry.id for entry in found))
    buttons = (
        *(Button("entry", entry.id, "entry", {"question": entry.title}) for entry in found),
        Button("entry", NONE, "none"),
    )
    words = WHICH_QUESTION(
        questions=tuple(entry.title for entry in found),
        product=guide.product if guide else "",
        buttons=buttons,
        token=talk.token,
    )
    return ask(turn.with_talk(talk), "entry", words)


def ask_product(turn: Turn, guides: tuple[Guide, ...]) -> Decision:
    """Which product is meant."""
    shown = guides[:PRODUCTS]
    talk = turn.talk.fill(offered=" ".join(guide.name for guide in shown))
    buttons = (
        *(Button(PRODUCT, guide.name, "product", {"product": guide.product}) for guide in shown),
        Button(PRODUCT, OTHER, "other_product"),
    )
    words = WHICH_PRODUCT(products=tuple(guide.product for guide in shown), buttons=buttons, token=talk.token)
    return ask(turn.with_talk(talk), PRODUCT, words)


def to_a_person(turn: Turn) -> Decision:
    """No file answers this: a person does."""
    return _passed_on(turn) or flag(turn, FlagReason.FOR_A_PERSON, in_line(turn, FOR_PEOPLE))


def _passed_on(turn: Turn) -> Decision | None:
    """A question beside something the bot is seeing to: a person answers it meanwhile."""
    parked = turn.conversation.parked
    if parked is None or parked.standing not in (Standing.ASKED, Standing.WISHED):
        return None
    return notify(turn, FlagReason.FOR_A_PERSON, PASSED_ON(**wait(turn)))


def read_solved(turn: Turn) -> str | None:
    """Whether it helped, in words of their own, a yes, a no or thanks; or the other product that was meant."""
    politely = None if asked_back(turn) else _POLITELY.get(turn.meaning.intent or "")  # 就这? is no yes
    told = agreed(turn, "solved") or politely
    if told or turn.meaning.intent in INTENTS:
        return told
    meant = product_named(turn)
    return meant if meant not in (None, guide_of(turn.slot("told"))) else None


def read_entry(turn: Turn) -> str | None:
    """Which of the offered questions: by its place, or in words that are like it; a no is none of them."""
    offered = turn.slot("offered").split()
    if place := by_place(turn.meaning.slots.get("ordinal", ""), offered):
        return place
    if turn.meaning.slots.get("yes_no") == "no" or turn.meaning.intent == "deny":
        return NONE
    if turn.meaning.slots.get("yes_no") == "yes" and len(offered) == 1:
        return offered[0]
    hits = turn.facts.guides.search(turn.meaning.text, offered)
    return hits[0].entry if _sure(hits) else None


READS: dict[str, Read] = {"solved": read_solved, "entry": read_entry, PRODUCT: read_product}

FLOW = Flow(
    intent="usage_help",
    steps=(serve,),
    replies=(ANSWER, DID_IT_HELP, GLAD, WHICH_PRODUCT, WHICH_QUESTION, NOT_SOLVED, FOR_PEOPLE, PASSED_ON),
    takes=frozenset({"order_number"}),
    starts=frozenset({"order"}),
    keeps=frozenset({QUESTION}),
    reads=READS,
)
