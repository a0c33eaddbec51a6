"""Who waits for people, and what other settings would make of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from uuid import uuid4

import click

from bot.cli.context import Here
from bot.cli.tables import show
from bot.config import load
from bot.domain.conversation import Conversation, Holder
from bot.domain.policy import Policy
from bot.domain.routing import Colleague, Route, given_in_turn
from bot.domain.watch import Watch
from bot.pipeline.arrivals import Arrival
from bot.pipeline.looks import Waiting
from bot.pipeline.ports import Unit
from bot.store.clocks import CHANNEL

_MOST = 1000


@click.command()
@click.option(
    "--with",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="As if this setting were otherwise; may be given several times.",
)
@click.option(
    "--apply", is_flag=True, help="Count the times of who waits anew, by the settings in force now."
)
@click.pass_obj
def queue(here: Here, settings: tuple[str, ...], apply: bool) -> None:
    """Show who waits for people, by when they are to be answered, and who would get them.

    \b
    shouhou queue
    shouhou queue --with desk.next_minutes=15 --with shop.closes=18:00
    shouhou queue --with desk.routing=round_robin
    shouhou queue --apply          after settings have changed; until then what runs, runs on
    """
    if settings and apply:
        raise click.UsageError("--apply takes the settings in force; change them in config.yaml first")
    now, held = datetime.now(UTC), here.config.policy()
    would = _config_with(here, settings) if settings else held
    rows, colleagues = here.look(lambda unit: (unit.waiting(_MOST), unit.colleagues()))
    waiting = [row for row in rows if row.conversation.holder is not Holder.BOT]
    if not waiting:
        click.echo("Nobody waits for people, and nobody talks with them.")
        return
    if apply:
        count = here.with_database(lambda unit: _retime(unit, waiting, now))
        click.echo(f"{count} conversations are counted anew by the shop that is served, or when it is.")
        return
    _show(waiting, _given(waiting, colleagues, would, now), would, now, held.timezone)


def _config_with(here: Here, settings: tuple[str, ...]) -> Policy:
    """The policy with these settings."""
    environ: dict[str, str] = dict(os.environ)
    for one in settings:
        name, given, value = one.partition("=")
        if not given or "." not in name:
            raise click.BadParameter(
                f"{one!r} is not NAME=VALUE, such as desk.next_minutes=15", param_hint="--with"
            )
        environ[f"SHOUHOU_{name.strip().replace('.', '__').upper()}"] = value.strip()
    here.enter()
    return load(Path("config.yaml"), environ).policy()


def _given(
    waiting: list[Waiting], colleagues: tuple[Colleague, ...], policy: Policy, now: datetime
) -> Mapping[int, str]:
    """Who would get each of those in line now."""
    queued = (row.conversation for row in waiting if row.conversation.holder is Holder.QUEUED)
    found = given_in_turn(queued, colleagues, now, policy.attendance)
    return {number: staff.name for number, staff in found.items()}


def _retime(unit: Unit, waiting: list[Waiting], now: datetime) -> int:
    payload = {"kind": Route.RECOUNT.value, "case": "", "version": 0}
    arrivals = [
        Arrival(CHANNEL, f"{Route.RECOUNT.value}:{uuid4()}", payload, conversation_id=row.conversation.id)
        for row in waiting
    ]
    return len(unit.receive(arrivals, now))


def _show(
    waiting: list[Waiting], given: Mapping[int, str], would: Policy, now: datetime, zone: tzinfo
) -> None:
    columns = ("#", "buyer", "why", "priority", "with", "waits since", "answer by", "settle by", "given to")
    show(columns, [_row(row.conversation, given, would, zone) for row in waiting])
    late = sum(_late(row.conversation.watch, now) for row in waiting)
    later = sum(_late(_retimed(row.conversation, would), now) for row in waiting)
    queued = sum(row.conversation.holder is Holder.QUEUED for row in waiting)
    changed = f" ({later} with these settings)" if later != late else ""
    click.echo(f"{queued} in line, {len(waiting) - queued} with somebody; {late} late{changed}")


def _row(
    conversation: Conversation, given: Mapping[int, str], would: Policy, zone: tzinfo
) -> tuple[str, ...]:
    flag, runs, other = conversation.flag, conversation.watch, _retimed(conversation, would)
    return (
        str(conversation.id),
        conversation.name or "-",
        flag.reason.value if flag else "-",
        flag.priority.value if flag else "-",
        conversation.agent or conversation.holder.value,
        _moment(runs.waits_since, zone),
        _changed(runs.answer_by, other.answer_by, zone),
        _changed(runs.resolve_by, other.resolve_by, zone),
        given.get(conversation.id, "-"),
    )


def _retimed(conversation: Conversation, policy: Policy) -> Watch:
    return conversation.watch.retimed(policy.attendance, policy.shop)


def _late(watch: Watch, now: datetime) -> bool:
    return any(at is not None and at <= now for at in (watch.answer_by, watch.resolve_by)) or (
        watch.waits_since is not None and watch.answer_by is None and watch.snoozed_until is None
    )


def _changed(runs: datetime | None, other: datetime | None, zone: tzinfo) -> str:
    """A deadline, and the other one where it would be another."""
    told = _moment(runs, zone)
    return told if other == runs else f"{told} → {_moment(other, zone)}"


def _moment(at: datetime | None, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%m-%d %H:%M}" if at else "-"


COMMANDS = {"queue": queue}
