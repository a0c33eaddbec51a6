"""The worker: every turn whole, buyers' messages in order, several at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.cases import State
from bot.pipeline.arrivals import Arrival
from tests.pipeline.poison import POISON, poison
from tests.pipeline.rig import Rig, unshipped
from tests.play.clock import OPENING
from tests.stores import everything, rows


async def test_a_reply_and_what_it_says_was_done_are_committed_together(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    await rig.write("ann", "我要退款")
    await rig.work()
    await rig.tap("ann", "|cancel|yes")
    await rig.work()
    assert await rig.heard("ann") == ["request_refund/unshipped", "request_refund/opened"]
    [case] = await rows(rig.database, "cases")
    assert (case["state"], case["amount"], case["order_number"]) == (
        "WAIT_SELLER_AGREE",
        32_900,
        "2600018001",
    )
    clocks = {row["kind"]: row["due_at"] for row in await rows(rig.database, "deadlines")}
    assert clocks == {
        "seller_timeout": OPENING + timedelta(hours=48),
        "remind_seller": OPENING + timedelta(hours=42),
    }
    ann = await rig.conversation("ann")
    said = await rig.database.read(lambda unit: unit.transcript(ann.id))
    assert [line.who.value for line in said] == ["buyer", "bot", "buyer", "bot"]
    assert ann.talk is None
    assert {row["state"] for row in await rows(rig.database, "inbox")} == {"done"}


async def test_a_turn_whose_last_word_is_refused_has_not_happened(rig: Rig, address: str) -> None:
    await rig.owns("ann", unshipped())
    await rig.write("ann", "我要退款")
    await rig.work()
    await rig.tap("ann", "|cancel|yes")
    render = rig.words.render
    rig.words.render = lambda say, language: replace(
        render(say, language), text=POISON if say.reply == "request_refund/opened" else "fine"
    )
    await poison(address)
    before = await everything(rig.database)
    await rig.worker.step()
    after = await everything(rig.database)
    assert [row["attempts"] for row in after.pop("inbox")] == [0, 1]
    before.pop("inbox")
    assert after == before


async def test_messages_of_one_buyer_are_answered_in_order_whatever_the_batch(rig: Rig) -> None:
    for text in ("你好", "谢谢", "你好", "谢谢"):
        await rig.write("ann", text)
        await rig.write("bob", text)
    await rig.work()
    expected = ["greeting/hello", "thanks/welcome"] * 2
    assert await rig.heard("ann") == expected
    assert await rig.heard("bob") == expected


async def test_those_who_watch_are_told_whose_talk_grew(rig: Rig) -> None:
    await rig.write("ann", "你好")
    await rig.write("bob", "你好")
    await rig.worker.step()
    await rig.worker.step()
    ids = {(await rig.conversation(name)).id for name in ("ann", "bob")}
    assert rig.spoke == [ids]


async def test_the_parts_of_an_album_are_one_message(rig: Rig) -> None:
    parts = [
        Arrival(
            "web",
            f"web:p{n}",
            {
                "kind": "message",
                "text": "坏了" if n == 0 else "",
                "files": [{"medium": "photo", "ref": f"file:{n}", "name": "", "size": 1}],
            },
            "ann",
            album="x",
        )
        for n in range(3)
    ]
    for part in parts:
        await rig.intake.take([part])
    await rig.work()
    assert await rows(rig.database, "lines") == []
    rig.clock.advance(seconds=1)
    await rig.work()
    ann = await rig.conversation("ann")
    first, *_ = await rig.database.read(lambda unit: unit.transcript(ann.id))
    assert (first.text, len(first.attachments)) == ("坏了", 3)


async def test_two_buyers_who_apply_for_the_same_order_at_once_get_one_case(rig: Rig) -> None:
    for name in ("ann", "bob"):
        await rig.owns(name, unshipped())
        await rig.write(name, "我要退款")
    await rig.work()
    for name in ("ann", "bob"):
        await rig.tap(name, "|cancel|yes")
    await rig.work()
    assert (await rig.heard("ann"))[1:] == ["request_refund/opened"]
    assert (await rig.heard("bob"))[1:] == ["request_refund/blocked"]
    assert len(await rows(rig.database, "cases")) == 1
    assert await rig.shelf() == []


async def test_buyers_who_ask_for_a_person_at_once_are_told_different_places(rig: Rig) -> None:
    for name in ("ann", "bob", "cat"):
        await rig.write(name, "转人工")
    await rig.worker.step()
    assert rig.places() == [1, 2, 3]


async def test_a_place_given_up_is_not_counted_by_whoever_asks_at_the_same_time(rig: Rig) -> None:
    await rig.write("ann", "转人工")
    await rig.work()
    await rig.tap("ann", "|start|bot")
    await rig.write("bob", "转人工")
    await rig.worker.step()
    assert rig.places() == [1, 1]


async def test_a_buyer_who_revokes_while_the_shop_agrees_gets_one_end(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    await rig.write("ann", "我要退款")
    await rig.work()
    await rig.tap("ann", "|cancel|yes")
    await rig.work()
    await rig.write("ann", "撤销退款")
    await rig.work()
    [case] = await rows(rig.database, "cases")
    await rig.do("ann", "agree", case=case["number"], version=case["version"])
    await rig.tap("ann", "|confirm|yes")
    await rig.work()
    [case] = await rows(rig.database, "cases")
    assert case["state"] == State.SUCCESS
    assert len(await rows(rig.database, "refunds")) == 1
    assert "revoke_refund/done" not in await rig.heard("ann")


async def test_a_database_that_is_away_for_a_moment_loses_nothing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.write("ann", "你好")

    async def away(_: object) -> None:
        raise ConnectionError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(rig.database, "write_alone", away)
        with pytest.raises(ConnectionError):
            await rig.worker.step()
    await rig.work()
    assert await rig.heard("ann") == ["greeting/hello"]


async def test_the_worker_wakes_for_what_was_taken_in_and_goes_on_after_trouble(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [ConnectionError("gone"), ConnectionError("gone")]
    write_alone = rig.database.write_alone

    async def flaky(job: Any) -> object:
        if failures:
            raise failures.pop()
        return await write_alone(job)

    monkeypatch.setattr(rig.database, "write_alone", flaky)
    serving = asyncio.create_task(rig.worker.run())
    await rig.write("ann", "你好")
    async with asyncio.timeout(20):
        await rig.heard_of.wait()
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    assert await rig.heard("ann") == ["greeting/hello"]
