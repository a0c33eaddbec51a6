"""An agent at work in the staff group."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.cases import Case
from bot.domain.conversation import Conversation, Holder
from tests.doubles.bot_api import Group, User
from tests.doubles.bot_api.message import Message
from tests.play.telegram import TelegramBuyer, TelegramStage


class Desk:
    """The topic of the one conversation, and an agent who works in it."""

    def __init__(self, stage: TelegramStage, agent: User) -> None:
        self.stage = stage
        self.agent = agent
        self._read = 0

    @property
    def topic(self) -> int:
        return self.stage.group.topic("小林").id

    async def writes(self, text: str, who: User | None = None) -> None:
        """In the conversation's topic."""
        await (who or self.agent).says(text, chat=self.stage.group, topic=self.topic)
        await self.stage.quiet()

    async def taps(self, label: str, who: User | None = None) -> None:
        """The newest button that holds these words."""
        message, name = self.button(label)
        await (who or self.agent).taps(name, message, chat=self.stage.group)
        await self.stage.quiet()

    def button(self, label: str) -> tuple[Message, str]:
        """The newest that holds these words, and the post it stands under."""
        shown = [(m, name) for m in reversed(self.posts()) for name in m.labels if label in name]
        assert shown, f"no button {label!r}\n{self.stage.group.transcript}"
        return shown[0]

    @property
    def card(self) -> Message:
        """The one that is pinned."""
        (pinned,) = [message for message in self.posts() if message.pinned]
        return pinned

    def posts(self) -> list[Message]:
        """What the bot wrote in the topic."""
        return [message for message in self.stage.group.topic_messages(self.topic) if message.from_bot]

    def reads(self) -> str:
        """What is new in it."""
        found = [message for message in self.posts() if message.id > self._read]
        self._read = found[-1].id if found else self._read
        return "\n".join(message.text for message in found)


async def case_of(stage: TelegramStage, buyer: TelegramBuyer) -> Case:
    number = (await buyer.conversation()).id
    (case,) = await stage.database.read(lambda unit: unit.cases(number))
    return case


def mark(conversation: Conversation) -> str:
    """What the topic's name begins with."""
    if conversation.closed:
        return "✅"
    if conversation.holder is Holder.AGENT:
        return "💤" if conversation.watch.snoozed_until else "👤"
    if conversation.flag is None:
        return "🤖"
    return {"normal": "🔔", "high": "🔴", "urgent": "🚨"}[conversation.flag.priority]


def topic_tells(
    group: Group, topic: int, conversation: Conversation, cases: Sequence[Case], story: str
) -> None:
    """What stands on top of the topic is what the shop knows; `story` is how it came to that."""
    name = group.topics[topic].name
    assert name.startswith(f"{mark(conversation)} {conversation.name or '买家'} #{conversation.id}"), story
    assert name.endswith(f" · {conversation.agent}") or conversation.closed or not conversation.agent, story
    (card,) = [message for message in group.topic_messages(topic) if message.pinned]
    assert (conversation.agent or "接待") in card.text, story
    assert (conversation.flag is None) == ("没有待人工处理的事" in card.text), story
    assert all(case.open == (case.number in card.text) for case in cases), story
    data = [button.data for row in card.buttons for button in row]
    shown = [(one, case) for one in data for case in cases if case.number in one]
    assert all(one.endswith(f"{case.number}:{case.version}") for one, case in shown), story
    holds = "desk|act|release" if conversation.holder is Holder.AGENT else "desk|act|claim"
    assert holds in data, story
