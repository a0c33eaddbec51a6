"""What an error of Telegram means for the outbox row that met it."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.telegram.request import NotSent, ServerTrouble
from bot.errors import Blocked, DeliveryError, Refused, TryLater, Uncertain

PAUSES = (1, 2, 5, 10, 30, 60)
"""Our guess in seconds for trouble of the network or the server, attempt by attempt."""
MENDED_BY_A_PERSON = timedelta(minutes=1)
"""Our guess for trouble that lasts until the owner mends it: a revoked token, a missing right."""
NOBODY_THERE = ("chat not found", "user is deactivated", "peer_id_invalid")
TOPIC_GONE = ("message thread not found", "topic_deleted", "topic_id_invalid")
TOPIC_CLOSED = "topic_closed"
BAD_MARKUP = "can't parse entities"


def delivery_error(error: TelegramError, attempts: int = 1) -> DeliveryError:
    """Blocked, Refused, TryLater or Uncertain; the words carry no token and nothing anybody wrote. `attempts` counts
    the one that met the error.

    A 504 says that a server behind the server did not answer: nobody knows whether it took the message.
    """
    words = error.message
    if isinstance(error, Forbidden) or says(error, *NOBODY_THERE):
        return Blocked(words)
    if isinstance(error, RetryAfter):
        return TryLater(words, retry_after(error))
    if isinstance(error, InvalidToken):
        return TryLater("Telegram does not accept the token any more", MENDED_BY_A_PERSON)
    if isinstance(error, (BadRequest, ChatMigrated, EndPointNotFound)):
        return Refused(words)
    if isinstance(error, NotSent) or (
        isinstance(error, ServerTrouble) and error.status != HTTPStatus.GATEWAY_TIMEOUT
    ):
        return TryLater(words, timedelta(seconds=PAUSES[min(max(attempts, 1), len(PAUSES)) - 1]))
    return Uncertain(words) if isinstance(error, NetworkError) else Refused(words)


def retry_after(error: RetryAfter) -> timedelta:
    """How long Telegram asks us to wait."""
    after = error.retry_after
    return after if isinstance(after, timedelta) else timedelta(seconds=after)


def says(error: TelegramError, *words: str) -> bool:
    """Whether a refusal has these words. They are not a documented interface, but there is no other."""
    said = error.message.lower()
    return isinstance(error, BadRequest) and any(word in said for word in words)
