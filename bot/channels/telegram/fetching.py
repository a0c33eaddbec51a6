"""Files of messages, brought from Telegram (https://core.telegram.org/bots/api#getfile)."""

from __future__ import annotations

from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from bot.channels.telegram.channel import NAME
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.trouble import delivery_error, says
from bot.errors import DeliveryError, FileGone, FileTooBig, Refused, Uncertain

TOO_BIG = "file is too big"
"""What getFile says of a file above 20 MB: bots are given none."""


class TelegramFiles:
    """Fetches by file id. A link lives for an hour, so each fetch asks for a new one."""

    name = NAME

    def __init__(self, bot: Bot, request: AiohttpRequest) -> None:
        self._bot = bot
        self._request = request

    async def fetch(self, ref: str, most: int) -> bytes:
        """The file; a `DeliveryError` says why not, in words without the token."""
        try:
            found = await self._bot.get_file(ref.removeprefix(f"{NAME}:"))
            if (found.file_size or 0) > most:
                raise FileTooBig(f"it has {found.file_size} bytes, {most} are kept")
            return await self._request.download(_address(found.file_path), most)
        except TelegramError as error:
            trouble = _trouble(error)
        raise trouble


def _address(path: str | None) -> str:
    if not path or not path.startswith(("http://", "https://")):
        raise Refused(
            "the Bot API server keeps its files to itself (--local); it has to hand them out over HTTP"
        )
    return path


def _trouble(error: TelegramError) -> DeliveryError:
    """A fetch has no effect, so it never matters whether a request arrived that was not answered."""
    if says(error, TOO_BIG):
        return FileTooBig("Telegram gives bots no file above 20 MB")
    if isinstance(error, (BadRequest, Forbidden)):
        return FileGone(error.message)
    told = delivery_error(error)
    return Uncertain(str(told)) if isinstance(error, NetworkError) else told
