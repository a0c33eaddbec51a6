"""What the desk, the chats and the operator see."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.domain.cases import Case, Event, Role, State
from bot.domain.conversation import Conversation, Flag, FlagReason, Holder, Priority
from bot.domain.decision import OpenCase
from bot.domain.messages import Attachment, Medium, Speaker
from bot.pipeline.chats import Topic
from bot.pipeline.deliveries import Outcome, Rendered, Settled
from bot.pipeline.ports import Unit
from bot.pipeline.turns import Line, Outturn
from bot.store.database import SqlDatabase
from bot.store.unit import SqlUnit
from tests.store.samples import (
    HOUR,
    MEANING,
    NOW,
    claim,
    commits,
    message,
    moved,
    opened,
    order,
    outturn,
    receive,
    shop_with,
    talk,
)
from tests.stores import rows

PHOTO = Attachment(Medium.PHOTO, "telegram:1", "box.jpg", 12)


async def write(database: SqlDatabase, conversation: Conversation, *lines: Line) -> None:
    await database.write_alone(commits(Outturn((), conversation, conversation, lines=lines)))


def line(text: str, who: Speaker = Speaker.BUYER, at: datetime = NOW) -> Line:
    return Line(who, text, at)


# -- the transcript -----------------------------------------------------------------------------------------------


async def test_the_transcript_begins_with_the_newest_lines_oldest_first(database: SqlDatabase) -> None:
    ann, bob = await talk(database), await talk(database, "bob")
    await write(database, ann, *(line(f"a{n}") for n in range(5)))
    await write(database, bob, line("b"))
    newest = await database.read(lambda unit: unit.transcript(ann.id, limit=3))
    assert [one.text for one in newest] == ["a2", "a3", "a4"]


async def test_what_is_overheard_is_all_conversations_without_what_the_desk_read(
    database: SqlDatabase,
) -> None:
    ann, bob = await talk(database), await talk(database, "bob")
    await write(database, ann, line("old"), line("hello"), line("Hi.", Speaker.BOT))
    await write(database, bob, line("a card", Speaker.SYSTEM), line("a note", Speaker.NOTE), line("where"))
    await write(database, ann, line("bye"))
    found = await database.read(lambda unit: unit.overheard(limit=4))
    said = {number: [one.text for one in lines] for number, lines in found.items()}
    assert said == {ann.id: ["hello", "Hi.", "bye"], bob.id: ["where"]}


def _two_more(conversation_id: int, after: int, unit: Unit) -> list[Line]:
    return unit.transcript(conversation_id, after=after, limit=2)


async def test_reading_on_from_a_line_misses_and_repeats_nothing(database: SqlDatabase) -> None:
    ann = await talk(database)
    await write(database, ann, *(line(f"a{n}") for n in range(7)))
    first = (await database.read(lambda unit: unit.transcript(ann.id)))[0]
    read, after = [first.text], first.id
    while page := await database.read(partial(_two_more, ann.id, after)):
        read += [one.text for one in page]
        after = page[-1].id
    assert read == [f"a{n}" for n in range(7)]


async def test_a_line_comes_back_as_it_was_written(database: SqlDatabase) -> None:
    ann = await talk(database)
    written = Line(Speaker.AGENT, "好的 <b>", NOW, "小周", (PHOTO,), (("好", "7|confirm|yes"),))
    await write(database, ann, written)
    [read] = await database.read(lambda unit: unit.transcript(ann.id))
    assert replace(read, id=0) == written


async def test_a_line_keeps_what_it_meant_or_the_name_of_its_reply(database: SqlDatabase) -> None:
    ann = await talk(database)
    heard, said = replace(line("退款"), meaning=MEANING), replace(line("?", Speaker.BOT), reply="talk/guess")
    await write(database, ann, heard, said)
    read = await database.read(lambda unit: unit.transcript(ann.id))
    assert [replace(one, id=0) for one in read] == [heard, said]
    assert await database.read(lambda unit: unit.overheard()) == {ann.id: read}


async def test_a_note_keeps_its_words_in_other_languages(database: SqlDatabase) -> None:
    ann = await talk(database)
    english = Rendered("Mia <b>has it</b>", (("Back to the bot", "desk|act|release"),))
    note = Line(Speaker.SYSTEM, "Mia 已接手", NOW, also={"en": english})
    await write(database, ann, note)
    [read] = await database.read(lambda unit: unit.transcript(ann.id))
    assert replace(read, id=0) == note
    assert (read.worded("en").text, read.worded("en").buttons) == (english.text, english.buttons)
    assert read.worded("zh") == read.worded("fr") == read


async def test_buttons_shown_lately_are_remembered_newest_line_first(database: SqlDatabase) -> None:
    ann, bob = await talk(database), await talk(database, "bob")
    for name, conversation in (("old", ann), ("new", ann), ("bobs", bob)):
        shown = Line(Speaker.BOT, name, NOW, buttons=((name, f"1|x|{name}"), ("more", f"1|y|{name}")))
        await write(database, conversation, shown, line("no buttons", Speaker.BOT))
    found = await database.read(lambda unit: unit.buttons(ann.id))
    assert found == [("new", "1|x|new"), ("more", "1|y|new"), ("old", "1|x|old"), ("more", "1|y|old")]


# -- the agents' list ---------------------------------------------------------------------------------------------


async def holding(
    database: SqlDatabase,
    name: str,
    holder: Holder,
    flagged: datetime | None = None,
    priority: Priority = Priority.NORMAL,
    spoke: datetime = NOW,
) -> None:
    conversation = await talk(database, name)
    mark = Flag(FlagReason.BUYER_ASKS, priority, flagged) if flagged else None
    after = replace(conversation, holder=holder, flag=mark)
    turn = Outturn((), after, conversation, lines=(line(name, at=spoke),))
    await database.write_alone(commits(turn))


async def test_the_agents_list_is_most_urgent_then_longest_waiting_then_newest(database: SqlDatabase) -> None:
    await holding(database, "quiet", Holder.BOT, spoke=NOW - 3 * HOUR)
    await holding(database, "chatting", Holder.BOT, spoke=NOW)
    await holding(database, "in hand, not flagged", Holder.AGENT, spoke=NOW - HOUR)
    await holding(database, "in hand", Holder.AGENT, flagged=NOW - HOUR)
    await holding(database, "told of", Holder.BOT, flagged=NOW - 2 * HOUR)
    await holding(database, "waits short", Holder.QUEUED, flagged=NOW - HOUR)
    await holding(database, "waits long", Holder.QUEUED, flagged=NOW - 2 * HOUR)
    await holding(database, "soon", Holder.QUEUED, flagged=NOW, priority=Priority.HIGH)
    await holding(database, "in danger", Holder.QUEUED, flagged=NOW, priority=Priority.URGENT)
    listed = await database.read(lambda unit: unit.waiting())
    assert [item.last_line for item in listed] == [
        "in danger",
        "soon",
        "waits long",
        "waits short",
        "told of",
        "in hand",
        "in hand, not flagged",
        "chatting",
        "quiet",
    ]
    assert len(await database.read(lambda unit: unit.waiting(limit=3))) == 3


async def test_cases_that_wait_for_the_shop_follow_the_flagged_by_deadline(database: SqlDatabase) -> None:
    await database.write(lambda unit: unit.put_orders([order(f"A{n}") for n in range(1, 7)]))
    await holding(database, "quiet", Holder.BOT)
    await holding(database, "in hand", Holder.AGENT)
    await holding(database, "late", Holder.BOT)
    await holding(database, "soon", Holder.BOT, spoke=NOW - HOUR)
    await holding(database, "flagged", Holder.QUEUED, flagged=NOW)
    await holding(database, "locked", Holder.BOT, spoke=NOW - HOUR)
    await holding(database, "refused", Holder.BOT, spoke=NOW - 2 * HOUR)

    async def apply_for(name: str, number: str, *, earlier: int = 0) -> tuple[Conversation, Case]:
        ann = await talk(database, name)
        fresh = opened(ann.id, f"R{number}", f"A{number}")
        case = replace(fresh.outcome.case, due_at=NOW + (72 - earlier) * HOUR)
        applied = OpenCase(replace(fresh.outcome, case=case))
        await database.write_alone(commits(outturn(ann, applied, key=number)))
        return ann, case

    await apply_for("late", "1")
    await apply_for("soon", "2", earlier=1)
    await apply_for("soon", "3", earlier=2)
    await apply_for("flagged", "4", earlier=9)
    for name, number, event in (("locked", "5", Event.INTERVENE), ("refused", "6", Event.REFUSE)):
        ann, case = await apply_for(name, number)
        step = moved(case, event, Role.AGENT, why="no")
        await database.write_alone(commits(outturn(ann, step, key=f"m{number}")))

    listed = await database.read(lambda unit: unit.waiting())
    assert [(item.last_line, item.state, item.due_at) for item in listed] == [
        ("flagged", State.WAIT_SELLER_AGREE, NOW + 63 * HOUR),
        ("soon", State.WAIT_SELLER_AGREE, NOW + 70 * HOUR),
        ("late", State.WAIT_SELLER_AGREE, NOW + 72 * HOUR),
        ("in hand", None, None),
        ("quiet", None, None),
        ("locked", None, None),
        ("refused", None, None),
    ]


async def test_the_list_shows_the_last_thing_said_but_not_the_desks_own_notes(database: SqlDatabase) -> None:
    ann = await talk(database)
    await write(
        database, ann, line("help"), line("on it", Speaker.AGENT, NOW + HOUR), line("card", Speaker.SYSTEM)
    )
    await write(database, ann, line("mind this one", Speaker.NOTE))
    [item] = await database.read(lambda unit: unit.waiting())
    assert (item.conversation, item.last_line, item.last_at) == (ann, "on it", NOW + HOUR)


async def test_the_list_shows_what_a_buyer_waits_with_and_not_that_the_bot_called_somebody(
    database: SqlDatabase,
) -> None:
    called = line("Somebody will see to it.", Speaker.BOT)
    await holding(database, "where is it", Holder.QUEUED, flagged=NOW)
    await write(database, await talk(database, "where is it"), line(""), called)
    await holding(database, "thanks", Holder.BOT)
    await write(database, await talk(database, "thanks"), line("You're welcome.", Speaker.BOT))
    await database.write(lambda unit: unit.conversation_at("web", "only told", NOW))
    only_told = replace(await talk(database, "only told"), holder=Holder.QUEUED)
    await database.write_alone(commits(Outturn((), only_told, only_told, lines=(called,))))
    listed = await database.read(lambda unit: unit.waiting())
    assert {item.conversation.address: item.last_line for item in listed} == {
        "where is it": "where is it",
        "thanks": "You're welcome.",
        "only told": "Somebody will see to it.",
    }


async def test_a_conversation_in_which_nothing_was_said_is_not_listed(database: SqlDatabase) -> None:
    await talk(database)
    assert await database.read(lambda unit: unit.waiting()) == []


# -- conversations ------------------------------------------------------------------------------------------------


async def test_a_conversation_is_begun_once(database: SqlDatabase) -> None:
    assert await database.read(lambda unit: unit.find_conversation("web", "ann")) is None
    first = await database.write(lambda unit: unit.conversation_at("web", "ann", NOW, "Ann"))
    again = await database.write(lambda unit: unit.conversation_at("web", "ann", NOW + HOUR, "Somebody"))
    assert again == first
    assert await database.read(lambda unit: unit.find_conversation("web", "ann")) == first
    [begun] = await rows(database, "conversations")
    assert begun["created_at"] == NOW
    assert first.name == "Ann"
    assert await database.read(lambda unit: unit.conversation(first.id)) == first
    assert await database.read(lambda unit: unit.conversation(first.id + 1)) is None


async def test_the_staff_topic_is_remembered_as_it_looks_now(database: SqlDatabase) -> None:
    ann = await talk(database)
    assert await database.read(lambda unit: unit.topic(ann.id)) is None
    for topic in (
        Topic(77),
        Topic(77, "ann", closed=True, card=5),
        Topic(77, "ann", card=5, pinned=True),
        Topic(78),
    ):
        await database.write(partial(SqlUnit.put_topic, conversation_id=ann.id, topic=topic))
        assert await database.read(lambda unit: unit.topic(ann.id)) == topic
        found = await database.read(lambda unit: unit.conversation(ann.id))
        assert found is not None
        assert found.staff_thread == topic.thread


async def test_a_turn_does_not_undo_the_topic_that_was_set_while_it_was_taken(database: SqlDatabase) -> None:
    ann = await talk(database)
    await database.write(lambda unit: unit.put_topic(ann.id, Topic(77)))
    await database.write_alone(commits(outturn(ann, after=replace(ann, misses=1))))
    found = await database.read(lambda unit: unit.conversation(ann.id))
    assert found == replace(ann, misses=1, staff_thread=77)


# -- status -------------------------------------------------------------------------------------------------------


async def test_an_empty_store_has_nothing_to_report(database: SqlDatabase) -> None:
    status = await database.read(lambda unit: unit.status())
    assert (status.inbox_due, status.outbox_due, status.shunted, status.deadlines_waiting) == (0, 0, 0, 0)
    assert (status.inbox_oldest, status.outbox_oldest, status.next_deadline) == (None, None, None)
    assert (status.conversations, status.outbox, status.uncertain) == ({}, {}, 0)


async def test_status_counts_each_queue_and_tells_its_oldest(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    await receive(database, message("broken", 0, "bob"), at=NOW - HOUR)
    await receive(database, message("m1", 1), at=NOW - timedelta(minutes=5))
    await receive(database, message("m2", 2))
    broken, _ = await claim(database)
    await database.write(lambda unit: unit.shunt(broken.rows, "boom"))
    queued = replace(ann, holder=Holder.QUEUED)
    await database.write_alone(commits(outturn(ann, opened(ann.id), after=queued, said=("a", "b", "c"))))
    [head] = await database.write_alone(lambda unit: unit.lease(NOW, ["web"], 1))
    await database.write(lambda unit: unit.settle([Settled(head.id, Outcome.SENT)], NOW))
    await database.write_alone(lambda unit: unit.lease(NOW, ["web"], 1))

    status = await database.read(lambda unit: unit.status())
    assert (status.inbox_due, status.inbox_oldest) == (2, NOW - timedelta(minutes=5))
    assert (status.outbox_due, status.outbox_oldest) == (2, NOW)
    assert (status.shunted, status.deadlines_waiting, status.next_deadline) == (1, 2, NOW + 66 * HOUR)
    assert status.conversations == {"queued": 1, "bot": 1}
    assert status.outbox == {"sending": 1, "queued": 1}
