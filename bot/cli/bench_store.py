"""`shouhou bench store`: what a shop asks of its store, as it grows."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from bot.bench.store.filling import Size
from bot.bench.store.report import SIZE_COLUMNS, as_json, columns, sizes, table
from bot.bench.store.template import Template, read_template
from bot.bench.store.trial import Grown, demand_empty, grow
from bot.cli.context import Here
from bot.cli.logs import secrets_of, set_up_logs
from bot.cli.progress import how_far
from bot.cli.tables import show
from bot.opening import open_shop
from bot.simulate.month import Month, Plan
from bot.simulate.words import WRITTEN

_BUYERS, _DAYS = (12, 60), 14
"""Who is played once, to be laid down again and again: at least and at most."""
_MESSAGES_A_BUYER = 16


@click.command()
@click.option(
    "--messages", type=click.IntRange(1), default=100_000, show_default=True, help="That buyers wrote."
)
@click.option(
    "--conversations", type=click.IntRange(1), default=1_000, show_default=True, help="With so many buyers."
)
@click.option(
    "--database",
    help="Grow in this empty database, and leave it so. [default: a SQLite file that goes afterwards]",
)
@click.option("--plans", is_flag=True, help="How the database answers each question at the full size.")
@click.option("--json", "machines", is_flag=True, help="One JSON object a size.")
@click.pass_obj
def store(
    here: Here, messages: int, conversations: int, database: str | None, plans: bool, machines: bool
) -> None:
    """Lay down two years of a shop, and time what it asks of its store at a hundredth, a tenth and all of that size.

    Two weeks are played through the real engine with this folder's words and policy, and laid down again and again under other
    numbers and times. What is asked is undone each time. What each figure means is told in docs/benchmarks.md.

    \b
    shouhou bench store
    shouhou bench store --messages 10_000_000 --conversations 100_000
    shouhou bench store --database postgresql+asyncpg://shouhou@localhost/empty --plans
    """
    set_up_logs(here.config.log, quiet=True, secrets=secrets_of(here.config))
    with _place(database) as url, how_far() as tell:
        asyncio.run(demand_empty(url))
        template = asyncio.run(_played(here, messages // _MESSAGES_A_BUYER))
        shop = open_shop(here.config, here.contents())
        found = asyncio.run(grow(url, template, Size(messages, conversations), shop, tell, plans=plans))
    if machines:
        for one in found:
            click.echo(json.dumps(as_json(one), ensure_ascii=False))
        return
    _print(found, plans=plans)


@contextmanager
def _place(database: str | None) -> Iterator[str]:
    if database:
        yield database
        return
    with tempfile.TemporaryDirectory(prefix="shouhou-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'shop.db'}"


async def _played(here: Here, buyers: int) -> Template:
    """Two weeks of the shop."""
    languages = tuple(language for language in here.config.shop.languages if language in WRITTEN)
    with tempfile.TemporaryDirectory(prefix="shouhou-bench-") as folder:
        path = Path(folder) / "played.db"
        plan = Plan(min(max(buyers, _BUYERS[0]), _BUYERS[1]), _DAYS, 1, languages)
        month = Month(plan, here.config, here.contents(), f"sqlite:///{path}", durable=False)
        try:
            await month.play(lambda _: None)
        finally:
            await month.close()
        return read_template(path)


def _print(found: Sequence[Grown], *, plans: bool) -> None:
    last = found[-1]
    click.echo(
        f"{last.messages:,} messages, {last.rows:,} rows, {last.size.conversations:,} conversations; "
        f"laid down in {sum(one.filled for one in found):,.0f} s"
    )
    show(columns(found), table(found))
    show(SIZE_COLUMNS, sizes(last))
    for name, lines in last.plans.items() if plans else ():
        click.echo(f"\n{name}")
        for line in lines:
            click.echo(f"    {line}")
