"""Where a request points at: chats, topics, messages, and whether the bot may go there."""

from __future__ import annotations

from tests.doubles.bot_api.chat import Chat
from tests.doubles.bot_api.errors import broken, forbidden, refused
from tests.doubles.bot_api.group import GENERAL_TOPIC, Group, Topic
from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.message import Message
from tests.doubles.bot_api.world import World


def known_chat(world: World, given: int | str) -> Chat:
    """The chat by its number or @name."""
    if isinstance(given, str) and given.startswith("@"):
        named = (chat for chat in world.chats.values() if f"@{chat.brief.get('username')}" == given)
        chat = next((chat for chat in named if not chat.private), None)
    else:
        chat = world.chats.get(int(given)) if str(given).lstrip("-").isdigit() else None
    if chat is None:
        raise refused("chat not found")
    return chat


def writable_chat(world: World, given: int | str) -> Chat:
    """The chat, if the bot may write there; users must write first, and may block the bot."""
    chat = known_chat(world, given)
    if chat.deactivated:
        raise forbidden("user is deactivated")
    if chat.blocked:
        who = "bot was blocked by the user" if chat.private else "bot was kicked from the supergroup chat"
        raise forbidden(who)
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")
    return chat


def forum(world: World, given: int | str) -> Group:
    """The chat, if it has topics the bot may manage."""
    chat = writable_chat(world, given)
    if not isinstance(chat, Group) or not chat.forum:
        raise refused("the chat is not a forum")
    return chat


def managed_forum(world: World, given: int | str) -> Group:
    """Docs: "Must have the can_manage_topics administrator rights" (https://core.telegram.org/bots/api#createforumtopic)."""
    group = forum(world, given)
    if not group.bot_can_manage_topics:
        raise refused("not enough rights to manage topics")
    return group


def topic_of(group: Group, thread_id: int) -> Topic:
    """An existing topic, for the methods about topics."""
    topic = group.topics.get(thread_id)
    if topic is None:
        raise refused("TOPIC_ID_INVALID")
    return topic


def open_thread(chat: Chat, thread_id: int | None) -> int | None:
    """The topic to send to; the General topic is addressed by leaving the parameter out."""
    if not thread_id:
        return None
    if not isinstance(chat, Group):
        raise refused("message thread not found")
    if not chat.forum:
        return None
    topic = chat.topics.get(thread_id)
    if topic is None or thread_id == GENERAL_TOPIC:
        raise refused("message thread not found")
    if topic.closed and not chat.bot_writes_in_closed_topics:
        raise refused("TOPIC_CLOSED")
    return thread_id


def message_in(chat: Chat, message_id: int, what: str) -> Message:
    """A standing message, or "message to edit not found" and the like."""
    message = chat.find(message_id)
    if message is None:
        raise refused(f"{what} not found")
    return message


def replied(chat: Chat, params: Json) -> Message | None:
    """The message a new one answers."""
    reply: Json = params.get("reply_parameters") or {}
    message_id = reply.get("message_id", params.get("reply_to_message_id"))
    if message_id is None:
        return None
    if "chat_id" in reply and str(reply["chat_id"]) != str(chat.id):
        raise broken("replies to other chats are not played by this double")
    message = chat.find(message_id)
    tolerant = reply.get("allow_sending_without_reply", params.get("allow_sending_without_reply"))
    if message is None and not tolerant:
        raise refused("message to be replied not found")
    return message
