"""What stands in two chats: whose copy a message is, what takes the place of what, and what goes out together."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.decision import TakeBack
from bot.domain.manner import CARD, Manner, Operation
from bot.pipeline.arrivals import Arrival
from bot.pipeline.deliveries import STAFF, Copy, Delivery, Draft, Outcome, Settled
from bot.pipeline.turns import Outturn
from bot.store.database import SqlDatabase
from tests.store.samples import NOW, commits, outturn, talk
from tests.stores import rows

LINE = Manner(joins=True)


async def post(database: SqlDatabase, *drafts: tuple[str, Manner], channel: str = STAFF) -> int:
    """Into the conversation's topic, as one turn; the conversation's number."""
    ann = await talk(database)
    queued = tuple(Draft(channel, str(ann.id), f"the {text}", text, manner=manner) for text, manner in drafts)
    await database.write_alone(commits(Outturn((), ann, ann, (), (), queued)))
    return ann.id


async def lease(database: SqlDatabase) -> list[Delivery]:
    return await database.write_alone(lambda unit: unit.lease(NOW, (STAFF,), 10))


async def settle(database: SqlDatabase, delivery: Delivery, outcome: Outcome, *copies: Copy) -> None:
    done = Settled(
        delivery.id,
        outcome,
        retry_at=NOW,
        uncertain=outcome is Outcome.RETRY,
        joined=delivery.joined,
        conversation_id=delivery.conversation_id,
        copies=copies,
    )
    await database.write(lambda unit: unit.settle([done], NOW))


async def states(database: SqlDatabase) -> list[str]:
    return [row["state"] for row in await rows(database, "outbox")]


async def test_lines_that_wait_are_leased_and_settled_together(database: SqlDatabase) -> None:
    await post(database, ("a", LINE), ("b", Manner(joins=True, of=("7",))), ("alarm", Manner()), ("c", LINE))
    [first] = await lease(database)
    assert (first.text, first.manner.of, len(first.joined)) == ("a\nb", ("7",), 1)
    assert await lease(database) == []
    await settle(database, first, Outcome.RETRY)
    [again] = await lease(database)
    assert (again.text, again.uncertain) == ("a\nb", 1)
    await settle(database, again, Outcome.SENT)
    assert await states(database) == ["sent", "sent", "queued", "queued"]
    [alarm] = await lease(database)
    assert (alarm.text, alarm.joined) == ("alarm", ())


async def test_of_each_slot_only_the_newest_waits(database: SqlDatabase) -> None:
    card = Manner(slot=CARD)
    await post(database, ("one", card), ("line", LINE), ("two", card))
    assert await states(database) == ["queued", "queued"], "within a turn"
    await post(database, ("three", card))
    await post(database, ("name", Manner(operation=Operation.TOPIC, slot="topic")))
    assert await states(database) == ["queued", "withdrawn", "queued", "queued"]
    found = [row["payload"]["text"] for row in await rows(database, "outbox") if row["state"] == "queued"]
    assert found == ["line", "three", "name"]


async def test_what_somebody_is_sending_or_may_have_sent_is_not_withdrawn(database: SqlDatabase) -> None:
    card = Manner(slot=CARD)
    await post(database, ("one", card))
    [sending] = await lease(database)
    await post(database, ("two", card))
    assert await states(database) == ["sending", "queued"]
    await settle(database, sending, Outcome.RETRY)
    await post(database, ("three", card))
    assert await states(database) == ["queued", "withdrawn", "queued"]


async def test_the_last_card_that_was_posted(database: SqlDatabase) -> None:
    number = await post(database, ("one", Manner(slot=CARD)))
    assert await database.read(lambda unit: unit.last_card(number)) is None
    [delivery] = await lease(database)
    await settle(database, delivery, Outcome.SENT)
    await post(database, ("a line", LINE), ("two", Manner(slot=CARD)))
    last = await database.read(lambda unit: unit.last_card(number))
    assert last is not None
    assert last.text == "one"


async def test_a_message_finds_its_copy_in_the_other_chat_and_back(database: SqlDatabase) -> None:
    ann, bob = await talk(database, "ann"), await talk(database, "bob")
    said = (
        Copy(STAFF, "501", "k1", "11"),
        Copy(STAFF, "501", "k1", "12"),
        Copy("telegram", "21", "k2", "601"),
    )
    await database.write(lambda unit: unit.put_copies([(ann.id, said)]))
    await database.write(lambda unit: unit.put_copies([(ann.id, said)]))  # once more, by a retry
    await database.write(lambda unit: unit.put_copies([(bob.id, [Copy("telegram", "31", "k3", "602")])]))
    read = database.read
    assert await read(lambda unit: unit.twin(ann.id, STAFF, "12")) == "501"
    assert await read(lambda unit: unit.twin(ann.id, "telegram", "501")) == "11"
    assert await read(lambda unit: unit.twin(ann.id, STAFF, "21")) == "601"
    assert await read(lambda unit: unit.twin(ann.id, "telegram", "601")) == "21"
    assert await read(lambda unit: unit.twin(bob.id, STAFF, "12")) == ""
    assert await read(lambda unit: unit.carried(ann.id, STAFF, "501")) == ["11", "12"]
    assert await read(lambda unit: unit.copies(ann.id, "telegram", of=("601",))) == ["21"]
    assert await read(lambda unit: unit.copies(ann.id, "telegram", key="k2")) == ["21"]
    assert await read(lambda unit: unit.copies(ann.id, "telegram")) == []


async def test_what_is_about_a_message_of_the_group_goes_to_its_conversation(database: SqlDatabase) -> None:
    ann = await talk(database)
    said = (Copy(STAFF, "501", "k1", "11"), Copy("telegram", "21", "k2", "601"))
    await database.write(lambda unit: unit.put_copies([(ann.id, said)]))
    arrivals = [Arrival("telegram", mark, {}, staff_message=mark) for mark in ("501", "601", "21", "11")]
    await database.write(lambda unit: unit.receive(arrivals, NOW))
    found = [row["conversation_id"] for row in await rows(database, "inbox")]
    assert found == [ann.id, ann.id, None, None]


async def test_what_is_taken_back_is_not_sent_and_not_shown_any_more(database: SqlDatabase) -> None:
    ann = await talk(database)
    await database.write_alone(commits(outturn(ann, said=("one", "two"))))
    await database.write_alone(commits(outturn(ann, TakeBack("k:1")), at=NOW + timedelta(seconds=1)))
    assert await states(database) == ["queued", "withdrawn"]
    lines = await database.read(lambda unit: unit.transcript(ann.id))
    assert [line.gone for line in lines] == [False, True]
    assert await database.read(lambda unit: unit.taken_back(ann.id)) == [lines[1].id]
    assert [line.gone for line in await database.read(lambda unit: unit.spoken(ann.id, 9))] == [False, True]
