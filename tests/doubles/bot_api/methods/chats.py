"""getChat, getChatMember."""

from __future__ import annotations

from tests.doubles.bot_api.errors import refused
from tests.doubles.bot_api.group import Group
from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.log import Call
from tests.doubles.bot_api.methods.places import known_chat
from tests.doubles.bot_api.methods.registry import plays
from tests.doubles.bot_api.world import World

GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


@plays("getChat")
def get_chat(world: World, call: Call) -> Json:
    """https://core.telegram.org/bots/api#chatfullinfo"""
    chat = known_chat(world, call.params["chat_id"])
    if not chat.started:
        raise refused("chat not found")
    pinned = [message for message in chat.messages if message.pinned]
    full: Json = {
        **chat.brief,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    return full | ({"pinned_message": pinned[-1].raw} if pinned else {})


@plays("getChatMember")
def get_chat_member(world: World, call: Call) -> Json:
    """Docs: "Only guaranteed to work for other users if the bot is an administrator in the chat"."""
    chat = known_chat(world, call.params["chat_id"])
    user_id: int = call.params["user_id"]
    if user_id == world.bot_id:
        group = chat if isinstance(chat, Group) else None
        here = "administrator" if group else "member"
        return world.bot_as("kicked" if chat.blocked else here, group)
    user = world.users.get(user_id)
    if user is None or (chat.private and user_id != chat.id):
        raise refused("PARTICIPANT_ID_INVALID")
    status = chat.members.get(user_id, "left") if isinstance(chat, Group) else "member"
    return {"user": user.brief, "status": status} | _details(status)


def _details(status: str) -> Json:
    if status == "creator":
        return {"is_anonymous": False}
    return {"until_date": 0} if status == "kicked" else {}
