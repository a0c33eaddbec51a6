"""Benchmarks: what the bot's parts reach, beside their peers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict, Unpack

import click

from bot.bench import growth as growing
from bot.bench.contenders import FLOOR, OURS, PEERS, require
from bot.bench.contest import Setting, compare
from bot.bench.dataset import DatasetError, Example, read_examples, read_texts
from bot.bench.desk import report as reporting
from bot.bench.desk import trial
from bot.bench.desk.cores import UNBOUND, cores
from bot.bench.desk.trial import MOST_A_SECOND
from bot.bench.homophones import chinese
from bot.bench.report import Report, as_json, everyone, table
from bot.bench.sample import few
from bot.cli.bench_flood import flood
from bot.cli.bench_load import load
from bot.cli.bench_store import store
from bot.cli.context import Here
from bot.cli.numbers import numbers
from bot.cli.progress import progress
from bot.cli.tables import show

_CSV = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def bench() -> None:
    """Measure how well and how fast messages are understood, on data of your own, how soon agents see them, how many can be
    answered, whom a flood harms, and what a large store costs.

    \b
    shouhou bench understanding --train train.csv --test test.csv
    shouhou bench desk
    shouhou bench load
    shouhou bench flood
    shouhou bench store
    """


class Given(TypedDict):
    """What the command line says."""

    train: Path
    test: Path
    oos: Path | None
    k: int
    seeds: tuple[int, ...]
    typos: float
    limit: int | None
    peers: bool
    as_json: bool


@bench.command()
@click.option("--train", type=_CSV, required=True, help="CSV (text,label) to draw the phrases from.")
@click.option("--test", type=_CSV, required=True, help="CSV (text,label) with the messages to ask.")
@click.option("--oos", type=_CSV, help="CSV (text) with messages that none of the intents is meant for.")
@click.option("--k", type=click.IntRange(1), default=10, show_default=True, help="Phrases an intent.")
@click.option(
    "--seed",
    "seeds",
    multiple=True,
    default=["0"],
    show_default="0",
    metavar="N[,N…]",
    callback=numbers(),
    help="Draws the phrases; several give means and ranges.",
)
@click.option(
    "--typos",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Share of the asked words (or Chinese characters) that are mistyped.",
)
@click.option("--limit", type=click.IntRange(1), help="Ask at most so many messages of each file.")
@click.option(
    "--peers", is_flag=True, help="Other matchers on the same phrases: pip install 'shouhou[bench]'."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def understanding(**given: Unpack[Given]) -> None:
    """Learn a few phrases an intent from one file, and say what becomes of the messages of another.

    rapidfuzz's ratio takes part in any case: it is the floor. What each figure means is told in docs/benchmarks.md.

    \b
    shouhou bench understanding --train train.csv --test test.csv --oos oos.csv
    shouhou bench understanding --train train.csv --test test.csv --seed 0,1,2 --typos 0.1 --peers
    shouhou bench understanding --train train.csv --test test.csv --json > figures.json
    """
    setting = _setting(given)
    with progress(len(setting.contenders) * len(setting.seeds)) as tell:
        report = Report(compare(setting, chinese(), tell))
    if given["as_json"]:
        click.echo(json.dumps({**_about(setting), **as_json(report)}, ensure_ascii=False))
    else:
        _print(setting, report)


class Growing(TypedDict):
    """What the command line says about growth."""

    train: Path
    test: Path
    sizes: tuple[int, ...]
    limit: int
    as_json: bool


@bench.command()
@click.option("--train", type=_CSV, required=True, help="CSV (text,label) to make the phrases from.")
@click.option("--test", type=_CSV, required=True, help="CSV (text,label) with the messages to ask.")
@click.option(
    "--phrases",
    "sizes",
    multiple=True,
    default=["1000,10000,100000"],
    show_default="1000,10000,100000",
    metavar="N[,N…]",
    callback=numbers(1),
    help="How many phrases; beyond those of the file, copies with slips are made.",
)
@click.option(
    "--limit", type=click.IntRange(1), default=300, show_default=True, help="Messages asked each time."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a row.")
def growth(**given: Unpack[Growing]) -> None:
    """Ask the same messages of ever more phrases: what a message costs, what learning takes, what it keeps in memory.

    \b
    shouhou bench growth --train train.csv --test test.csv
    shouhou bench growth --train train.csv --test test.csv --phrases 1000,4000,16000 --limit 100
    """
    train, test = _several_intents(given["train"]), read_examples(given["test"])
    with progress(len(growing.CONTENDERS) * len(given["sizes"])) as tell:
        rows = list(growing.grow(train, test, given["sizes"], given["limit"], chinese(), tell))
    if given["as_json"]:
        for row in rows:
            click.echo(json.dumps({"phrases": row.phrases, "matcher": row.contender, **row.figures}))
    else:
        show(growing.COLUMNS, growing.table(rows))


class Desk(TypedDict):
    """What the command line says about the desk."""

    streams: int
    rate: float
    seconds: float
    as_json: bool


@bench.command()
@click.option("--streams", type=click.IntRange(1, 900), default=500, show_default=True, help="Open streams.")
@click.option(
    "--rate",
    type=click.FloatRange(0, MOST_A_SECOND, min_open=True),
    default=50.0,
    show_default=True,
    help="Messages a second.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(1, 600),
    default=30.0,
    show_default=True,
    help="How long buyers write.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def desk(here: Here, **given: Unpack[Desk]) -> None:
    """Serve this shop to agents with the desk open while buyers write: how soon their screens show it.

    The shop has a database of its own for it, and talks with nobody outside this machine. It gets one core, buyers and
    screens get another one. One stream is measured first: the floor. What each figure means is told in docs/benchmarks.md.

    \b
    shouhou bench desk
    shouhou bench desk --streams 100 --rate 20 --seconds 60
    shouhou bench desk --json > figures.json
    """
    config, pace = here.config, (given["rate"], given["seconds"])
    here.contents()  # what has to be learned is learned before the clock runs
    with progress(2) as tell:
        tell("1 stream")
        floor = trial.hold(config, 1, *pace)
        tell(f"{given['streams']} streams")
        full = trial.hold(config, given["streams"], *pace) if given["streams"] > 1 else floor
    if given["as_json"]:
        about = {"rate": given["rate"], "seconds": given["seconds"], "bound": cores() is not None}
        click.echo(json.dumps({**about, **reporting.as_json(floor, full)}))
        return
    click.echo(f"{given['rate']:g} messages/s for {given['seconds']:g} s; " + _bound())
    show(reporting.columns(floor, full), reporting.table(floor, full))


def _bound() -> str:
    if pair := cores():
        return f"the shop on core {pair[0]}, buyers and screens on core {pair[1]}"
    return UNBOUND


def _setting(given: Given) -> Setting:
    contenders = (OURS, *PEERS) if given["peers"] else (OURS, FLOOR)
    require((contender.needs for contender in contenders), "--peers")
    return Setting(
        contenders,
        train=_several_intents(given["train"]),
        test=read_examples(given["test"]),
        outside=read_texts(given["oos"]) if given["oos"] else (),
        k=given["k"],
        seeds=given["seeds"],
        typos=given["typos"],
        limit=given["limit"],
    )


def _several_intents(path: Path) -> tuple[Example, ...]:
    examples = read_examples(path)
    if len(_labels(examples)) < 2:
        raise DatasetError(
            f"{path}: every row has the same label; it takes two intents to tell one from another"
        )
    return examples


def _about(setting: Setting) -> dict[str, object]:
    return {
        "k": setting.k,
        "seeds": list(setting.seeds),
        "typos": setting.typos,
        "limit": setting.limit,
        "intents": len(_labels(setting.train)),
        "phrases": len(few(setting.train, setting.k, setting.seeds[0])),
        "messages": _asked(setting.test, setting),
        "out_of_scope": _asked(setting.outside, setting),
        "not_taught": sorted(_labels(setting.test) - _labels(setting.train)),
    }


def _labels(examples: Sequence[Example]) -> set[str]:
    return {label for _, label in examples}


def _asked(messages: Sequence[object], setting: Setting) -> int:
    return len(messages) if setting.limit is None else min(len(messages), setting.limit)


def _print(setting: Setting, report: Report) -> None:
    about = _about(setting)
    click.echo(
        f"{about['intents']} intents, at most {setting.k} phrases each ({about['phrases']}); {about['messages']} messages asked, "
        f"{about['out_of_scope']} out of scope; typos {setting.typos:.0%}; "
        f"seeds {', '.join(map(str, setting.seeds))}"
    )
    if untaught := _labels(setting.test) - _labels(setting.train):
        click.echo(
            f"labels of the test that no phrase teaches, counted as wrong: {', '.join(sorted(untaught))}"
        )
    show(("figure", "shouhou", "best peer", "which", "ratio"), table(report))
    if len(setting.contenders) > 2:
        show(*everyone(report))


bench.add_command(flood)
bench.add_command(load)
bench.add_command(store)

COMMANDS = {"bench": bench}
