"""The list of commands behind the "/" (https://core.telegram.org/bots/api#setmycommands)."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeChat
from telegram.error import TelegramError

from bot.channels.telegram.cleaning import clean, shorten

DESCRIPTION = 256
Words = Mapping[str, Mapping[str, str]]
"""Language to command name to description, in the order of the menu; the first is everybody else's."""

log = structlog.get_logger(__name__)


async def set_menu(bot: Bot, words: Words, scope: BotCommandScope | None = None) -> bool:
    """List the commands for each language and for everybody else; False when Telegram would not."""
    try:
        for language, commands in _by_code(words).items():
            listed = [BotCommand(name, _description(said)) for name, said in commands.items()]
            await bot.set_my_commands(listed, scope=scope, language_code=language or None)
    except TelegramError as error:
        log.warning("telegram.menu_not_set", error=error.message)
        return False
    return True


async def set_staff_menu(bot: Bot, words: Words, group: int) -> bool:
    """The agents' commands, in the staff group only."""
    return await set_menu(bot, words, BotCommandScopeChat(group))


def _by_code(words: Words) -> dict[str, Mapping[str, str]]:
    """Telegram knows two-letter codes only; the empty one is everybody's."""
    codes: dict[str, Mapping[str, str]] = {}
    for language, commands in words.items():
        codes.setdefault("", commands)
        codes.setdefault(language[:2].lower(), commands)
    return codes


def _description(said: str) -> str:
    return shorten(clean(said).strip(), DESCRIPTION) or "…"
