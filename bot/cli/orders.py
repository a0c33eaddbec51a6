"""Orders from the shop, and links that prove them."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from rich.progress import Progress

from bot.carriers.directory import code_for
from bot.cli.context import Here
from bot.cli.secret import secret_key
from bot.cli.visible import visible_line
from bot.errors import ImportRefused
from bot.shop.importing import Options, Report, import_file
from bot.shop.links import sign
from bot.shop.sample_shop import FILES, sample_file
from bot.store.database import SqlDatabase


@click.command("import")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--example", is_flag=True, help="Write sample-orders.csv and sample-parcels.csv here, to fill in."
)
@click.pass_obj
def import_(here: Here, files: tuple[Path, ...], example: bool) -> None:
    """Import orders and parcels from CSV files; the same file again changes nothing. Also while the shop is served.

    \b
    shouhou import orders.csv parcels.csv
    shouhou import --example
    """
    files = tuple(path.resolve() for path in files)
    if example:
        _write_examples(here)
    elif not files:
        raise click.UsageError("name at least one file, or --example to see what one looks like")
    reports = asyncio.run(_import(here, files)) if files else []
    for report in reports:
        _tell(report)
    sys.exit(1 if any(report.problems for report in reports) else 0)


async def _import(here: Here, files: tuple[Path, ...]) -> list[Report]:
    options = Options(here.config.shop.timezone, here.config.shop.currency, code_for)
    async with SqlDatabase(
        here.config.storage.url, shop=here.config.storage.shop, exclusive=False
    ) as database:
        await database.migrate()
        with Progress(transient=True, disable=not sys.stdout.isatty()) as progress:
            return [await _one(path, database, options, progress) for path in files]


async def _one(path: Path, database: SqlDatabase, options: Options, progress: Progress) -> Report:
    task = progress.add_task(path.name, total=None)
    return await import_file(
        path, database, options, lambda done, of: progress.update(task, completed=done, total=of)
    )


def _tell(report: Report) -> None:
    click.echo(
        f"{report.file}: {report.new} new, {report.changed} changed, {report.unchanged} unchanged {report.kind} "
        f"from {report.rows} rows ({report.encoding})"
    )
    for note in report.notes:
        click.echo(f"  note: {visible_line(note)}")
    for problem in report.problems:
        click.echo(f"  {visible_line(str(problem))}", err=True)
    if report.problems:
        click.echo(
            f"  {len(report.problems)} to mend; what is named above was left out, the rest is in", err=True
        )


def _write_examples(here: Here) -> None:
    now = datetime.now(UTC)
    for name in FILES:
        path = here.path / f"sample-{name}"
        if path.exists():
            raise ImportRefused(f"{path} is there already; it was left as it is")
        path.write_text(sample_file(name, now, here.config.shop.timezone), encoding="utf-8-sig")
        click.echo(f"made {path}")


@click.command()
@click.argument("order")
@click.option("--days", default=30, show_default=True, help="How long the link proves the order.")
@click.option("--bot", "username", default="YOUR_BOT", help="Your bot's username on Telegram.")
@click.pass_obj
def link(here: Here, order: str, days: int, username: str) -> None:
    """A signed link for one order: whoever opens it in Telegram has that order linked. Send it to its buyer only."""
    known = here.look(lambda unit: unit.order(order))
    if known is None:
        raise click.ClickException(f"there is no order {order!r}; import it first")
    payload = sign(known.number, secret_key(here.config), datetime.now(UTC) + timedelta(days=days))
    click.echo(f"https://t.me/{username}?start={payload}")


COMMANDS = {"import": import_, "link": link}
