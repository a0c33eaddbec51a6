"""What people did, on the command line."""

from __future__ import annotations

from datetime import tzinfo

import click

from bot.cli.context import Here
from bot.cli.tables import show
from bot.domain.audit import Deed, Outcome
from bot.errors import AccountError


@click.command()
@click.option("--login", default="", help="Only what this one did.")
@click.option("--conversation", type=int, help="Only in this conversation.")
@click.option("--about", default="", help="Only to this case, refund or login.")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="At most so many."
)
@click.pass_obj
def audit(here: Here, login: str, conversation: int | None, about: str, limit: int) -> None:
    """Show what people did to buyers' data, cases, money and accounts, newest first.

    \b
    shouhou audit --login mia
    shouhou audit --about R2611200001
    """
    account = ""
    if login:
        known = here.look(lambda unit: unit.credentials(login))
        if known is None:
            raise AccountError(f"nobody has the login {login!r}; see: shouhou staff list", "error_not_found")
        account = known.staff.account
    found = here.look(lambda unit: unit.deeds(account, conversation, about, limit=limit))
    if not found:
        click.echo("Nothing of the kind was done.")
        return
    zone = here.config.shop.timezone
    show(
        ("when", "who", "account", "did", "in", "to", "before → after"),
        [_row(deed, zone) for _, deed in found],
        [deed.outcome is Outcome.REFUSED for _, deed in found],
    )


def _row(deed: Deed, zone: tzinfo) -> tuple[str, ...]:
    return (
        f"{deed.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        deed.name,
        deed.account,
        deed.act + (" (refused)" if deed.outcome is Outcome.REFUSED else ""),
        f"#{deed.conversation}" if deed.conversation else "-",
        deed.subject or "-",
        "; ".join(
            f"{key}: {deed.before.get(key) or '-'} → {value or '-'}" for key, value in deed.after.items()
        )
        or "-",
    )


COMMANDS = {"audit": audit}
