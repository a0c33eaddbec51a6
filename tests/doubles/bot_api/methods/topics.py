"""Forum topics (https://core.telegram.org/bots/api#createforumtopic and the following)."""

from __future__ import annotations

from tests.doubles.bot_api.errors import broken, refused
from tests.doubles.bot_api.group import ICON_COLORS, Group, Topic
from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.log import Call
from tests.doubles.bot_api.methods.places import managed_forum, topic_of
from tests.doubles.bot_api.methods.registry import plays
from tests.doubles.bot_api.text import at_most
from tests.doubles.bot_api.world import World

NAME_LIMIT = 128


def _check_name(name: str) -> str:
    """Docs: "Topic name, 1-128 characters"."""
    if not name.strip():
        raise broken("TOPIC_TITLE_EMPTY")
    at_most(NAME_LIMIT, "topic name", name)
    return name


def _named(world: World, call: Call) -> tuple[Group, Topic]:
    group = managed_forum(world, call.params["chat_id"])
    return group, topic_of(group, call.params["message_thread_id"])


@plays("createForumTopic")
def create_forum_topic(world: World, call: Call) -> Json:
    name = _check_name(call.params["name"])
    color = call.params.get("icon_color", ICON_COLORS[0])
    if color not in ICON_COLORS:
        raise broken(f"icon_color must be one of {', '.join(map(str, ICON_COLORS))}")
    topic = managed_forum(world, call.params["chat_id"]).open_topic(name, icon_color=color)
    topic.icon_custom_emoji_id = call.params.get("icon_custom_emoji_id", "")
    return topic.brief


@plays("editForumTopic")
def edit_forum_topic(world: World, call: Call) -> bool:
    """Docs: "If not specified or empty, the current name of the topic will be kept"."""
    group, topic = _named(world, call)
    name = _check_name(call.params.get("name", topic.name))
    icon = call.params.get("icon_custom_emoji_id", topic.icon_custom_emoji_id)
    if (name, icon) == (topic.name, topic.icon_custom_emoji_id):
        raise refused("TOPIC_NOT_MODIFIED")
    topic.icon_custom_emoji_id = icon
    group.rename_topic(topic.id, name)
    return True


@plays("closeForumTopic")
def close_forum_topic(world: World, call: Call) -> bool:
    group, topic = _named(world, call)
    if topic.closed:
        raise refused("TOPIC_NOT_MODIFIED")
    group.close_topic(topic.id)
    return True


@plays("reopenForumTopic")
def reopen_forum_topic(world: World, call: Call) -> bool:
    group, topic = _named(world, call)
    if not topic.closed:
        raise refused("TOPIC_NOT_MODIFIED")
    group.reopen_topic(topic.id)
    return True


@plays("deleteForumTopic")
def delete_forum_topic(world: World, call: Call) -> bool:
    """Docs: "Delete a forum topic along with all its messages"."""
    group, topic = _named(world, call)
    group.delete_topic(topic.id)
    world.waiting.changed()
    return True
