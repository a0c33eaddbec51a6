"""One turn decided: which of the things that can happen happened, and whose word it is to answer it.

`decide` reads like the list it is: the first step that knows what to do with the turn decides it.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.changed import replace
from bot.domain.conversation import Holder, Standing
from bot.domain.decision import Audience, Decision, Say
from bot.domain.turn import Turn
from bot.domain.watch import Watch
from bot.flows import BY_INTENT, commands, ordering
from bot.flows import dialogue_replies as say
from bot.flows.alarms import alarmed
from bot.flows.all_listed import all_listed
from bot.flows.amount_told import with_amount_told
from bot.flows.another_instead import another_instead
from bot.flows.another_too import another_too
from bot.flows.answering import (
    answered,
    hesitated,
    language_asked,
    offered_to_go_on,
    person_wanted,
    tapped,
)
from bot.flows.asking import (
    arrived,
    bare_number,
    guessed,
    missed,
    product_named,
    puzzled,
    question_of_a_guide,
    sent_after_all,
    understood,
    where_to_send,
)
from bot.flows.attended import attended
from bot.flows.carded import carded
from bot.flows.case_answers import new_parcel_told, offer_answered, offer_bargained, refusal_called_off
from bot.flows.come_due import come_due
from bot.flows.correcting import another_number, another_product
from bot.flows.crossing import crossed, reacted, told_of_delivery
from bot.flows.displeased import displeased, upset
from bot.flows.edits import EDITED, edited_too_late, nothing_twice, remembered
from bot.flows.escalate import FLOW as ESCALATE
from bot.flows.files_sent import evidence_for_case, files_alone, with_files_kept
from bot.flows.guesses import with_guesses_joined
from bot.flows.heard import as_meant
from bot.flows.held import agent_acts, held_by_people
from bot.flows.left_out import left_out
from bot.flows.meant import apart_from_another, in_plain_characters
from bot.flows.not_waiting import given_back_by_buyer
from bot.flows.numbered import numbered
from bot.flows.objecting import objected
from bot.flows.of_draft import of_draft
from bot.flows.only_heard import noted, only_heard
from bot.flows.pace import counted, too_fast
from bot.flows.payment import told_by_payer
from bot.flows.people_first import people_first
from bot.flows.put_aside import answers_long_ago, behind_an_offer, dated, offered_again, put_aside
from bot.flows.refund_instead import refund_instead
from bot.flows.routed import routed
from bot.flows.running import run, start
from bot.flows.sent_yet import whether_sent
from bot.flows.someone_elses import own_details, somebody_elses, why_proof
from bot.flows.soothing import in_danger, soothed
from bot.flows.taken_up import taken_up, with_left
from bot.flows.talked_of import still_talked_of
from bot.flows.troubles import with_trouble_told
from bot.flows.unasked import silenced
from bot.flows.waybill_told import with_waybill_told
from bot.flows.withdrawn import withdrawn
from bot.understanding.precedence import SMALL_TALK


def decide(turn: Turn) -> Decision:
    """What follows from this turn."""
    before = prepared(in_its_language(turn))
    turn = with_files_kept(put_aside(before))
    decision = nothing_twice(turn, offered_again(before, turn, decided(turn)))
    decision = with_left(before, still_talked_of(turn, dated(turn, behind_an_offer(decision))))
    return shown(turn, drafted(turn, counted(turn, remembered(turn, attended(turn, decision)))))


def shown(turn: Turn, decision: Decision) -> Decision:
    """The decision, with all that the agents' topic is to show of it."""
    return carded(turn, crossed(turn, decision))


def drafted(turn: Turn, decision: Decision) -> Decision:
    """The decision, with what the bot would say in the agent's place: words that do nothing, ask nothing, speak of no button,
    and are all there is. It asks no carrier: what the agent is to read does not wait for a draft."""
    if not _left_to_agent(turn, decision) or turn.meaning.intent in SMALL_TALK:
        return replace(decision, draft=_words_alone(decision.draft))
    alone = replace(turn.conversation, holder=Holder.BOT, agent="", flag=None, watch=Watch())
    step, would = _first_to_decide(_as_last_heard(turn.with_conversation(alone)))
    calls = would.conversation.flag is not None or would.conversation.holder is not Holder.BOT
    asks = would.conversation.talk is not None and bool(would.conversation.talk.asking)
    if step in _NOT_HEARD or would.effects or would.wants or calls or asks:
        return decision
    return replace(decision, draft=_words_alone(would.says))


def _words_alone(says: tuple[Say, ...]) -> tuple[Say, ...]:
    """What the buyer would read, where that is words and nothing else."""
    words = tuple(said for said in says if said.to is Audience.BUYER)
    return (
        () if any(said.buttons or said.attachments or said.reply == EDITED.name for said in words) else words
    )


def _as_last_heard(turn: Turn) -> Turn:
    """With each parcel as it was known last: its scans tell their own times."""
    parcels = (parcel for order in turn.facts.orders for parcel in order.parcels)
    known = {parcel.number: parcel for parcel in parcels}
    return replace(turn, facts=replace(turn.facts, tracking={**known, **turn.facts.tracking}))


def _left_to_agent(turn: Turn, decision: Decision) -> bool:
    """True for what the buyer says to the agent, and nobody has answered."""
    held = {turn.conversation.holder, decision.conversation.holder} == {Holder.AGENT}
    answered = any(said.to is Audience.BUYER for said in decision.says)
    return held and turn.from_buyer and not answered


def decided(turn: Turn) -> Decision:
    """The decision of the first step that knows what to do."""
    step, decision = _first_to_decide(turn)
    unsure = step in (guessed, missed)
    if step not in _THE_BOTS and (handed := people_first(turn, decision, unsure=unsure)):
        would = _first_to_decide(_as_last_heard(turn))[1] if decision.wants else decision
        return soothed(turn, replace(handed, draft=would.says))
    return soothed(turn, decision if step in _NOT_HEARD else heard(turn, decision))


def _first_to_decide(turn: Turn) -> tuple[Callable[[Turn], Decision | None], Decision]:
    for step in STEPS:
        decision = step(turn)
        if decision is not None:
            return step, decision
    raise LookupError("the last step always decides")


def prepared(turn: Turn) -> Turn:
    """The turn with the meaning that is acted on, which its explanation tells."""
    heard = with_trouble_told(as_meant(with_guesses_joined(in_plain_characters(turn))))
    return apart_from_another(with_amount_told(with_waybill_told(heard)))


def heard(turn: Turn, decision: Decision) -> Decision:
    """Something came of what the buyer did: misses are no longer in a row, and an offer made before is not answered."""
    conversation = replace(decision.conversation, misses=0)
    parked = turn.conversation.parked
    again = any(said.reply in (say.RESUME.name, say.ALSO.name, say.WAYS_ON.name) for said in decision.says)
    if parked and parked.standing is Standing.OFFERED and conversation.parked == parked and not again:
        told = parked.flow != ESCALATE.intent  # of a person nothing was told that is worth to be kept
        conversation = replace(conversation, parked=replace(parked, standing=Standing.LEFT) if told else None)
    return replace(decision, conversation=conversation)


def in_its_language(turn: Turn) -> Turn:
    """Follow the buyer's language, unless they chose one, and their characters; and remember their name."""
    conversation = turn.conversation
    asking = conversation.talk.asking if conversation.talk else ""
    told = turn.meaning.language in turn.languages and asking not in _OF_NO_LANGUAGE
    spoken = turn.meaning.language if told else ""
    language = spoken or conversation.language or turn.languages[0]
    if conversation.language_fixed and conversation.language:
        language = conversation.language
    name = turn.incoming.name or conversation.name
    script = turn.meaning.script or conversation.script
    return turn.with_conversation(replace(conversation, language=language, script=script, name=name))


def nothing_said(turn: Turn) -> Decision | None:
    """A service message, a moved live location: nothing anybody waits for an answer to."""
    heard = turn.incoming
    something = (heard.text.strip(), heard.attachments, heard.choice, heard.command, heard.contact, heard.act)
    return None if any(something) else Decision(turn.conversation)


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
    proven = replace(turn.conversation, link_failures=0)
    known = replace(turn, conversation=proven, facts=replace(turn.facts, orders=own, claimed=None))
    going_on = run(known.with_talk(talk.drop(*ordering.READS)), BY_INTENT[talk.flow])
    return replace(going_on, effects=(*linked.effects, *going_on.effects))


STEPS: tuple[Callable[[Turn], Decision | None], ...] = (
    alarmed,
    routed,
    come_due,
    told_by_payer,
    told_of_delivery,
    reacted,
    nothing_said,
    agent_acts,
    in_danger,
    too_fast,
    given_back_by_buyer,
    silenced,
    held_by_people,
    commanded,
    contact_shared,
    edited_too_late,
    tapped,
    language_asked,
    hesitated,
    puzzled,
    whether_sent,
    ordering.number_lost,
    why_proof,
    person_wanted,
    another_number,
    somebody_elses,
    own_details,
    another_too,
    left_out,
    all_listed,
    another_product,
    withdrawn,
    answers_long_ago,
    only_heard,
    answered,
    of_draft,
    objected,
    displeased,
    offered_to_go_on,
    taken_up,
    new_parcel_told,
    refusal_called_off,
    offer_bargained,
    offer_answered,
    evidence_for_case,
    files_alone,
    sent_after_all,
    refund_instead,
    another_instead,
    product_named,
    question_of_a_guide,
    where_to_send,
    arrived,
    understood,
    numbered,
    bare_number,
    noted,
    guessed,
    upset,
    missed,
)

_OF_NO_LANGUAGE = frozenset({"title", "tax_number", "email"})
"""Questions that are answered with a name, a number or an address."""

_THE_BOTS = frozenset(
    {
        nothing_said,
        in_danger,
        too_fast,
        given_back_by_buyer,
        silenced,
        held_by_people,
        commanded,
        contact_shared,
    }
    | {edited_too_late, language_asked, person_wanted, tapped}
)
"""Steps that are the bot's wherever people answer first."""
_NOT_HEARD = frozenset(
    {
        alarmed,
        routed,
        come_due,
        told_by_payer,
        told_of_delivery,
        reacted,
        nothing_said,
        agent_acts,
        too_fast,
        hesitated,
        only_heard,
        puzzled,
        guessed,
        missed,
    }
)
"""Steps after which all stands as before: what was said was not the buyer's, nothing, no more than "wait", or not understood."""
