"""Whatever agents, buyers and time do to a topic, and whatever hands do to it: its name and card tell how things stand."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from tests.play.telegram import TelegramBuyer, TelegramStage
from tests.telegram.desk import Desk, case_of, topic_tells

STEPS = 14
UNTOUCHED = {"the buyer asks", "the buyer says", "the buyer revokes", "half an hour"}
"""Steps that nobody takes in the topic."""


@pytest.mark.parametrize("seed", range(3))
async def test_the_group_shows_how_things_stand(
    seed: int, stage: TelegramStage, flagged: TelegramBuyer, desk: Desk
) -> None:
    dice = random.Random(seed)
    case = await case_of(stage, flagged)

    async def by_hand(change: Callable[[], object]) -> None:
        """Nobody tells the bot; it mends it with the next thing that is to be shown."""
        change()
        await flagged.says("转人工")
        await stage.quiet()
        await desk.writes("/release")
        await desk.writes("/claim")

    def writes(text: str, who: str = "小周") -> Callable[[], Awaitable[object]]:
        agent = desk.agent if who == "小周" else stage.api.user(901, first_name=who)
        return lambda: agent.says(text, chat=stage.group, topic=desk.topic)

    steps: dict[str, Callable[[], Awaitable[object]]] = {
        "claims": writes("/claim"),
        "another claims": writes("/claim", "小李"),
        "says": writes("您好"),
        "releases": writes("/release"),
        "closes": writes("/close"),
        "snoozes": writes("/snooze 2h"),
        "passes on": writes("/transfer"),
        "refuses": writes(f"/refuse {case.number} 已经发货"),
        "agrees": writes(f"/agree {case.number}"),
        "takes back": writes("/undo"),
        "the buyer asks": lambda: flagged.says("转人工"),
        "the buyer says": lambda: flagged.says("什么时候能好"),
        "the buyer revokes": lambda: flagged.says("撤销退款"),
        "half an hour": lambda: stage.later(timedelta(minutes=31)),
        "the topic goes": lambda: by_hand(lambda: stage.group.delete_topic(desk.topic)),
        "the card goes": lambda: by_hand(lambda: stage.group.remove(desk.card)),
        "the topic is closed": lambda: by_hand(lambda: stage.group.close_topic(desk.topic, by=desk.agent)),
    }
    story: list[str] = []
    for _ in range(STEPS):
        name = dice.choice(list(steps))
        if stage.group.topics[desk.topic].closed and name not in UNTOUCHED:
            stage.group.reopen_topic(
                desk.topic, by=desk.agent
            )  # or nobody but an administrator could write in it
        story.append(name)
        await steps[name]()
        await stage.quiet()
        conversation, case = await flagged.conversation(), await case_of(stage, flagged)
        told = f"{story}\n{stage.group.transcript}"
        topic_tells(stage.group, desk.topic, conversation, [case], told)
