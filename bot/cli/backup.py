"""A copy of all a shop has, and putting it back."""

from __future__ import annotations

import os
import shlex
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.engine import URL, make_url

from bot.cli.context import Here
from bot.cli.progress import how_far
from bot.config.kinds.place import PASSWORDS
from bot.folder.archive import Manifest, places_of
from bot.folder.backing_up import KEPT_IN, back_up
from bot.folder.putting_back import restore as put_back


@click.command()
@click.argument("place", metavar="[FOLDER|FILE]", default=KEPT_IN, type=click.Path(path_type=Path))
@click.pass_obj
def backup(here: Here, place: Path) -> None:
    """Keep a copy of all the shop has in one file, also while it is served: database, files people sent, settings, phrases and
    replies. It is read again before it counts.

    In a FOLDER that is there (data/backups of the shop unless told) it gets the name of the shop and the time. A place is meant
    from the current folder, whatever -C says. Whoever has it can read what buyers wrote.

    \b
    shouhou backup
    shouhou backup /backup/
    shouhou backup /backup/before-the-sale.zip
    """
    place = place.resolve() if place != KEPT_IN else here.path / place
    now, url = datetime.now(UTC), make_url(here.config.storage.url)
    here.needs_database()
    name = f"{here.config.storage.shop}-{now:%Y%m%d-%H%M%S}.zip"
    target = place if place.suffix == ".zip" else place / name
    sqlite = url.get_backend_name() == "sqlite"
    places = places_of(here.path, here.config.storage, url.database if sqlite else None)
    if not sqlite:
        _say_dump(url)
    with how_far() as tell:
        manifest = back_up(places, target, now, tell)
    click.echo(f"{target}: {_told(manifest)}; {target.stat().st_size / 1e6:,.1f} MB, read again and right.")
    if sqlite and not any(manifest.rows.values()):
        click.echo(
            "There is nothing in this database, not one row: look whether storage.url names the one the shop uses.",
            err=True,
        )
    if len(manifest.shops) > 1:
        others = ", ".join(name for name in manifest.shops if name != manifest.shop)
        click.echo(
            f"The database is also that of {others}, whose files, settings and replies are not in here."
        )


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def restore(here: Here, file: Path) -> None:
    """Put a backup back into this folder, which may be an empty one, while the shop is not served.

    All of it is looked at before anything is changed. What stands there and is different is moved aside, into a folder
    before-restore-… beside it; files people sent since then stay.

    \b
    shouhou restore /backup/main-20261123-093000.zip
    shouhou -C /srv/again restore /backup/main-20261123-093000.zip
    """
    with how_far() as tell:
        done = put_back(file.resolve(), here.path, os.environ, datetime.now(UTC), tell)
    click.echo(f"{here.path} is as it was on {done.manifest.made_at}: {_told(done.manifest)}.")
    for path in done.aside:
        click.echo(f"moved aside: {path}")
    if not done.places.database:
        click.echo("The database is not in a backup of a shop on PostgreSQL: put it back with pg_restore.")


def _told(manifest: Manifest) -> str:
    pictures = f"{len(manifest.pictures):,} pictures of guides, " if manifest.pictures else ""
    files = f"{len(manifest.sent):,} files people sent, {pictures}settings, phrases and replies"
    if not manifest.schema:
        return files
    return f"{sum(manifest.rows.values()):,} rows (schema {manifest.schema}), {files}"


def _say_dump(url: URL) -> None:
    """How the database is kept; without its password."""
    query = {name: value for name, value in url.query.items() if name.lower() not in PASSWORDS}
    address = URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
    click.echo(
        "The database is PostgreSQL's to keep, and goes before the rest, so that no file lacks. Unless it"
    )
    click.echo("was kept just now, keep it and call this again afterwards:")
    click.echo(f"  pg_dump --format=custom --file=shouhou.dump {shlex.quote(address.render_as_string())}")


COMMANDS = {"backup": backup, "restore": restore}
