"""Which rows are read together: the parts of an album, the edit of a message nobody has read yet, the pieces of one thought."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.conversation import Conversation, Holder, Standing
from bot.domain.meaning import Meaning
from bot.domain.messages import Incoming
from bot.pipeline.arrivals import InboxRow
from bot.pipeline.shop import Shop
from bot.pipeline.turns import Known
from bot.pipeline.walk import understand_it
from bot.understanding.precedence import SMALL_TALK, STORIES

WITHIN = timedelta(seconds=5)
"""Between two pieces of one thought at most."""
MOST = 5
"""Pieces of one thought."""
SHORT = 40
"""Characters of a piece."""
_OF_WHAT_NEVER_CAME = frozenset({"hurry_parcel", "refund_status", "request_refund", "track_parcel"})
"""What "why is it not here yet" and "refund" sound like: one thought, the first is why the second is asked for."""


def first_message(
    rows: tuple[InboxRow, ...], conversation: Conversation, known: Known, shop: Shop, now: datetime
) -> tuple[InboxRow, ...]:
    """The oldest row with those that are read with it.

    Short plain words that came within seconds of each other ("refund", "the earphones", "broken") are one message where at
    least one of them means nothing sure by itself and no two ask for different things. While a question is open, or people
    have the conversation, each is read by itself; also while the buyer writes more than is answered.
    """
    flood = conversation.pace.at(now).count > shop.policy.messages_a_minute
    if rows[0].album or flood:
        return alone(rows)
    said = _plain(rows, conversation, shop)
    edits = _edits(said)
    if edits > 1 or len(said) <= 1 or _awaits_an_answer(conversation):
        return rows[: max(edits, 1)]
    return rows[: _pieces(rows, said, conversation, known, shop, now)]


def alone(rows: tuple[InboxRow, ...]) -> tuple[InboxRow, ...]:
    """The oldest row, with the other parts of its album when it is one."""
    album = rows[0].album
    return tuple(row for row in rows if row.album == album) if album else rows[:1]


def _plain(rows: tuple[InboxRow, ...], conversation: Conversation, shop: Shop) -> list[Incoming]:
    """What the first rows say, as far as it is the buyer's plain words."""
    found: list[Incoming] = []
    for row in rows[:MOST]:
        said = _read(row, conversation, shop)
        if said is None:
            break
        found.append(said)
    return found


def _read(row: InboxRow, conversation: Conversation, shop: Shop) -> Incoming | None:
    reader = shop.readers.get(row.channel)
    if reader is None or row.channel != conversation.channel or row.album:
        return None
    try:
        said = reader(row.payload)
    except Exception:  # noqa: BLE001 -- whatever can't be read is dealt with in its own turn
        return None
    other = (said.attachments, said.choice, said.command, said.contact, said.act, said.of_itself)
    return said if said.text.strip() and not any(other) else None


def _edits(said: list[Incoming]) -> int:
    """How many of the first rows are one message and its edits."""
    count = 1
    while count < len(said) and said[count].edited and said[count].ref and said[count].ref == said[0].ref:
        count += 1
    return count


def _awaits_an_answer(conversation: Conversation) -> bool:
    talk, parked = conversation.talk, conversation.parked
    asked = talk is not None and bool(talk.asking)
    offered = parked is not None and parked.standing is Standing.OFFERED
    return asked or offered or conversation.holder is not Holder.BOT


def _pieces(
    rows: tuple[InboxRow, ...],
    said: list[Incoming],
    conversation: Conversation,
    known: Known,
    shop: Shop,
    now: datetime,
) -> int:
    """How many of the first rows are the pieces of one thought; 1 where the first stands for itself."""
    wishes: set[str] = set()
    count, whole, never_came = 0, True, False
    for row, one in zip(rows, said, strict=False):
        if (
            len(one.text) > SHORT
            or one.edited
            or (count and row.received_at - rows[count - 1].received_at > WITHIN)
        ):
            break
        try:
            meaning = understand_it(one, conversation, known, shop, now)
        except Exception:  # noqa: BLE001 -- it fails again in a turn of its own, and is counted and shelved there
            break
        intent = meaning.intent
        wished = {intent} - SMALL_TALK - STORIES if intent else set()
        never_came |= meaning.slots.get("received") == "no"
        if len(wishes | wished) > 1 and not (never_came and wishes | wished <= _OF_WHAT_NEVER_CAME):
            break
        wishes |= wished
        whole = whole and _whole(meaning)
        count += 1
    return 1 if whole and len(wishes) <= 1 else max(count, 1)


def _whole(meaning: Meaning) -> bool:
    """True for what is sure to ask or say something by itself; a number, or marks alone, stand for themselves too."""
    if meaning.exact & {"order_number", "tracking_number"} or not any(map(str.isalpha, meaning.text)):
        return True
    return meaning.intent is not None and meaning.intent not in STORIES
