"""Deadlines are rows: they fire once, in order, also after nobody was there to see them come due."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.cases import Event, Role
from bot.domain.decision import PutOff
from bot.domain.dues import Due, Reminder
from bot.domain.messages import Attachment, Medium
from bot.pipeline.deadlines import read_deadline
from bot.store.database import SqlDatabase
from tests.store.samples import (
    HOUR,
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
)
from tests.stores import rows

DUE = NOW + 72 * HOUR
INSTANT = timedelta(microseconds=1)
PHOTO = Attachment(Medium.PHOTO, "file:1")


async def waiting(database: SqlDatabase) -> list[tuple[int, str]]:
    found = [row for row in await rows(database, "deadlines") if row["state"] == "waiting"]
    return [(row["version"], row["kind"]) for row in sorted(found, key=lambda row: row["due_at"])]


async def fire(database: SqlDatabase, *, at: datetime = DUE) -> int:
    return await database.write_alone(lambda unit: unit.fire(at))


async def test_a_deadline_fires_when_it_is_due_and_once(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    await database.write_alone(commits(outturn(ann, opened(ann.id))))
    assert await fire(database, at=DUE - INSTANT) == 1  # the reminder
    assert await fire(database) == 1
    assert await fire(database, at=DUE + HOUR) == 0
    [claimed] = await claim(database, at=DUE)
    _, row = claimed.rows
    clock = read_deadline(row.payload).clock
    assert (row.channel, clock and (clock.kind, clock.case, clock.version)) == (
        "clock",
        ("seller_timeout", "R1", 1),
    )


@pytest.mark.parametrize("moments", [(1, 1), (1, 2, 1)])
async def test_what_is_put_off_to_a_moment_it_was_put_off_to_before_still_waits(
    database: SqlDatabase, moments: tuple[int, ...]
) -> None:
    ann = await shop_with(database, order())
    await database.write_alone(commits(outturn(ann, opened(ann.id))))
    for days in moments:
        later = Due(Reminder.ARRIVED, "R1", 1, ann.id, NOW + timedelta(days=days))
        await database.write_alone(commits(outturn(ann, PutOff(later))))
    asked = [row for row in await rows(database, "deadlines") if row["kind"] == Reminder.ARRIVED]
    assert [row["due_at"] for row in asked if row["state"] == "waiting"] == [
        NOW + timedelta(days=moments[-1])
    ]


async def test_a_deadline_waits_its_turn_behind_what_was_said_before(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    await database.write_alone(commits(outturn(ann, opened(ann.id))))
    await receive(database, message("anybody?", 1), at=DUE)
    await fire(database)
    [claimed] = await claim(database, at=DUE)
    assert [row.payload.get("kind", row.channel) for row in claimed.rows] == [
        "message",
        "remind_seller",
        "seller_timeout",
    ]


async def test_what_came_due_while_nobody_ran_fires_in_the_order_it_was_due(database: SqlDatabase) -> None:
    ann = await shop_with(database, order("A1", *[1_000] * 5))
    opening = [opened(ann.id, f"R{n}", lines=(n,), minor=100) for n in (1, 2, 3)]
    later = [
        moved(
            opening[0].outcome.case, Event.REFUSE, Role.AGENT, why="worn", at=NOW + 5 * HOUR
        ),  # 5 days from then
        moved(opening[2].outcome.case, Event.REFUSE, Role.AGENT, why="worn", at=NOW + 2 * HOUR),
    ]
    await database.write_alone(commits(outturn(ann, *opening, *later)))
    assert await fire(database, at=NOW + timedelta(days=30)) == 6
    fired = [(row["payload"]["case"], row["payload"]["kind"]) for row in await rows(database, "inbox")]
    assert fired == [
        ("R2", "remind_seller"),
        ("R2", "seller_timeout"),
        ("R3", "remind_buyer"),
        ("R1", "remind_buyer"),
        ("R3", "buyer_timeout"),
        ("R1", "buyer_timeout"),
    ]


async def test_more_than_fire_at_once_fire_over_several_steps(database: SqlDatabase) -> None:
    ann = await shop_with(database, order("A1", *[100] * 205))
    opening = [opened(ann.id, f"R{n:03}", lines=(n,), minor=100) for n in range(1, 206)]
    await database.write_alone(commits(outturn(ann, *opening)))
    assert [await fire(database) for _ in range(4)] == [200, 200, 10, 0]
    fired = [row["payload"]["case"] for row in await rows(database, "inbox")]
    assert fired == [f"R{n:03}" for n in range(1, 206)] * 2


async def test_a_moved_case_drops_its_old_clock_and_starts_its_own(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    opening = opened(ann.id)
    refusal = moved(opening.outcome.case, Event.REFUSE, Role.AGENT, why="worn")
    await database.write_alone(commits(outturn(ann, opening)))
    await database.write_alone(commits(outturn(ann, refusal)))
    assert await waiting(database) == [(2, "remind_buyer"), (2, "buyer_timeout")]
    assert await fire(database) == 0
    assert await fire(database, at=NOW + timedelta(days=5)) == 2


async def test_new_evidence_leaves_the_clock_as_it_stands(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    opening = opened(ann.id)
    await database.write_alone(commits(outturn(ann, opening)))
    added = moved(opening.outcome.case, Event.ADD_EVIDENCE, Role.BUYER, at=NOW + HOUR, evidence=(PHOTO,))
    await database.write_alone(commits(outturn(ann, added)))
    assert await waiting(database) == [(2, "remind_seller"), (2, "seller_timeout")]
    assert await fire(database, at=DUE - INSTANT) == 1
    assert await fire(database) == 1


async def test_evidence_that_comes_after_the_clock_fired_does_not_stop_it(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    opening = opened(ann.id)
    await database.write_alone(commits(outturn(ann, opening)))
    await fire(database)
    added = moved(opening.outcome.case, Event.ADD_EVIDENCE, Role.BUYER, at=DUE, evidence=(PHOTO,))
    await database.write_alone(commits(outturn(ann, added)))
    assert await fire(database) == 1
    fired = [(row["payload"]["version"], row["payload"]["kind"]) for row in await rows(database, "inbox")]
    assert fired == [(1, "remind_seller"), (1, "seller_timeout"), (2, "seller_timeout")]


async def test_a_disputed_case_waits_for_the_platform_and_an_ended_one_for_nobody(
    database: SqlDatabase,
) -> None:
    ann = await shop_with(database, order())
    first, second = opened(ann.id, "R1"), opened(ann.id, "R2", lines=(2,))
    await database.write_alone(commits(outturn(ann, first, second)))
    locked = moved(first.outcome.case, Event.INTERVENE, Role.AGENT)
    revoked = moved(second.outcome.case, Event.REVOKE, Role.BUYER)
    await database.write_alone(commits(outturn(ann, locked, revoked)))
    assert await waiting(database) == [(2, "remind_buyer"), (2, "remind_seller"), (2, "evidence_timeout")]
