"""A new shop."""

from __future__ import annotations

from pathlib import Path

import click

from bot.folder.scaffold import lay_out


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Lay out a shop's folder: settings, phrases and replies to start from."""
    for path in lay_out(folder):
        click.echo(f"made {path}")
    click.echo(f"\nNow: cd {folder} && shouhou run")


COMMANDS = {"init": init}
