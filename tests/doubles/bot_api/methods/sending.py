"""sendMessage and its family."""

from __future__ import annotations

from typing import Any

from tests.doubles.bot_api.chat import Chat
from tests.doubles.bot_api.errors import broken
from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.log import Call
from tests.doubles.bot_api.markup import check_markup, standing
from tests.doubles.bot_api.media import CONTENT, given_file
from tests.doubles.bot_api.message import Message
from tests.doubles.bot_api.methods.places import open_thread, replied, writable_chat
from tests.doubles.bot_api.methods.registry import Method, plays
from tests.doubles.bot_api.text import caption, message_text
from tests.doubles.bot_api.world import World

ALBUM_KINDS = ("photo", "video", "document")
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
NOT_PLAYED = ("business_connection_id", "direct_messages_topic_id", "suggested_post_parameters")


def deliver(world: World, call: Call, contents: list[Json]) -> list[Message]:
    """Puts new messages of the bot into a chat, if chat, topic, keyboard and limits allow it."""
    params = call.params
    _only_played(params)
    chat = writable_chat(world, params["chat_id"])
    markup = params.get("reply_markup")
    check_markup(markup, private=chat.private)
    thread_id = open_thread(chat, params.get("message_thread_id"))
    reply_to = replied(chat, params)
    world.flood.take(chat.id, chat.private, len(contents), world.clock())
    _remember_keyboard(chat, markup)
    shown = standing(markup)
    sent = [
        world.post(chat, world.bot, {**content, **shown}, thread_id=thread_id, reply_to=reply_to)
        for content in contents
    ]
    for message in sent:
        world.sent(message)
    return sent


def _only_played(params: Json) -> None:
    for name in NOT_PLAYED:
        if name in params:
            raise broken(f'parameter "{name}" is not played by this double')


def _remember_keyboard(chat: Chat, markup: Json | None) -> None:
    if markup and "keyboard" in markup:
        chat.reply_keyboard = markup
    elif markup and "remove_keyboard" in markup:
        chat.reply_keyboard = None


@plays("sendMessage")
def send_message(world: World, call: Call) -> Json:
    return deliver(world, call, [message_text(call.params)])[0].raw


def _sends_file(kind: str) -> Method:
    def send(world: World, call: Call) -> Json:
        words = caption(call.params)
        stored = given_file(world.files, kind, call.params[kind], call.files)
        return deliver(world, call, [{**CONTENT[kind](stored, call.params), **words}])[0].raw

    return send


for _kind in CONTENT:
    plays("send" + "".join(part.capitalize() for part in _kind.split("_")))(_sends_file(_kind))


@plays("sendLocation")
def send_location(world: World, call: Call) -> Json:
    """A point on the map; -90 to 90 and -180 to 180 (https://core.telegram.org/bots/api#sendlocation)."""
    latitude, longitude = call.params["latitude"], call.params["longitude"]
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise broken("wrong latitude or longitude specified")
    return deliver(world, call, [{"location": {"latitude": latitude, "longitude": longitude}}])[0].raw


@plays("sendMediaGroup")
def send_media_group(world: World, call: Call) -> list[Json]:
    """Docs: "Must include 2-10 items"; documents only among themselves."""
    media: list[Json] = call.params["media"]
    if not 2 <= len(media) <= 10:
        raise broken(f"an album must have 2-10 items, not {len(media)}")
    kinds = {item["type"] for item in media}
    if not kinds <= set(ALBUM_KINDS):
        raise broken(f"this double plays albums of {', '.join(ALBUM_KINDS)} only")
    if "document" in kinds and len(kinds) > 1:
        raise broken("document can't be mixed with other media types")
    album = {"media_group_id": str(next(world.albums))}
    contents = [{**_album_item(world, call, item), **album} for item in media]
    return [message.raw for message in deliver(world, call, contents)]


def _album_item(world: World, call: Call, item: Json) -> Json:
    kind = item["type"]
    stored = given_file(world.files, kind, item["media"], call.files)
    return {**CONTENT[kind](stored, item), **caption(item)}


@plays("sendChatAction")
def send_chat_action(world: World, call: Call) -> Any:
    """A deleted topic does not matter here, in the original neither."""
    if call.params["action"] not in ACTIONS:
        raise broken("wrong parameter action in request")
    writable_chat(world, call.params["chat_id"])
    return True
