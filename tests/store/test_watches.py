"""Clocks of conversations are rows like those of cases: set anew, dropped, fired once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.conversation import Conversation, Holder
from bot.domain.watch import Watch
from bot.pipeline.deadlines import read_deadline
from bot.pipeline.turns import Outturn
from bot.store.database import SqlDatabase
from tests.store.samples import HOUR, NOW, claim, commits, order, shop_with
from tests.stores import rows

SOON, LATE = NOW + HOUR, NOW + 2 * HOUR


def held(conversation: Conversation, watch: Watch) -> Conversation:
    return replace(conversation, holder=Holder.AGENT, agent="小周", watch=watch)


async def becomes(database: SqlDatabase, before: Conversation, watch: Watch) -> Conversation:
    after = held(before, watch)
    await database.write_alone(commits(Outturn((), after, before)))
    return after


async def waiting(database: SqlDatabase) -> list[tuple[str, datetime]]:
    found = [row for row in await rows(database, "deadlines") if row["state"] == "waiting"]
    return sorted((row["kind"], row["due_at"]) for row in found)


async def test_it_is_kept_with_the_conversation_and_its_clocks_wait(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    watch = Watch(SOON, NOW, SOON, LATE, answered=True, asks=True, lapsed="小禾", opened_at=NOW)
    await becomes(database, ann, watch)
    kept = await database.read(lambda unit: unit.conversation(ann.id))
    assert kept
    assert kept.watch == watch
    assert await waiting(database) == [("answer_due_soon", SOON), ("answer_late", LATE), ("lease_over", SOON)]


async def test_what_is_set_anew_fires_at_its_new_moment_only(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    after = await becomes(database, ann, Watch(SOON))
    await becomes(database, after, Watch(LATE))
    assert await database.write_alone(lambda unit: unit.fire(SOON)) == 0
    assert await database.write_alone(lambda unit: unit.fire(LATE)) == 1
    [claimed] = await claim(database, at=LATE)
    clock = read_deadline(claimed.rows[0].payload).clock
    assert clock
    assert (clock.kind, clock.case) == ("lease_over", "")


async def test_what_is_set_to_a_moment_it_had_before_waits_again(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    first = await becomes(database, ann, Watch(SOON))
    second = await becomes(database, first, Watch(LATE))
    await becomes(database, second, Watch(SOON))
    assert await waiting(database) == [("lease_over", SOON)]


async def test_who_holds_nothing_any_more_is_waited_for_no_longer(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    await becomes(database, await becomes(database, ann, Watch(SOON, NOW, SOON, LATE)), Watch())
    assert await waiting(database) == []
