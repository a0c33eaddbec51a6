"""`shouhou bench flood`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TypedDict, Unpack

import click

from bot.bench.desk.cores import UNBOUND, cores
from bot.bench.load import flooding
from bot.bench.load.flooding import Endured, Flood
from bot.cli.context import Here
from bot.cli.numbers import numbers
from bot.cli.progress import progress
from bot.cli.tables import show


class Given(TypedDict):
    """What the command line says."""

    people: tuple[int, ...]
    messages: float
    others: float
    seconds: float
    limit: int
    postgres: str
    as_json: bool


@click.command()
@click.option(
    "--people",
    multiple=True,
    default=["1,10000"],
    show_default="1,10000",
    metavar="N[,N…]",
    callback=numbers(1),
    help="Who floods, one number after the other.",
)
@click.option(
    "--messages",
    type=click.FloatRange(1, 5000),
    default=1000.0,
    show_default=True,
    help="Of the flood, a second.",
)
@click.option(
    "--others",
    type=click.FloatRange(0, 100, min_open=True),
    default=10.0,
    show_default=True,
    help="Messages a second of those who do not flood.",
)
@click.option("--seconds", type=click.FloatRange(1, 600), default=20.0, show_default=True, help="How long.")
@click.option(
    "--limit",
    type=click.IntRange(0, 1000),
    default=0,
    show_default=True,
    help="Messages a second that the messenger takes, over all chats; 0 for all there are.",
)
@click.option(
    "--postgres",
    default="",
    metavar="URL",
    help="A server where a database may be made and dropped, in place of SQLite.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def flood(here: Here, **given: Unpack[Given]) -> None:
    """Let one buyer flood this shop on Telegram, and ten thousand together, and say how long the others wait for an answer.

    Nobody floods at first: the floor. The shop has databases of its own for it, and talks with nobody outside this machine. What
    each figure means is told in docs/benchmarks.md.

    \b
    shouhou bench flood
    shouhou bench flood --limit 30
    shouhou bench flood --people 1000 --messages 2000 --json
    """
    here.contents()  # what has to be learned is learned before the clock runs
    found: dict[int, Endured] = {}
    everyone = (0, *given["people"])
    with progress(flooding.STEPS * len(everyone)) as tell:
        for people in everyone:
            flood = Flood(people, given["messages"], given["seconds"], given["others"], given["limit"])
            found[people] = flooding.hold(here.config, flood, given["postgres"], tell)
    if given["as_json"]:
        about = {name: given[name] for name in ("messages", "others", "seconds", "limit")}
        told = {people: asdict(one) for people, one in found.items()}
        click.echo(json.dumps({**about, "bound": cores() is not None, "people": told}))
        return
    click.echo(f"{given['others']:g} messages/s of others for {given['seconds']:g} s; " + _bound())
    show(("figure", *(_name(people) for people in found)), flooding.table(found.values()))


def _name(people: int) -> str:
    return f"{people:,} flood" if people > 1 else "one floods" if people else "nobody floods"


def _bound() -> str:
    return f"the shop on core {pair[0]}, the messenger on core {pair[1]}" if (pair := cores()) else UNBOUND
