"""Running a flow: begun with what a message tells, put aside for another, taken up again, or dropped."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.cases import Kind
from bot.domain.changed import replace
from bot.domain.conversation import Conversation, Standing, Talk
from bot.domain.decision import Decision, OpenCase
from bot.domain.messages import Button
from bot.domain.turn import Turn
from bot.flows import BY_INTENT
from bot.flows import dialogue_replies as say
from bot.flows.expected import SENT
from bot.flows.flow import PAUSED, UNASKED, Flow, finish
from bot.flows.matters import alike, called, told_for
from bot.flows.meant import (
    Part,
    in_one_breath,
    meant_instead,
    part_of,
    several_named,
    slots_of,
    title_of,
)
from bot.flows.next_product import (
    REST,
    next_of_several,
    of_one,
    product_meant,
    still_wished,
    wished_next,
    with_line,
    with_next,
)
from bot.flows.ordering import LISTED, NAMED, of_parcel, order_of, settle_order, slip_mended
from bot.flows.talked_of import remembering, with_order_talked_of, with_talk_left
from bot.flows.taps import ANY, OTHER
from bot.flows.troubles import TROUBLES
from bot.understanding.precedence import POLITE, SMALL_TALK

_NUMBERS = frozenset({"order_number", "tracking_number"})
_REFUND = "request_refund"
_PARCEL = frozenset({"hurry_parcel", "track_parcel"})
_HINT = 0.15
"""How sure a guess must be to hint that a message asks for it, too."""


def paused(conversation: Conversation) -> Conversation:
    """The question stays open, but a mere yes is put to the test once more where it would send something."""
    talk = conversation.talk
    if talk is None or talk.asking not in BY_INTENT[talk.flow].summaries:
        return conversation
    return replace(conversation, talk=talk.fill(**{PAUSED: "yes"}))


def start(turn: Turn, flow: Flow, slots: Mapping[str, str] | None = None) -> Decision:
    """Begin a flow with what the message already tells; one under way is put aside, and offered again after."""
    conversation, told, several = turn.conversation, dict(slots or {}), None
    under_way = conversation.talk if conversation.talk and conversation.talk.asking else None
    if under_way and under_way.flow in UNASKED - {flow.intent}:
        under_way = None
    if under_way and under_way.flow == flow.intent:
        # Another order than the one talked about is a number still to be sorted, as if it had been written.
        told |= {"order_number": told.pop("order")} if "order" in told else {}
        talk, parked = picked(turn, flow, under_way).fill(**told), conversation.parked
    else:
        begun = _begun(turn, flow)
        talk = begun.fill(**_of_the_same(turn, flow, under_way) | begun.slots | told)
        parked = with_next(under_way, conversation.parked) if under_way else conversation.parked
        if parked and "case" not in told and alike(parked.flow, flow.intent):  # a case has its own matter
            stale = _of_another_matter(turn, parked, talk)
            talk = (
                talk.fill(**_named_for(turn, flow, talk))
                if stale
                else picked(turn, flow, with_files(turn, flow, told_for(parked, flow.intent))).fill(**told)
            ).drop(REST)
            parked = still_wished(turn, parked)
        parked = parked or _wished_too(turn, flow)
        if parked is None and (both := _both(turn, flow, talk)):
            talk, parked = both
            several = parked
    talk = replace(talk, standing=Standing.ASKED)
    begun_with = run(turn.with_conversation(replace(conversation, talk=talk, parked=parked)), flow)
    return _in_turn(turn, several, begun_with)


def _of_the_same(turn: Turn, flow: Flow, under_way: Talk | None) -> dict[str, str]:
    """What a refund need not ask that is wished for in the middle of a parcel's trouble, unless another order is named."""
    why = BY_INTENT[under_way.flow].why_refunded if under_way else ""
    named = "order_number" in turn.meaning.slots or slots_of(turn, turn.meaning.text)
    if under_way is None or not why or flow.intent != _REFUND or turn.incoming.choice or named:
        return {}
    order = turn.facts.order(under_way.slots.get("order", ""))
    if order is None and len(turn.facts.orders) != 1:
        return {}
    return {"reason": why} | ({"order": order.number} if order else {})


def _of_another_matter(turn: Turn, parked: Talk, talk: Talk) -> bool:
    """True when what was left is not what the buyer wants now: it was begun and they tell something anew; they name
    another order, or were served with one since."""
    left = parked.standing is Standing.LEFT
    begun = left and parked.asking and "order" in parked.slots
    anew = any(parked.slots.get(name) != value for name, value in talk.slots.items())
    named = product_meant(turn)
    number = talk.slots.get("order") or talk.slots.get("order_number") or named.get("order", "")
    other_line = "lines" in named and named["lines"] != parked.slots.get("lines", named["lines"])
    since = turn.conversation.last == NAMED or (left and not parked.asking)
    number = number or (turn.conversation.about if since else "")
    return bool(begun and anew) or other_line or number not in ("", parked.slots.get("order", number))


def run(turn: Turn, flow: Flow) -> Decision:
    """Take a flow as far as it goes now, and offer to go on with what it interrupted."""
    proof = settle_order(with_order_talked_of(turn, flow))
    if isinstance(proof, Decision):
        return proof
    decision = flow.decide(_of_this_order(proof.turn, turn, flow))
    order = order_of(proof.turn)
    about = order.number if order else proof.turn.conversation.about
    served = decision.conversation
    if served.talk is None and not decision.wants:
        sent = any(isinstance(effect, OpenCase) and _applied(effect) for effect in decision.effects)
        served = replace(served, last=SENT if sent else flow.intent)
        served = remembering(turn, served, about, proof.turn.conversation.talk)
    says = (*slip_mended(proof.turn), *decision.says) if decision.says else ()
    effects = (*proof.effects, *decision.effects)
    decision = replace(decision, conversation=served, says=says, effects=effects)
    parked = decision.conversation.parked
    if parked is None or decision.conversation.talk is not None or decision.wants:
        return decision
    if flow.intent in POLITE:  # who says thanks or goodbye is not asked to go on
        left = replace(parked, standing=Standing.LEFT)
        return replace(decision, conversation=replace(decision.conversation, parked=left))
    if parked.standing not in (Standing.ASKED, Standing.WISHED):
        return decision
    return offer_to_go_on(decision, title_of(turn, parked.slots))


def _applied(effect: OpenCase) -> bool:
    """True for what the buyer may take back; asking a carrier is no application."""
    return effect.outcome.case.kind is not Kind.PARCEL_INQUIRY


def offer_to_go_on(decision: Decision, product: str = "") -> Decision:
    """Ask whether to go on with what is put aside, and of which product that is."""
    parked = decision.conversation.parked
    if parked is None:
        return decision
    yes_no = (Button("resume", "yes", "yes"), Button("resume", "no", "no"))
    if parked.asking:
        offer = say.RESUME(flow=called(parked), buttons=yes_no, token=parked.token)
    else:
        offer = say.ALSO(flow=called(parked), product=product, buttons=yes_no, token=parked.token)
    conversation = replace(decision.conversation, parked=replace(parked, standing=Standing.OFFERED))
    return replace(decision, conversation=conversation, says=(*decision.says, offer))


def _of_this_order(turn: Turn, before: Turn, flow: Flow) -> Turn:
    """Another order than before: what was told of that one is forgotten, what this message tells is not."""
    if turn.talk.token == before.talk.token:
        return turn
    afresh = picked(turn, flow, turn.talk)
    return turn.with_talk(afresh.drop("order_number") if turn.slot("order") else afresh)


def resume(turn: Turn, talk: Talk, *, go_on: bool) -> Decision:
    """Take up what was put aside, or drop it."""
    flow = BY_INTENT[talk.flow]
    afresh = talk.drop(LISTED)  # what was listed may stand far above
    talk = with_files(turn, flow, replace(afresh, standing=Standing.ASKED))
    several = next_of_several(turn, talk)
    talk = talk.drop(REST)
    resumed = turn.with_conversation(replace(turn.conversation, talk=talk, parked=several))
    if go_on:
        return run(resumed, flow)
    since = resumed.conversation.about  # of two that were talked of nobody can tell which is meant next
    decision = dropped(resumed)
    both = since not in ("", decision.conversation.about)
    return replace(decision, conversation=replace(decision.conversation, about="")) if both else decision


def dropped(turn: Turn) -> Decision:
    """What was under way is over, and what was wished for beside it comes next; a refund that was sent before is not over,
    and a button takes that back."""
    flow = turn.talk.flow
    sent = [case for case in turn.facts.cases if case.open and case.kind is not Kind.PARCEL_INQUIRY]
    others = sent if BY_INTENT[flow].undone_by else []
    revoke = (Button("start", "revoke_refund", "revoke_refund"),) if others else ()
    words = say.DROPPED(flow=called(turn.talk), others=len(others), buttons=revoke)
    decision, parked = finish(with_talk_left(turn), words), turn.conversation.parked
    if parked is None or parked.standing is not Standing.WISHED:
        return decision
    return offer_to_go_on(decision, title_of(turn, parked.slots))


def picked(turn: Turn, flow: Flow, talk: Talk) -> Talk:
    """The talk with what this message tells beyond the question asked; what is known already stays."""
    told = {name: value for name, value in turn.meaning.slots.items() if name in flow.takes}
    part = part_of(turn, flow.intent)
    in_doubt = talk.slots.get("order") == ANY and not talk.asking
    for name in _NUMBERS & told.keys():  # a number belongs to the wish it is told with
        if in_doubt or (part and not part.has(told[name])):
            told.pop(name)
    if tracking := told.pop("tracking_number", None):
        # a stranger's parcel is not taken for one's own
        told |= {"order": of_parcel(turn, tracking) or OTHER}
    return talk.fill(**{name: value for name, value in told.items() if name not in talk.slots})


def interrupts(turn: Turn, flow: Flow) -> bool:
    """True when the message asks for something else than the flow is about."""
    intent = turn.meaning.intent
    return intent is not None and intent not in SMALL_TALK | {flow.intent} | flow.kin


def _wished_too(turn: Turn, flow: Flow) -> Talk | None:
    """The other thing the same message asks for, to be offered when this one is done."""
    others = list(turn.meaning.wishes)
    if flow.intent not in others or turn.incoming.choice:
        return None
    other = next((BY_INTENT[intent] for intent in others if intent in BY_INTENT.keys() - {flow.intent}), None)
    if other is None or other.intent in SMALL_TALK:
        return None
    return in_mind(turn, other, Standing.WISHED)


def _both(turn: Turn, flow: Flow, talk: Talk) -> tuple[Talk, Talk | None] | None:
    """ "Refund the apron and the notebook": the first now, the other offered when it is done."""
    if "order" not in flow.starts or talk.slots.keys() & {"order", "order_number", "case"}:
        return None
    several = several_named(turn)
    if not several or not (in_one_breath(turn) or _wants_one_thing(turn, flow)):
        return None
    if meant := meant_instead(turn):  # "not the apron, the notebook"
        return talk.fill(order=meant["order"]), None
    first, *others = (with_line(turn, order) for order in several)
    return talk.fill(**of_one(first)), wished_next(turn, talk, others)


def _wants_one_thing(turn: Turn, flow: Flow) -> bool:
    """True when nothing in the message may ask for something else: then each of its parts asks for the same."""
    others = [guess.intent for guess in turn.meaning.candidates if guess.confidence >= _HINT]
    return all(alike(flow.intent, other) or {flow.intent, other} <= _PARCEL | TROUBLES for other in others)


def _named_for(turn: Turn, flow: Flow, talk: Talk) -> dict[str, str]:
    known = talk.slots.keys() & {"order", *_NUMBERS}
    return (
        {} if known else {name: value for name, value in product_meant(turn).items() if name in flow.starts}
    )


def _in_turn(turn: Turn, parked: Talk | None, decision: Decision) -> Decision:
    """Says that one comes after the other, where more than two products are named, or not in one breath."""
    if parked is None or not decision.says or decision.conversation.talk is None:
        return decision
    named = (of_one(with_line(turn, order)) for order in several_named(turn))
    titles = tuple(title_of(turn, slots) for slots in named)
    if len(titles) <= 2 and in_one_breath(turn):
        return decision
    return replace(decision, says=(say.ONE_BY_ONE(first=titles[0], rest=titles[1:]), *decision.says))


def in_mind(turn: Turn, flow: Flow, standing: Standing) -> Talk:
    """A flow that is not begun, with what this message tells of it and the files that came."""
    part = part_of(turn, flow.intent)
    about = _of_its_part(turn, flow, part) if part else {}
    talk = Talk(flow.intent, f"{turn.serial}b", about, standing=standing)
    return picked(turn, flow, with_files(turn, flow, talk))


def _of_its_part(turn: Turn, flow: Flow, part: Part) -> dict[str, str]:
    """Of several wishes, each is about the product its own part of the message names, or else the one named before it;
    who names none yet is asked."""
    numbered = any(part.has(turn.meaning.slots.get(name, "")) for name in _NUMBERS)
    if numbered or len(turn.facts.orders) <= 1 or "order" not in flow.starts:
        return {}
    about = slots_of(turn, part.text) or slots_of(turn, part.before) or {"order": ANY}
    return {name: value for name, value in about.items() if name in flow.starts}


def with_files(turn: Turn, flow: Flow, talk: Talk) -> Talk:
    """The talk with the files of this message, where its flow takes any."""
    return talk.keeping(turn.incoming.attachments) if flow.keeps_files else talk


def _begun(turn: Turn, flow: Flow) -> Talk:
    part = part_of(turn, flow.intent)
    about = _of_its_part(turn, flow, part) if part else _in_doubt(turn, flow)
    talk = Talk(flow.intent, str(turn.serial), about, attachments=turn.incoming.attachments)
    return picked(turn, flow, talk)


def _in_doubt(turn: Turn, flow: Flow) -> dict[str, str]:
    """The number of one order and the product of another: to be asked which."""
    own = turn.facts.order(turn.meaning.slots.get("order_number", ""))
    if own is None or turn.incoming.choice or "order" not in flow.starts:
        return {}
    named = slots_of(turn, turn.meaning.text).get("order", own.number)
    return {"order": ANY} if named != own.number else {}
