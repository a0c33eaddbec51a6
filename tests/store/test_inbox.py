"""What comes in is stored once, claimed in order, and ends done or on the shelf."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.util import await_only

from bot.errors import StoreError
from bot.pipeline.arrivals import Arrival, Claimed
from bot.pipeline.chats import Topic
from bot.pipeline.deliveries import Outcome, Settled
from bot.pipeline.ports import Unit
from bot.store.claims import IN_A_ROW
from bot.store.database import SqlDatabase
from bot.store.inbox import ALBUM_PAUSE
from tests.store.samples import NOBODY, NOW, claim, message, outturn, receive, talk, texts
from tests.stores import everything, rows

LATER = NOW + timedelta(minutes=1)


# -- arriving -----------------------------------------------------------------------------------------------------


async def test_the_same_update_twice_is_one_row(database: SqlDatabase) -> None:
    assert await receive(database, message("hi", 1)) == 1
    assert await receive(database, message("hi again", 1)) == 0
    assert await receive(database, message("one", 2), message("two", 2)) == 1
    assert [row["payload"]["text"] for row in await rows(database, "inbox")] == ["hi", "one"]


async def test_the_same_origin_in_two_channels_is_two_things(database: SqlDatabase) -> None:
    here, there = message("hi", 1), Arrival("telegram", "web:1", {"text": "hi"}, "ann")
    assert await receive(database, here, there) == 2


async def test_a_new_address_begins_a_conversation_and_a_known_one_goes_on(database: SqlDatabase) -> None:
    await receive(database, message("a", 1, "ann"), message("b", 2, "bob"), message("c", 3, "ann"))
    await receive(database, message("d", 4, "bob"))
    of = {row["id"]: row["address"] for row in await rows(database, "conversations")}
    assert sorted(of.values()) == ["ann", "bob"]
    assert [of[row["conversation_id"]] for row in await rows(database, "inbox")] == [
        "ann",
        "bob",
        "ann",
        "bob",
    ]


async def test_the_same_address_in_another_channel_is_somebody_else(database: SqlDatabase) -> None:
    await receive(database, message("a", 1, "42"), Arrival("telegram", "update:1", {"text": "b"}, "42"))
    assert len(await rows(database, "conversations")) == 2


async def test_what_is_said_in_a_staff_topic_goes_to_the_topics_conversation(database: SqlDatabase) -> None:
    ann, bob = await talk(database, "ann"), await talk(database, "bob")
    await database.write(lambda unit: unit.put_topic(bob.id, Topic(77)))
    await receive(database, Arrival("telegram", "update:1", {"text": "yes"}, staff_thread=77))
    await receive(database, Arrival("telegram", "update:2", {"text": "where?"}, staff_thread=78))
    assert [row["conversation_id"] for row in await rows(database, "inbox")] == [bob.id, None]
    assert ann.id != bob.id


async def test_an_agents_act_on_the_web_names_its_conversation(database: SqlDatabase) -> None:
    ann = await talk(database)
    await receive(database, Arrival("desk", "desk:1", {"text": "claim"}, conversation_id=ann.id))
    [claimed] = await claim(database)
    assert claimed.conversation == ann


async def test_an_act_on_a_conversation_that_does_not_exist_is_refused(database: SqlDatabase) -> None:
    before = await everything(database)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await receive(
            database, message("hi", 1), Arrival("desk", "desk:1", {"text": "x"}, conversation_id=99)
        )
    assert await everything(database) == before


async def test_what_belongs_to_nobody_waits_aside_and_is_not_claimed(database: SqlDatabase) -> None:
    await receive(database, Arrival("telegram", "update:1", {"text": "a poll closed"}), message("hi", 1))
    assert texts(await claim(database)) == [["hi"]]
    [stray] = await database.write_alone(lambda unit: unit.strays(10))
    await database.write(lambda unit: unit.finish([stray], NOW))
    assert await database.write_alone(lambda unit: unit.strays(10)) == []


# -- claiming -----------------------------------------------------------------------------------------------------


async def test_conversations_are_claimed_oldest_waiting_first_with_their_rows_in_order(
    database: SqlDatabase,
) -> None:
    await receive(database, message("a1", 1, "ann"), message("b1", 2, "bob"), message("a2", 3, "ann"))
    assert texts(await claim(database)) == [["a1", "a2"], ["b1"]]
    assert texts(await claim(database, limit=1)) == [["a1", "a2"]]


async def test_a_skipped_conversation_leaves_its_place_to_the_next(database: SqlDatabase) -> None:
    await receive(database, *(message(name, name, name) for name in ("ann", "bob", "cat")))
    first, _, _ = await claim(database)
    skip = frozenset({first.conversation.id})
    assert texts(await claim(database, skip=skip)) == [["bob"], ["cat"]]
    assert texts(await claim(database, skip=skip, limit=1)) == [["bob"]]


async def test_a_postponed_message_holds_up_its_own_conversation_only(database: SqlDatabase) -> None:
    await receive(database, message("a1", 1, "ann"), message("b1", 2, "bob"), message("a2", 3, "ann"))
    ann, _ = await claim(database)
    await database.write(lambda unit: unit.postpone(ann.rows[:1], LATER, "the carrier is asleep"))
    assert texts(await claim(database)) == [["b1"]]
    again = await claim(database, at=LATER)
    assert texts(again) == [["a1", "a2"], ["b1"]]
    assert [row.attempts for row in again[0].rows] == [1, 0]


async def test_a_message_that_must_wait_holds_back_what_was_said_after_it(database: SqlDatabase) -> None:
    await receive(database, message("a1", 1), message("a2", 2), message("a3", 3))
    [ann] = await claim(database)
    await database.write(lambda unit: unit.postpone(ann.rows[1:2], LATER, ""))
    assert texts(await claim(database)) == [["a1"]]


async def test_a_buyer_who_writes_hundreds_of_messages_starves_nobody(database: SqlDatabase) -> None:
    await receive(database, *(message(f"flood {n}", f"f{n}", "flooder") for n in range(150)))
    for start in range(150, 600, 150):
        await receive(
            database, *(message(f"flood {n}", f"f{n}", "flooder") for n in range(start, start + 150))
        )
    await receive(database, message("excuse me", 1, "ann"))
    ann, flooder = await claim(database)
    assert texts([ann]) == [["excuse me"]]
    assert flooder.rows[0].payload["text"] == "flood 0"
    assert (ann.yields, flooder.yields) == (False, True)


async def test_the_rest_of_a_flood_waits_behind_others_too_and_for_some_minutes(
    database: SqlDatabase,
) -> None:
    await receive(database, *(message(f"f{n}", f"f{n}", "flooder") for n in range(IN_A_ROW + 3)))
    [flooder] = await claim(database)
    await database.write(
        lambda unit: unit.commit([outturn(flooder.conversation, rows=flooder.rows[3:])], NOW)
    )
    await receive(database, message("excuse me", 1, "ann"), at=LATER)
    assert [one.conversation.address for one in await claim(database, at=LATER)] == ["ann", "flooder"]
    later = LATER + timedelta(minutes=10)
    assert [one.conversation.address for one in await claim(database, at=later)] == ["flooder", "ann"]


async def test_who_floods_while_all_they_wrote_before_is_answered_is_known_at_once(
    sqlite_template: Path, tmp_path: Path
) -> None:
    """On SQLite; with several processes on PostgreSQL as soon as it is claimed."""
    shutil.copy(sqlite_template, tmp_path / "shop.db")
    async with SqlDatabase(f"sqlite:///{tmp_path / 'shop.db'}") as database:
        await receive(database, message("f", "f0", "flooder"), message("hi", 1, "ann"))
        await receive(database, *(message("f", f"f{n}", "flooder") for n in range(1, IN_A_ROW + 1)))
        await receive(database, message("hi", 2, "ann"), message("hi", 3, "ann"))
        flooded = {row["address"]: row["flooded_at"] for row in await rows(database, "conversations")}
    assert flooded["flooder"] is not None
    assert flooded["ann"] is None


async def test_what_is_said_after_a_flood_waits_for_what_was_said_to_it(database: SqlDatabase) -> None:
    await receive(database, *(message(f"f{n}", f"f{n}", "flooder") for n in range(IN_A_ROW + 1)))
    [flooder] = await claim(database)
    said = replace(outturn(flooder.conversation, rows=flooder.rows, said=("f",), key="f"), yields=True)
    await database.write(lambda unit: unit.commit([said], NOW))
    calm = LATER + timedelta(minutes=10)
    await receive(database, message("thanks", 1, "flooder"), at=calm)
    assert [one.yields for one in await claim(database, at=calm)] == [True]
    [reply] = await database.write_alone(lambda unit: unit.lease(calm, ["web"], 9))
    await database.write(lambda unit: unit.settle([Settled(reply.id, Outcome.SENT, "m")], calm))
    assert [one.yields for one in await claim(database, at=calm)] == [False]


async def test_of_many_who_flood_few_are_taken_at_once_beside_all_others(database: SqlDatabase) -> None:
    for who in range(20):
        await receive(database, *(message("x", f"{who}:{n}", f"flooder{who}") for n in range(IN_A_ROW + 1)))
    await receive(database, message("a", "a", "ann"), message("b", "b", "bob"))
    found = await claim(database, limit=64)
    assert [one.yields for one in found] == [False, False, *[True] * 8]


async def test_workers_share_those_who_flood(postgres_address: str) -> None:
    async with SqlDatabase(postgres_address) as one, SqlDatabase(postgres_address) as two:
        for who in range(16):
            await receive(one, *(message("x", f"{who}:{n}", f"flooder{who}") for n in range(IN_A_ROW + 1)))
        first: list[Claimed] = []
        claimed, may_commit = asyncio.Event(), asyncio.Event()

        def work(unit: Unit) -> None:
            first.extend(unit.claim(NOW, 64, NOBODY))
            claimed.set()
            await_only(may_commit.wait())

        working = asyncio.create_task(one.write_alone(work))
        await claimed.wait()
        try:
            second = await claim(two, limit=64)
        finally:
            may_commit.set()
            await working
        assert len({item.conversation.id for item in (*first, *second)}) == 16


async def test_many_pictures_and_words_beside_them_are_no_flood(database: SqlDatabase) -> None:
    parts = (message(f"p{n}", f"p{n}", album="x") for n in range(10))
    await receive(database, message("look", 1), *parts, message("broken", 2))
    [ann] = await claim(database, at=LATER)
    assert not ann.yields


async def test_finished_rows_are_not_claimed_again(database: SqlDatabase) -> None:
    await receive(database, message("a1", 1), message("a2", 2))
    [ann] = await claim(database)
    await database.write(lambda unit: unit.commit([outturn(ann.conversation, rows=ann.rows[:1])], NOW))
    assert texts(await claim(database)) == [["a2"]]


# -- albums -------------------------------------------------------------------------------------------------------


async def test_the_parts_of_an_album_wait_until_the_last_one_settles(database: SqlDatabase) -> None:
    part = timedelta(milliseconds=600)
    await receive(database, message("p1", 1, album="x"))
    await receive(database, message("p2", 2, album="x"), at=NOW + part)
    await receive(database, message("p3", 3, album="x"), at=NOW + 2 * part)
    settled = NOW + 2 * part + ALBUM_PAUSE
    assert await claim(database, at=settled - timedelta(microseconds=1)) == []
    assert texts(await claim(database, at=settled)) == [["p1", "p2", "p3"]]


async def test_an_album_holds_up_nobody_else_and_nothing_said_before_it(database: SqlDatabase) -> None:
    await receive(database, message("look", 1), message("p1", 2, album="x"), message("hi", 3, "bob"))
    assert texts(await claim(database)) == [["look"], ["hi"]]


async def test_an_album_of_one_channel_does_not_hold_that_of_another(database: SqlDatabase) -> None:
    await receive(database, message("p1", 1, album="x"))
    other = Arrival("telegram", "update:1", {"text": "q1"}, "bob", album="x")
    await receive(database, other, at=NOW + ALBUM_PAUSE / 2)
    assert texts(await claim(database, at=NOW + ALBUM_PAUSE)) == [["p1"]]


async def test_a_late_part_does_not_hurry_an_album_that_is_tried_again(database: SqlDatabase) -> None:
    await receive(database, message("p1", 1, album="x"))
    [ann] = await claim(database, at=LATER)
    much_later = LATER + timedelta(minutes=1)
    await database.write(lambda unit: unit.postpone(ann.rows, much_later, "failed"))
    await receive(database, message("p2", 2, album="x"), at=LATER)
    assert await claim(database, at=LATER + ALBUM_PAUSE) == []
    assert texts(await claim(database, at=much_later)) == [["p1", "p2"]]


# -- the fence and the shelf --------------------------------------------------------------------------------------


async def test_the_fence_refuses_rows_another_worker_finished_and_rolls_everything_back(
    database: SqlDatabase,
) -> None:
    await receive(database, message("a1", 1), message("b1", 2, "bob"))
    ann, bob = await claim(database)
    await database.write(lambda unit: unit.commit([outturn(ann.conversation, rows=ann.rows)], NOW))
    before = await everything(database)
    turns = [
        outturn(item.conversation, rows=item.rows, said=("hello",), key=item.conversation.address)
        for item in (bob, ann)
    ]
    with pytest.raises(StoreError, match="another worker"):
        await database.write_alone(lambda unit: unit.commit(turns, NOW))
    assert await everything(database) == before


@pytest.mark.parametrize("what", ["finish", "postpone"])
async def test_a_finished_row_can_neither_be_finished_again_nor_put_off(
    database: SqlDatabase, what: str
) -> None:
    await receive(database, message("a1", 1))
    [ann] = await claim(database)
    await database.write(lambda unit: unit.finish(ann.rows, NOW))

    def again(unit: Unit) -> None:
        if what == "finish":
            unit.finish(ann.rows, NOW)
        else:
            unit.postpone(ann.rows, LATER, "too late")

    with pytest.raises(StoreError):
        await database.write(again)


async def test_a_shunted_row_lies_on_the_shelf_with_its_origin_and_the_next_message_goes_on(
    database: SqlDatabase,
) -> None:
    await receive(database, message("a1", 1), message("a2", 2))
    [ann] = await claim(database)
    await database.write(lambda unit: unit.shunt(ann.rows[:1], "KeyError: 'x'"))
    [shelved] = await database.read(lambda unit: unit.shunted())
    assert (shelved.channel, shelved.origin, shelved.error) == ("web", "web:1", "KeyError: 'x'")
    assert (shelved.received_at, shelved.conversation_id) == (NOW, ann.conversation.id)
    assert texts(await claim(database)) == [["a2"]]


async def test_a_row_taken_off_the_shelf_is_due_before_what_came_after_it(database: SqlDatabase) -> None:
    await receive(database, message("a1", 1), message("a2", 2))
    [ann] = await claim(database)
    await database.write(lambda unit: unit.shunt(ann.rows[:1], "boom"))
    assert await database.write(lambda unit: unit.unshunt(ann.rows[0].id, NOW))
    [again] = await claim(database)
    assert texts([again]) == [["a1", "a2"]]
    assert again.rows[0].attempts == 0
    assert not await database.write(lambda unit: unit.unshunt(ann.rows[0].id, NOW))


async def test_a_row_dropped_from_the_shelf_is_gone_but_still_known(database: SqlDatabase) -> None:
    await receive(database, message("a1", 1))
    [ann] = await claim(database)
    await database.write(lambda unit: unit.shunt(ann.rows, "boom"))
    assert await database.write(lambda unit: unit.drop_shunted(ann.rows[0].id))
    assert await database.read(lambda unit: unit.shunted()) == []
    assert await receive(database, message("a1", 1)) == 0
    assert not await database.write(lambda unit: unit.drop_shunted(ann.rows[0].id))


# -- several workers ----------------------------------------------------------------------------------------------


async def test_two_workers_never_claim_the_same_conversation_and_share_what_waits(
    postgres_address: str,
) -> None:
    async with SqlDatabase(postgres_address) as one, SqlDatabase(postgres_address) as two:
        await receive(one, *(message("hi", n, f"buyer {n}") for n in range(6)))
        held, go_on = asyncio.Event(), asyncio.Event()

        def claim_and_hold(unit: Unit) -> list[Claimed]:
            found = unit.claim(NOW, 4, NOBODY)
            held.set()
            await_only(go_on.wait())
            return found

        first = asyncio.create_task(one.write_alone(claim_and_hold))
        await held.wait()
        second = await claim(two, limit=4)
        go_on.set()
        addresses = [[item.conversation.address for item in found] for found in (await first, second)]
        assert addresses == [["buyer 0", "buyer 1", "buyer 2", "buyer 3"], ["buyer 4", "buyer 5"]]


async def test_a_worker_that_comes_second_sees_what_the_first_has_done(postgres_address: str) -> None:
    async with SqlDatabase(postgres_address) as one, SqlDatabase(postgres_address) as two:
        await receive(one, *(message(f"m{n}", n, f"buyer {n % 3}") for n in range(60)))
        taken: list[int] = []

        async def work(database: SqlDatabase) -> None:
            def step(unit: Unit) -> None:
                found = unit.claim(NOW, 2, NOBODY)
                taken.extend(item.rows[0].id for item in found)
                unit.commit([outturn(item.conversation, rows=item.rows[:1]) for item in found], NOW)

            while (await database.read(lambda unit: unit.status())).inbox_due:
                await database.write_alone(step)

        await asyncio.gather(work(one), work(one), work(two), work(two))
        assert sorted(taken) == [row["id"] for row in await rows(one, "inbox")]
        of = {row["id"]: row["conversation_id"] for row in await rows(one, "inbox")}
        for conversation in set(of.values()):
            own = [number for number in taken if of[number] == conversation]
            assert own == sorted(own)


async def test_a_message_waits_for_an_earlier_one_that_is_still_being_stored(postgres_address: str) -> None:
    async with SqlDatabase(postgres_address) as one, SqlDatabase(postgres_address) as other:
        await talk(one)
        stored, may_commit = asyncio.Event(), asyncio.Event()

        def store(unit: Unit) -> None:
            unit.receive([message("在吗", 1)], NOW)
            stored.set()
            await_only(may_commit.wait())

        storing = asyncio.create_task(one.write_alone(store))
        await stored.wait()
        try:
            await receive(other, message("人呢", 2))
            assert await claim(other) == []
        finally:
            may_commit.set()
            await storing
        assert texts(await claim(other)) == [["在吗", "人呢"]]
