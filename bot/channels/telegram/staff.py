"""Posts to the agents: one forum topic a conversation in the staff group.

All topics of the group share its 20 messages a minute; a post over that waits as an outbox row of its own
channel, so no buyer's reply waits with it. A topic is made with the first post and made again when somebody
deleted it. A crash between making a topic and remembering it leaves an empty topic behind and makes another:
seen, and harmless.
"""

from __future__ import annotations

import structlog
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.channels.telegram.channel import heed, hold
from bot.channels.telegram.cleaning import clean, shorten
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.post import Place, Post, Todo
from bot.channels.telegram.trouble import MENDED_BY_A_PERSON, TOPIC_CLOSED, TOPIC_GONE, delivery_error, says
from bot.domain.conversation import Conversation
from bot.errors import Blocked, DeliveryError, Refused, TryLater
from bot.pipeline.deliveries import STAFF, Delivery
from bot.pipeline.ports import Database

TOPIC_NAME = 128
"""https://core.telegram.org/bots/api#createforumtopic"""
NOT_MODIFIED = "topic_not_modified"
SET_UP_WRONG = (
    "not enough rights",
    "have no rights",
    "chat_write_forbidden",
    "chat_admin_required",
    "is not a forum",
    "chat not found",
)
"""Refusals the owner can mend in the group; until then posts wait."""

log = structlog.get_logger(__name__)


class StaffChannel:
    """The channel named ``staff``; its addresses are conversation ids."""

    def __init__(self, bot: Bot, post: Post, pace: Pace, database: Database, group: int) -> None:
        self._bot = bot
        self._post = post
        self._pace = pace
        self._database = database
        self._group = group

    @property
    def name(self) -> str:
        """As it stands in the outbox."""
        return STAFF

    async def deliver(self, delivery: Delivery) -> str:
        """Post it into its conversation's topic. Raises a `DeliveryError` that says what to do."""
        conversation = await self._conversation(delivery)
        todo = self._post.todo(delivery)
        hold(self._pace, self._group, todo.messages)
        trouble = None
        try:
            return await self._deliver(todo, conversation)
        except TelegramError as error:
            heed(self._pace, self._group, error)
            trouble = _staff_error(error, delivery.attempts)
        except (LookupError, OSError) as error:
            trouble = Refused(f"a file can't be read ({type(error).__name__})")
        raise trouble

    async def _deliver(self, todo: Todo, conversation: Conversation) -> str:
        thread = conversation.staff_thread or await self._new_topic(conversation)
        try:
            return await self._post.send(todo, Place(self._group, thread))
        except BadRequest as error:
            if not says(error, TOPIC_CLOSED, *TOPIC_GONE):
                raise
            gone = says(error, *TOPIC_GONE)
        mended = await (self._new_topic(conversation) if gone else self._reopened(thread))
        return await self._post.send(todo, Place(self._group, mended))

    async def _conversation(self, delivery: Delivery) -> Conversation:
        found = await self._database.read(lambda unit: unit.conversation(int(delivery.address)))
        if found is None:
            raise Refused("there is no such conversation")
        return found

    async def _new_topic(self, conversation: Conversation) -> int:
        topic = await self._bot.create_forum_topic(self._group, topic_name(conversation))
        thread = topic.message_thread_id
        await self._database.write(lambda unit: unit.set_thread(conversation.id, thread))
        return thread

    async def _reopened(self, thread: int) -> int:
        try:
            await self._bot.reopen_forum_topic(self._group, thread)
        except BadRequest as error:
            if not says(error, NOT_MODIFIED):  # somebody opened it meanwhile
                raise
        return thread


def topic_name(conversation: Conversation) -> str:
    """The buyer's name and the conversation's number."""
    number = f"#{conversation.id}"
    name = " ".join(clean(conversation.name).split())
    return f"{shorten(name, TOPIC_NAME - len(number) - 1)} {number}".strip()


def _staff_error(error: TelegramError, attempts: int) -> DeliveryError:
    """As for buyers, but what the owner can mend in the group waits for it."""
    trouble = delivery_error(error, attempts)
    if isinstance(trouble, Blocked) or isinstance(error, ChatMigrated) or says(error, *SET_UP_WRONG):
        log.error("telegram.staff_group_unusable", error=str(trouble))
        return TryLater(f"the staff group can't be used: {trouble}", MENDED_BY_A_PERSON)
    return trouble
