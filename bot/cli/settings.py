"""What is set, and where."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from bot.cli.context import Here
from bot.config import default_yaml, shown


@click.command()
@click.option("--default", is_flag=True, help="Print a config.yaml with every setting at its default.")
@click.pass_obj
def config(here: Here, default: bool) -> None:
    """Show every setting in force and where its value comes from. Secrets are never shown, only whether they are set."""
    if default:
        click.echo(default_yaml(), nl=False)
        return
    table = Table("setting", "value", "from", "meaning")
    for row in shown(here.config):
        table.add_row(
            row.name, row.value, row.origin, row.help, style="" if row.origin != "default" else "dim"
        )
    Console().print(table)


COMMANDS = {"config": config}
