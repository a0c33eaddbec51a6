"""copyMessage, copyMessages, forwardMessage."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from tests.doubles.bot_api.chat import Chat
from tests.doubles.bot_api.errors import broken, refused
from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.log import Call
from tests.doubles.bot_api.message import MEDIA, Message
from tests.doubles.bot_api.methods.places import known_chat, message_in
from tests.doubles.bot_api.methods.registry import plays
from tests.doubles.bot_api.methods.sending import deliver
from tests.doubles.bot_api.text import caption
from tests.doubles.bot_api.world import World

CONTENT_FIELDS = ("text", "entities", "caption", "caption_entities", *MEDIA)
CAPTION_FIELDS = ("caption", "caption_entities")


def content_of(message: Message) -> Json:
    """What of a message can stand elsewhere; "service messages can't be copied"."""
    if message.is_service:
        raise refused("message can't be copied")
    return {name: message.raw[name] for name in CONTENT_FIELDS if name in message.raw}


@plays("copyMessage")
def copy_message(world: World, call: Call) -> Json:
    """A new caption takes the place of the old one ("if not specified, the original caption is kept")."""
    source = known_chat(world, call.params["from_chat_id"])
    content = content_of(message_in(source, call.params["message_id"], "message to copy"))
    if "caption" in call.params and "text" not in content:
        content = _without_caption(content) | caption(call.params)
    return {"message_id": deliver(world, call, [content])[0].id}


def _without_caption(content: Json) -> Json:
    return {name: value for name, value in content.items() if name not in CAPTION_FIELDS}


@plays("copyMessages")
def copy_messages(world: World, call: Call) -> list[Json]:
    """Docs: "If some of the specified messages can't be found or copied, they are skipped"; albums stay albums."""
    ids: list[int] = call.params["message_ids"]
    if not 1 <= len(ids) <= 100:
        raise broken(
            "message identifiers are not specified" if not ids else "too many message identifiers specified"
        )
    if any(later <= earlier for earlier, later in pairwise(ids)):
        raise broken("message identifiers must be in a strictly increasing order")
    found = _copied(known_chat(world, call.params["from_chat_id"]), ids)
    if not found:
        raise refused("there are no messages to copy")
    contents = _in_new_albums(world, found)
    if call.params.get("remove_caption"):
        contents = [_without_caption(content) for content in contents]
    return [{"message_id": message.id} for message in deliver(world, call, contents)]


def _copied(source: Chat, ids: list[int]) -> list[Message]:
    messages = (source.find(message_id) for message_id in ids)
    return [message for message in messages if message is not None and not message.is_service]


def _in_new_albums(world: World, messages: list[Message]) -> list[Json]:
    sizes = Counter(message.album for message in messages if message.album)
    names = {album: str(next(world.albums)) for album, size in sizes.items() if size > 1}
    return [
        content_of(message) | ({"media_group_id": names[message.album]} if message.album in names else {})
        for message in messages
    ]


@plays("forwardMessage")
def forward_message(world: World, call: Call) -> Json:
    source = known_chat(world, call.params["from_chat_id"])
    message = message_in(source, call.params["message_id"], "message to forward")
    if message.is_service:
        raise refused("message can't be forwarded")
    origin = {"type": "user", "sender_user": message.raw["from"], "date": message.date}
    return deliver(world, call, [{**content_of(message), "forward_origin": origin}])[0].raw
