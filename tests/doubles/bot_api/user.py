"""People: buyers and agents, and what they do."""

# ruff: noqa: ASYNC109 -- `timeout=` reads best where a test waits for the bot

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, overload

from tests.doubles.bot_api.chat import Chat
from tests.doubles.bot_api.group import Group
from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.media import CONTENT, TINY_PICTURE
from tests.doubles.bot_api.message import Message
from tests.doubles.bot_api.spans import utf16_length
from tests.doubles.bot_api.tap import NoSuchButton, Tap

if TYPE_CHECKING:
    from tests.doubles.bot_api.world import World

_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,64}(?:@\w+)?")
_ADDRESS = re.compile(r"https?://\S+")
_TAP_IDS = count(4_382_000_001)


@dataclass(slots=True, eq=False)
class User:
    """One person. Everything they do reaches the bot as updates; what the bot writes, they hear."""

    world: World
    id: int
    brief: Json
    heard: dict[tuple[int, int | None], int] = field(default_factory=dict)

    @property
    def chat(self) -> Chat:
        """Their private chat with the bot."""
        return self.world.chats[self.id]

    # What they say.

    async def says(
        self,
        text: str,
        *,
        chat: Chat | None = None,
        topic: int | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """A text; commands and addresses in it are marked as the apps mark them."""
        return await self._send(text_content(text), chat, topic, reply_to)

    async def commands(self, text: str, *, chat: Chat | None = None, topic: int | None = None) -> Message:
        """A command, such as "/start payload"."""
        if not text.startswith("/"):
            raise ValueError(f'a command begins with "/": {text!r}')
        return await self._send(text_content(text), chat, topic, None)

    async def sends_photo(
        self,
        caption: str = "",
        *,
        content: bytes = TINY_PICTURE,
        chat: Chat | None = None,
        topic: int | None = None,
    ) -> Message:
        return await self._send(
            self._file("photo", content, "photo.png", "image/png", caption), chat, topic, None
        )

    async def sends_album(
        self,
        n: int,
        caption: str = "",
        *,
        contents: Sequence[bytes] = (),
        chat: Chat | None = None,
        topic: int | None = None,
    ) -> list[Message]:
        """`n` photos in one album: as many updates, one media_group_id, the caption on the first."""
        album = {"media_group_id": str(next(self.world.albums))}
        words = [caption] + [""] * (n - 1)
        parts = [
            self._file("photo", content, f"{i}.png", "image/png", word)
            for i, (word, content) in enumerate(zip(words, contents or [TINY_PICTURE] * n, strict=True))
        ]
        return [await self._send({**part, **album}, chat, topic, None) for part in parts]

    async def sends_document(
        self,
        name: str = "receipt.pdf",
        *,
        caption: str = "",
        content: bytes = b"%PDF-1.4",
        mime: str = "application/pdf",
        chat: Chat | None = None,
        topic: int | None = None,
    ) -> Message:
        return await self._send(self._file("document", content, name, mime, caption), chat, topic, None)

    async def sends_video(
        self,
        caption: str = "",
        *,
        content: bytes = b"video",
        chat: Chat | None = None,
        topic: int | None = None,
    ) -> Message:
        return await self._send(
            self._file("video", content, "video.mp4", "video/mp4", caption), chat, topic, None
        )

    async def sends_voice(
        self, *, content: bytes = b"OggS", chat: Chat | None = None, topic: int | None = None
    ) -> Message:
        return await self._send(self._file("voice", content, "voice.oga", "audio/ogg", ""), chat, topic, None)

    async def sends_video_note(
        self, *, content: bytes = b"round", chat: Chat | None = None, topic: int | None = None
    ) -> Message:
        """A round video; it has no caption."""
        return await self._send(
            self._file("video_note", content, "note.mp4", "video/mp4", ""), chat, topic, None
        )

    async def sends_sticker(self, *, chat: Chat | None = None, topic: int | None = None) -> Message:
        return await self._send(self._file("sticker", b"RIFF", "s.webp", "image/webp", ""), chat, topic, None)

    async def sends_location(
        self, latitude: float = 31.23, longitude: float = 121.47, *, chat: Chat | None = None
    ) -> Message:
        place = {"location": {"latitude": latitude, "longitude": longitude}}
        return await self._send(place, chat, None, None)

    async def shares_contact(self, phone: str, own: bool = True) -> Message:
        """A phone number: their own (with their user_id, as the button does) or somebody else's."""
        person: Json = {"phone_number": phone, "first_name": self.brief["first_name"]}
        return await self._send({"contact": person | ({"user_id": self.id} if own else {})}, None, None, None)

    async def edits(self, message: Message, text: str) -> Message:
        """Changes what they wrote; the bot gets an edited_message."""
        kind = "caption" if message.media else "text"
        kept = {
            name: value for name, value in message.raw.items() if name not in ("entities", "caption_entities")
        }
        new = text_content(text)
        spans = (
            {"caption_entities" if message.media else "entities": new["entities"]}
            if "entities" in new
            else {}
        )
        message.raw = {**kept, kind: text, **spans, "edit_date": self.world.now()}
        self.world.tell("edited_message", message)
        await asyncio.sleep(0)
        return message

    async def deletes(self, message: Message) -> None:
        """The message is gone; Telegram does not tell the bot."""
        self.world.chats[message.chat_id].remove(message)
        self.world.waiting.changed()
        await asyncio.sleep(0)

    async def reacts(self, message: Message, emoji: str) -> None:
        """A reaction; the bot hears of it if `allowed_updates` asks for it. In groups it has to be an administrator; of private
        chats the documentation says nothing, and it is told there too."""
        new = [{"type": "emoji", "emoji": emoji}] if emoji else []
        chat = self.world.chats[message.chat_id]
        change = {
            "chat": chat.brief,
            "message_id": message.id,
            "user": self.brief,
            "date": self.world.now(),
            "old_reaction": message.reactions,
            "new_reaction": new,
        }
        message.reactions = new
        self.world.updates.add("message_reaction", change, f"reaction:{chat.id}")
        await asyncio.sleep(0)

    # What they tap.

    async def taps(
        self,
        label: str,
        message: Message | None = None,
        *,
        chat: Chat | None = None,
        topic: int | None = None,
    ) -> Tap:
        """Taps the inline button of that label, on the newest message that has one or on the given message."""
        place = chat or self.chat
        target = message or self._newest_with(label, place, topic)
        button = target.button(label) if target else None
        if target is None or button is None:
            raise NoSuchButton(self._no_button(label, message, place, topic))
        if not button.data:
            raise NoSuchButton(
                f'"{label}" opens {button.url or "something else"}; the bot hears nothing of it'
            )
        return await self._tapped(button.data, target)

    async def forges(self, data: str, message: Message | None = None) -> Tap:
        """A modified app, or one that lags behind: a tap with data no button carries now, on this message or the bot's newest,
        best on one that has buttons."""
        if message is not None:
            return await self._tapped(data, message)
        newest = [message for message in reversed(self.chat.messages) if message.from_bot]
        return await self._tapped(data, next((one for one in newest if one.labels), newest[0]))

    async def _tapped(self, data: str, target: Message) -> Tap:
        tap = Tap(self.world, str(next(_TAP_IDS)), data, target, self.world.clock())
        self.world.tell_tap(tap, self)
        await asyncio.sleep(0)
        return tap

    async def presses(self, label: str) -> Message:
        """Presses a key of the reply keyboard below the chat, which says its label or shares the contact."""
        rows = (self.chat.reply_keyboard or {}).get("keyboard", [])
        buttons = {b if isinstance(b, str) else b["text"]: b for row in rows for b in row}
        if label not in buttons:
            raise NoSuchButton(f'no key "{label}" on the reply keyboard; there are: {list(buttons)}')
        pressed = buttons[label]
        if isinstance(pressed, dict) and pressed.get("request_contact"):
            return await self.shares_contact(f"+86138{self.id:08d}")
        return await self.says(label)

    def _newest_with(self, label: str, chat: Chat, topic: int | None) -> Message | None:
        standing = reversed(_in_topic(chat.messages, topic))
        return next((message for message in standing if message.button(label)), None)

    def _no_button(self, label: str, message: Message | None, chat: Chat, topic: int | None) -> str:
        shown = [message] if message else _in_topic(chat.messages, topic)
        labels = [f'"{name}" on #{m.id}' for m in shown for name in m.labels]
        return f'no button "{label}"; visible: {", ".join(labels) or "none"}\n{chat.transcript}'

    # What they hear.

    @overload
    async def hears(
        self, text: str = ..., *, timeout: float = ..., chat: Chat | None = ..., topic: int | None = ...
    ) -> Message: ...

    @overload
    async def hears(
        self,
        text: str = ...,
        *,
        n: int,
        timeout: float = ...,
        chat: Chat | None = ...,
        topic: int | None = ...,
    ) -> list[Message]: ...

    async def hears(
        self,
        text: str = "",
        *,
        n: int | None = None,
        timeout: float = 10,
        chat: Chat | None = None,
        topic: int | None = None,
    ) -> Message | list[Message]:
        """The next message of the bot with this text in it since the last `hears` here; or the next `n`."""
        found = [await self._hears_next(text, chat or self.chat, topic, timeout) for _ in range(n or 1)]
        return found[0] if n is None else found

    async def sees(self, text: str, *, timeout: float = 10, chat: Chat | None = None) -> Message:
        """A message of the bot with this text that stands in the chat, new or edited."""
        place = chat or self.chat
        return await self.world.waiting.until(
            lambda: next((m for m in place.messages if m.from_bot and text in m.text), None),
            timeout,
            lambda: f'nothing of the bot says "{text}"; the chat:\n{place.transcript}',
        )

    def unheard(self, chat: Chat | None = None, topic: int | None = None) -> list[Message]:
        """What the bot wrote since the last `hears`."""
        place = chat or self.chat
        since = place.sent_since(self.heard.get((place.id, topic), 0))
        return _in_topic(since, topic)

    async def _hears_next(self, text: str, chat: Chat, topic: int | None, timeout: float) -> Message:
        return await self.world.waiting.until(
            self._listening(text, chat, topic),
            timeout,
            lambda: (
                f"the bot did not say {text!r} to {self.brief['first_name']}; the chat:\n{chat.transcript}"
            ),
        )

    def _listening(self, text: str, chat: Chat, topic: int | None) -> Callable[[], Message | None]:
        place = (chat.id, topic)

        def found() -> Message | None:
            begin = self.heard.get(place, 0)
            for number, message in enumerate(chat.sent_since(begin), begin + 1):
                if text in message.text and (topic is None or message.thread_id == topic):
                    self.heard[place] = number
                    return message
            return None

        return found

    # How they stand with the bot.

    async def blocks_bot(self) -> None:
        """From now on the bot's messages are refused with 403; it is told by a my_chat_member update."""
        self.chat.blocked = True
        self.world.membership(self.chat, "member", "kicked", by=self)
        await asyncio.sleep(0)

    async def unblocks_bot(self) -> None:
        self.chat.blocked = False
        self.world.membership(self.chat, "kicked", "member", by=self)
        await asyncio.sleep(0)

    def say_now(self, text: str) -> Message:
        """`says` for the load bench: no waiting, no looking for entities."""
        return self._post({"text": text}, self.chat, None, None)

    async def _send(
        self, content: Json, chat: Chat | None, topic: int | None, reply_to: Message | None
    ) -> Message:
        message = self._post(content, chat or self.chat, topic, reply_to)
        await asyncio.sleep(0)
        return message

    def _post(self, content: Json, chat: Chat, topic: int | None, reply_to: Message | None) -> Message:
        self._may_write(chat, topic)
        chat.started = True
        answered = reply_to or (chat.find(topic) if topic is not None else None)
        message = self.world.post(chat, self.brief, content, thread_id=topic, reply_to=answered)
        self.world.tell("message", message)
        return message

    def _may_write(self, chat: Chat, topic: int | None) -> None:
        if chat.private and chat.blocked:
            raise AssertionError("who blocked the bot can't write to it; call unblocks_bot() first")
        if isinstance(chat, Group):
            chat.members.setdefault(self.id, "member")
            if topic is not None and topic not in chat.topics:
                raise AssertionError(f"{chat.title} has no topic {topic}; topics: {list(chat.topics)}")
            if topic is not None and chat.topics[topic].closed:
                raise AssertionError(f"topic {topic} of {chat.title} is closed")

    def _file(self, kind: str, content: bytes, name: str, mime: str, caption: str) -> Json:
        stored = self.world.files.add(kind, content, name, mime)
        return {**CONTENT[kind](stored, {}), **({"caption": caption} if caption else {})}


def _in_topic(messages: list[Message], topic: int | None) -> list[Message]:
    return [m for m in messages if topic is None or m.thread_id == topic]


def text_content(text: str) -> Json:
    """A text with the entities an app would mark: commands and addresses."""
    spans = _spans(text, _COMMAND, "bot_command") + _spans(text, _ADDRESS, "url")
    return {"text": text, "entities": spans} if spans else {"text": text}


def _spans(text: str, pattern: re.Pattern[str], kind: str) -> list[Json]:
    return [
        {"type": kind, "offset": utf16_length(text[: found.start()]), "length": utf16_length(found[0])}
        for found in pattern.finditer(text)
    ]
