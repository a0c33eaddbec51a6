"""A turn that fails: tried again, shelved, apologised for; nobody is harmed by another's broken one."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.conversation import FlagReason, Holder, Priority
from bot.domain.meaning import Meaning
from bot.domain.messages import Incoming
from bot.pipeline import burst, walk
from bot.pipeline.arrivals import Arrival
from bot.pipeline.walk import understand_it
from bot.pipeline.worker import ATTEMPTS
from tests.pipeline.poison import POISON, poison
from tests.pipeline.rig import Rig, on_its_way, unshipped
from tests.stores import rows


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
    assert ann.watch.waits_since, "the time to answer runs"
    assert ann.flag is not None
    assert (ann.flag.reason, ann.flag.priority) == (FlagReason.BROKEN_TURN, Priority.HIGH)
    [row] = [row for row in await rows(rig.database, "inbox") if row["state"] == "shunted"]
    assert row["attempts"] == ATTEMPTS


async def test_a_message_that_can_not_be_understood_stops_nobody_else(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(incoming: Incoming, *rest: Any) -> Meaning:
        if POISON in incoming.text:
            raise RecursionError("too deep")
        return understand_it(incoming, *rest)

    for module in (walk, burst):
        monkeypatch.setattr(module, "understand_it", broken)
    await rig.write("mallory", POISON)
    await rig.write("mallory", f"{POISON} again")
    await rig.write("ann", "你好")
    await rig.work_patiently()
    assert await rig.heard("ann") == ["greeting/hello"]
    assert await rig.heard("mallory") == ["talk/holding"]
    assert [shelved.error for shelved in await rig.shelf()] == [
        "RecursionError: too deep"
    ]  # a person has the rest


async def test_what_is_said_after_a_shelved_message_goes_on(rig: Rig) -> None:
    rig.words.broken.add("thanks/welcome")
    await rig.write("ann", "谢谢")
    await rig.write("ann", "你好")
    await rig.work_patiently()
    told = ["talk/holding", "escalate/still_waiting"]
    assert await rig.heard("ann") == told
    await rig.do("ann", "release")
    await rig.write("ann", "你好")
    await rig.work()
    assert await rig.heard("ann") == [*told, "escalate/released", "greeting/hello"]
    assert (await rig.status()).inbox_due == 0


async def test_an_unreadable_update_is_shelved_at_once(rig: Rig) -> None:
    await rig.intake.take([Arrival("web", "web:odd", {"kind": "riddle"}, "ann")])
    await rig.write("ann", "你好")
    await rig.work()
    [shelved] = await rig.shelf()
    assert "riddle" in shelved.error
    assert await rig.heard("ann") == ["talk/holding", "escalate/still_waiting"]


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
    assert await rig.heard("bob") == ["talk/holding", "escalate/still_waiting"]
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
