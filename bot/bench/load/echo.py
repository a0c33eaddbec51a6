"""The bare echo bot: python-telegram-bot as it comes, one handler, nothing stored."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from telegram import Update
from telegram.ext import Application, MessageHandler, filters

from bot.bench.load.messenger import TOKEN


async def serve(address: str, opened: Callable[[], None]) -> None:
    """Echo until cancelled; the steps are those of `Application.run_polling`."""
    application = Application.builder().token(TOKEN).base_url(f"{address}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, _echo))
    async with application:
        await application.start()
        if application.updater:
            await application.updater.start_polling()
        opened()
        try:
            await asyncio.Event().wait()
        finally:
            if application.updater:
                await application.updater.stop()
            await application.stop()


async def _echo(update: Update, _: Any) -> None:
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)
