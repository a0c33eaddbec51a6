"""What a shop is opened with: its folder, its rules, and the channels that need something to be set up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.channels.payout.channel import PayoutChannel, Take
from bot.channels.web.reader import read as read_web
from bot.config import Config
from bot.desk.reader import read as read_desk
from bot.domain.messages import Incoming
from bot.folder.shop_folder import Contents, ShopFolder
from bot.pipeline.arrivals import Reader
from bot.pipeline.deadlines import read_deadline
from bot.pipeline.intake import Intake
from bot.pipeline.payouts import CHANNEL as PAYOUT
from bot.pipeline.payouts import read as read_news
from bot.pipeline.reports import CHANNEL as REPORT
from bot.pipeline.reports import read as read_report
from bot.pipeline.shop import Shop, thresholds_of
from bot.store.clocks import CHANNEL as CLOCK
from bot.store.database import SqlDatabase
from bot.store.files import FileStore

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram


def open_folder(
    path: Path, config: Config, tell: Callable[[int], None] = lambda _: None
) -> tuple[ShopFolder, Contents]:
    """The shop's folder and what is in it. `tell` hears how many phrases are about to be learned."""
    folder = ShopFolder(path, config.shop.languages, config.shop.timezone, tell=tell)
    return folder, folder.read()


def open_shop(config: Config, contents: Contents, telegram: Reader | None = None) -> Shop:
    """The shop as turns see it. `telegram` reads its updates when the channel is being served."""
    return Shop(
        languages=config.shop.languages,
        phrasebook=contents.phrasebook,
        guides=contents.guides,
        thresholds=thresholds_of(config),
        policy=config.policy(),
        render=contents.replies,
        readers={
            "web": read_web,
            "terminal": read_web,
            "desk": read_desk,
            CLOCK: read_deadline,
            PAYOUT: read_news,
            REPORT: read_report,
            "telegram": telegram or _telegram_reader(config.telegram.staff_chat),
        },
        staff=telegram is not None and config.telegram.staff_chat is not None,
        macros=contents.macros,
    )


def _telegram_reader(staff_chat: int | None) -> Reader:
    """Reads what came from Telegram before the token was taken away; the library is loaded for the first of it."""

    def read(payload: Mapping[str, Any]) -> Incoming:
        from bot.channels.telegram import TelegramReader  # noqa: PLC0415 -- as above

        return TelegramReader(staff_chat)(payload)

    return read


def open_telegram(
    config: Config,
    database: SqlDatabase,
    intake: Intake,
    files: FileStore,
    ticks: Callable[[], float],
) -> Telegram | None:
    """The channel, where there is a token."""
    token, settings = config.secrets.telegram_token, config.telegram
    if not token:
        return None
    from bot.channels.telegram import Limits, Settings, Telegram  # noqa: PLC0415 -- a shop without it starts sooner

    return Telegram(
        token=token,
        database=database,
        intake=intake,
        files=files.find,
        clock=ticks,
        settings=Settings(
            base_url=settings.base_url,
            base_file_url=settings.base_file_url,
            mode=settings.mode,
            staff_chat=settings.staff_chat,
            webhook_url=settings.webhook_url,
            secret=config.secrets.webhook_secret,
            max_connections=settings.max_connections,
            limits=Limits.of(settings.messages_per_second),
        ),
    )


def open_payouts(
    config: Config, database: SqlDatabase, take: Take, clock: Callable[[], datetime]
) -> PayoutChannel | None:
    """Also where payments are made by hand by now: what was ordered before still has to reach who pays."""
    url, secret = config.payouts.url, config.secrets.payout_secret
    if not url or not secret:
        return None
    return PayoutChannel(url, secret, database, take, clock)
