"""Posts to the agents: one forum topic a conversation in the staff group (`bot.channels.telegram.topics`).

All topics of the group share its 20 messages a minute; a post over that waits as an outbox row of its own channel, so no
buyer's reply waits with it. What a buyer says leaves some of the minute to alarms and cards, and what of it waits goes out as
one post (`bot.pipeline.joining`).
"""

from __future__ import annotations

import structlog
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.channels.telegram.altering import GONE, Altering
from bot.channels.telegram.channel import heed, hold, only_piece
from bot.channels.telegram.pace import Few, Pace
from bot.channels.telegram.post import Post
from bot.channels.telegram.topics import Topics
from bot.channels.telegram.trouble import MENDED_BY_A_PERSON, delivery_error, says
from bot.domain.conversation import Conversation
from bot.domain.manner import CARD, Operation
from bot.errors import Blocked, DeliveryError, Refused, TryLater
from bot.pipeline.deliveries import STAFF, Delivery
from bot.pipeline.ports import Database

SET_UP_WRONG = (
    "not enough rights",
    "have no rights",
    "chat_write_forbidden",
    "chat_admin_required",
    "is not a forum",
    "chat not found",
)
"""Refusals the owner can mend in the group; until then posts wait."""
KEPT = 5
"""Of the group's messages a minute: those that are left to alarms and cards."""

log = structlog.get_logger(__name__)


class StaffChannel:
    """The channel named ``staff``; its addresses are conversation ids."""

    def __init__(self, bot: Bot, post: Post, pace: Pace, database: Database, group: int) -> None:
        self._post = post
        self._altering = Altering(bot)
        self._topics = Topics(bot, post, database, group)
        self._pace = pace
        self._few = Few(pace)
        self._database = database
        self._group = group

    @property
    def name(self) -> str:
        """As it stands in the outbox."""
        return STAFF

    @property
    def limit(self) -> Pace | Few:
        """Of all the bot sends; few at once while the group takes no more of what buyers say."""
        return self._few if self._pace.full(self._group, KEPT) else self._pace

    async def deliver(self, delivery: Delivery) -> str:
        """Bring it into its conversation's topic. Raises a `DeliveryError` that says what to do."""
        conversation = await self._conversation(delivery)
        trouble = None
        try:
            return await self._deliver(delivery, conversation)
        except TelegramError as error:
            heed(self._pace, self._group, error)
            trouble = _staff_error(error, delivery.attempts)
        except (LookupError, OSError) as error:
            trouble = Refused(f"a file can't be read ({type(error).__name__})")
        raise trouble

    async def _deliver(self, delivery: Delivery, conversation: Conversation) -> str:
        match delivery.manner.operation:
            case Operation.TOPIC:
                self._hold(delivery, 0)
                await self._topics.look(conversation, delivery.text, closed=delivery.manner.closed)
                return ""
            case Operation.REACT:
                return await self._react(delivery)
            case Operation.EDIT:
                return await self._edit(delivery, conversation)
            case _ if delivery.manner.slot == CARD:
                self._hold(delivery, 1)
                return await self._topics.card(only_piece(delivery), conversation)
            case _:
                return await self._send(delivery, conversation)

    async def _send(self, delivery: Delivery, conversation: Conversation, reply: str = "") -> str:
        todo = self._post.todo(delivery)
        self._hold(delivery, todo.messages)
        answered = reply or delivery.manner.under or await self._twin(delivery, delivery.manner.answers)
        return await self._topics.send(todo, conversation, answered)

    async def _edit(self, delivery: Delivery, conversation: Conversation) -> str:
        """What the buyer worded otherwise: in its post, unless others stand in there too; then below, as an answer to it."""
        number, of = delivery.conversation_id, delivery.manner.of
        refs = await self._database.read(lambda unit: unit.copies(number, STAFF, of))
        if not refs:
            return await self._send(delivery, conversation)
        carried = await self._database.read(lambda unit: unit.carried(number, STAFF, refs[-1]))
        if not set(carried) <= set(of):
            return await self._send(delivery, conversation, refs[-1])
        self._hold(delivery, 1)
        try:
            await self._altering.edit(self._group, refs, only_piece(delivery))
        except BadRequest as error:
            if not says(error, *GONE):
                raise
            return await self._send(delivery, conversation)
        return refs[-1]

    async def _react(self, delivery: Delivery) -> str:
        manner = delivery.manner
        ref = manner.under or await self._twin(delivery, *manner.of)
        if ref:
            self._hold(delivery, 0)
            await self._altering.react(self._group, ref, delivery.text)
        return ref

    async def _twin(self, delivery: Delivery, *marks: str) -> str:
        """The message of the topic that stands for one of the buyer's chat."""
        if not marks or not marks[0]:
            return ""
        return await self._database.read(lambda unit: unit.twin(delivery.conversation_id, STAFF, marks[0]))

    def _hold(self, delivery: Delivery, messages: int) -> None:
        hold(self._pace, self._group, messages, KEPT if delivery.manner.joins else 0)

    async def _conversation(self, delivery: Delivery) -> Conversation:
        found = await self._database.read(lambda unit: unit.conversation(int(delivery.address)))
        if found is None:
            raise Refused("there is no such conversation")
        return found


def _staff_error(error: TelegramError, attempts: int) -> DeliveryError:
    """As for buyers, but what the owner can mend in the group waits for it."""
    trouble = delivery_error(error, attempts)
    if isinstance(trouble, Blocked) or isinstance(error, ChatMigrated) or says(error, *SET_UP_WRONG):
        log.error("telegram.staff_group_unusable", error=str(trouble))
        return TryLater(f"the staff group can't be used: {trouble}", MENDED_BY_A_PERSON)
    return trouble
