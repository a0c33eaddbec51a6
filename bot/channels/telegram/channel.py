"""Replies to buyers, in their private chats."""

from __future__ import annotations

from datetime import timedelta

from telegram.error import RetryAfter, TelegramError

from bot.channels.telegram.altering import Altering
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.pieces import Piece, pieces
from bot.channels.telegram.post import Place, Post
from bot.channels.telegram.trouble import delivery_error, retry_after
from bot.domain.manner import Operation
from bot.errors import Refused, TryLater
from bot.pipeline.deliveries import Delivery
from bot.pipeline.ports import Database

NAME = "telegram"


class BuyerChannel:
    """The channel named ``telegram``; its addresses are the buyers' chat ids."""

    def __init__(self, post: Post, altering: Altering, pace: Pace, database: Database) -> None:
        self._post = post
        self._altering = altering
        self._pace = pace
        self._database = database

    @property
    def name(self) -> str:
        """As it stands in the outbox."""
        return NAME

    @property
    def limit(self) -> Pace:
        """Of all the bot sends."""
        return self._pace

    async def deliver(self, delivery: Delivery) -> str:
        """Send it, or change what was sent; the ids of its messages. Raises a `DeliveryError` that says what to do."""
        chat = _chat(delivery.address)
        trouble = None
        try:
            if delivery.manner.operation is Operation.SEND:
                return await self._send(delivery, chat)
            return await self._alter(delivery, chat)
        except TelegramError as error:
            heed(self._pace, chat, error)
            trouble = delivery_error(error, delivery.attempts)
        except (LookupError, OSError) as error:
            trouble = Refused(f"a file can't be read ({type(error).__name__})")
        raise trouble

    async def _send(self, delivery: Delivery, chat: int) -> str:
        todo = self._post.todo(delivery)
        hold(self._pace, chat, todo.messages)
        return await self._post.send(
            todo, Place(chat, reply=await self._twin(delivery, delivery.manner.answers))
        )

    async def _alter(self, delivery: Delivery, chat: int) -> str:
        manner = delivery.manner
        if manner.operation is Operation.REACT:
            if twin := await self._twin(delivery, *manner.of):
                hold(self._pace, chat, 1)
                await self._altering.react(chat, twin, delivery.text)
            return twin
        refs = await self._database.read(
            lambda unit: unit.copies(delivery.conversation_id, NAME, manner.of, manner.sent)
        )
        if not refs and manner.operation is Operation.EDIT:
            raise Refused("what was to be changed has not arrived")
        hold(self._pace, chat, max(len(refs), 1))
        if manner.operation is Operation.DELETE:
            await self._altering.delete(chat, refs)
        else:
            await self._altering.edit(chat, refs, only_piece(delivery))
        return " ".join(refs)

    async def _twin(self, delivery: Delivery, *marks: str) -> str:
        """The message of this chat that stands for one of the agents' topic."""
        if not marks or not marks[0]:
            return ""
        return await self._database.read(lambda unit: unit.twin(delivery.conversation_id, NAME, marks[0]))


def only_piece(delivery: Delivery) -> Piece:
    """The words of a message that stands already; files can't be put into it."""
    found = [piece for piece in pieces(delivery) if piece.words]
    if len(found) != 1:
        raise Refused("these are more words than one message holds, or none")
    return Piece(found[0].words, buttons=found[0].buttons)


def hold(pace: Pace, chat: int, messages: int, keep: int = 0) -> None:
    """`TryLater` when the messenger's limits don't let the messages go now; `keep` are left for what matters more."""
    wait = pace.ask(chat, messages, keep)
    if wait > 0:
        raise TryLater("the messenger's limit is reached", timedelta(seconds=wait))


def heed(pace: Pace, chat: int, error: TelegramError) -> None:
    """When Telegram asks for a pause in a chat, what else waits for that chat needn't hear it for itself."""
    if isinstance(error, RetryAfter):
        pace.bar(chat, retry_after(error).total_seconds())


def _chat(address: str) -> int:
    try:
        return int(address)
    except ValueError:
        raise Refused("the address is not a chat of Telegram") from None
