"""The forum topics of the staff group: one a conversation, made, mended, named, with its card pinned.

A crash between making a topic and remembering it leaves an empty topic behind and makes another: seen, and harmless. Where only
the database refused, this process knows of it, and writes it down when it is asked for again.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace

import structlog
from telegram import Bot
from telegram.error import BadRequest, Forbidden

from bot.channels.telegram.altering import GONE, Altering
from bot.channels.telegram.cleaning import clean, shorten
from bot.channels.telegram.markup import plain
from bot.channels.telegram.pieces import Piece
from bot.channels.telegram.post import Place, Post, Todo
from bot.channels.telegram.trouble import TOPIC_CLOSED, TOPIC_GONE, says
from bot.domain.conversation import Conversation
from bot.pipeline.chats import Topic
from bot.pipeline.ports import Database

NAME = 128
"""https://core.telegram.org/bots/api#createforumtopic"""
NOT_MODIFIED = "topic_not_modified"

log = structlog.get_logger(__name__)


class Topics:
    """Raises the library's own errors."""

    def __init__(self, bot: Bot, post: Post, database: Database, group: int) -> None:
        self._bot = bot
        self._post = post
        self._altering = Altering(bot)
        self._database = database
        self._group = group
        self._without_right: set[int] = set()
        """Cards that the bot was not let pin: not every post tries again."""
        self._unwritten: dict[int, Topic] = {}
        """By conversation, what the database did not take."""

    async def of(self, conversation: Conversation, name: str = "") -> Topic:
        """The conversation's topic; made when there is none."""
        known = await self._known(conversation)
        return known or await self._made(conversation, name or topic_name(conversation))

    async def send(self, todo: Todo, conversation: Conversation, reply: str = "") -> str:
        """Post into the topic, reopened when somebody closed it, and made again when somebody deleted it."""
        topic = await self._with_card(conversation, await self.of(conversation))
        try:
            return await self._post.send(todo, Place(self._group, topic.thread, reply))
        except BadRequest as error:
            if not says(error, TOPIC_CLOSED, *TOPIC_GONE):
                raise
            gone = says(error, *TOPIC_GONE)
        if gone:
            topic = await self._made(conversation, topic.name or topic_name(conversation))
            topic = await self._with_card(conversation, topic)
        else:
            await self._opened(conversation, topic)
        return await self._post.send(todo, Place(self._group, topic.thread, reply))

    async def card(self, piece: Piece, conversation: Conversation) -> str:
        """The card as it is now: in place of what it said before, or posted; and pinned, if that did not succeed before."""
        topic = await self.of(conversation)
        if topic.card is not None and await self._edited(topic.card, piece):
            await self._pin(conversation, topic)
            return str(topic.card)
        try:
            return str((await self._posted(piece, conversation, topic)).card)
        except BadRequest as error:
            if not says(error, TOPIC_CLOSED, *TOPIC_GONE):
                raise
            gone = says(error, *TOPIC_GONE)
        if gone:
            topic = await self._made(conversation, topic.name or topic_name(conversation))
        else:
            topic = await self._opened(conversation, topic)
        return str((await self._posted(piece, conversation, topic)).card)

    async def look(self, conversation: Conversation, name: str, *, closed: bool) -> None:
        """The topic's name, and whether it is open; asked for only where it is another. A closed conversation needs no topic
        made for it."""
        name = shorten(" ".join(clean(plain(name)).split()), NAME) or topic_name(conversation)
        known = await self._known(conversation)
        if known is None:
            if not closed:
                await self._made(conversation, name)
            return
        try:
            await self._named(conversation, known, name)
            await self._shut(conversation, replace(known, name=name), closed=closed)
        except BadRequest as error:
            if not says(error, *TOPIC_GONE):
                raise
            if not closed:
                await self._made(conversation, name)

    async def _named(self, conversation: Conversation, topic: Topic, name: str) -> None:
        if name != topic.name:
            await _unless_so(self._bot.edit_forum_topic(self._group, topic.thread, name=name))
            await self._remember(conversation, replace(topic, name=name))

    async def _shut(self, conversation: Conversation, topic: Topic, *, closed: bool) -> None:
        if closed == topic.closed:
            return
        if closed:
            await _unless_so(self._bot.close_forum_topic(self._group, topic.thread))
            await self._remember(conversation, replace(topic, closed=True))
        else:
            await self._opened(conversation, topic)

    async def _opened(self, conversation: Conversation, topic: Topic) -> Topic:
        await _unless_so(self._bot.reopen_forum_topic(self._group, topic.thread))
        return await self._remember(conversation, replace(topic, closed=False))

    async def _made(self, conversation: Conversation, name: str) -> Topic:
        made = await self._bot.create_forum_topic(self._group, name)
        return await self._remember(conversation, Topic(made.message_thread_id, name))

    async def _with_card(self, conversation: Conversation, topic: Topic) -> Topic:
        """A topic that was made again gets the card it had; one whose card could not be pinned at once gets it pinned."""
        if topic.card is not None:
            return topic if topic.card in self._without_right else await self._pin(conversation, topic)
        last = await self._database.read(lambda unit: unit.last_card(conversation.id))
        if last is None:
            return topic
        return await self._posted(Piece(last.text, buttons=last.buttons), conversation, topic)

    async def _edited(self, card: int, piece: Piece) -> bool:
        """False when the card is gone, or too old to be edited."""
        try:
            await self._altering.edit(self._group, [str(card)], piece)
        except BadRequest as error:
            if not says(error, *GONE, TOPIC_CLOSED):
                raise
            return False
        return True

    async def _posted(self, piece: Piece, conversation: Conversation, topic: Topic) -> Topic:
        ref = await self._post.send(Todo(0, [piece]), Place(self._group, topic.thread))
        posted = await self._remember(conversation, replace(topic, card=int(ref), pinned=False))
        return await self._pin(conversation, posted)

    async def _pin(self, conversation: Conversation, topic: Topic) -> Topic:
        """Without the right to it the card can be read all the same; whoever gives it sees the next one pinned."""
        if topic.card is None or topic.pinned:
            return topic
        try:
            await self._bot.pin_chat_message(self._group, topic.card, disable_notification=True)
        except (BadRequest, Forbidden) as error:
            log.warning("telegram.card_not_pinned", error=error.message)
            self._without_right.add(topic.card)
            return topic
        return await self._remember(conversation, replace(topic, pinned=True))

    async def _remember(self, conversation: Conversation, topic: Topic) -> Topic:
        self._unwritten[conversation.id] = topic
        await self._database.write(lambda unit: unit.put_topic(conversation.id, topic))
        self._unwritten.pop(conversation.id, None)
        return topic

    async def _known(self, conversation: Conversation) -> Topic | None:
        if topic := self._unwritten.get(conversation.id):
            return await self._remember(conversation, topic)
        return await self._database.read(lambda unit: unit.topic(conversation.id))


def topic_name(conversation: Conversation) -> str:
    """The buyer's name and the conversation's number."""
    number = f"#{conversation.id}"
    name = " ".join(clean(conversation.name).split())
    return f"{shorten(name, NAME - len(number) - 1)} {number}".strip()


async def _unless_so(change: Awaitable[object]) -> None:
    """Somebody may have done the same by hand."""
    try:
        await change
    except BadRequest as error:
        if not says(error, NOT_MODIFIED):
            raise
