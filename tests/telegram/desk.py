"""An agent at work in the staff group."""

from __future__ import annotations

from bot.domain.cases import Case
from tests.doubles.bot_api import User
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
