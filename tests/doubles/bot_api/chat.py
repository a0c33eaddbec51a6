"""A chat and what stands in it now."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.message import Message


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat with the bot; a `Group` is one with topics and members."""

    id: int
    brief: Json
    history: int | None = None
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    sent: list[Message] = field(default_factory=list)
    sent_count: int = 0
    reply_keyboard: Json | None = None
    standing: dict[int, Message] = field(default_factory=dict)
    ids: count[int] = field(default_factory=lambda: count(1))

    @property
    def private(self) -> bool:
        return str(self.brief["type"]) == "private"

    @property
    def messages(self) -> list[Message]:
        """What a person sees: edited texts as edited, deleted messages gone."""
        return list(self.standing.values())

    @property
    def transcript(self) -> str:
        """The chat in words, for the errors of tests."""
        lines = [str(message) for message in self.standing.values()]
        return "\n".join(lines) or "(nothing was said here)"

    def find(self, message_id: int | None) -> Message | None:
        return self.standing.get(message_id) if message_id is not None else None

    def add(self, message: Message) -> None:
        self.standing[message.id] = message
        if message.from_bot and not message.is_service:
            self.sent.append(message)
            self.sent_count += 1
        if self.history is not None:
            self._forget(self.history)

    def _forget(self, history: int) -> None:
        while len(self.standing) > history:
            del self.standing[next(iter(self.standing))]
        if len(self.sent) > 2 * history:
            del self.sent[:-history]

    def remove(self, message: Message) -> None:
        message.deleted = True
        self.standing.pop(message.id, None)

    def sent_since(self, number: int) -> list[Message]:
        """Bot messages after the first `number` of them."""
        skipped = self.sent_count - len(self.sent)
        return self.sent[max(number - skipped, 0) :]
