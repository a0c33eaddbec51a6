"""How long what is kept: what is over its time, and removing it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import TypeVar

import click

from bot.cli.context import Here
from bot.cli.tables import show
from bot.folder.guides import pictures_of
from bot.pipeline.keeping import Over, Rule, days_of, setting_of
from bot.pipeline.retention import GRACE, Retention
from bot.store.database import SqlDatabase
from bot.store.files import FileStore

T = TypeVar("T")
_WORDS = {
    Rule.RAW: "what came in, as it came (emptied)",
    Rule.ORIGINS: "marks of what came in",
    Rule.SENT: "what was sent, as it was sent (emptied)",
    Rule.LINES: "lines of conversations at rest",
    Rule.LETTERS: "which reply was sent when, of the same",
    Rule.FILES: "files of conversations at rest",
    Rule.SHUNTED: "messages on the shelf (dropped and emptied)",
    Rule.DEADLINES: "clocks that are over",
    Rule.SESSIONS: "sign-ins that are over",
    Rule.AUDIT: "what people did",
}


@click.command()
@click.option("--apply", is_flag=True, help="Remove it now, a little at a time.")
@click.pass_obj
def retention(here: Here, apply: bool) -> None:
    """Show what is kept for how long, and what is over its time. The running bot removes it by itself, four times a day.

    \b
    shouhou retention
    shouhou retention --apply
    """
    days, zone = days_of(here.config.retention), here.config.shop.timezone
    found, loose = asyncio.run(retention_of(here, _looked))
    show(
        ("what", "setting", "days", "over its time", "oldest"),
        [
            (_WORDS[rule], f"retention.{setting_of(rule)}", *_cells(days[rule], found.get(rule), zone))
            for rule in Rule
        ],
        [rule not in found or not found[rule].rows for rule in Rule],
    )
    click.echo(f"files nothing has referred to for {GRACE.days} days: {loose}")
    if apply:
        gone = asyncio.run(retention_of(here, lambda one: one.sweep()))
        click.echo(f"removed or emptied: {sum(gone.values())} rows, and the files that nothing refers to")


def _cells(days: int, over: Over | None, zone: tzinfo) -> tuple[str, str, str]:
    rows = str(over.rows) if over else "-"
    oldest = f"{over.oldest.astimezone(zone):%Y-%m-%d}" if over and over.oldest else "-"
    return str(days or "for ever"), rows, oldest


async def _looked(retention: Retention) -> tuple[Mapping[Rule, Over], int]:
    return await retention.over(), len(await retention.loose_files())


async def retention_of(here: Here, job: Callable[[Retention], Awaitable[T]]) -> T:
    """Do something with the shop's retention, also while the shop is served."""
    config = here.config
    here.needs_database()
    guides, _ = here.folder().guide_files()
    pictures = {picture.attachment.ref.partition(":")[2] for picture in pictures_of(guides)}
    async with SqlDatabase(config.storage.url, shop=config.storage.shop, exclusive=False) as database:
        await database.migrate()
        files = FileStore(config.storage.files)
        days = days_of(config.retention)
        return await job(Retention(database, files, lambda: datetime.now(UTC), days, lambda: pictures))


COMMANDS = {"retention": retention}
