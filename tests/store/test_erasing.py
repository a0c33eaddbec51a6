"""Who is erased is found nowhere any more; what bookkeeping needs is, and so is everybody else."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.pipeline.buyers import ERASED
from bot.store.database import SqlDatabase
from bot.store.unit import SqlUnit
from tests.store.persons import (
    BOB,
    HERS,
    NAME,
    PAYMENT,
    PHONE,
    SECRETS,
    SHARED,
    TELEGRAM,
    WORDS,
    erased,
    two_buyers,
    update,
)
from tests.store.samples import HOUR, NOW, claim, commits, order, outturn, parcel
from tests.stores import everything, put, rows, session, somebody_waits


def dump(tables: object) -> str:
    """All that is stored, as it would be searched."""
    return json.dumps(tables, ensure_ascii=False, default=str)


async def test_nothing_of_who_is_erased_is_found_in_any_table(database: SqlDatabase) -> None:
    await two_buyers(database)
    before = dump(await everything(database))
    assert [secret for secret in SECRETS if secret not in before] == [], "the test would show nothing"
    await erased(database, f"telegram:{TELEGRAM}")
    after = dump(await everything(database))
    assert [secret for secret in (*SECRETS, "her-browser") if secret in after] == []
    assert [kept for kept in BOB if kept not in after] == []


async def test_something_stands_in_every_table_there_is(database: SqlDatabase) -> None:
    """So that a new table is looked at by these tests, too."""
    await two_buyers(database)
    without = {name for name, found in (await everything(database)).items() if not found}
    assert without == {"staff", "sessions", "discarded"}, "of who works here, and of what is erased"


async def test_nobody_elses_rows_are_touched(database: SqlDatabase) -> None:
    *_, bob = await two_buyers(database)
    before = await everything(database)
    await erased(database, "order:A1")
    after = await everything(database)
    for table in ("lines", "files", "outbox", "inbox", "deadlines", "order_links", "cases"):
        theirs = [row for row in before[table] if row["conversation_id"] == bob]
        assert theirs
        assert [row for row in after[table] if row["conversation_id"] == bob] == theirs
    assert [row for row in after["orders"] if row["number"] == "B1"] == [before["orders"][-1]]
    assert [row["number"] for row in after["parcels"]] == ["SF8"]


async def test_what_bookkeeping_needs_stays_without_the_person(database: SqlDatabase) -> None:
    await two_buyers(database)
    await erased(database, f"telegram:{TELEGRAM}")
    case = await database.read(lambda unit: unit.case("R1"))
    assert case is not None
    assert (case.amount.minor, case.reason.value, case.state.value) == (5_990, "late", "CLOSED")
    assert (case.subject, case.evidence, case.waybill) == ("", (), "")
    history = await database.read(lambda unit: unit.history("R1"))
    assert [(entry.act.event.value, entry.act.why) for entry in history] == [
        ("apply", ""),
        ("refuse", ""),
        ("revoke", ""),
    ]
    refunds = await database.read(lambda unit: unit.refunds_of("R1"))
    assert {(one.amount.minor, one.state.value) for one in refunds} == {(5_990, "done")}
    assert [one.reference for one in refunds] == ["", PAYMENT], (
        "a payment's own number stays where it names nobody"
    )
    found = await database.read(lambda unit: unit.order("A1"))
    assert found is not None
    assert (found.paid.minor, found.buyer_name, found.phone, found.parcels) == (5_990, "", "", ())
    assert [row["score"] for row in await rows(database, "scores")] == [2]
    assert [row["sku"] for row in await rows(database, "feedback")] == ["S1"]
    assert [row["subject"] for row in await rows(database, "audit")] == ["", "R1"]


async def test_nothing_is_sent_or_comes_due_any_more_but_money_that_is_owed(database: SqlDatabase) -> None:
    hers, _, bob = await two_buyers(database)
    await erased(database, f"conversation:{hers}")
    leased = await database.write_alone(
        lambda unit: unit.lease(NOW + 9 * HOUR, ["telegram", "web", "staff", "payout"], 9)
    )
    assert {(one.channel, one.conversation_id) for one in leased} == {("telegram", bob), ("payout", hers)}
    assert {row["conversation_id"] for row in await rows(database, "deadlines")} == {bob}
    claimed = await claim(database, at=NOW + 9 * HOUR)
    assert [item.conversation.id for item in claimed] == [bob]


async def test_news_of_a_payment_that_nobody_has_read_is_left_to_be_read(database: SqlDatabase) -> None:
    hers, _, bob = await two_buyers(database)
    news = {"key": "refund:R1", "event": "succeed", "attempt": 1, "reference": PAYMENT, "why": ""}
    row = {"channel": "payout", "origin": "refund:R1:succeed", "conversation_id": hers, "payload": news}
    await put(database, "inbox", received_at=NOW, due_at=NOW, **row)
    await erased(database, "A1")
    claimed = await claim(database, at=NOW + HOUR)
    assert [item.conversation.id for item in claimed] == [bob, hers]
    assert [row.payload for row in claimed[1].rows] == [news]


async def test_a_short_name_does_not_take_a_payments_number_along(database: SqlDatabase) -> None:
    hers, *_ = await two_buyers(database)
    an = replace(order("A1", 5_990), buyer_name="An", phone=PHONE)
    await database.write(lambda unit: unit.put_orders([an]))
    paid = {"amount": 1, "currency": "CNY", "state": "done", "reference": "ANT20261125"}
    more = {"key": "refund:R1:promise", "case_number": "R1", "order_number": "A1", "created_at": NOW}
    await put(database, "refunds", purpose="promise", **paid, **more)
    await erased(database, f"conversation:{hers}")
    refunds = await database.read(lambda unit: unit.refunds_of("R1"))
    assert "ANT20261125" in [one.reference for one in refunds]


async def test_the_same_update_is_not_taken_again_and_the_next_one_is_a_strangers(
    database: SqlDatabase,
) -> None:
    hers, *_ = await two_buyers(database)
    await erased(database, f"telegram:{TELEGRAM}")
    again = [update(1, TELEGRAM, WORDS), update(9, TELEGRAM, "在吗")]
    assert len(await database.write(lambda unit: unit.receive(again, NOW))) == 1
    stranger = await database.read(lambda unit: unit.find_conversation("telegram", TELEGRAM))
    assert stranger is not None
    assert stranger.id != hers
    assert (stranger.name, stranger.personal, stranger.about) == ("", (), "")
    assert (await database.read(lambda unit: unit.known([stranger.id])))[stranger.id].orders == ()


async def test_what_is_said_to_who_was_erased_reaches_nobody(database: SqlDatabase) -> None:
    """An agent may still write there, and money may still be paid."""
    hers, *_ = await two_buyers(database)
    await erased(database, f"telegram:{TELEGRAM}")
    shell = await database.read(lambda unit: unit.conversation(hers))
    assert shell is not None
    assert shell.channel == ERASED
    await database.write(commits(outturn(shell, said=("已退款",), key="late")))
    [letter] = [row for row in await rows(database, "outbox") if row["key"].startswith("late")]
    assert letter["state"] == "blocked"


async def test_the_same_import_again_does_not_bring_them_back(database: SqlDatabase) -> None:
    await two_buyers(database)
    await erased(database, f"telegram:{TELEGRAM}")
    before = await everything(database)
    same = [replace(order("A1", 5_990), buyer_name=NAME, phone=PHONE)]
    assert await database.write(lambda unit: unit.put_orders(same)) == (0, 0)
    assert await database.write(lambda unit: unit.put_parcels([parcel("SF7", "A1")])) == (0, 0)
    assert await everything(database) == before
    assert await database.read(lambda unit: unit.erased_orders(["A1", "B1"])) == {"A1"}
    signed = [replace(same[0], signed_at=NOW)]
    assert await database.write(lambda unit: unit.put_orders(signed)) == (0, 1)
    assert NAME not in dump(await rows(database, "orders"))


async def test_all_of_it_happens_or_nothing_of_it(database: SqlDatabase) -> None:
    await two_buyers(database)
    before = await everything(database)

    def interrupted(unit: SqlUnit) -> None:
        [one] = unit.buyers("A1")
        unit.erase_buyer(one, NOW)
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        await database.write_alone(interrupted)
    assert await everything(database) == before


async def test_files_to_remove_are_listed_with_the_rows_and_those_of_others_are_known(
    database: SqlDatabase,
) -> None:
    await two_buyers(database)
    told = await erased(database, "A1")
    assert told.files == 2
    listed = await database.read(lambda unit: unit.discarded())
    assert set(listed) == {HERS, SHARED}
    assert await database.read(lambda unit: unit.kept_files()) == {SHARED}
    await database.write(lambda unit: unit.settle_discarded([HERS]))
    assert set(await database.read(lambda unit: unit.discarded())) == {SHARED}


async def test_a_message_that_comes_while_its_buyer_is_erased_is_a_strangers(postgres_address: str) -> None:
    """Another process looks up the conversation at the very moment it becomes nobody's."""
    async with SqlDatabase(postgres_address) as database:
        hers, *_ = await two_buyers(database)
        async with session(postgres_address) as erasing, erasing.transaction():
            await erasing.execute(
                "UPDATE conversations SET channel = 'erased', address = '1' WHERE id = $1", hers
            )
            coming = asyncio.create_task(
                database.write_alone(lambda unit: unit.receive([update(5, TELEGRAM, WORDS)], NOW))
            )
            await somebody_waits(erasing)
        await coming
        [row] = [row for row in await rows(database, "inbox") if row["origin"] == "update:5"]
        assert row["conversation_id"] not in (None, hers)


async def test_what_sqlite_deletes_is_overwritten_in_its_file(tmp_path: Path, sqlite_template: Path) -> None:
    path = tmp_path / "shop.db"
    shutil.copy(sqlite_template, path)
    async with SqlDatabase(f"sqlite:///{path}") as database:
        await two_buyers(database)
    assert WORDS.encode() in path.read_bytes()
    async with SqlDatabase(f"sqlite:///{path}") as database:
        await erased(database, f"telegram:{TELEGRAM}")
    found = path.read_bytes()
    assert [secret for secret in SECRETS if secret.encode() in found] == []


@pytest.mark.parametrize(
    ("who", "orders", "unproven"),
    [
        ("1", {"A1"}, {"A9"}),
        ("#1", {"A1"}, {"A9"}),
        ("conversation:3", {"A1"}, {"A9"}),
        ("a1", {"A1"}, {"A9"}),
        ("web:her-browser", {"A1"}, {"A9"}),
        ("+86 139 1111 2222", {"A1"}, {"A9"}),
        ("order:A9", {"A9"}, set()),
        ("telegram:777000", {"B1"}, set()),
    ],
)
async def test_who_is_meant_is_one_person_in_all_their_channels(
    database: SqlDatabase, who: str, orders: set[str], unproven: set[str]
) -> None:
    await two_buyers(database)
    [found] = await database.read(lambda unit: unit.buyers(who))
    assert ({one.number for one in found.orders}, {one.number for one in found.unproven}) == (
        orders,
        unproven,
    )


async def test_a_phone_number_of_two_persons_means_both(database: SqlDatabase) -> None:
    hers, web, bob = await two_buyers(database)
    await database.write(
        lambda unit: unit.put_orders([replace(order("B1", 5_990), buyer_name=BOB[0], phone=PHONE)])
    )
    found = await database.read(lambda unit: unit.buyers(PHONE))
    assert [one.numbers for one in found] == [(hers, web), (bob,)]
    assert await database.read(lambda unit: unit.buyers("nobody")) == []


async def test_a_phone_number_that_many_orders_share_names_no_person_by_itself(database: SqlDatabase) -> None:
    """Exports that hide it have the same for all."""
    await two_buyers(database)
    stranger = replace(order("C1"), buyer_name="别人", phone=PHONE)
    await database.write(lambda unit: unit.put_orders([stranger]))
    [found] = await database.read(lambda unit: unit.buyers("A1"))
    assert found.order_numbers == ("A1", "A9")


async def test_what_is_under_way_is_told(database: SqlDatabase) -> None:
    await two_buyers(database, ended=False)
    [found] = await database.read(lambda unit: unit.buyers("A1"))
    under_way = await database.read(lambda unit: unit.under_way(found))
    assert [case.number for case in under_way.cases] == ["R1"]
    assert [refund.key for refund in under_way.refunds] == ["refund:R1"]
