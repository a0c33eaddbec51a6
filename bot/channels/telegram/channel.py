"""Replies to buyers, in their private chats."""

from __future__ import annotations

from datetime import timedelta

from telegram.error import RetryAfter, TelegramError

from bot.channels.telegram.pace import Pace
from bot.channels.telegram.post import Place, Post
from bot.channels.telegram.trouble import delivery_error, retry_after
from bot.errors import Refused, TryLater
from bot.pipeline.deliveries import Delivery

NAME = "telegram"


class BuyerChannel:
    """The channel named ``telegram``; its addresses are the buyers' chat ids."""

    def __init__(self, post: Post, pace: Pace) -> None:
        self._post = post
        self._pace = pace

    @property
    def name(self) -> str:
        """As it stands in the outbox."""
        return NAME

    async def deliver(self, delivery: Delivery) -> str:
        """Send it; the id of its last message. Raises a `DeliveryError` that says what to do."""
        place = Place(_chat(delivery.address))
        todo = self._post.todo(delivery)
        hold(self._pace, place.chat, todo.messages)
        trouble = None
        try:
            return await self._post.send(todo, place)
        except TelegramError as error:
            heed(self._pace, place.chat, error)
            trouble = delivery_error(error, delivery.attempts)
        except (LookupError, OSError) as error:
            trouble = Refused(f"a file can't be read ({type(error).__name__})")
        raise trouble


def hold(pace: Pace, chat: int, messages: int) -> None:
    """`TryLater` when the messenger's limits don't let the messages go now."""
    wait = pace.ask(chat, messages)
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
