"""A staff supergroup with topics."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.doubles.bot_api.chat import Chat
from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.message import Message

if TYPE_CHECKING:
    from tests.doubles.bot_api.user import User
    from tests.doubles.bot_api.world import World

GENERAL_TOPIC = 1  # its identifier in every forum; message 1 is the notice that the group was created
ICON_COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)


@dataclass(slots=True)
class Topic:
    """A forum topic; its identifier is that of the service message that opened it."""

    id: int
    name: str
    icon_color: int = ICON_COLORS[0]
    icon_custom_emoji_id: str = ""
    closed: bool = False

    @property
    def brief(self) -> Json:
        brief: Json = {"message_thread_id": self.id, "name": self.name, "icon_color": self.icon_color}
        return brief | (
            {"icon_custom_emoji_id": self.icon_custom_emoji_id} if self.icon_custom_emoji_id else {}
        )


@dataclass(slots=True, eq=False)
class Group(Chat):
    """`bot_can_manage_topics` and the other rights stand for what the group's owner gave to the bot."""

    world: World = field(kw_only=True)
    topics: dict[int, Topic] = field(default_factory=dict)
    members: dict[int, str] = field(default_factory=dict)
    bot_can_manage_topics: bool = True
    bot_can_delete_messages: bool = True
    bot_can_pin_messages: bool = True
    bot_writes_in_closed_topics: bool = False

    @property
    def forum(self) -> bool:
        return bool(self.brief.get("is_forum"))

    @property
    def title(self) -> str:
        return str(self.brief["title"])

    def add_member(self, user: User, status: str = "member") -> None:
        """The user joins; agents who write are added by themselves."""
        self.members[user.id] = status

    def topic(self, name: str) -> Topic:
        """The newest topic whose name has this in it."""
        found = [topic for topic in self.topics.values() if name in topic.name]
        if not found:
            names = ", ".join(topic.name for topic in self.topics.values()) or "none"
            raise AssertionError(f'{self.title} has no topic like "{name}"; its topics: {names}')
        return found[-1]

    def topic_messages(self, thread_id: int) -> list[Message]:
        """What stands in one topic, without the notice that opened it."""
        return [m for m in self.messages if m.thread_id == thread_id and not m.is_service]

    def open_topic(self, name: str, by: User | None = None, icon_color: int = ICON_COLORS[0]) -> Topic:
        """A new topic; by the bot when nobody is named."""
        content = {"forum_topic_created": {"name": name, "icon_color": icon_color}}
        notice = self.world.service(self, content, by=by, opens_topic=True)
        self.topics[notice.id] = Topic(notice.id, name, icon_color)
        return self.topics[notice.id]

    def close_topic(self, thread_id: int, by: User | None = None) -> None:
        """Nobody writes in it until it is opened again."""
        self.topics[thread_id].closed = True
        self.world.service(self, {"forum_topic_closed": {}}, by=by, thread_id=thread_id)

    def reopen_topic(self, thread_id: int, by: User | None = None) -> None:
        self.topics[thread_id].closed = False
        self.world.service(self, {"forum_topic_reopened": {}}, by=by, thread_id=thread_id)

    def rename_topic(self, thread_id: int, name: str, by: User | None = None) -> None:
        self.topics[thread_id].name = name
        self.world.service(self, {"forum_topic_edited": {"name": name}}, by=by, thread_id=thread_id)

    def delete_topic(self, thread_id: int) -> None:
        """The topic and all its messages are gone; Telegram tells the bot nothing about it."""
        del self.topics[thread_id]
        for message in [m for m in self.messages if m.thread_id == thread_id]:
            self.remove(message)

    def remove_bot(self) -> None:
        """The bot is kicked, and is told so."""
        self.blocked = True
        self.world.membership(self, "administrator", "kicked", by=None)
