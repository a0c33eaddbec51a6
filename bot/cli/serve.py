"""Serving the shop, and talking to it in the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from bot.app import App, open_folder
from bot.channels.terminal import Terminal
from bot.channels.web.chat import Sample
from bot.cli.context import Here
from bot.cli.logs import set_up_logs
from bot.cli.secret import secret_key
from bot.errors import Problems
from bot.shop.importing import Options
from bot.shop.sample_shop import buyers, load_sample


@click.command()
@click.pass_obj
def run(here: Here) -> None:
    """Serve the shop: the web chat, the agents' page, and Telegram when TELEGRAM_BOT_TOKEN is set. Ctrl-C stops it.

    \b
    shouhou run
    SHOUHOU_WEB__PORT=9000 shouhou run
    TELEGRAM_BOT_TOKEN=123:abc shouhou run
    """
    config = here.config
    set_up_logs(config.log)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(here))
    click.echo("stopped.")


async def _serve(here: Here) -> None:
    async with open_app(here) as app:
        samples = await _samples(app)
        key = secrets.token_urlsafe(16) if not app.config.secrets.desk_password else ""
        server = app.server(samples=samples, desk_key=key) if app.config.web.enabled else None
        serving = asyncio.create_task(app.run(server))
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):
                asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
        if server:
            _say_where(server.address, key, samples)
        if app.telegram:
            click.echo("Telegram:      on; write to your bot")
        click.echo("Stop with Ctrl-C.")
        with contextlib.suppress(asyncio.CancelledError):
            await serving


def open_app(here: Here) -> App:
    """The app of this shop; Problems when it could not say everything it must."""
    folder, contents = open_folder(here.path, here.config)
    if contents.problems:
        raise Problems([f"the shop's files can't be used as they are ({len(contents.problems)} to mend):", *map(str, contents.problems)])
    return App(here.config, folder, contents, secret_key(here.config))


async def _samples(app: App) -> Sequence[Sample]:
    if not app.config.web.demo:
        return ()
    await load_sample(app.database, datetime.now(UTC), Options(app.config.shop.timezone))
    return [Sample(buyer.key, buyer.name, buyer.language, buyer.orders) for buyer in buyers()]


def _say_where(address: str, key: str, samples: Sequence[Sample]) -> None:
    click.echo(f"Buyers' chat:  {address}/" + ("   (be one of the sample buyers, or a stranger)" if samples else ""))
    click.echo(f"Agents' page:  {address}/desk" + (f"?key={key}   (this link opens it once)" if key else ""))


@click.command()
@click.option("--as", "buyer", default="", help="Be a sample buyer, such as lin or emma.")
@click.pass_obj
def chat(here: Here, buyer: str) -> None:
    """Talk to the bot here in the terminal; a number taps a button. The same inbox and outbox as every channel."""
    set_up_logs(here.config.log, quiet=True)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_chat(here, buyer))


async def _chat(here: Here, buyer: str) -> None:
    raise NotImplementedError


COMMANDS = {"run": run, "chat": chat}
