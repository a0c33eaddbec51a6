"""What is set, and where."""

from __future__ import annotations

import click

from bot.cli.context import Here
from bot.cli.tables import show
from bot.config import default_yaml, shown


@click.command()
@click.option("--default", is_flag=True, help="Print a config.yaml with every setting at its default.")
@click.pass_obj
def config(here: Here, default: bool) -> None:
    """Show every setting in force and where its value comes from. Secrets are never shown, only whether they are set."""
    if default:
        click.echo(default_yaml(), nl=False)
        return
    rows = shown(here.config)
    show(
        ("setting", "value", "from", "meaning"),
        [(row.name, row.value, row.origin, row.help) for row in rows],
        [row.origin == "default" for row in rows],
    )


COMMANDS = {"config": config}
