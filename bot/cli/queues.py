"""How the queues stand, and what is on the shelf."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import click

from bot.cli.context import Here
from bot.cli.tables import show
from bot.pipeline.ports import Unit


@click.command()
@click.pass_obj
def status(here: Here) -> None:
    """Queues, the oldest waiting row, deadlines, the shunt shelf."""
    now = datetime.now(UTC)
    found = here.look(lambda unit: unit.status())
    show(
        ("queue", "waiting", "oldest"),
        [
            ("inbox (messages to handle)", str(found.inbox_due), _age(found.inbox_oldest, now)),
            ("outbox (replies to send)", str(found.outbox_due), _age(found.outbox_oldest, now)),
            ("shunt shelf (messages that failed)", str(found.shunted), ""),
            ("files to fetch", str(found.files_waiting), _age(found.files_oldest, now)),
            ("deadlines", str(found.deadlines_waiting), f"next {_age(now, found.next_deadline)}"),
        ],
    )
    click.echo(
        "conversations: "
        + (", ".join(f"{n} {holder}" for holder, n in found.conversations.items()) or "none")
    )
    click.echo(
        "replies: " + (", ".join(f"{n} {state}" for state, n in found.outbox.items()) or "all are sent")
    )
    click.echo(f"replies sent again because their arrival was uncertain: {found.uncertain}")
    if found.shunted:
        click.echo("look at what failed with: shouhou shunt list")


@click.group()
def shunt() -> None:
    """Messages that failed three times: look at them, try them again, or drop them."""


@shunt.command("list")
@click.pass_obj
def list_(here: Here) -> None:
    """What is on the shelf, with where it came from and what went wrong."""
    rows = here.look(lambda unit: unit.shunted())
    if not rows:
        click.echo("The shelf is empty.")
        return
    show(
        ("id", "channel", "origin", "conversation", "since", "what went wrong"),
        [
            (
                str(row.id),
                row.channel,
                row.origin,
                str(row.conversation_id or "-"),
                f"{row.received_at:%Y-%m-%d %H:%M} UTC",
                row.error,
            )
            for row in rows
        ],
    )


@shunt.command()
@click.argument("ids", nargs=-1, type=int, required=True)
@click.pass_obj
def retry(here: Here, ids: tuple[int, ...]) -> None:
    """Put rows back into the inbox for another try."""
    now = datetime.now(UTC)
    for number in ids:
        done = here.with_database(partial(_retry, number, now))
        click.echo(f"{number}: {'back in the inbox' if done else 'is not on the shelf'}")


@shunt.command()
@click.argument("ids", nargs=-1, type=int, required=True)
@click.pass_obj
def drop(here: Here, ids: tuple[int, ...]) -> None:
    """Take rows off the shelf for good."""
    for number in ids:
        done = here.with_database(partial(_drop, number))
        click.echo(f"{number}: {'dropped' if done else 'is not on the shelf'}")


def _retry(number: int, now: datetime, unit: Unit) -> bool:
    return unit.unshunt(number, now)


def _drop(number: int, unit: Unit) -> bool:
    return unit.drop_shunted(number)


def _age(then: datetime | None, now: datetime | None) -> str:
    if then is None or now is None:
        return "-"
    seconds = int((now - then).total_seconds())
    return (
        f"{seconds} s"
        if seconds < 120
        else f"{seconds // 60} min"
        if seconds < 7200
        else f"{seconds // 3600} h"
    )


COMMANDS = {"status": status, "shunt": shunt}
