"""Many pages of the desk at once: each is told all that is new to it, and what they share is read once for all."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.web.hub import Hub
from bot.desk.bell import Bell
from bot.desk.board import Board
from bot.desk.panel import listed
from bot.desk.settings import DeskLimits
from bot.desk.together import Together
from bot.domain.messages import Speaker
from bot.pipeline.looks import Waiting
from tests.channels.web.browser import Stream
from tests.channels.web.house import House, Store, StoreDatabase, ago
from tests.desk.agent import Agent
from tests.desk.samples import flagged

MANY = DeskLimits(streams=100)


@dataclass
class Counting(Store):
    """A store that counts how often its list was asked for."""

    looks: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        super().__init__()

    def waiting(self, limit: int = 100) -> list[Waiting]:
        self.looks += 1
        return super().waiting(limit)


async def test_what_changed_in_the_list_is_told_without_the_rest_and_who_comes_back_gets_all_of_it() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        first = flagged(house)
        other = house.store.conversation_at("telegram", "5", ago(minutes=1), "Jonas").id
        house.say(other, Speaker.BUYER, "hello")
        async with agent.stream("/desk/stream") as stream:
            assert [row["id"] for row in (await stream.next("list")).data] == [first, other]
            house.say(other, Speaker.BUYER, "hello?")
            told = (await stream.next("changed")).data
            assert told["order"] == [first, other]
            assert [(row["id"], row["last"]) for row in told["rows"]] == [(other, "hello?")]
        async with agent.stream("/desk/stream") as stream:
            assert [row["last"] for row in (await stream.next("list")).data] == [
                "好的，马上为您转接",
                "hello?",
            ]


async def test_the_list_is_read_once_for_all_pages_that_show_it() -> None:
    store = Counting()
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(House(store).open(desk_limits=MANY))
        agent = await stack.enter_async_context(Agent(house.url))
        conversation = flagged(house)
        streams = [await stack.enter_async_context(agent.stream("/desk/stream")) for _ in range(30)]
        for stream in streams:
            await stream.next("ready")
        before = store.looks
        house.say(conversation, Speaker.BUYER, "在吗")
        for stream in streams:
            assert [row["last"] for row in (await stream.next("changed")).data["rows"]] == ["在吗"]
        assert store.looks - before < len(streams)


async def _until(stream: Stream, text: str) -> list[str]:
    while stream.texts()[-1:] != [text]:
        await stream.next("line")
    return stream.texts()


async def test_pages_that_show_different_parts_of_a_conversation_each_get_every_line_once() -> None:
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(House().open(desk_limits=MANY))
        agent = await stack.enter_async_context(Agent(house.url))
        conversation = flagged(house)
        lines = [house.say(conversation, Speaker.BUYER, str(number)) for number in range(20)]
        path = f"/desk/stream?conversation={conversation}"
        places = [None, lines[4].id, lines[4].id, lines[18].id, lines[19].id]
        streams = [await stack.enter_async_context(agent.stream(path, last)) for last in places]
        await streams[0].next("ready")
        for number in range(20, 40):
            house.say(conversation, Speaker.BUYER, str(number))
            await asyncio.sleep(0)
        texts = [await _until(stream, "39") for stream in streams]
        begins = [0, 5, 5, 19, 20]
        assert texts[0][-40:] == [str(number) for number in range(40)]
        assert texts[1:] == [[str(number) for number in range(begin, 40)] for begin in begins[1:]]


async def test_a_page_that_came_later_is_told_what_became_of_a_line_like_those_before() -> None:
    async with House().open(desk_limits=DeskLimits(tick=0.05)) as house, Agent(house.url) as agent:
        conversation = flagged(house)
        line = house.say(conversation, Speaker.AGENT, "您好", name="Mia", delivery="queued")
        path = f"/desk/stream?conversation={conversation}"
        async with agent.stream(path) as early:
            await early.next("ready")
            house.store.settle(conversation, line.id, "sending")
            async with agent.stream(path) as late:
                await late.next("ready")
                house.store.settle(conversation, line.id, "sent")
                for stream in (early, late):
                    while (await stream.next("delivery")).data != {"id": line.id, "state": "sent"}:
                        pass


async def test_who_does_not_read_holds_up_nobody_and_misses_nothing() -> None:
    long = "慢" * 20_000
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(House().open(desk_limits=MANY))
        agent = await stack.enter_async_context(Agent(house.url))
        conversation = flagged(house)
        path = f"/desk/stream?conversation={conversation}"
        asleep = await stack.enter_async_context(agent.stream(path))
        awake = await stack.enter_async_context(agent.stream(path))
        await awake.next("ready")
        for number in range(100):  # far more than a connection holds that nobody reads from
            house.say(conversation, Speaker.BUYER, f"{number} {long}")
            if number % 10 == 9:
                await _until(awake, f"{number} {long}")
        texts = await _until(asleep, f"99 {long}")
        assert [text.split()[0] for text in texts[-100:]] == [str(number) for number in range(100)]


async def test_of_two_who_look_only_the_one_whose_session_ended_sees_no_more() -> None:
    async with (
        House().open() as house,
        Agent(house.url) as mia,
        Agent(house.url, "xiaohe") as xiaohe,
        mia.stream("/desk/stream") as ended,
        xiaohe.stream("/desk/stream") as open_still,
    ):
        await ended.next("ready")
        await open_still.next("ready")
        gone = house.store.accounts.credentials("mia")
        assert gone is not None
        house.store.accounts.disable(gone.staff.id, datetime.now(UTC))
        house.ahead = timedelta(seconds=10)
        flagged(house)
        house.hub.publish(1)
        await ended.next("over")
        await ended.ended()
        assert [row["name"] for row in (await open_still.next("changed")).data["rows"]] == ["小林"]
        assert "over" not in [event.name for event in open_still.seen]


def _told(events: list[str], rows: dict[int, Any]) -> list[Any]:
    """What the page's script makes of it."""
    order = list(rows)
    for event in events:
        name, data = event.removeprefix("event: ").strip().split("\ndata: ")
        told = json.loads(data)
        fresh = told if name == "list" else told["rows"]
        rows = rows | {row["id"]: row for row in fresh}
        order = [row["id"] for row in told] if name == "list" else told["order"]
    return [rows[number] for number in order]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.text(max_size=3), st.booleans(), st.sets(st.integers(0, 2))),
        max_size=25,
    )
)
def test_whoever_looks_when_they_can_ends_up_with_the_list_as_it_is(
    steps: list[tuple[int, str, bool, set[int]]],
) -> None:
    async def story() -> None:
        store, hub = Store(), Hub()
        board = Board(StoreDatabase(store), hub, breath=0)
        shown = [0, 0, 0]
        pages: list[list[Any]] = [[], [], []]

        async def look(page: int) -> None:
            events, shown[page] = await board.news(shown[page])
            pages[page] = _told(events, {row["id"]: row for row in pages[page]})

        with hub.subscribe_none() as ear, board.heard_by(ear):
            for who, text, gone, looking in steps:
                number = store.conversation_at("web", str(who), ago(minutes=1)).id
                store.say(number, Speaker.BUYER, text)
                if gone:
                    store.lines.pop(number)
                hub.publish(number)
                await ear.wait(1)
                for page in looking:
                    await look(page)
            for page in range(3):
                await look(page)
        there = [listed(one) for one in store.waiting()]
        assert pages == [there] * 3

    asyncio.run(story())


async def test_a_bell_rings_once_for_all_that_happens_at_once_and_not_for_who_has_left() -> None:
    hub = Hub()
    bell = Bell(hub, None, breath=60)
    with hub.subscribe_none() as ear:
        with bell.heard_by(ear):
            for number in range(1, 1001):
                hub.publish(number)
            assert await ear.wait(5)
            assert bell.rung == 1
            hub.publish(1)
        assert not bell.heard
        assert not await ear.wait(0.01)
    assert len(hub) == 0


async def test_a_look_is_shared_until_the_bell_rings_and_a_failed_one_is_not() -> None:
    looks, go_on = 0, asyncio.Event()

    async def look(key: str) -> int:
        nonlocal looks
        looks += 1
        mine = looks
        await go_on.wait()
        if key == "broken":
            raise ValueError(key)
        return mine

    together = Together(look, 60)
    left, stays, heard = (asyncio.create_task(together.of("a", rung)) for rung in (1, 1, 2))
    await asyncio.sleep(0)
    left.cancel()
    go_on.set()
    assert (await stays, await heard, await together.of("a", 2)) == (1, 2, 2)
    for expected in (3, 4):
        answer = await asyncio.gather(together.of("broken", 2), return_exceptions=True)
        assert isinstance(answer[0], ValueError)
        assert looks == expected
