"""Courier tickets through the pipeline: two at once, news that come while the clock fires, a restart in between."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.orders import Parcel, ParcelEvent, ParcelState
from bot.folder.shop_folder import Contents
from tests.pipeline.rig import Rig, on_its_way, unshipped
from tests.stores import rows

FIRST, SECOND = "SF1234567890123", "YT7300018003001"


class News:
    """What carriers say by parcel; who is asked about others waits until let."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self.of: dict[str, ParcelState] = {}
        self.let = asyncio.Event()
        self.let.set()

    async def __call__(self, parcel: Parcel) -> Parcel:
        await self.let.wait()
        state = self.of.get(parcel.number)
        if state is None:
            return replace(parcel, unavailable=True)
        scan = ParcelEvent(self._rig.clock(), "Handed over")
        return replace(parcel, state=state, events=(scan,), as_of=self._rig.clock())


async def asked(rig: Rig, *, both: bool = False) -> News:
    """Ann has had her parcel chased, or both of them; the carrier says nothing so far."""
    news = rig.carriers.answer = News(rig)
    orders = [on_its_way("2600018003", FIRST), *([on_its_way("2600018004", SECOND)] if both else [])]
    await rig.owns("ann", *orders)
    for parcel in (FIRST, SECOND)[: len(orders)]:
        await rig.write("ann", f"{parcel}帮催下派件")
        await rig.work()
    return news


async def states(rig: Rig) -> list[tuple[str, str, int]]:
    """Where each case stands: number, state, version."""
    return [(row["number"], row["state"], row["version"]) for row in await rows(rig.database, "cases")]


async def told(rig: Rig) -> list[str]:
    """Everything that was said so far, to the buyer and on the desk."""
    return [row["reply"] for row in await rows(rig.database, "lines") if row["reply"]]


async def come_due(rig: Rig, hours: float = 24) -> None:
    rig.clock.advance(hours=hours)
    await rig.deadlines.step()


async def test_two_tickets_that_come_due_in_the_same_second_are_each_told_once(rig: Rig) -> None:
    news = await asked(rig, both=True)
    news.of = {FIRST: ParcelState.DELIVERED}
    rig.carriers.asked.clear()
    await come_due(rig)
    await rig.work()
    assert sorted((await rig.heard("ann"))[2:]) == ["case/carrier_silent", "parcel/arrived"]
    assert sorted(rig.carriers.asked) == sorted([FIRST, SECOND])
    assert sorted((state, version) for _, state, version in await states(rig)) == [
        ("SUCCESS", 2),
        ("WAIT_CARRIER", 2),
    ]


async def test_one_ticket_a_parcel_and_matter_however_often_it_is_asked_for(rig: Rig) -> None:
    await asked(rig)
    await rig.write("ann", "催件")
    await rig.write("ann", "催一下物流")
    await rig.work()
    assert await rig.heard("ann") == ["hurry_parcel/asked", "parcel/stands", "parcel/stands"]
    assert len(await states(rig)) == 1


async def test_news_that_come_while_the_clock_fires_answer_it(rig: Rig) -> None:
    news = await asked(rig)
    news.let.clear()
    await come_due(rig)
    await rig.worker.step()  # the clock's turn waits for the carrier
    assert await rig.heard("ann") == ["hurry_parcel/asked"]
    news.of = {FIRST: ParcelState.DELIVERED}
    news.let.set()
    await rig.work()
    assert await rig.heard("ann") == ["hurry_parcel/asked", "parcel/arrived"]
    [(_, state, _)] = await states(rig)
    assert state == "SUCCESS"


async def test_who_writes_while_the_clock_asks_is_answered_after_it_and_only_once(rig: Rig) -> None:
    news = await asked(rig)
    news.let.clear()
    await come_due(rig)
    await rig.worker.step()
    await rig.write("ann", "催件")
    news.of = {FIRST: ParcelState.DELIVERED}
    news.let.set()
    await rig.work()
    assert await rig.heard("ann") == ["hurry_parcel/asked", "parcel/arrived", "hurry_parcel/delivered"]


async def test_an_answer_typed_while_the_clock_asks_is_not_lost_and_told_once(rig: Rig) -> None:
    news = await asked(rig)
    news.let.clear()
    await come_due(rig)
    await rig.worker.step()
    [(number, _, _)] = await states(rig)
    await rig.do("ann", "answer", case=number, text="明天上午派送")
    news.let.set()
    await rig.work()
    assert await rig.heard("ann") == ["hurry_parcel/asked", "case/carrier_silent", "case/carrier_answered"]
    assert [state for _, state, _ in await states(rig)] == ["SUCCESS"]


async def test_an_answer_that_came_first_leaves_the_clock_nothing_to_say(rig: Rig) -> None:
    await asked(rig)
    [(number, _, version)] = await states(rig)
    rig.clock.advance(hours=24)
    await rig.do("ann", "answer", case=number, version=version, text="明天上午派送")
    await rig.deadlines.step()
    await rig.work()
    assert await rig.heard("ann") == ["hurry_parcel/asked", "case/carrier_answered"]


async def test_a_restart_while_the_carrier_is_asked_asks_again_and_tells_once(
    rig: Rig, contents: Contents
) -> None:
    news = await asked(rig)
    news.let.clear()
    await come_due(rig)
    await rig.worker.step()
    for waiting in rig.worker._asking.values():
        waiting.cancel()  # the process is gone, and what it had asked with it

    after = Rig(rig.database, contents)
    after.clock.now = rig.clock()
    again = after.carriers.answer = News(after)
    again.of = {FIRST: ParcelState.DELIVERED}
    await after.deadlines.step()
    await after.work()
    assert after.carriers.asked == [FIRST]
    said = [say.reply for say in after.words.said]
    assert said == ["parcel/arrived"]
    assert [state for _, state, _ in await states(after)] == ["SUCCESS"]


async def test_days_without_power_are_one_silence_not_three(rig: Rig, contents: Contents) -> None:
    await asked(rig)
    after = Rig(rig.database, contents)
    after.clock.now = rig.clock() + timedelta(days=5)
    after.carriers.answer = News(after)
    while await after.deadlines.step():
        await after.work()
    assert (await told(after))[2:] == ["case/carrier_silent", "desk/ask_carrier"]
    [case] = await rows(after.database, "cases")
    assert (case["missed"], case["state"]) == (1, "WAIT_CARRIER")


async def test_the_third_silence_calls_a_person_and_the_next_clock_runs_on(rig: Rig) -> None:
    await asked(rig)
    for _ in range(4):
        await come_due(rig)
        await rig.work()
    assert (await rig.heard("ann"))[1:] == [
        "case/carrier_silent",
        "case/carrier_silent",
        "parcel/person_called",
        "parcel/person_called",
    ]
    conversation = await rig.conversation("ann")
    assert conversation.flag is not None
    assert (conversation.flag.reason, conversation.flag.priority) == ("overdue", "high")
    assert conversation.holder == "bot"


async def test_the_shop_is_nudged_once_a_day_also_after_a_restart(rig: Rig, contents: Contents) -> None:
    await rig.owns("ann", unshipped())
    await rig.write("ann", "催发货")
    await rig.work()
    after = Rig(rig.database, contents)
    after.clock.now = rig.clock()
    await rig.write("ann", "还不发啊")
    await after.work()
    after.clock.advance(hours=24)
    await rig.write("ann", "催发货")
    await after.work()
    assert (await told(after)).count("hurry_parcel/unshipped") == 3
    assert (await told(after)).count("desk/hurry_shipping") == 2
