"""Changing and deleting messages, pins and reactions."""

from __future__ import annotations

from telegram.constants import ReactionEmoji

from tests.doubles.bot_api.errors import broken, refused
from tests.doubles.bot_api.group import Group
from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.log import Call
from tests.doubles.bot_api.markup import check_inline, standing
from tests.doubles.bot_api.message import Message
from tests.doubles.bot_api.methods.places import forum, message_in, topic_of, writable_chat
from tests.doubles.bot_api.methods.registry import plays
from tests.doubles.bot_api.text import caption, message_text
from tests.doubles.bot_api.world import World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as "
    "a current content and reply markup of the message"
)
TWO_DAYS = 48 * 3600
TEXT_FIELDS = ("text", "entities")
CAPTION_FIELDS = ("caption", "caption_entities")
EMOJI = {str(emoji.value) for emoji in ReactionEmoji}


def _own(world: World, call: Call) -> Message:
    """The message to edit: it must be the bot's own."""
    params = call.params
    if "chat_id" not in params or "message_id" not in params:
        raise broken("message identifier is not specified")
    chat = writable_chat(world, params["chat_id"])
    check_inline(params.get("reply_markup"), private=chat.private)
    message = message_in(chat, params["message_id"], "message to edit")
    if not message.from_bot or message.is_service:
        raise refused("message can't be edited")
    return message


def _change(world: World, message: Message, replaced: tuple[str, ...], content: Json) -> Json:
    """New content and keyboard in place of the old; the same again is refused."""
    new = {
        name: value for name, value in message.raw.items() if name not in (*replaced, "reply_markup")
    } | content
    if {**new, "edit_date": 0} == {**message.raw, "edit_date": 0}:
        raise refused(NOT_MODIFIED)
    message.raw = {**new, "edit_date": world.now()}
    world.waiting.changed()
    return message.raw


@plays("editMessageText")
def edit_message_text(world: World, call: Call) -> Json:
    if "text" not in call.params:
        raise broken("message text is empty")
    content = message_text(call.params)
    message = _own(world, call)
    if "text" not in message.raw:
        raise refused("there is no text in the message to edit")
    return _change(world, message, TEXT_FIELDS, content | standing(call.params.get("reply_markup")))


@plays("editMessageCaption")
def edit_message_caption(world: World, call: Call) -> Json:
    content = caption(call.params)
    message = _own(world, call)
    if not message.media:
        raise refused("there is no caption in the message to edit")
    return _change(world, message, CAPTION_FIELDS, content | standing(call.params.get("reply_markup")))


@plays("editMessageReplyMarkup")
def edit_message_reply_markup(world: World, call: Call) -> Json:
    message = _own(world, call)
    return _change(world, message, (), standing(call.params.get("reply_markup")))


@plays("deleteMessage")
def delete_message(world: World, call: Call) -> bool:
    """Docs: "A message can only be deleted if it was sent less than 48 hours ago" (…#deletemessage)."""
    chat = writable_chat(world, call.params["chat_id"])
    message = message_in(chat, call.params["message_id"], "message to delete")
    late = world.clock() - message.date > TWO_DAYS
    foreign = isinstance(chat, Group) and not message.from_bot and not chat.bot_can_delete_messages
    admin = isinstance(chat, Group) and chat.bot_can_delete_messages
    if (late and not admin) or foreign or "forum_topic_created" in message.raw:
        raise refused("message can't be deleted")
    chat.remove(message)
    world.waiting.changed()
    return True


@plays("deleteMessages")
def delete_messages(world: World, call: Call) -> bool:
    """Docs: "If some of the specified messages can't be found, they are skipped"."""
    ids: list[int] = call.params["message_ids"]
    if not 1 <= len(ids) <= 100:
        raise broken(
            "too many message identifiers specified" if ids else "message identifiers are not specified"
        )
    chat = writable_chat(world, call.params["chat_id"])
    for message in [found for found in map(chat.find, ids) if found is not None]:
        chat.remove(message)
    world.waiting.changed()
    return True


@plays("pinChatMessage")
def pin_chat_message(world: World, call: Call) -> bool:
    chat = writable_chat(world, call.params["chat_id"])
    message = message_in(chat, call.params["message_id"], "message to pin")
    if isinstance(chat, Group) and not chat.bot_can_pin_messages:
        raise refused("not enough rights to manage pinned messages in the chat")
    if message.is_service:
        raise refused("message can't be pinned")
    if not message.pinned:
        message.pinned = True
        world.service(chat, {"pinned_message": message.raw}, by=None, thread_id=message.thread_id)
    return True


@plays("unpinChatMessage")
def unpin_chat_message(world: World, call: Call) -> bool:
    """Without a message the newest pinned one."""
    chat = writable_chat(world, call.params["chat_id"])
    pinned = [message for message in chat.messages if message.pinned]
    if "message_id" in call.params:
        pinned = [message_in(chat, call.params["message_id"], "message to unpin")]
    if not pinned:
        raise refused("message to unpin not found")
    pinned[-1].pinned = False
    return True


@plays("unpinAllForumTopicMessages")
def unpin_all_forum_topic_messages(world: World, call: Call) -> bool:
    group = forum(world, call.params["chat_id"])
    if not group.bot_can_pin_messages:
        raise refused("not enough rights to manage pinned messages in the chat")
    topic = topic_of(group, call.params["message_thread_id"])
    for message in group.messages:
        message.pinned = message.pinned and message.thread_id != topic.id
    return True


@plays("setMessageReaction")
def set_message_reaction(world: World, call: Call) -> bool:
    """Docs: "Bots can set up to one reaction per message", and of the listed emoji only."""
    reactions: list[Json] = call.params.get("reaction", [])
    if len(reactions) > 1:
        raise broken("REACTIONS_TOO_MANY")
    for reaction in reactions:
        if reaction.get("type") == "emoji" and reaction["emoji"] not in EMOJI:
            raise broken("REACTION_INVALID")
    chat = writable_chat(world, call.params["chat_id"])
    message = message_in(chat, call.params["message_id"], "message to react")
    if message.is_service:
        raise refused("MESSAGE_ID_INVALID")
    message.reactions = reactions
    world.waiting.changed()
    return True
