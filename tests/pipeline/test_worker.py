"""The worker: every turn whole or not at all, and nobody harmed by another's broken one."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.cases import State
from bot.domain.conversation import FlagReason, Holder, Priority
from bot.domain.orders import Parcel, ParcelState
from bot.pipeline.ports import Arrival
from bot.pipeline.worker import ATTEMPTS
from tests.pipeline.rig import Rig, on_its_way, unshipped
from tests.play.clock import OPENING
from tests.stores import everything, rows, run_sql

POISON = "poison"


async def poison(address: str) -> None:
    """From now on the database refuses a line that says so."""
    if address.startswith("sqlite"):
        await run_sql(
            address,
            "CREATE TRIGGER poison BEFORE INSERT ON lines WHEN instr(NEW.text, 'poison') > 0 "
            "BEGIN SELECT RAISE(ABORT, 'the database refuses this'); END",
        )
        return
    await run_sql(
        address,
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the database refuses this'; END $$",
    )
    await run_sql(
        address,
        "CREATE TRIGGER poison BEFORE INSERT ON lines FOR EACH ROW "
        "WHEN (position('poison' in NEW.text) > 0) EXECUTE FUNCTION refuse()",
    )


# -- a turn is whole ----------------------------------------------------------------------------------------------


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
    [clock] = await rows(rig.database, "deadlines")
    assert clock["due_at"] == OPENING + timedelta(hours=48)
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
    assert await rig.worker.step()
    assert not await rig.worker.step()
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


# -- a turn that fails --------------------------------------------------------------------------------------------


async def test_a_turn_that_fails_is_tried_again_and_succeeds(rig: Rig) -> None:
    await rig.write("ann", "谢谢")
    rig.words.broken.add("thanks/welcome")
    await rig.work()
    assert await rig.heard("ann") == []
    rig.words.broken.clear()
    rig.clock.advance(seconds=1)
    await rig.work()
    assert await rig.heard("ann") == ["thanks/welcome"]
    assert await rig.shelf() == []


async def test_a_turn_that_goes_on_failing_is_shelved_and_the_buyer_hears_a_kind_word(rig: Rig) -> None:
    rig.words.broken.add("thanks/welcome")
    for name, text in (("ann", "谢谢"), ("bob", "你好")):
        await rig.write(name, text)
    await rig.work()
    assert await rig.heard("bob") == ["greeting/hello"]
    assert await rig.heard("ann") == []
    await rig.work_patiently()

    assert await rig.heard("ann") == ["talk/holding"]
    [shelved] = await rig.shelf()
    ann = await rig.conversation("ann")
    assert (shelved.origin, shelved.conversation_id) == ("web:1", ann.id)
    assert shelved.error == "ZeroDivisionError: thanks/welcome fails"
    assert ann.holder is Holder.QUEUED
    assert ann.flag is not None
    assert (ann.flag.reason, ann.flag.priority) == (FlagReason.BROKEN_TURN, Priority.HIGH)
    [row] = [row for row in await rows(rig.database, "inbox") if row["state"] == "shunted"]
    assert row["attempts"] == ATTEMPTS


async def test_what_is_said_after_a_shelved_message_goes_on(rig: Rig) -> None:
    rig.words.broken.add("thanks/welcome")
    await rig.write("ann", "谢谢")
    await rig.write("ann", "你好")
    await rig.work_patiently()
    assert await rig.heard("ann") == ["talk/holding"]
    await rig.do("ann", "release")
    await rig.write("ann", "你好")
    await rig.work()
    assert await rig.heard("ann") == ["talk/holding", "escalate/released", "greeting/hello"]
    assert (await rig.status()).inbox_due == 0


async def test_an_unreadable_update_is_shelved_at_once(rig: Rig) -> None:
    await rig.intake.take([Arrival("web", "web:odd", {"kind": "riddle"}, "ann")])
    await rig.write("ann", "你好")
    await rig.work()
    [shelved] = await rig.shelf()
    assert "riddle" in shelved.error
    assert await rig.heard("ann") == ["talk/holding"]


async def test_a_message_the_database_refuses_harms_no_neighbour_and_is_shelved(
    rig: Rig, address: str
) -> None:
    await poison(address)
    for name, text in (("ann", "你好"), ("bob", f"{POISON} 你好"), ("cat", "谢谢")):
        await rig.write(name, text)
    await rig.write("bob", "你好")
    await rig.work()
    assert await rig.heard("ann") == ["greeting/hello"]
    assert await rig.heard("cat") == ["thanks/welcome"]
    await rig.work_patiently()
    assert await rig.heard("bob") == ["talk/holding"]
    [shelved] = await rig.shelf()
    assert "the database refuses this" in shelved.error
    assert (await rig.status()).inbox_due == 0


async def test_a_message_that_can_not_even_be_apologised_for_holds_up_nobody(rig: Rig) -> None:
    rig.words.broken |= {"thanks/welcome", "talk/holding"}
    await rig.write("ann", "谢谢")
    await rig.write("bob", "你好")
    await rig.work_patiently()
    assert await rig.heard("bob") == ["greeting/hello"]
    assert len(await rig.shelf()) == 1
    await rig.write("ann", "你好")
    await rig.work()
    assert await rig.heard("ann") == ["greeting/hello"]


async def test_a_message_taken_off_the_shelf_is_answered_after_all(rig: Rig) -> None:
    rig.words.broken.add("thanks/welcome")
    await rig.write("ann", "谢谢")
    await rig.work_patiently()
    [shelved] = await rig.shelf()
    rig.words.broken.clear()
    await rig.do("ann", "release")
    await rig.work()
    await rig.database.write(lambda unit: unit.unshunt(shelved.id, rig.clock()))
    await rig.work()
    assert await rig.heard("ann") == ["talk/holding", "escalate/released", "thanks/welcome"]


async def test_a_message_shelved_twice_is_apologised_for_twice(rig: Rig) -> None:
    rig.words.broken.add("thanks/welcome")
    await rig.write("ann", "谢谢")
    await rig.work_patiently()
    await rig.do("ann", "release")
    await rig.work()
    [shelved] = await rig.shelf()
    await rig.database.write(lambda unit: unit.unshunt(shelved.id, rig.clock()))
    await rig.work_patiently()
    assert await rig.heard("ann") == ["talk/holding", "escalate/released", "talk/holding"]


async def test_an_agents_act_that_fails_tells_the_buyer_nothing_and_leaves_them_the_agent(rig: Rig) -> None:
    await rig.write("ann", "转人工")
    await rig.work()
    await rig.do("ann", "claim")
    await rig.work()
    rig.words.broken.add("desk/given_back")
    await rig.do("ann", "release")
    await rig.work_patiently()
    ann = await rig.conversation("ann")
    assert (ann.holder, ann.agent) == (Holder.AGENT, "小周")
    assert await rig.heard("ann") == ["escalate/queued"]
    assert ann.flag is not None
    assert ann.flag.reason is FlagReason.BROKEN_TURN
    assert len(await rig.shelf()) == 1


async def test_a_clock_that_fails_calls_a_person_and_leaves_the_talk_alone(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    await rig.write("ann", "我要退款")
    await rig.work()
    await rig.tap("ann", "|cancel|yes")
    await rig.work()
    await rig.owns("ann", on_its_way())
    await rig.write("ann", "我要退款")
    await rig.work()
    talk = (await rig.conversation("ann")).talk
    assert talk is not None
    heard = await rig.heard("ann")
    rig.words.broken.add("case/auto_agreed")
    rig.clock.advance(hours=72)
    assert await rig.deadlines.step()
    await rig.work_patiently()
    ann = await rig.conversation("ann")
    assert await rig.heard("ann") == heard
    assert (ann.talk, ann.holder) == (talk, Holder.BOT)
    assert ann.flag is not None
    [shelved] = await rig.shelf()
    assert shelved.channel == "clock"


async def test_what_belongs_to_nobody_is_looked_at_and_done_with_or_shelved(rig: Rig) -> None:
    fine = {"kind": "message", "text": "a service message", "files": []}
    await rig.intake.take([Arrival("web", "web:1", fine), Arrival("web", "web:2", {"kind": "riddle"})])
    await rig.intake.take([Arrival("pigeon", "1", {})])
    await rig.work()
    assert [(one.channel, one.origin) for one in await rig.shelf()] == [("web", "web:2"), ("pigeon", "1")]
    assert (await rig.status()).inbox_due == 0


# -- carriers -----------------------------------------------------------------------------------------------------


class Slow:
    """A carrier that answers when let."""

    def __init__(self, state: ParcelState = ParcelState.OUT_FOR_DELIVERY) -> None:
        self.let = asyncio.Event()
        self.state = state

    async def __call__(self, parcel: Parcel) -> Parcel:
        await self.let.wait()
        return replace(parcel, state=self.state, as_of=OPENING)


async def test_carriers_are_asked_outside_of_any_transaction_and_others_go_on_meanwhile(rig: Rig) -> None:
    slow = rig.carriers.answer = Slow()
    await rig.owns("ann", on_its_way())
    await rig.write("ann", "我的快递到哪了")
    await rig.write("ann", "谢谢")
    assert await rig.worker.step()
    await rig.write("bob", "你好")
    assert await rig.worker.step()
    assert await rig.heard("bob") == ["greeting/hello"]
    assert await rig.heard("ann") == []  # not even the thanks: her messages keep their order
    slow.let.set()
    await rig.work()
    assert await rig.heard("ann") == ["track_parcel/where", "thanks/welcome"]
    assert rig.carriers.asked == ["SF1234567890123"]


async def test_each_question_asks_the_carrier_anew(rig: Rig) -> None:
    await rig.owns("ann", on_its_way())
    for _ in range(2):
        await rig.write("ann", "我的快递到哪了")
        await rig.work()
    assert len(rig.carriers.asked) == 2


async def test_a_carrier_lookup_that_raises_is_told_as_unavailable(rig: Rig) -> None:
    async def fail(parcel: Parcel) -> Parcel:
        raise RuntimeError(f"{parcel.carrier} broke its promise")

    rig.carriers.answer = fail
    await rig.owns("ann", on_its_way())
    await rig.write("ann", "我的快递到哪了")
    async with asyncio.timeout(20):
        await rig.work()
    assert await rig.heard("ann") == ["track_parcel/where"]


async def test_an_answer_the_database_refuses_is_shelved_and_not_asked_for_ever(
    rig: Rig, address: str
) -> None:
    await poison(address)
    await rig.owns("ann", on_its_way())
    await rig.write("ann", f"我的快递到哪了 {POISON}")
    await rig.write("ann", "你好")
    await rig.work_patiently()
    assert len(await rig.shelf()) == 1
    assert len(rig.carriers.asked) == 1


async def test_news_asked_for_one_message_does_not_answer_a_later_one(rig: Rig) -> None:
    slow = rig.carriers.answer = Slow()
    await rig.owns("ann", on_its_way())
    await rig.write("ann", "我的快递到哪了")
    await rig.worker.step()
    [waiting] = await rig.database.write_alone(lambda unit: unit.claim(rig.clock(), 1, frozenset()))
    await rig.database.write(lambda unit: unit.finish(waiting.rows, rig.clock()))  # another worker was faster
    slow.let.set()
    await rig.work()
    await rig.write("ann", "我的快递到哪了")
    await rig.work()
    assert len(rig.carriers.asked) == 2


# -- several at once ----------------------------------------------------------------------------------------------


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
    assert await rig.worker.step()
    assert rig.places() == [1, 2, 3]


async def test_a_place_given_up_is_not_counted_by_whoever_asks_at_the_same_time(rig: Rig) -> None:
    await rig.write("ann", "转人工")
    await rig.work()
    await rig.tap("ann", "|start|bot")
    await rig.write("bob", "转人工")
    assert await rig.worker.step()
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

    async def flaky(job: object) -> object:
        if failures:
            raise failures.pop()
        return await write_alone(job)  # type: ignore[arg-type]

    monkeypatch.setattr(rig.database, "write_alone", flaky)
    serving = asyncio.create_task(rig.worker.run())
    await rig.write("ann", "你好")
    async with asyncio.timeout(20):
        await rig.heard_of.wait()
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    assert await rig.heard("ann") == ["greeting/hello"]


# -- deadlines ----------------------------------------------------------------------------------------------------


async def test_a_shop_that_stays_silent_has_agreed(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    await rig.write("ann", "我要退款")
    await rig.work()
    await rig.tap("ann", "|cancel|yes")
    await rig.work()
    rig.clock.advance(hours=47, minutes=59)
    assert not await rig.deadlines.step()
    rig.clock.advance(minutes=1)
    assert await rig.deadlines.step()
    assert not await rig.deadlines.step()
    await rig.work()
    assert (await rig.heard("ann"))[-1] == "case/auto_agreed"
    [refund] = await rows(rig.database, "refunds")
    assert refund["amount"] == 32_900


async def test_a_deadline_that_was_overtaken_says_nothing(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    await rig.write("ann", "我要退款")
    await rig.work()
    await rig.tap("ann", "|cancel|yes")
    await rig.work()
    rig.clock.advance(hours=48)
    [case] = await rows(rig.database, "cases")
    await rig.do("ann", "refuse", case=case["number"], version=case["version"], text="已经打包")
    await rig.deadlines.step()
    await rig.work()
    assert (await rig.heard("ann"))[-1] == "case/refused"
    assert await rows(rig.database, "refunds") == []
