"""`shouhou bench load`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TypedDict, Unpack

import click

from bot.bench.desk.cores import UNBOUND, cores
from bot.bench.load import report, trial
from bot.bench.load.crowd import AT_ONCE
from bot.bench.load.serving import Contestant
from bot.bench.load.trial import Plan
from bot.cli.context import Here
from bot.cli.numbers import numbers
from bot.cli.progress import progress
from bot.cli.tables import show

ECHO = Contestant("echo bot")
SQLITE = Contestant("SQLite", 1)


class Load(TypedDict):
    """What the command line says."""

    messages: int
    rate: float
    seconds: float
    postgres: str
    processes: tuple[int, ...]
    only: tuple[str, ...]
    as_json: bool


@click.command()
@click.option(
    "--messages", type=click.IntRange(10), default=10_000, show_default=True, help="Messages at saturation."
)
@click.option(
    "--rate",
    type=click.FloatRange(0, 100, min_open=True),
    default=50.0,
    show_default=True,
    help="Messages a second at the fixed rate.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(1, 600),
    default=20.0,
    show_default=True,
    help="How long that rate is kept, and how long idleness is watched.",
)
@click.option(
    "--postgres",
    default="",
    metavar="URL",
    help="A server, as storage.url has it, where a database may be made and dropped.",
)
@click.option(
    "--processes",
    multiple=True,
    default=["1,2,4"],
    show_default="1,2,4",
    metavar="N[,N…]",
    callback=numbers(1),
    help="Of the shop, on PostgreSQL.",
)
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(["echo", "sqlite", "postgres"]),
    help="These bots alone; given more than once, several.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def load(here: Here, **given: Unpack[Load]) -> None:
    """Let buyers write to this shop on Telegram as fast as it answers, and to a bare echo bot on the same machine.

    The shop has databases of its own for it, and talks with nobody outside this machine: the messenger is a part of the
    benchmark, without limits. What each figure means, and how the bots are served, is told in docs/benchmarks.md.

    \b
    shouhou bench load
    shouhou bench load --postgres postgresql+asyncpg://me:secret@localhost/postgres
    shouhou bench load --only sqlite --messages 1000000
    shouhou bench load --json > figures.json
    """
    config, plan = here.config, Plan(given["messages"], given["rate"], given["seconds"])
    bots = _bots(given)
    here.contents()  # what has to be learned is learned before the clock runs
    with progress(trial.STEPS * len(bots)) as tell:
        found = {bot.name: trial.hold(config, bot, plan, tell) for bot in bots}
    if given["as_json"]:
        about = {"at_once": AT_ONCE, "bound": cores() is not None}
        click.echo(json.dumps({**about, **report.as_json(found, plan, ECHO.name)}))
        return
    click.echo(f"{plan.messages:,} messages at saturation, {AT_ONCE} buyers waiting at any time; {_bound()}")
    show(report.columns(found), report.table(found, plan, ECHO.name))


def _bots(given: Load) -> Sequence[Contestant]:
    url, only = given["postgres"], given["only"] or ("echo", "sqlite", "postgres")
    if "postgres" in given["only"] and not url:
        raise click.UsageError("--only postgres needs a server: --postgres URL")
    if url and not url.startswith("postgresql+asyncpg://"):
        raise click.UsageError("--postgres takes an address like postgresql+asyncpg://user@host/name")
    several = [Contestant(f"PostgreSQL, {count}", count, url) for count in given["processes"] if url]
    found = {"echo": [ECHO], "sqlite": [SQLITE], "postgres": several}
    return [bot for name, bots in found.items() if name in only for bot in bots]


def _bound() -> str:
    if pair := cores():
        return f"a bot of one process on core {pair[0]}, several on all, the messenger on core {pair[1]}"
    return UNBOUND
