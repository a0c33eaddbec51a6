"""The walk of one message: read, understand, gather, decide, render. What it comes to is committed by the worker.

Everything here is a function of its arguments, so a turn that needs a carrier asked, or whose commit failed, is simply
taken again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.changed import replace
from bot.domain.conversation import Conversation, DraftReply, FlagReason, Holder, Priority
from bot.domain.decision import Alter, Audience, Decision, PayOut, Say
from bot.domain.explanation import Explanation, explain
from bot.domain.meaning import Meaning, Sureness
from bot.domain.messages import Choice, Incoming, Speaker
from bot.domain.orders import Parcel
from bot.domain.tags import written_out
from bot.domain.turn import Turn
from bot.errors import TemplateError, UnreadableUpdate
from bot.flows import desk, desk_replies
from bot.flows.attended import attended
from bot.flows.carded import carded
from bot.flows.desk_replies import AGENT_SAYS, BUYER_SAYS
from bot.flows.dialogue import decide, prepared
from bot.flows.dialogue_replies import HOLDING
from bot.flows.handoff import flag, notify
from bot.flows.on_page import on_page
from bot.flows.taking_back import AGENT_CORRECTS
from bot.pipeline.arrivals import InboxRow
from bot.pipeline.deeds import deeds_of
from bot.pipeline.deliveries import STAFF, Draft, Rendered
from bot.pipeline.gather import Gatherer, context_of, identified, named
from bot.pipeline.macros import worded
from bot.pipeline.masking import for_many_eyes, with_personal
from bot.pipeline.payouts import order_to_pay
from bot.pipeline.shop import Shop
from bot.pipeline.turns import Known, Line, Outturn
from bot.understanding.marks import asks_whether
from bot.understanding.normalise import normalise
from bot.understanding.recognise import NONE
from bot.understanding.script import TRADITIONAL
from bot.understanding.understand import understand

_NO_LINES = frozenset({BUYER_SAYS.name, desk_replies.DRAFT.name})
"""Posts that are no line of the transcript: the buyer's own line stands there already, and a draft was not said."""
LONGEST_DRAFT = 900
"""Characters: as many as the post of a draft shows, for nobody sends what they have not read."""
LABEL = 80
"""Characters a message may have to be taken for a typed-out button label."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The turn can't be taken before these carriers are asked."""

    parcels: tuple[Parcel, ...]


def take_turn(
    rows: tuple[InboxRow, ...],
    conversation: Conversation,
    known: Known,
    gatherer: Gatherer,
    shop: Shop,
    tracked: Mapping[str, Parcel],
    passed: Callable[[str], None] = lambda _: None,
) -> Outturn | Wanted:
    """One message (or one album) of one conversation, walked; `passed` hears of each step that is over."""
    said = read(rows, shop, conversation, known, gatherer.now)
    actor = gatherer.actor(said)
    incoming = identified(said, actor)
    passed("read")
    meaning = understand_it(incoming, conversation, known, shop, gatherer.now)
    passed("understand")
    facts = gatherer.facts(known, conversation, incoming, meaning, tracked, actor)
    turn = Turn(rows[0].id, gatherer.now, incoming, meaning, conversation, facts, shop.policy, shop.languages)
    turn = worded(turn, shop.macros, shop.render)
    passed("gather")
    decision = decide(turn)
    passed("decide")
    if decision.wants:
        return Wanted(decision.wants)
    result = outturn(rows, turn, decision, shop)
    passed("render")
    return result


def broken_turn(
    rows: tuple[InboxRow, ...], conversation: Conversation, known: Known, gatherer: Gatherer, shop: Shop
) -> Outturn:
    """What follows when a row could not be handled: a person is called, and a buyer who waits for the bot's answer
    hears a kind word. What an agent did or a clock set off is no message of the buyer's."""
    nothing = Meaning("", conversation.language)
    facts = gatherer.facts(known, conversation, Incoming(), nothing, {})
    heard = _as_far_as_read(rows[0], shop)
    did = Incoming()
    if heard:
        did = Incoming(act=heard.act, clock=heard.clock, payout=heard.payout, report=heard.report)
    language = conversation.language or (_hinted(heard, shop) if heard else "")
    conversation_known = replace(conversation, language=language or shop.languages[0])
    turn = Turn(
        rows[0].id, gatherer.now, did, nothing, conversation_known, facts, shop.policy, shop.languages
    )
    if _buyer_waits(rows[0], conversation, heard):
        decision = flag(turn, FlagReason.BROKEN_TURN, HOLDING(), priority=Priority.HIGH)
    else:
        told = notify(turn, FlagReason.BROKEN_TURN, priority=Priority.HIGH)
        decision = replace(told, conversation=replace(told.conversation, talk=conversation.talk))
    decision = carded(turn, attended(turn, decision))
    # Numbered apart from the row's other replies: taken off the shelf it may be answered yet, or fail again.
    return outturn(rows, turn, decision, shop, first=int(gatherer.now.timestamp()) * 10)


def _as_far_as_read(row: InboxRow, shop: Shop) -> Incoming | None:
    try:
        return shop.readers[row.channel](row.payload)
    except Exception:  # noqa: BLE001 -- it may be just this that broke the turn
        return None


def _buyer_waits(row: InboxRow, conversation: Conversation, heard: Incoming | None) -> bool:
    """True for what the bot should have answered; what can't be read may well have come from the buyer."""
    if row.channel != conversation.channel or conversation.holder is not Holder.BOT:
        return False
    return heard is None or (heard.act is None and heard.reaction is None)


def _hinted(incoming: Incoming, shop: Shop) -> str:
    """The language that the buyer's messenger is set to, if the shop answers in it."""
    return next((code for code in shop.languages if incoming.language.lower().startswith(code)), "")


def read(
    rows: tuple[InboxRow, ...], shop: Shop, conversation: Conversation, known: Known, now: datetime
) -> Incoming:
    """What was said: an album's parts as one message, a tap with its button's label."""
    reader = shop.readers.get(rows[0].channel)
    if reader is None:
        raise UnreadableUpdate(f"no channel named {rows[0].channel!r} is known")
    parts = [reader(row.payload) for row in rows]
    texts = [part.text for part in _as_last_worded(parts) if part.text]
    attachments = tuple(attachment for part in parts for attachment in part.attachments)
    marks = tuple(dict.fromkeys(part.ref for part in parts if part.ref))
    whole = replace(parts[0], text="\n".join(texts), attachments=attachments, ref=parts[-1].ref, parts=marks)
    return tapped(whole, conversation, known, shop, now)


def _as_last_worded(parts: Sequence[Incoming]) -> list[Incoming]:
    """Without what was worded otherwise before anybody read it."""
    newer = (*parts[1:], None)
    return [
        part
        for part, after in zip(parts, newer, strict=True)
        if not (after and after.edited and after.ref and after.ref == part.ref)
    ]


def tapped(said: Incoming, conversation: Conversation, known: Known, shop: Shop, now: datetime) -> Incoming:
    """A tap is told by its button's label; a label that is typed out is a tap, unless its question was long ago,
    or it is put as a question itself ("send it?")."""
    if said.choice:
        data = said.choice.data
        labels = {payload: label for label, payload in known.buttons}
        return replace(said, text=labels.get(data) or said.text or said.choice.value)
    if not said.text or len(said.text) > LABEL or said.command or said.act or said.attachments:
        return said
    typed, asks = normalise(said.text), asks_whether(said.text)
    long_ago = shop.policy.aftercare.is_forgotten(conversation.asked_at, now)
    tokens = {talk.token for talk in (conversation.talk, conversation.parked) if talk and not long_ago}
    for label, payload in known.buttons:
        choice = Choice.parse(payload)
        if asks and not asks_whether(label):
            continue
        if typed and normalise(label) == typed and (choice.token in tokens or choice.value == "bot"):
            return replace(said, choice=choice)
    return said


def understand_it(
    incoming: Incoming, conversation: Conversation, known: Known, shop: Shop, now: datetime
) -> Meaning:
    """The meaning of what was said in words."""
    context = replace(
        context_of(conversation, known, _hinted(incoming, shop)),
        today=now.astimezone(shop.policy.timezone).date(),
    )
    meaning = understand(_words(incoming), shop.phrasebook, shop.thresholds, context)
    return replace(meaning, text=incoming.text)


def _words(incoming: Incoming) -> str:
    """What there is to understand; taps, commands, acts and clocks mean what they are."""
    return "" if incoming.choice or incoming.command or incoming.act or incoming.clock else incoming.text


def outturn(
    rows: tuple[InboxRow, ...], turn: Turn, decision: Decision, shop: Shop, first: int = 0
) -> Outturn:
    """The decision in words, ready to commit: the text is fixed here, what was said stays said."""
    lines = _heard(rows, turn, shop)
    drafts: list[Draft] = []
    conversation, shown = _with_draft(turn, decision, shop)
    conversation = with_personal(conversation, decision)
    for count, say in enumerate((*decision.says, *shown), first):
        if say.aside and not shop.staff:
            continue
        line, posted = _said(say, f"{rows[0].id}:{count}", turn, conversation, shop)
        lines += [line] if say.reply not in _NO_LINES and not say.aside else []
        drafts += posted
    drafts += [order_to_pay(effect) for effect in decision.effects if isinstance(effect, PayOut)]
    drafts += _altered(rows, decision, conversation, shop)
    deeds = deeds_of(turn, decision)
    actor = turn.facts.actor.id if turn.facts.actor else None
    wrong = conversation.link_failures > turn.conversation.link_failures
    about, in_words = _about(turn)
    return Outturn(
        rows,
        conversation,
        turn.conversation,
        decision.effects,
        tuple(lines),
        tuple(drafts),
        deeds,
        actor,
        about,
        in_words,
        named(turn.conversation, turn.meaning) if wrong else (),
    )


def _about(turn: Turn) -> tuple[str, bool]:
    """What the turn was about, in a word, and whether it was words."""
    incoming, meaning, talk = turn.incoming, turn.meaning, turn.conversation.talk
    if _words(incoming).strip():
        guessed = meaning.candidates[0].intent if meaning.sureness is not Sureness.UNKNOWN else ""
        unsure = "unknown" if meaning.candidates else NONE
        return guessed or (talk.flow if talk else unsure), True
    happened = {
        "tap": incoming.choice,
        "command": incoming.command,
        "act": incoming.act,
        "clock": incoming.clock,
        "news": incoming.of_itself,
        "file": incoming.attachments,
    }
    return next((kind for kind, what in happened.items() if what), "other"), False


def _with_draft(turn: Turn, decision: Decision, shop: Shop) -> tuple[Conversation, tuple[Say, ...]]:
    """What the bot would say in words, kept for the agent to send, and the post that shows it."""
    conversation = decision.conversation
    if not decision.draft:
        return conversation, ()
    language = conversation.language or shop.languages[0]
    try:
        text = "\n\n".join(written_out(shop.render(say, language).text) for say in decision.draft).strip()
    except TemplateError:
        return conversation, ()  # what the buyer said is more than what the bot would answer
    if conversation.script == TRADITIONAL:
        text = shop.phrasebook.lexicon.traditional(text)
    if len(text) > LONGEST_DRAFT:
        return conversation, ()
    kept = DraftReply(str(turn.serial), text)
    return replace(conversation, draft=kept), (desk.draft(text, kept.id),)


def _in_traditional(rendered: Rendered, shop: Shop) -> Rendered:
    """For who writes Traditional characters; what an agent writes stays as it was written."""
    convert = shop.phrasebook.lexicon.traditional
    buttons = tuple((convert(label), payload) for label, payload in rendered.buttons)
    return Rendered(convert(rendered.text), buttons)


def _heard(rows: tuple[InboxRow, ...], turn: Turn, shop: Shop) -> list[Line]:
    """What the buyer said, as they said it: a thought in pieces is a line a piece, and what it means belongs to none."""
    incoming = turn.incoming
    if incoming.act or incoming.clock or not (incoming.text or incoming.attachments or incoming.command):
        return []
    if len(rows) > 1 and not rows[0].album:
        parts = (shop.readers[row.channel](row.payload) for row in rows)
        return [Line(Speaker.BUYER, part.text, turn.now) for part in parts]
    text = incoming.text or (f"/{incoming.command.name}" if incoming.command else "")
    meaning = _understood_as(turn)
    return [Line(Speaker.BUYER, text, turn.now, attachments=incoming.attachments, meaning=meaning)]


def _understood_as(turn: Turn) -> Explanation | None:
    """What is kept of the meaning the turn was decided on."""
    return explain(prepared(turn).meaning).in_short() if _words(turn.incoming).strip() else None


def _altered(
    rows: tuple[InboxRow, ...], decision: Decision, conversation: Conversation, shop: Shop
) -> list[Draft]:
    """What is changed in the chats without words."""
    found = []
    for count, effect in enumerate(decision.effects):
        if isinstance(effect, Alter) and (effect.to is Audience.BUYER or shop.staff):
            channel, address = _reader(effect.to, conversation)
            found.append(
                Draft(channel, address, f"{rows[0].id}:alter:{count}", effect.text, manner=effect.manner)
            )
    return found


def _reader(to: Audience, conversation: Conversation) -> tuple[str, str]:
    if to is Audience.DESK:
        return STAFF, str(conversation.id)
    return conversation.channel, conversation.address


def _said(say: Say, key: str, turn: Turn, conversation: Conversation, shop: Shop) -> tuple[Line, list[Draft]]:
    if say.reply == desk_replies.NOTED.name:
        return _noted(say, key, turn, shop)
    to_desk, line_says = say.to is Audience.DESK, on_page(say)
    language = shop.languages[0] if to_desk else conversation.language or shop.languages[0]
    rendered = shop.render(line_says, language)
    by_agent = say.reply in (AGENT_SAYS.name, AGENT_CORRECTS.name) and turn.incoming.act is not None
    if conversation.script == TRADITIONAL and not to_desk and not by_agent:
        rendered = _in_traditional(rendered, shop)
    who = Speaker.SYSTEM if to_desk else Speaker.AGENT if by_agent else Speaker.BOT
    line = Line(
        who,
        rendered.text,
        turn.now,
        name=turn.incoming.act.agent if turn.incoming.act and who is not Speaker.BOT else "",
        attachments=say.attachments,
        buttons=rendered.buttons,
        key=key,
        reply=say.reply,
        also=_in_other_languages(line_says, shop) if to_desk and not say.aside else {},
    )
    if to_desk and not shop.staff:
        return replace(line, key=""), []
    channel, address = _reader(say.to, conversation)
    files = say.attachments
    post = rendered if line_says is say else shop.render(say, language)
    text = for_many_eyes(say, post.text, conversation, turn.facts.orders) if to_desk else post.text
    draft = Draft(channel, address, key, text, post.buttons, files, say.manner)
    if not (say.manner.slot and files):
        return line, [draft]
    # What takes the place of an older one can't take its files along: they stand below, for good.
    return line, [replace(draft, attachments=()), Draft(channel, address, f"{key}:files", "", (), files)]


def _noted(say: Say, key: str, turn: Turn, shop: Shop) -> tuple[Line, list[Draft]]:
    """A note as it was typed; posted to the staff group unless it was written there."""
    text, agent = str(say.values["text"]), str(say.values["agent"])
    line = Line(Speaker.NOTE, text, turn.now, name=agent, attachments=say.attachments, reply=say.reply)
    if turn.incoming.posted or not shop.staff:
        return line, []
    post = shop.render(say, shop.languages[0])
    words = for_many_eyes(say, post.text, turn.conversation, turn.facts.orders)
    return line, [Draft(STAFF, str(turn.conversation.id), key, words, post.buttons, say.attachments)]


def _in_other_languages(say: Say, shop: Shop) -> dict[str, Rendered]:
    """A note for agents whose page is in another language than the shop's main one. A wording that fails is left out:
    the main one is there."""
    found = {}
    for language in shop.languages[1:] if say.reply != BUYER_SAYS.name else ():
        with contextlib.suppress(TemplateError):
            found[language] = shop.render(say, language)
    return found
