"""What goes out: in order per reader, sent until known sent, and never held up by somebody else's trouble."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.messages import Attachment, Medium, Speaker
from bot.pipeline.deliveries import STAFF, Delivery, Draft, Outcome, Settled
from bot.pipeline.turns import Line, Outturn
from bot.store.claims import IN_A_ROW
from bot.store.database import SqlDatabase
from bot.store.outbox import LEASE
from tests.store.samples import NOW, claim, commits, message, outturn, receive, talk
from tests.stores import rows

SECOND = timedelta(seconds=1)
CHANNELS = ("web", STAFF)


async def say(database: SqlDatabase, address: str, *texts: str) -> None:
    conversation = await talk(database, address)
    key = f"{address}{len(await rows(database, 'outbox'))}"
    await database.write_alone(commits(outturn(conversation, said=texts, key=key)))


async def lease(
    database: SqlDatabase, *, at: datetime = NOW, limit: int = 10, channels: tuple[str, ...] = CHANNELS
) -> list[Delivery]:
    return await database.write_alone(lambda unit: unit.lease(at, channels, limit))


async def settle(database: SqlDatabase, *settled: Settled, at: datetime = NOW) -> None:
    await database.write(lambda unit: unit.settle(settled, at))


def texts(deliveries: list[Delivery]) -> list[str]:
    return [delivery.text for delivery in deliveries]


async def test_only_the_oldest_open_message_of_each_reader_is_leased(database: SqlDatabase) -> None:
    await say(database, "ann", "a1", "a2")
    await say(database, "bob", "b1")
    await say(database, "ann", "a3")
    leased = await lease(database)
    assert texts(leased) == ["a1", "b1"]
    assert await lease(database) == []
    await settle(database, Settled(leased[0].id, Outcome.SENT, ref="m1"))
    assert texts(await lease(database)) == ["a2"]


async def test_a_readers_order_survives_a_retry(database: SqlDatabase) -> None:
    await say(database, "ann", "a1", "a2")
    [first] = await lease(database)
    await settle(database, Settled(first.id, Outcome.RETRY, error="429", retry_at=NOW + 5 * SECOND))
    assert await lease(database, at=NOW + 4 * SECOND) == []
    [again] = await lease(database, at=NOW + 5 * SECOND)
    assert (again.text, again.attempts) == ("a1", 2)


async def test_a_reader_who_must_wait_holds_up_nobody_else(database: SqlDatabase) -> None:
    await say(database, "ann", "a1")
    [first] = await lease(database)
    await settle(database, Settled(first.id, Outcome.RETRY, retry_at=NOW + 60 * SECOND))
    await say(database, "bob", "b1")
    assert texts(await lease(database)) == ["b1"]


async def test_blocked_and_failed_messages_do_not_block_what_comes_after(database: SqlDatabase) -> None:
    await say(database, "ann", "a1", "a2", "a3")
    for outcome in (Outcome.BLOCKED, Outcome.FAILED):
        [head] = await lease(database)
        await settle(database, Settled(head.id, outcome, error="no"))
    assert texts(await lease(database)) == ["a3"]
    assert [row["state"] for row in await rows(database, "outbox")] == ["blocked", "failed", "sending"]


async def test_a_delivered_message_keeps_the_channels_own_id_and_the_time(database: SqlDatabase) -> None:
    await say(database, "ann", "a1")
    [first] = await lease(database)
    await settle(database, Settled(first.id, Outcome.SENT, ref="m1"), at=NOW + SECOND)
    [row] = await rows(database, "outbox")
    assert (row["state"], row["ref"], row["sent_at"], row["attempts"]) == ("sent", "m1", NOW + SECOND, 1)


async def test_a_channels_id_that_is_too_long_is_cut_not_refused(database: SqlDatabase) -> None:
    await say(database, "ann", "a1")
    [first] = await lease(database)
    await settle(database, Settled(first.id, Outcome.SENT, ref="9\0" * 200))
    [row] = await rows(database, "outbox")
    assert (row["state"], row["ref"]) == ("sent", "9" * 120)


async def test_only_channels_that_are_served_are_leased(database: SqlDatabase) -> None:
    await say(database, "ann", "a1")
    assert await lease(database, channels=("telegram",)) == []
    assert texts(await lease(database)) == ["a1"]


async def test_the_buyer_and_the_staff_read_the_same_conversation_each_at_their_own_pace(
    database: SqlDatabase,
) -> None:
    ann = await talk(database)
    drafts = (
        Draft("web", "ann", "1:0", "to ann"),
        Draft(STAFF, str(ann.id), "1:1", "to the desk"),
        Draft("web", "ann", "1:2", "to ann again"),
    )
    await database.write_alone(commits(Outturn((), ann, ann, drafts=drafts)))
    assert texts(await lease(database)) == ["to ann", "to the desk"]


async def test_everything_of_a_reply_reaches_the_channel(database: SqlDatabase) -> None:
    ann = await talk(database)
    photo = Attachment(Medium.PHOTO, "file:1", "箱子.jpg", 3)
    draft = Draft("web", "ann", "1:0", "<b>好的</b> 🧦", (("好", "7|confirm|yes"),), (photo,))
    await database.write_alone(commits(Outturn((), ann, ann, drafts=(draft,))))
    [leased] = await lease(database)
    assert (leased.text, leased.buttons, leased.attachments) == (draft.text, draft.buttons, draft.attachments)
    assert leased.conversation_id == ann.id


async def test_no_more_are_leased_than_there_is_room_for_oldest_first(database: SqlDatabase) -> None:
    for name in ("ann", "bob", "cat"):
        await say(database, name, name)
    assert texts(await lease(database, limit=2)) == ["ann", "bob"]


async def test_who_is_told_much_waits_between_two_of_it_while_others_are_told_something(
    database: SqlDatabase,
) -> None:
    await say(database, "ann", "a1", "a2")
    await say(database, "bob", "b1")
    [first] = await lease(database, limit=1)
    await settle(database, Settled(first.id, Outcome.SENT, "m1"), at=NOW + SECOND)
    assert texts(await lease(database, at=NOW + SECOND, limit=2)) == ["b1", "a2"]


async def test_what_is_for_who_floods_goes_out_last_and_in_its_order(database: SqlDatabase) -> None:
    flooder = await talk(database, "flooder")
    yields = replace(outturn(flooder, said=("f1", "f2"), key="f"), yields=True)
    await database.write_alone(commits(yields))
    await say(database, "flooder", "f3")  # when the flood is over
    await say(database, "ann", "a1")
    heard: list[str] = []
    while leased := await lease(database, limit=1):
        heard += texts(leased)
        await settle(database, Settled(leased[0].id, Outcome.SENT, "m"))
    assert heard == ["a1", "f1", "f2", "f3"]


async def test_what_was_said_to_somebody_before_they_flooded_goes_out_behind_others_too(
    database: SqlDatabase,
) -> None:
    await receive(database, message("f0", "f0", "flooder"))
    [flooder] = await claim(database)
    await database.write_alone(
        commits(outturn(flooder.conversation, rows=flooder.rows, said=("f",), key="f"))
    )
    await receive(database, *(message("f", f"f{n}", "flooder") for n in range(1, IN_A_ROW + 2)))
    await claim(database)
    await say(database, "ann", "a1")
    heard: list[str] = []
    while leased := await lease(database, limit=1):
        heard += texts(leased)
        await settle(database, Settled(leased[0].id, Outcome.SENT, "m"))
    assert heard == ["a1", "f"]


# -- when it can't be known ---------------------------------------------------------------------------------------


async def test_an_uncertain_send_is_repeated_and_counted(database: SqlDatabase) -> None:
    await say(database, "ann", "a1")
    for attempt in (1, 2):
        at = NOW + attempt * SECOND
        [head] = await lease(database, at=at)
        await settle(database, Settled(head.id, Outcome.RETRY, retry_at=at, uncertain=True), at=at)
    [row] = await rows(database, "outbox")
    assert (row["state"], row["uncertain"], row["attempts"]) == ("queued", 2, 2)
    assert (await database.read(lambda unit: unit.status())).uncertain == 2


async def test_rows_half_sent_when_the_only_process_was_killed_go_back_counted_as_uncertain(
    database: SqlDatabase,
) -> None:
    await say(database, "ann", "a1", "a2")
    await lease(database)
    assert await database.write(lambda unit: unit.release_leases(NOW, everyone=True)) == 1
    assert [(row["state"], row["uncertain"]) for row in await rows(database, "outbox")] == [
        ("queued", 1),
        ("queued", 0),
    ]
    assert texts(await lease(database)) == ["a1"]


async def test_where_others_may_be_sending_only_leases_that_ran_out_are_released(
    database: SqlDatabase,
) -> None:
    await say(database, "ann", "a1")
    await lease(database)
    await say(database, "bob", "b1")
    await lease(database, at=NOW + LEASE)
    released = await database.write(lambda unit: unit.release_leases(NOW + LEASE, everyone=False))
    assert released == 1
    assert texts(await lease(database, at=NOW + LEASE)) == ["a1"]


async def test_an_outcome_that_comes_after_the_lease_was_taken_away_changes_nothing(
    database: SqlDatabase,
) -> None:
    await say(database, "ann", "a1")
    [first] = await lease(database)
    await database.write(lambda unit: unit.release_leases(NOW, everyone=True))
    await settle(database, Settled(first.id, Outcome.FAILED, error="late"))
    assert [row["state"] for row in await rows(database, "outbox")] == ["queued"]


async def test_the_transcript_shows_what_became_of_each_reply(database: SqlDatabase) -> None:
    ann = await talk(database)
    heard = Line(Speaker.BUYER, "hi", NOW)
    await database.write_alone(commits(Outturn((), ann, ann, lines=(heard,))))
    await say(database, "ann", "a1", "a2")
    [first] = await lease(database)
    await settle(database, Settled(first.id, Outcome.BLOCKED))
    said = await database.read(lambda unit: unit.transcript(ann.id))
    assert [(line.text, line.delivery) for line in said] == [("hi", ""), ("a1", "blocked"), ("a2", "queued")]


async def test_two_senders_on_postgresql_share_the_outbox_and_send_nothing_twice(
    postgres_address: str,
) -> None:
    async with SqlDatabase(postgres_address) as one, SqlDatabase(postgres_address) as two:
        names = [f"buyer{number:02}" for number in range(20)]
        for name in names:
            await say(one, name, f"{name} 1", f"{name} 2", f"{name} 3")
        sent: list[str] = []

        async def send(database: SqlDatabase) -> None:
            while (await database.read(lambda unit: unit.status())).outbox_due:
                leased = await lease(database, limit=2)
                sent.extend(delivery.text for delivery in leased)
                await settle(database, *(Settled(delivery.id, Outcome.SENT) for delivery in leased))

        await asyncio.gather(send(one), send(one), send(two), send(two))
        assert sorted(sent) == sorted(f"{name} {n}" for name in names for n in (1, 2, 3))
        for name in names:
            assert [text for text in sent if text.startswith(name)] == [f"{name} {n}" for n in (1, 2, 3)]
