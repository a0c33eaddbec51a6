"""What buyers would have otherwise, on the command line."""

from __future__ import annotations

import click

from bot.cli.context import Here
from bot.cli.tables import show
from bot.domain.feedback import Cause


@click.group()
def feedback() -> None:
    """What buyers suggest: by product and cause, in their own words."""


@feedback.command("list")
@click.option("--cause", type=click.Choice([cause.value for cause in Cause]), help="Only of this cause.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=200, show_default=True, help="At most so many."
)
@click.pass_obj
def list_(here: Here, cause: str | None, limit: int) -> None:
    """Suggestions, the newest first."""
    wanted = Cause(cause) if cause else None
    found = here.look(lambda unit: unit.suggestions(wanted, limit))
    if not found:
        click.echo("No buyer has suggested anything yet." if wanted is None else "Nothing of that cause.")
        return
    zone = here.config.shop.timezone
    show(
        ("when", "product", "cause", "order", "words"),
        [
            (
                f"{said.at.astimezone(zone):%Y-%m-%d %H:%M}",
                said.sku or "-",
                said.cause.value,
                said.order_number or "-",
                said.words,
            )
            for said in found
        ],
    )


COMMANDS = {"feedback": feedback}
