"""Everything the double knows: people, chats, files, and what is under way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from tests.doubles.bot_api.chat import Chat
from tests.doubles.bot_api.files import Files
from tests.doubles.bot_api.group import GENERAL_TOPIC, Group
from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.limits import Flood
from tests.doubles.bot_api.message import Message
from tests.doubles.bot_api.polling import Polling
from tests.doubles.bot_api.tap import Tap
from tests.doubles.bot_api.updates import CALLBACK_LIFETIME, Updates
from tests.doubles.bot_api.user import User
from tests.doubles.bot_api.waiting import Waiting

if TYPE_CHECKING:
    from tests.doubles.bot_api.webhook import Webhook

NAMES = ("first_name", "last_name", "username")


@dataclass(slots=True)
class World:
    """Plain state; the methods of the Bot API and the people change it."""

    bot: Json
    clock: Callable[[], float]
    updates: Updates
    flood: Flood
    history: int | None = None
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    taps: dict[str, Tap] = field(default_factory=dict)
    files: Files = field(default_factory=Files)
    waiting: Waiting = field(default_factory=Waiting)
    polling: Polling = field(default_factory=Polling)
    webhook: Webhook = field(init=False)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    albums: count[int] = field(default_factory=lambda: count(13_000_000_001))
    on_sent: list[Callable[[Message], None]] = field(default_factory=list)

    @property
    def bot_id(self) -> int:
        return int(self.bot["id"])

    def now(self) -> int:
        return int(self.clock())

    def user(self, user_id: int, brief: Json) -> User:
        """A person and their private chat with the bot, which begins when they write."""
        if user_id not in self.users:
            self.users[user_id] = User(self, user_id, brief)
            chat: Json = {name: brief[name] for name in NAMES if name in brief}
            self.chats[user_id] = Chat(user_id, {"id": user_id, "type": "private", **chat}, self.history)
        return self.users[user_id]

    def group(self, chat_id: int, title: str, forum: bool) -> Group:
        """A supergroup the bot is an administrator of."""
        brief: Json = {"id": chat_id, "type": "supergroup", "title": title}
        if forum:
            brief["is_forum"] = True
        group = Group(chat_id, brief, self.history, started=True, world=self, ids=count(GENERAL_TOPIC + 1))
        self.chats[chat_id] = group
        return group

    def post(
        self,
        chat: Chat,
        sender: Json,
        content: Json,
        *,
        thread_id: int | None = None,
        reply_to: Message | None = None,
        opens_topic: bool = False,
    ) -> Message:
        """A new message in the chat, from anyone."""
        number = next(chat.ids)
        raw: Json = {"message_id": number, "from": sender, "chat": chat.brief, "date": self.now(), **content}
        thread_id = number if opens_topic else thread_id
        if thread_id is not None:
            raw["message_thread_id"] = thread_id
            raw["is_topic_message"] = True
        if reply_to is not None:
            raw["reply_to_message"] = without_reply(reply_to.raw)
        message = Message(raw, from_bot=sender["id"] == self.bot_id)
        chat.add(message)
        return message

    def sent(self, message: Message) -> None:
        """The bot's message stands; whoever listens hears it."""
        for listener in self.on_sent:
            listener(message)
        self.waiting.changed()

    def tell(self, kind: str, message: Message) -> None:
        """An update about a message; one queue a chat, so edits follow what they edit."""
        self.updates.add(kind, message.raw, f"chat:{message.chat_id}")
        self.waiting.changed()

    def tell_tap(self, tap: Tap, user: User) -> None:
        """Taps travel in their own queue and live for 150 seconds only."""
        query = {
            "id": tap.id,
            "from": user.brief,
            "message": tap.message.raw,
            "chat_instance": str(hash((tap.message.chat_id, self.bot_id))),
            "data": tap.data,
        }
        self.taps[tap.id] = tap
        self.updates.add("callback_query", query, f"tap:{user.id}", CALLBACK_LIFETIME)
        self.waiting.changed()

    def service(
        self,
        chat: Chat,
        content: Json,
        *,
        by: User | None,
        thread_id: int | None = None,
        opens_topic: bool = False,
    ) -> Message:
        """A notice in the chat; the bot is told of those it did not cause itself."""
        sender = by.brief if by else self.bot
        message = self.post(chat, sender, content, thread_id=thread_id, opens_topic=opens_topic)
        if by is not None:
            self.tell("message", message)
        self.waiting.changed()
        return message

    def membership(self, chat: Chat, old: str, new: str, by: User | None) -> None:
        """my_chat_member: the bot was blocked, unblocked or kicked."""
        change = {
            "chat": chat.brief,
            "from": by.brief if by else self.bot,
            "date": self.now(),
            "old_chat_member": self.bot_as(old),
            "new_chat_member": self.bot_as(new),
        }
        self.updates.add("my_chat_member", change, f"member:{chat.id}")
        self.waiting.changed()

    def bot_as(self, status: str, group: Group | None = None) -> Json:
        """The bot as a member (https://core.telegram.org/bots/api#chatmember)."""
        member: Json = {"user": self.bot, "status": status}
        if status == "kicked":
            return {**member, "until_date": 0}
        return {**member, **admin_rights(group)} if status == "administrator" else member


def admin_rights(group: Group | None) -> Json:
    """The rights of the bot in a group."""
    rights = {
        "can_be_edited": False,
        "is_anonymous": False,
        "can_manage_chat": True,
        "can_delete_messages": group is None or group.bot_can_delete_messages,
        "can_manage_video_chats": False,
        "can_restrict_members": False,
        "can_promote_members": False,
        "can_change_info": True,
        "can_invite_users": True,
        "can_post_stories": False,
        "can_edit_stories": False,
        "can_delete_stories": False,
        "can_pin_messages": group is None or group.bot_can_pin_messages,
        "can_manage_topics": group is None or group.bot_can_manage_topics,
    }
    return dict(rights)


def without_reply(raw: Json) -> Json:
    """A quoted message does not quote further."""
    return {name: value for name, value in raw.items() if name != "reply_to_message"}
