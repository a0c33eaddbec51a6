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
    click.echo(
        f"\nTo try it with the sample shop's orders: cd {folder} && shouhou run\n"
        f"For orders of your own, before the first run: set web.demo: false in {folder / 'config.yaml'}, "
        "then cd there, and shouhou import --example"
    )


COMMANDS = {"init": init}
