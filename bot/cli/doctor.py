"""Looking over everything the shop needs."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby

import click

from bot.cli.context import Here
from bot.cli.secret import FILE as KEY
from bot.cli.visible import visible_line
from bot.cli.words import to_consider, to_mend, written
from bot.config import Config
from bot.doctor import Finding, Grade
from bot.doctor.database import check_database
from bot.doctor.finding import Area
from bot.doctor.machine import check_machine
from bot.doctor.roles import led
from bot.doctor.settings import check_settings
from bot.doctor.telegram import check_telegram
from bot.doctor.web import check_oidc, check_payouts, check_web
from bot.errors import ConfigError

_COLOURS = {Grade.OK: "green", Grade.CONSIDER: "yellow", Grade.WRONG: "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for machines.")
@click.pass_obj
def doctor(here: Here, as_json: bool) -> None:
    """Look over what the shop needs: settings, secrets, words, database, disk, clock, Telegram, the staff group, the public
    address, payment service, OIDC provider. Each line says how it stands, and how to mend what does not stand well.

    It changes nothing, and may be run beside the running bot, as the same user and with the same environment. Exits with 1
    when something is wrong.

    \b
    shouhou doctor
    shouhou doctor --json
    """
    found = _found(here)
    if as_json:
        counts = {"wrong": _count(found, Grade.WRONG), "to_consider": _count(found, Grade.CONSIDER)}
        click.echo(json.dumps({**counts, "findings": [asdict(one) for one in found]}, ensure_ascii=False))
    else:
        _show(found)
    sys.exit(1 if _count(found, Grade.WRONG) else 0)


def _found(here: Here) -> list[Finding]:
    try:
        config = here.config
    except ConfigError as error:
        return [_unread(line) for line in str(error).splitlines()]
    found = [*check_settings(config, KEY), *check_machine(config), _words(here)]
    return found + asyncio.run(_of_others(config, lambda: datetime.now(UTC)))


def _unread(line: str) -> Finding:
    """Of a line that says why the settings can't be read, and begins with where."""
    place, _, told = line.partition(": ")
    if place in os.environ:
        return Area("settings").wrong(place, told, "set it right in the environment, or take it out of it")
    return Area("settings").wrong(
        "config.yaml", line, "mend the line it names; shouhou config shows what is in force"
    )


async def _of_others(config: Config, clock: Callable[[], datetime]) -> list[Finding]:
    """What has to be waited for, all at once."""
    parts = await asyncio.gather(
        check_database(config.storage.url, config.storage.shop, clock, led(config)),
        check_telegram(config, clock),
        check_web(config, clock()),
        check_payouts(config),
        check_oidc(config, clock),
    )
    return [one for part in parts for one in part]


def _words(here: Here) -> Finding:
    area, findings = Area("words"), written(here)
    graver, consider = to_mend(findings), to_consider(findings)
    if graver:
        return area.wrong("phrases and replies", f"{len(graver)} to mend, first: {graver[0]}", "shouhou lint")
    if consider:
        return area.consider("phrases and replies", f"{len(consider)} to consider", "shouhou lint")
    return area.ok("phrases and replies", "all can be used")


def _show(found: Iterable[Finding]) -> None:
    every = list(found)
    for area, findings in groupby(every, key=lambda one: one.area):
        click.secho(area, bold=True)
        for one in findings:
            grade = click.style(f"{one.grade.value:<11}", fg=_COLOURS[one.grade])
            click.echo(f"  {grade}  {one.what}: {visible_line(one.told)}")
            if one.mend:
                click.echo(f"{'':15}→ {visible_line(one.mend)}")
    click.echo(f"{_count(every, Grade.WRONG)} wrong, {_count(every, Grade.CONSIDER)} to consider")


def _count(found: Iterable[Finding], grade: Grade) -> int:
    return sum(one.grade is grade for one in found)


COMMANDS = {"doctor": doctor}
