"""The chat's stream: nothing missing, nothing double, nothing of the desk."""

import asyncio
from contextlib import AsyncExitStack

from bot.channels.web.chat import Limits
from bot.domain.conversation import Holder
from bot.domain.explanation import Explanation
from bot.domain.meaning import Sureness
from bot.domain.messages import Speaker
from tests.channels.web.browser import Browser
from tests.channels.web.house import House


async def _begun(house: House, browser: Browser) -> int:
    await browser.write("hi")
    conversation = house.of(house.arrivals[-1])
    house.say(conversation, Speaker.BUYER, "hi")
    return conversation


async def test_the_transcript_comes_first_then_each_line_as_it_is_said() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        conversation = await _begun(house, browser)
        async with browser.stream() as stream:
            await stream.next("ready")
            house.say(conversation, Speaker.BOT, "Which <b>order</b>?", buttons=(("One", "1|order|1"),))
            line = (await stream.next("line")).data
        assert stream.texts()[0] == "hi"
        assert line["body"] == ["Which ", {"t": "b", "c": ["order"]}, "?"]
        assert line["buttons"] == [["One", "1|order|1"]]


async def test_what_a_buyer_writes_is_never_markup() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        conversation = await _begun(house, browser)
        house.say(conversation, Speaker.BUYER, "<b>x</b><script>")
        async with browser.stream() as stream:
            await stream.next("ready")
        assert stream.seen[1].data["body"] == ["<b>x</b><script>"]


async def test_the_buyer_is_not_told_how_they_were_understood_nor_a_replys_name() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        conversation = await _begun(house, browser)
        house.say(conversation, Speaker.BUYER, "refund", meaning=Explanation("en", Sureness.ASK))
        house.say(conversation, Speaker.BOT, "Do you mean:", reply="talk/guess")
        async with browser.stream() as stream:
            await stream.next("ready")
        lines = [event.data for event in stream.seen if event.name == "line"]
        assert len(lines) == 3
        keys = {"id", "who", "name", "at", "body", "buttons", "files", "delivery"}
        assert all(set(line) == keys for line in lines)


async def test_a_browser_that_comes_back_reads_on_from_its_last_line() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        conversation = await _begun(house, browser)
        said = [house.say(conversation, Speaker.BOT, str(number)) for number in range(500)]
        last = said[249].id
        async with browser.stream(last=last) as stream:
            await stream.next("ready")
            assert stream.texts() == [str(number) for number in range(250, 500)]
        async with browser.stream(f"/chat/stream?after={said[-2].id}") as stream:
            await stream.next("ready")
            assert stream.texts() == ["499"]
        async with browser.stream("/chat/stream?after=1", last=said[-1].id) as stream:
            await stream.next("ready")
            assert stream.texts() == []
        async with browser.stream("/chat/stream?after=-1%27") as stream:
            await stream.next("ready")
            assert len(stream.texts()) == 200


async def test_lines_said_while_reading_are_neither_lost_nor_doubled() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        conversation = await _begun(house, browser)

        async def talk() -> None:
            for number in range(300):
                house.say(conversation, Speaker.BOT, str(number))
                if number % 7 == 0:
                    await asyncio.sleep(0.001)
            house.say(conversation, Speaker.BOT, "end")

        async with browser.stream() as stream:
            talking = asyncio.create_task(talk())
            while stream.texts()[-1:] != ["end"]:
                await stream.next("line")
            await talking
        assert stream.texts() == ["hi", *map(str, range(300)), "end"]


async def test_what_became_of_a_reply_is_the_desks_business() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        conversation = await _begun(house, browser)
        house.say(conversation, Speaker.BOT, "hello", delivery="sending")
        async with browser.stream() as stream:
            await stream.next("ready")
        assert [event.data["delivery"] for event in stream.seen if event.name == "line"] == ["", ""]


async def test_a_line_that_was_taken_back_leaves_the_page_and_does_not_come_again() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        conversation = await _begun(house, browser)
        said = house.say(conversation, Speaker.AGENT, "not our fault")
        async with browser.stream() as stream:
            await stream.next("ready")
            house.take_back(conversation, said.id)
            assert (await stream.next("gone")).data == {"id": said.id}
        async with browser.stream() as stream:
            await stream.next("ready")
        assert stream.texts() == ["hi"]


async def test_notes_of_the_desk_never_reach_the_buyer() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        conversation = await _begun(house, browser)
        house.say(conversation, Speaker.SYSTEM, "flagged: suspicious")
        house.say(conversation, Speaker.NOTE, "a difficult one", name="Mia")
        async with browser.stream() as stream:
            await stream.next("ready")
            house.say(conversation, Speaker.SYSTEM, "claimed by Mia")
            house.say(conversation, Speaker.NOTE, "be kind", name="Mia")
            house.say(conversation, Speaker.AGENT, "Hello", name="Mia")
            await stream.next("line")
        assert stream.texts() == ["hi", "Hello"]


async def test_the_page_hears_who_answers() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        conversation = await _begun(house, browser)
        async with browser.stream() as stream:
            assert (await stream.next("state")).data == {"holder": "bot", "agent": ""}
            house.store.change(conversation, holder=Holder.AGENT, agent="Mia")
            house.hub.publish(conversation)
            assert (await stream.next("state")).data == {"holder": "agent", "agent": "Mia"}


async def test_silence_is_filled_with_comments_and_a_missed_nudge_is_made_up_for() -> None:
    async with House().open(limits=Limits(tick=0.05)) as house, Browser(house.url) as browser:
        conversation = await _begun(house, browser)
        async with browser.stream() as stream:
            await stream.next("ready")
            await stream.comment()
            await stream.comment()
            house.store.say(conversation, Speaker.BOT, "nobody was told")
            await stream.next("line")


async def test_the_oldest_of_too_many_streams_steps_aside() -> None:
    limits = Limits(streams=1)
    async with House().open(limits=limits) as house, Browser(house.url) as browser, browser.stream() as old:
        await old.next("ready")
        async with browser.stream() as new:
            await new.next("ready")
            await old.next("parted")
            await old.ended()
            assert len(house.hub) == 1


async def test_a_stream_that_is_left_is_forgotten() -> None:
    async with House().open(limits=Limits(tick=0.05)) as house, Browser(house.url) as browser:
        async with browser.stream() as stream:
            await stream.next("ready")
            assert len(house.hub) == 1
        await _alone(house)


async def _alone(house: House) -> None:
    """Until nobody listens any more."""
    async with asyncio.timeout(3):
        while len(house.hub):  # noqa: ASYNC110 -- a hub tells nobody that it is alone
            await asyncio.sleep(0.02)


async def test_streams_end_when_the_house_closes() -> None:
    house = House()
    async with house.open():
        browser = Browser(house.url)
        await browser.load()
        async with browser.stream() as stream:
            await stream.next("ready")
            house.hub.close()
            await stream.ended()
        await browser.client.aclose()


async def test_one_address_holds_so_many_streams_however_many_cookies_it_has() -> None:
    async with House().open(limits=Limits(caller_streams=2)) as house, AsyncExitStack() as stack:
        browsers = [await stack.enter_async_context(Browser(house.url)) for _ in range(2)]
        streams = [await stack.enter_async_context(browser.stream()) for browser in browsers]
        for stream in streams:
            await stream.next("ready")
        third = await stack.enter_async_context(Browser(house.url))
        refused = await third.client.get("/chat/stream")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
    async with House().open(limits=Limits(caller_streams=1, tick=0.05)) as house:
        for _ in range(3):  # one that was left is free again
            async with Browser(house.url) as browser, browser.stream() as stream:
                await stream.next("ready")
            await _alone(house)
