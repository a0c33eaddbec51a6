"""Changing what stands in a chat already: new words, a reaction, away with it.

What is wished may be so already, or the message may be gone: somebody deleted it, or it was changed to the same words. That is
no trouble.
"""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.channels.telegram.keyboard import inline
from bot.channels.telegram.markup import plain
from bot.channels.telegram.pieces import Piece
from bot.channels.telegram.post import NO_PREVIEW
from bot.channels.telegram.trouble import BAD_MARKUP, says

SAME = "message is not modified"
NO_TEXT = "there is no text in the message"
GONE = ("message to edit not found", "message_id_invalid", "message can't be edited")
"""Of a message that can't be edited any more."""
NO_REACTION = ("message to react not found", "message_id_invalid", "reaction_invalid", "reactions_too_many")
DELETED = ("message to delete not found", "message_id_invalid")


class Altering:
    """Raises the library's own errors; what they mean for the outbox is the channel's to say."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def edit(self, chat: int, refs: Sequence[str], piece: Piece) -> None:
        """New words for what these messages say: the last one's text, or what stands under the first one's picture."""
        try:
            await self._worded(chat, refs, piece)
        except BadRequest as error:
            if not says(error, SAME):
                raise

    async def _worded(self, chat: int, refs: Sequence[str], piece: Piece) -> None:
        try:
            await self._text(chat, int(refs[-1]), piece)
        except BadRequest as error:
            if not says(error, NO_TEXT):
                raise
            await self._bot.edit_message_caption(
                chat,
                int(refs[0]),
                caption=piece.words,
                parse_mode=ParseMode.HTML,
                reply_markup=inline(piece.buttons),
            )

    async def _text(self, chat: int, message: int, piece: Piece) -> None:
        try:
            await self._set(chat, message, piece.words, ParseMode.HTML, piece)
        except BadRequest as error:
            if not says(error, BAD_MARKUP):
                raise
            await self._set(chat, message, plain(piece.words), None, piece)

    async def _set(self, chat: int, message: int, words: str, mode: str | None, piece: Piece) -> None:
        await self._bot.edit_message_text(
            words,
            chat,
            message,
            parse_mode=mode,
            reply_markup=inline(piece.buttons),
            link_preview_options=NO_PREVIEW,
        )

    async def delete(self, chat: int, refs: Sequence[str]) -> None:
        """Away with these messages; the bot may do it for 48 hours (https://core.telegram.org/bots/api#deletemessage)."""
        for ref in refs:
            try:
                await self._bot.delete_message(chat, int(ref))
            except BadRequest as error:
                if not says(error, *DELETED):
                    raise

    async def react(self, chat: int, ref: str, emoji: str) -> None:
        """The bot's one reaction on a message; none when there is no emoji. A chat may allow few reactions, or none."""
        try:
            await self._bot.set_message_reaction(chat, int(ref), emoji or None)
        except BadRequest as error:
            if not says(error, *NO_REACTION):
                raise
