"""What the router finds: who waits and can be given to somebody, and what was left by somebody, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.conversation import Conversation, Flag, FlagReason, Holder, Priority
from bot.domain.staff import StaffRole
from bot.domain.watch import Attendance, Routing, Watch
from bot.pipeline.turns import Outturn
from bot.store.database import SqlDatabase
from bot.store.unit import SqlUnit
from tests.store.samples import NOW
from tests.stores import rows

IN_TURN = Attendance(routing=Routing.ROUND_ROBIN, capacity=1)


def stands(unit: SqlUnit, address: str, watch: Watch | None = None, **values: Any) -> Conversation:
    """A conversation as it is to be found."""
    before = unit.conversation_at("web", address, NOW)
    flag = Flag(FlagReason.BUYER_ASKS, Priority.NORMAL, NOW + timedelta(seconds=before.id))
    after = replace(before, flag=flag, watch=watch or Watch(), **{"holder": Holder.QUEUED, **values})
    unit.commit([Outturn((), after, before)], NOW)
    return after


def hired(unit: SqlUnit, name: str, *, here: bool = True) -> int:
    known = unit.add_staff(name.lower(), name, StaffRole.AGENT, NOW)
    if here:
        unit.seen([known.id], NOW)
    return known.id


async def put(database: SqlDatabase) -> list[tuple[str, int]]:
    return [(row["payload"]["kind"], row["conversation_id"]) for row in await rows(database, "inbox")]


async def test_nobody_waits_behind_one_whom_nobody_can_take(database: SqlDatabase) -> None:
    def job(unit: SqlUnit) -> list[int]:
        hired(unit, "Mia")
        found = [stands(unit, "a", Watch(lapsed="Mia")), stands(unit, "b"), stands(unit, "c")]
        assert unit.route(NOW, IN_TURN) == 1
        assert unit.route(NOW, IN_TURN) == 0, "once is enough"
        assert unit.route(NOW, Attendance()) == 0, "whoever takes it"
        return [one.id for one in found]

    _, second, _ = await database.write_alone(job)
    assert await put(database) == [("give", second)]


async def test_what_was_passed_on_by_name_is_theirs_also_where_nothing_is_given_in_turn(
    database: SqlDatabase,
) -> None:
    def job(unit: SqlUnit) -> int:
        hired(unit, "Mia")
        hired(unit, "Max", here=False)
        stands(unit, "a")
        stands(unit, "b", Watch(meant_for="Max"))
        meant = stands(unit, "c", Watch(meant_for="Mia"))
        unit.route(NOW, Attendance())
        return meant.id

    assert [("give", await database.write_alone(job))] == await put(database)


async def test_what_is_put_aside_is_left_alone_until_its_agent_is_gone_for_good(
    database: SqlDatabase,
) -> None:
    def job(unit: SqlUnit) -> tuple[int, int]:
        hired(unit, "Mia", here=False)
        gone = hired(unit, "Max", here=False)
        hers: dict[str, Any] = {"holder": Holder.AGENT, "agent": "Mia"}
        for number in range(3):
            stands(unit, f"aside {number}", Watch(snoozed_until=NOW + timedelta(days=9)), **hers)
        left = stands(unit, "left", **hers)
        his = stands(
            unit, "his", Watch(snoozed_until=NOW + timedelta(days=9)), holder=Holder.AGENT, agent="Max"
        )
        unit.disable(gone, NOW)
        assert unit.route(NOW, Attendance()) == 2
        return left.id, his.id

    left, his = await database.write_alone(job)
    assert sorted(await put(database)) == [("left", left), ("left", his)]
