"""Two agents in real browsers and two in the staff group, one of them the same person, work the same ten conversations at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.domain.audit import Deed, Outcome
from bot.domain.cases import Case, State
from bot.domain.conversation import Conversation, Holder
from bot.domain.messages import Speaker
from bot.domain.refunds import Refund
from bot.domain.staff import StaffRole
from bot.flows.desk_replies import HELD, MOVED, NOT_POSSIBLE, STALE
from bot.folder.shop_folder import Contents
from bot.pipeline.ports import Unit
from bot.pipeline.turns import Line
from bot.shop.links import sign
from tests.browser.agents import Agent, AtPage, InGroup
from tests.browser.buyers import TO_BUYERS, Buyer, InWebChat, OnTelegram
from tests.channels.web.chromium import Pages, pages
from tests.channels.web.house import words
from tests.doubles.bot_api.message import Message
from tests.passwords import KEPT
from tests.play.clock import StageClock
from tests.play.fixtures import contents, template
from tests.play.people import plain
from tests.play.stage import SECRET
from tests.play.telegram import TelegramBuyer, TelegramStage, on_telegram
from tests.serving import online
from tests.telegram.desk import topic_tells

__all__ = ["contents", "template"]

pytestmark = pytest.mark.asyncio(loop_scope="session")

ON_TELEGRAM = {
    "小林": "2600018002",
    "阿敏": "2600018203",
    "艾玛": "2600018101",
    "老吴": "",
    "周航": "",
    "许诺": "",
}
"""Buyers, and the order some of them want their money back for."""
TEN = range(1, 11)
CLAIMING = ("claim", "say", "close", "transfer")
"""Acts for whoever holds the conversation, or when nobody does."""
DECIDED = {1: ("agree", "agree", "agree"), 2: ("refuse", "refuse", "refuse"), 3: ("agree", "refuse", "agree")}
"""What each of three agents wishes to do with a conversation's case."""


@dataclass(frozen=True)
class Story:
    """A conversation as the store has it, with all that was said and done in it, oldest first."""

    conversation: Conversation
    lines: list[Line]
    deeds: list[Deed]
    cases: tuple[Case, ...]
    refunds: tuple[Refund, ...]
    topic: int
    posts: list[Message]
    """In its topic."""


@dataclass
class Floor:
    """The shop, and who writes to it."""

    stage: TelegramStage
    address: str
    buyers: dict[int, Buyer] = field(default_factory=dict)
    """By the number of their conversation."""

    async def story(self, number: int) -> Story:
        return await self.stage.database.read(lambda unit: self._read(unit, number))

    def _read(self, unit: Unit, number: int) -> Story:
        conversation, topic, known = (
            unit.conversation(number),
            unit.topic(number),
            unit.known([number])[number],
        )
        assert conversation is not None
        assert topic is not None
        deeds = [deed for _, deed in reversed(unit.deeds(conversation=number, limit=1000))]
        posts = self.stage.group.topic_messages(topic.thread)
        lines = unit.transcript(number, limit=1000)
        return Story(conversation, lines, deeds, known.cases, known.refunds, topic.thread, posts)


@asynccontextmanager
async def ten_who_wait(folder: Path, shop: Contents, template: Path) -> AsyncIterator[Floor]:
    """Six buyers on Telegram, of whom three have applied for a refund, and four in the web chat: all have asked for a person."""
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(on_telegram(folder, StageClock(), shop, template=template))
        floor = Floor(stage, await stack.enter_async_context(online(stage.app.pages.server())))
        for place, (name, order) in enumerate(ON_TELEGRAM.items(), 41):
            buyer = TelegramBuyer.who_speaks(stage, "zh", name, place)
            floor.buyers[await buyer.number()] = OnTelegram(buyer)
            if order:
                await applies(stage, buyer, order)
        for number in TEN[len(floor.buyers) :]:
            floor.buyers[number] = await InWebChat.who_opens(floor.address, stack)
        for one in floor.buyers.values():
            await one.says("转人工")
        await stage.quiet()
        yield floor


async def applies(stage: TelegramStage, buyer: TelegramBuyer, order: str) -> None:
    """For the money of an order that was not shipped."""
    await buyer.says(f"/start {sign(order, SECRET, stage.clock() + timedelta(days=1))}")
    await buyer.says("我要退款")
    await buyer.hears()
    await buyer.taps("取消并退款")
    await buyer.hears()


async def at_work(floor: Floor, browser: Pages) -> tuple[AtPage, AtPage, InGroup, InGroup]:
    """小禾 and 小周 at their desks; 小禾 and 老陈, who has no account, in the group."""
    stage = floor.stage

    def hire(unit: Unit) -> None:
        for login, name, telegram in (("xiaohe", "小禾", 901), ("xiaozhou", "小周", None)):
            known = unit.add_staff(login, name, StaffRole.AGENT, stage.clock())
            unit.set_password(known.id, KEPT)
            unit.set_telegram(known.id, telegram)

    await stage.database.write(hire)
    he, zhou = [
        AtPage(name, await browser.open(f"{floor.address}/desk", width=1280)) for name in ("小禾", "小周")
    ]
    await asyncio.gather(he.signs_in("xiaohe"), zhou.signs_in("xiaozhou"))
    phone, chen = stage.api.user(901, first_name="禾"), stage.api.user(902, first_name="老陈")
    return he, zhou, InGroup("小禾", phone, stage), InGroup("老陈", chen, stage)


async def all_want(number: int, people: Sequence[Agent]) -> None:
    """They claim the conversation at the same moment, and all of them speak. Each second one is given back then."""
    ready = asyncio.Barrier(len(people))

    async def wants(agent: Agent) -> None:
        await agent.opens(number)
        await ready.wait()
        await agent.claims()
        await agent.says("我来帮您看")

    await asyncio.gather(*map(wants, people))
    if number % 2:
        await asyncio.gather(*(agent.gives_back() for agent in people))


async def all_decide(floor: Floor, number: int, people: Sequence[Agent], wishes: Sequence[str]) -> None:
    """Each decides the conversation's case, at the same moment: it moves once, and the others are told that it has."""
    before = await floor.story(number)
    (case,) = before.cases
    ready = asyncio.Barrier(len(people))

    async def decides(agent: Agent, wish: str) -> None:
        await agent.opens(number)
        decision = await agent.about_to(wish, case)
        await ready.wait()
        await decision()

    await asyncio.gather(*map(decides, people, wishes))
    await floor.stage.quiet()
    after = await floor.story(number)
    (moved,) = after.cases
    assert moved.version == case.version + 1
    assert moved.state in {
        {"agree": State.SUCCESS, "refuse": State.SELLER_REFUSE_BUYER}[wish] for wish in wishes
    }
    assert len(after.refunds) == (moved.state is State.SUCCESS)
    told = Counter(line.reply for line in after.lines[len(before.lines) :])
    assert told[MOVED.name] == 1
    assert told[STALE.name] + told[NOT_POSSIBLE.name] == len(people) - 1


async def goes_round(agent: Agent, numbers: Sequence[int], ending: str) -> None:
    """Serves one conversation after the other, and ends each in the agent's own way; "": keeps it."""
    for number in numbers:
        await agent.opens(number)
        await agent.claims()
        await agent.says("还有什么能帮您")
        if ending == "/release":
            await agent.gives_back()
        elif ending:
            await agent.does(ending)


async def writes_on(buyer: Buyer) -> None:
    """While the agents are at it."""
    for text in ("在吗", "转人工", "我等着呢"):
        await buyer.says(text)


def one_holder_at_a_time(story: Story) -> None:
    """As the audit has it: nobody took what another held; who was refused, was so because another held it, and was told."""
    holder, spoke, refused = "", [], Counter[str]()
    for deed in story.deeds:
        claiming = deed.act in CLAIMING
        if deed.outcome is Outcome.REFUSED:
            assert not claiming or holder not in ("", deed.name), story
            refused[deed.name] += claiming
            continue
        assert not claiming or holder in ("", deed.name), story
        assert deed.before.get("agent", holder) == holder, story
        holder = deed.after.get("agent", holder)
        spoke += [deed.name] * (deed.act == "say")
    assert holder == story.conversation.agent, story
    assert spoke == [line.name for line in story.lines if line.who is Speaker.AGENT], story
    assert +refused == Counter(line.name for line in story.lines if line.reply == HELD.name), story


async def reached_once(buyer: Buyer, story: Story, people: Sequence[Agent]) -> None:
    """All that was said reached who it was for, once and in order; what was refused reached nobody."""
    told = [line for line in story.lines if line.who in TO_BUYERS]
    assert await buyer.heard(told[-1].id) == [buyer.reads(line) for line in told], story
    heard = [line.text for line in story.lines if line.who is Speaker.BUYER]
    assert heard[-len(buyer.said) :] == buyer.said, story
    answers = [plain(line.text) for line in told if line.who is Speaker.AGENT]
    tried = [[text for text in agent.tried if text in answers] for agent in people]
    assert Counter(text for theirs in tried for text in theirs) == Counter(answers), story
    for theirs in tried:
        assert theirs == [text for text in answers if text in theirs], story
    for text in answers:
        assert sum(text in post.text for post in story.posts) == 1, story


async def agreed(floor: Floor, story: Story, desks: Sequence[AtPage]) -> None:
    """What the group, and the list of each desk, show is what the store holds."""
    conversation, flag = story.conversation, story.conversation.flag
    topic_tells(floor.stage.group, story.topic, conversation, story.cases, str(story))
    shown = {
        "机器人接待中": conversation.holder is Holder.BOT,
        "等了": conversation.holder is Holder.QUEUED,
        **{f"{name} 接待中": conversation.agent == name for name in ("小禾", "小周", "老陈")},
        **{said: flag is not None and flag.reason == reason for reason, said in words("zh", "flag").items()},
    }
    for desk in desks:
        told = desk.page.locator(f'#list .row[href="#{conversation.id}"] .badge')
        for said, there in shown.items():
            await expect(told.filter(has_text=said)).to_have_count(int(there))
        if story.cases:
            await desk.opens(conversation.id)
            state = desk.page.locator("#panel article header .badge").first
            await expect(state).to_have_text(words("zh", "state")[story.cases[0].state])


async def test_two_browsers_and_the_group_work_the_same_ten_conversations_and_agree(
    browser_process: Browser, tmp_path: Path, contents: Contents, template: Path
) -> None:
    async with ten_who_wait(tmp_path, contents, template) as floor, pages(browser_process) as browser:
        he, zhou, he_on_the_way, chen = await at_work(floor, browser)
        three: tuple[Agent, ...] = (he, zhou, chen)
        for number in TEN:
            await all_want(number, [one for place, one in enumerate(three) if place != number % 4])
        for number, wishes in DECIDED.items():
            await all_decide(floor, number, three, wishes)
        await asyncio.gather(
            goes_round(he, TEN[:5], "/release"),
            goes_round(zhou, TEN[7:2:-1], "/transfer"),
            goes_round(chen, (*TEN[2:], *TEN[:2]), "/close"),
            goes_round(he_on_the_way, (*TEN[5:], *TEN[:5]), ""),
            *(writes_on(buyer) for buyer in floor.buyers.values()),
        )
        await floor.stage.quiet()
        for number, buyer in floor.buyers.items():
            story = await floor.story(number)
            one_holder_at_a_time(story)
            await reached_once(buyer, story, (he, zhou, he_on_the_way, chen))
            await agreed(floor, story, (he, zhou))
        assert not floor.stage.api.violations
