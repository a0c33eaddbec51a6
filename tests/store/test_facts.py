"""Whose orders and cases are whose; orders come in any number of times and stand once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from sqlalchemy import text

from bot.domain.conversation import Holder
from bot.domain.orders import ParcelState
from bot.store import facts
from bot.store.database import SqlDatabase
from bot.store.unit import SqlUnit
from tests.store.samples import (
    HOUR,
    NOW,
    cny,
    commits,
    message,
    opened,
    order,
    outturn,
    parcel,
    receive,
    shop_with,
    talk,
)
from tests.stores import everything, rows

# -- orders coming in ---------------------------------------------------------------------------------------------


async def test_orders_put_twice_are_new_once_and_then_unchanged(database: SqlDatabase) -> None:
    orders = [order("A1"), order("A2")]
    assert await database.write(lambda unit: unit.put_orders(orders)) == (2, 0)
    before = await everything(database)
    assert await database.write(lambda unit: unit.put_orders(orders)) == (0, 0)
    assert await everything(database) == before


async def test_only_orders_that_differ_are_changed(database: SqlDatabase) -> None:
    await database.write(lambda unit: unit.put_orders([order("A1"), order("A2")]))
    shipped = replace(order("A2"), shipped_at=NOW)
    assert await database.write(lambda unit: unit.put_orders([order("A1"), shipped, order("A3")])) == (1, 1)
    assert await database.read(lambda unit: unit.order("A2")) == shipped


async def test_an_order_is_found_by_its_number_without_reading_all_of_them(database: SqlDatabase) -> None:
    def plan(unit: SqlUnit) -> str:
        explain = "EXPLAIN QUERY PLAN" if unit._connection.dialect.name == "sqlite" else "EXPLAIN"
        if explain == "EXPLAIN":  # of so few rows it would rather read all
            unit._connection.execute(text("SET LOCAL enable_seqscan = off"))
        query = text(f"{explain} {facts._BY_NUMBER}")
        return str(unit._connection.execute(query, {"number": "a1", "of_shop": "main"}).all())

    assert "ix_orders_shop_lower_number" in await database.read(plan)


async def test_the_same_moment_in_another_time_zone_is_no_change(database: SqlDatabase) -> None:
    placed = NOW.astimezone(timezone(timedelta(hours=8)))
    await database.write(lambda unit: unit.put_orders([order(placed=NOW)]))
    assert await database.write(lambda unit: unit.put_orders([order(placed=placed)])) == (0, 0)


async def test_an_order_twice_in_one_batch_is_one_order_as_told_last(database: SqlDatabase) -> None:
    twice = [order("A1", 100), order("A1", 200)]
    assert await database.write(lambda unit: unit.put_orders(twice)) == (1, 0)
    found = await database.read(lambda unit: unit.order("A1"))
    assert found is not None
    assert found.paid == cny(200)


async def test_an_order_comes_back_as_it_went_in_with_its_parcels(database: SqlDatabase) -> None:
    full = replace(
        order("A1"),
        shipped_at=NOW,
        signed_at=NOW + HOUR,
        completed_at=NOW + 2 * HOUR,
        parcels=(parcel("SF1"), parcel("SF2")),
    )

    await database.write(lambda unit: (unit.put_orders([full]), unit.put_parcels(full.parcels)))
    assert await database.read(lambda unit: unit.order("a1")) == full


async def test_parcels_put_twice_are_new_once_and_changed_where_they_differ(database: SqlDatabase) -> None:
    await database.write(lambda unit: unit.put_orders([order()]))
    assert await database.write(lambda unit: unit.put_parcels([parcel("SF1"), parcel("SF2")])) == (2, 0)
    assert await database.write(lambda unit: unit.put_parcels([parcel("SF1"), parcel("SF2")])) == (0, 0)
    arrived = replace(parcel("SF2"), state=ParcelState.DELIVERED)
    assert await database.write(lambda unit: unit.put_parcels([parcel("SF1"), arrived])) == (0, 1)


async def test_a_parcel_of_no_known_order_is_refused(database: SqlDatabase) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await database.write(lambda unit: unit.put_parcels([parcel(order_number="Z9")]))


async def test_nothing_to_put_is_nothing_done(database: SqlDatabase) -> None:
    assert await database.write(lambda unit: (unit.put_orders([]), unit.put_parcels([]))) == ((0, 0), (0, 0))


# -- whose they are -----------------------------------------------------------------------------------------------


async def test_buyers_see_only_the_orders_linked_to_them_newest_first(database: SqlDatabase) -> None:
    ann = await shop_with(database, order("A1", placed=NOW - 9 * HOUR), order("A2", placed=NOW - HOUR))
    bob = await shop_with(database, order("B1"), address="bob")
    cat = await talk(database, "cat")
    known = await database.read(lambda unit: unit.known([ann.id, bob.id, cat.id]))
    assert {number: [one.number for one in found.orders] for number, found in known.items()} == {
        ann.id: ["A2", "A1"],
        bob.id: ["B1"],
        cat.id: [],
    }


async def test_buyers_see_only_the_cases_over_their_own_orders(database: SqlDatabase) -> None:
    ann = await shop_with(database, order("A1"), order("A2"))
    bob = await shop_with(database, order("B1"), address="bob")
    opening = [opened(ann.id, "R1", "A1"), opened(ann.id, "R2", "A2"), opened(bob.id, "R3", "B1")]
    await database.write_alone(commits(outturn(ann, *opening)))
    known = await database.read(lambda unit: unit.known([ann.id, bob.id]))
    assert [case.number for case in known[ann.id].cases] == ["R2", "R1"]
    assert [case.number for case in known[bob.id].cases] == ["R3"]


async def test_whoever_shares_an_order_sees_the_case_another_opened_over_it(database: SqlDatabase) -> None:
    ann = await shop_with(database, order("A1"))
    await database.write_alone(commits(outturn(ann, opened(ann.id))))
    bob = await shop_with(database, order("A1"), address="bob")
    assert [case.number for case in await database.read(lambda unit: unit.cases(bob.id))] == ["R1"]


async def test_orders_of_a_phone_are_found_with_and_without_its_country_code(database: SqlDatabase) -> None:
    await database.write(
        lambda unit: unit.put_orders(
            [
                order("A1", phone="13800001234"),
                order("A2", phone="8613800001234"),
                order("A3", phone="13900001234"),
            ]
        )
    )
    found = await database.read(lambda unit: unit.orders_by_phone("8613800001234"))
    assert {one.number for one in found} == {"A1", "A2"}


@pytest.mark.parametrize("phone", ["", "1234", "001234", "99913800009999"])
async def test_a_scrap_of_a_phone_number_proves_nothing(database: SqlDatabase, phone: str) -> None:
    await database.write(lambda unit: unit.put_orders([order("A1"), order("A2", phone="")]))
    assert await database.read(lambda unit: unit.orders_by_phone(phone)) == ()


async def test_the_queue_is_as_long_as_conversations_wait(database: SqlDatabase) -> None:
    await receive(database, message("a", 1, "ann"), message("b", 2, "bob"))
    ann = await talk(database)
    await database.write_alone(commits(outturn(ann, after=replace(ann, holder=Holder.QUEUED))))
    assert await database.read(lambda unit: unit.queue_length()) == 1
    assert len(await rows(database, "conversations")) == 2
