"""Serving the shop, and talking to it in the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.app import App, open_folder
from bot.channels.terminal import NAME, TerminalChannel, address_of
from bot.channels.terminal import chat as talk
from bot.channels.web.chat import Sample
from bot.cli.context import Here, tell_learning
from bot.cli.logs import secrets_of, set_up_logs
from bot.cli.secret import secret_key
from bot.cli.together import Shop, Site, one_server, opened, read_shops, serve_all
from bot.config import Config
from bot.errors import Problems
from bot.folder.shop_folder import Contents, ShopFolder
from bot.pipeline.ports import Unit
from bot.shop.importing import Options
from bot.shop.sample_shop import Buyer, buyers, load_sample


@click.command()
@click.argument("folders", nargs=-1)
@click.pass_obj
def run(here: Here, folders: tuple[str, ...]) -> None:
    """Serve the shop: the web chat, the agents' page, and Telegram when TELEGRAM_BOT_TOKEN is set. Ctrl-C stops it.

    With FOLDERS, each of them a shop's, serve all of these together. Each needs a storage.shop and a web.public_url of its own;
    what is meant for one of them stands in the environment with its storage.shop before it.

    \b
    shouhou run
    SHOUHOU_WEB__PORT=9000 shouhou run
    TELEGRAM_BOT_TOKEN=123:abc shouhou run
    TEA__TELEGRAM_BOT_TOKEN=123:abc CUPS__TELEGRAM_BOT_TOKEN=456:def shouhou run shops/tea shops/cups
    """
    shops = read_shops(folders) if folders else [Shop(Path(), here.config)]
    set_up_logs(shops[0].config.log, secrets=[one for shop in shops for one in secrets_of(shop.config)])
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(shops))
    click.echo("stopped.")


async def _serve(shops: Sequence[Shop]) -> None:
    async with opened([(shop, *open_files(shop.path, shop.config)) for shop in shops]) as apps:
        sites = [await site_of(shop, app) for shop, app in apps if shop.config.web.enabled]
        server = one_server(sites) if sites else None
        serving = asyncio.create_task(serve_all(apps, server))
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # Windows: there Ctrl-C is KeyboardInterrupt alone
                asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
        for shop, app in apps:
            if len(apps) > 1:
                click.echo(f"{shop.config.shop.name} ({shop.path})")
            for site in sites:
                if server and site.app is app:
                    _say_where(site.address(server.address, alone=len(sites) == 1), site.key, site.samples)
            if app.telegram:
                click.echo("Telegram:      on; write to your bot")
        click.echo("Stop with Ctrl-C.")
        with contextlib.suppress(asyncio.CancelledError):
            await serving


async def site_of(shop: Shop, app: App) -> Site:
    """The shop's pages; the sample shop's buyers in them where it is a trial."""
    samples = await _samples(app)
    key = await app.way_in()
    return Site(shop, app, app.site(samples=samples, desk_key=key), key, samples)


def open_files(path: Path, config: Config) -> tuple[ShopFolder, Contents]:
    """The shop's phrases and replies; Problems when they can't be used."""
    if missing := list(_languages_missing(path, config)):
        raise Problems(missing)
    folder, contents = open_folder(path.resolve(), config, tell_learning)
    if contents.problems:
        head = f"the shop's files can't be used as they are, {len(contents.problems)} to mend (shouhou lint tells more):"
        raise Problems([head, *map(str, contents.problems)])
    return folder, contents


def _languages_missing(path: Path, config: Config) -> Iterator[str]:
    """Languages the shop says it answers in, and has no files for."""
    origin = config.origin("shop.languages")
    for language in config.shop.languages:
        folders = [f"{name}/{language}" for name in ("intents", "replies")]
        lacks = [folder for folder in folders if not (path / folder).is_dir()]
        if lacks:
            yield (
                f"{origin}: shop.languages names {language}, for which there is no folder {' and no '.join(lacks)}; "
                f"copy those of another language and translate them, or take {language} out of shop.languages"
            )


async def _samples(app: App) -> Sequence[Sample]:
    if not app.config.web.demo:
        return ()
    await load_sample(
        app.database, datetime.now(UTC), Options(app.config.shop.timezone, app.config.shop.currency)
    )
    return [Sample(buyer.key, buyer.name, buyer.language, buyer.orders) for buyer in buyers()]


def _say_where(address: str, key: str, samples: Sequence[Sample]) -> None:
    click.echo(
        f"Buyers' chat:  {address}/" + ("   (be one of the sample buyers, or a stranger)" if samples else "")
    )
    click.echo(
        f"Agents' page:  {address}/desk" + (f"/open?key={key}   (this link opens it once)" if key else "")
    )


@click.command()
@click.option(
    "--as", "who", default="lin", show_default=True, help="Which sample buyer to be; - for a stranger."
)
@click.pass_obj
def chat(here: Here, who: str) -> None:
    """Talk to the bot here in the terminal; a number taps a button. The same inbox and outbox as every channel.

    \b
    shouhou chat
    shouhou chat --as emma
    echo "我的快递到哪了" | shouhou chat
    """
    set_up_logs(here.config.log, quiet=True, secrets=secrets_of(here.config))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_chat(here, who))


async def _chat(here: Here, who: str) -> None:
    config = replace(here.config, secrets=replace(here.config.secrets, telegram_token=""))
    buyer = _buyer(who) if config.web.demo else None
    language = buyer.language if buyer else config.shop.languages[0]
    folder, contents = open_files(here.path, config)
    words = contents.replies.words(language, "page")
    terminal = TerminalChannel(sys.stdout, words, address=address_of(who))
    async with App(config, folder, contents, secret_key(config), channels=[terminal]) as app:
        await _samples(app)
        await _begin(app, buyer, terminal.address)
        serving = asyncio.create_task(app.run())
        try:
            await talk(terminal, app.intake.take, app.database, sys.stdin, language=language)
        finally:
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving


def _buyer(who: str) -> Buyer | None:
    known = {buyer.key: buyer for buyer in buyers()}
    if who not in known and who != "-":
        raise click.UsageError(
            f"there is no sample buyer {who!r}; there are {', '.join(known)}, and - for a stranger"
        )
    return known.get(who)


async def _begin(app: App, buyer: Buyer | None, address: str) -> None:
    """Begin the conversation; a sample buyer's orders are theirs."""

    now = datetime.now(UTC)

    def job(unit: Unit) -> None:
        conversation = unit.conversation_at(NAME, address, now, buyer.name if buyer else "")
        for number in buyer.orders if buyer else ():
            unit.link_order(number, conversation.id, "sample", now)

    await app.database.write(job)


COMMANDS = {"run": run, "chat": chat}
