"""From SQLite to PostgreSQL."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from bot.cli.context import Here
from bot.cli.progress import how_far
from bot.config.kinds.place import masked
from bot.errors import StoreError
from bot.store.moving import Moved
from bot.store.moving import move as move_shop


@click.command()
@click.argument("target", metavar="postgresql+asyncpg://USER@HOST/NAME")
@click.pass_obj
def move(here: Here, target: str) -> None:
    """Move this shop from SQLite to PostgreSQL, while it is not served: every row, under its own number.

    It is one transaction, and both sides are compared before it counts: rows and a checksum of every table, sums of money. When
    anything is wrong the target is as it was. The SQLite file stays as it is, and so do other shops in it. A password is better
    left out here: PGPASSWORD or ~/.pgpass has it.

    \b
    shouhou move postgresql+asyncpg://shouhou@localhost/shouhou
    """
    storage = here.config.storage
    if make_url(storage.url).get_backend_name() != "sqlite":
        raise StoreError(f"this shop is on {masked(storage.url)} already; only a shop on SQLite can be moved")
    if not target.startswith("postgresql+asyncpg://"):
        raise click.UsageError("the target is an address like postgresql+asyncpg://user@host/name")
    with how_far() as tell:
        moved = asyncio.run(move_shop(storage.url, target, storage.shop, tell))
    _say(moved, here.path / Path(make_url(storage.url).database or ""), storage.shop, masked(target))


def _say(moved: Moved, source: Path, shop: str, target: str) -> None:
    click.echo(
        f"{sum(moved.rows.values()):,} rows of the shop {shop} in {len(moved.rows)} tables are there, and the same: "
        "rows and checksum of every table, sums of money."
    )
    if moved.cleaned:
        click.echo(
            f"{moved.cleaned} words held NUL, which PostgreSQL does not take; they are there without it."
        )
    click.echo("Now let storage.url name it, in the environment where it has a password, and start the shop:")
    click.echo(f"  SHOUHOU_STORAGE__URL={target}")
    click.echo(f"{source} is as it was. Put it away: a shop served from it would go on beside the moved one.")


COMMANDS = {"move": move}
