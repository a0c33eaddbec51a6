"""A month of a busy shop, played at speed; then every promise is checked."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.bench.memory import peak_memory
from bot.cli.context import Here
from bot.cli.logs import set_up_logs
from bot.cli.tables import show
from bot.errors import StoreError
from bot.simulate import figures, record
from bot.simulate.invariants import Found, check
from bot.simulate.month import START, Month, Plan
from bot.simulate.words import WRITTEN
from bot.store.database import SqlDatabase

_NAMED = 5
"""Offenders named of each invariant."""


@click.command()
@click.option(
    "--buyers", type=click.IntRange(1, 100_000), default=50, show_default=True, help="People who write."
)
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="Days that pass.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed plays the same month.")
@click.option(
    "--start",
    type=click.DateTime(["%Y-%m-%d"]),
    default=f"{START:%Y-%m-%d}",
    show_default=True,
    help="Its first day.",
)
@click.option(
    "--language", "languages", multiple=True, help="Languages buyers write in. [default: all of the shop's]"
)
@click.option("--database", help="Play in this empty database and leave the month in it, as demo data.")
@click.option("--keep", is_flag=True, help="Keep the temporary database, and say where it is.")
@click.pass_obj
def simulate(
    here: Here,
    buyers: int,
    days: int,
    seed: int,
    start: datetime,
    languages: tuple[str, ...],
    database: str | None,
    keep: bool,
) -> None:
    """Play a busy shop's month through the real engine, with this folder's words and policy; check all that must hold.

    Buyers forget, insist, revoke and press twice; agents are slow; carriers, payments and the shop's own process fail.
    Ends with status 1 when something does not hold, naming the first offenders.

    \b
    shouhou simulate
    shouhou simulate --buyers 1000 --days 30 --seed 7
    shouhou simulate --database sqlite:///data/demo.db
    """
    plan = Plan(buyers, days, seed, _spoken(here, languages), start.replace(tzinfo=UTC))
    with _place(database, keep=keep) as url:
        set_up_logs(here.config.log, quiet=True)
        found = asyncio.run(_play(here, plan, url, durable=database is not None))
    _tell(found)
    if not all(one.holds for one in found):
        click.echo(
            f"played again with: shouhou simulate --buyers {buyers} --days {days} --seed {seed}", err=True
        )
        sys.exit(1)


def _spoken(here: Here, languages: tuple[str, ...]) -> tuple[str, ...]:
    known = tuple(language for language in here.config.shop.languages if language in WRITTEN)
    if not known or (strange := set(languages) - set(known)):
        named = ", ".join(sorted(strange)) if known else ", ".join(here.config.shop.languages)
        raise click.BadParameter(
            f"simulated buyers of this shop write {', '.join(known) or 'nothing'}, not {named}"
        )
    return languages or known


@contextmanager
def _place(database: str | None, *, keep: bool) -> Iterator[str]:
    if database:
        yield database
    elif keep:
        path = Path(tempfile.mkdtemp(prefix="shouhou-simulate-")) / "shop.db"
        yield f"sqlite:///{path}"
        click.echo(f"kept: SHOUHOU_STORAGE__URL=sqlite:///{path} shouhou cases list")
    else:
        with tempfile.TemporaryDirectory(prefix="shouhou-simulate-") as folder:
            yield f"sqlite:///{Path(folder) / 'shop.db'}"


async def _play(here: Here, plan: Plan, url: str, *, durable: bool) -> tuple[Found, ...]:
    await _must_be_empty(url)
    month = Month(plan, here.config, here.contents(), url, durable=durable)
    began = perf_counter()
    try:
        with _progress(plan) as tell:
            await month.play(tell)
        took = figures.Took(perf_counter() - began, peak_memory())
        stored = await month.stage.look(lambda connection: record.read(connection, month.agenda.now))
    finally:
        await month.close()
    _print(month, stored, took)
    return (*check(stored), *month.own_checks(stored))


async def _must_be_empty(url: str) -> None:
    async with SqlDatabase(url) as database:
        await database.migrate()
        if (await database.read(lambda unit: unit.status())).conversations:
            raise StoreError(
                f"{url} has conversations in it already: a simulated month is played in an empty database"
            )


@contextmanager
def _progress(plan: Plan) -> Iterator[figures.Tell]:
    columns = (TextColumn("day {task.fields[day]} of {task.total}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=plan.days, day=0)

        def tell(now: datetime) -> None:
            days = (now - plan.start) / timedelta(days=1)
            progress.update(task, completed=days, day=int(days) + 1)

        yield tell


def _print(month: Month, stored: record.Record, took: figures.Took) -> None:
    show(
        ("", f"{month.plan.buyers} buyers, {month.plan.days} days, seed {month.plan.seed}"),
        figures.summary(month, stored, took),
    )
    show(("kind", "how it stands", "cases"), figures.kinds(stored))
    show(("money for", "state", "refunds", "amount"), figures.money(stored))
    click.echo(f"ledger: {len(stored.ledger)} lines, {figures.digest(stored)}")


def _tell(found: tuple[Found, ...]) -> None:
    for one in found:
        click.echo(f"{'✓' if one.holds else '✗'} {one.title}")
        for offender in one.offenders[:_NAMED]:
            click.echo(f"    {offender}", err=True)
        if len(one.offenders) > _NAMED:
            click.echo(f"    and {len(one.offenders) - _NAMED} more", err=True)


COMMANDS = {"simulate": simulate}
