"""The command line: `shouhou`."""

from __future__ import annotations

import gc
import sys
from importlib import import_module

import click
from rapidfuzz import process

from bot.cli.context import Here
from bot.cli.visible import visible
from bot.errors import ShouhouError, StoreAway

HELP = """The after-sales assistant: it answers buyers, opens cases, and calls a person when one is needed.

\b
Examples:
  shouhou init myshop            lay out a shop's folder
  shouhou run                    serve the shop in this folder
  shouhou chat                   talk to it here in the terminal
  shouhou understand "快递到哪了"   what a message is taken to mean, and why
  shouhou lint                   check phrases and replies
"""

COMMANDS = {
    "init": "bot.cli.init",
    "run": "bot.cli.serve",
    "chat": "bot.cli.serve",
    "understand": "bot.cli.words",
    "lint": "bot.cli.words",
    "learn": "bot.cli.learn",
    "preview": "bot.cli.words",
    "config": "bot.cli.settings",
    "doctor": "bot.cli.doctor",
    "calendar": "bot.cli.calendar",
    "import": "bot.cli.orders",
    "link": "bot.cli.orders",
    "cases": "bot.cli.cases",
    "feedback": "bot.cli.feedback",
    "policy": "bot.cli.policy",
    "dossier": "bot.cli.dossier",
    "queue": "bot.cli.queue",
    "staff": "bot.cli.staff",
    "audit": "bot.cli.audit",
    "buyer": "bot.cli.buyer",
    "retention": "bot.cli.kept",
    "refunds": "bot.cli.refunds",
    "ledger": "bot.cli.ledger",
    "status": "bot.cli.queues",
    "shunt": "bot.cli.queues",
    "replay": "bot.cli.replay",
    "backup": "bot.cli.backup",
    "restore": "bot.cli.backup",
    "move": "bot.cli.move",
    "bench": "bot.cli.bench",
    "simulate": "bot.cli.simulate",
}
"""Command to the module that has it: only what is called is imported, so that help is there at once."""


class Lazy(click.Group):
    """Imports a command's module when it is called."""

    def list_commands(self, _: click.Context) -> list[str]:
        """In the order people meet them."""
        return list(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        """The command; None when there is no such."""
        if name not in COMMANDS:
            return None
        gc.disable()  # what a module brings is there to stay; looking for garbage in it costs a tenth of the start
        module = import_module(COMMANDS[name])
        gc.enable()
        gc.freeze()
        found: click.Command = module.COMMANDS[name]
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Like click's own, with the nearest name for a typing slip."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = process.extractOne(args[0], list(COMMANDS), score_cutoff=60)
            if near is None:
                raise
            raise click.UsageError(f"{error.message} Did you mean {near[0]!r}?", ctx) from None


@click.group(cls=Lazy, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-C", "--folder", default=".", show_default="this folder", help="The shop's folder.")
@click.version_option(package_name="shouhou", prog_name="shouhou")
@click.pass_context
def group(ctx: click.Context, folder: str) -> None:
    """Run a command in a shop's folder."""
    ctx.obj = Here(folder)


def main() -> None:
    """Run the command line; what people did wrong is told in one message, not in a traceback."""
    try:
        group(prog_name="shouhou", standalone_mode=True)
    except ShouhouError as error:
        click.echo(f"shouhou: {visible(str(error))}", err=True)
        sys.exit(1 if isinstance(error, StoreAway) else 2)  # 2: only a person can mend it; 1: try again
