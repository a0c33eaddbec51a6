"""Serving the shop, and talking to it in the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import click

from bot.app import App, open_folder
from bot.channels.terminal import NAME, TerminalChannel, address_of
from bot.channels.terminal import chat as talk
from bot.channels.web.chat import Sample
from bot.cli.context import Here, tell_learning
from bot.cli.logs import set_up_logs
from bot.cli.secret import secret_key
from bot.config import Config
from bot.errors import ConfigError, Problems
from bot.folder.shop_folder import Contents, ShopFolder
from bot.pipeline.ports import Unit
from bot.pipeline.roles import EVERY, Role
from bot.shop.importing import Options
from bot.shop.sample_shop import Buyer, buyers, load_sample

ALL = "all"
"""Every role: what a process does that is not told otherwise."""


def _roles(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> frozenset[Role]:
    """One role, or several with commas between, given once or more often."""
    names = [name.strip() for several in given for name in several.split(",")]
    if unknown := [name for name in names if name not in (ALL, *Role)]:
        raise click.BadParameter(f"there is no {unknown[0]!r}; there are {', '.join((ALL, *Role))}")
    return EVERY if ALL in names else frozenset(map(Role, names))


@click.command()
@click.option(
    "--role",
    "roles",
    multiple=True,
    default=[ALL],
    show_default=ALL,
    metavar="ROLE[,ROLE…]",
    callback=_roles,
    help="What this process does: all, intake, worker, sender, web. Several processes share a shop on PostgreSQL.",
)
@click.pass_obj
def run(here: Here, roles: frozenset[Role]) -> None:
    """Serve the shop: the web chat, the agents' page, and Telegram when TELEGRAM_BOT_TOKEN is set. Ctrl-C stops it.

    \b
    shouhou run
    SHOUHOU_WEB__PORT=9000 shouhou run
    TELEGRAM_BOT_TOKEN=123:abc shouhou run
    SHOUHOU_STORAGE__URL=postgresql+asyncpg://… shouhou run --role worker
    """
    config = here.config
    _check(config, roles)
    set_up_logs(config.log)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(here, roles))
    click.echo("stopped.")


def _check(config: Config, roles: frozenset[Role]) -> None:
    """ConfigError where these roles can't be served, or would have nothing to do."""
    names = ",".join(sorted(roles))
    if roles != EVERY and config.storage.url.startswith("sqlite"):
        raise ConfigError(
            f"--role {names} leaves a part of the shop to other processes, and {config.origin('storage.url')} names a SQLite "
            "database, which one process serves alone. Leave --role out, or name a PostgreSQL database: "
            "SHOUHOU_STORAGE__URL=postgresql+asyncpg://user:password@host/name"
        )
    if roles == {Role.WEB} and not config.web.enabled:
        raise ConfigError(
            f"--role web has nothing to do: {config.origin('web.enabled')} says false. Set it to true, or leave that process out"
        )
    if roles == {Role.INTAKE} and not (config.secrets.telegram_token or config.secrets.payout_secret):
        raise ConfigError(
            "--role intake has nothing to do: neither TELEGRAM_BOT_TOKEN nor SHOUHOU_PAYOUT_SECRET is set. What is written in "
            "the web chat is taken in by --role web"
        )


async def _serve(here: Here, roles: frozenset[Role]) -> None:
    async with App(here.config, *open_files(here, here.config), secret_key(here.config)) as app:
        shows = app.config.web.enabled and Role.WEB in roles
        samples = await _samples(app) if Role.WEB in roles else ()
        key = await app.way_in() if shows else ""
        server = app.server(samples=samples, desk_key=key, roles=roles) if app.config.web.enabled else None
        serving = asyncio.create_task(app.run(server, roles))
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # Windows: there Ctrl-C is KeyboardInterrupt alone
                asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
        if roles != EVERY:
            click.echo(f"Roles:         {', '.join(role for role in Role if role in roles)}")
        if server and not shows:
            click.echo(f"Health:        {server.address}/readyz")
        if server and shows:
            _say_where(app.config.web.public_url or server.address, key, samples)
        if app.telegram and Role.INTAKE in roles:
            click.echo("Telegram:      on; write to your bot")
        click.echo("Stop with Ctrl-C.")
        with contextlib.suppress(asyncio.CancelledError):
            await serving


def open_files(here: Here, config: Config) -> tuple[ShopFolder, Contents]:
    """The shop's phrases and replies; Problems when they can't be used."""
    if missing := list(_languages_missing(here, config)):
        raise Problems(missing)
    folder, contents = open_folder(here.path, config, tell_learning)
    if contents.problems:
        head = f"the shop's files can't be used as they are, {len(contents.problems)} to mend (shouhou lint tells more):"
        raise Problems([head, *map(str, contents.problems)])
    return folder, contents


def _languages_missing(here: Here, config: Config) -> Iterator[str]:
    """Languages the shop says it answers in, and has no files for."""
    origin = config.origin("shop.languages")
    for language in config.shop.languages:
        folders = [f"{name}/{language}" for name in ("intents", "replies")]
        lacks = [folder for folder in folders if not (here.path / folder).is_dir()]
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
    set_up_logs(here.config.log, quiet=True)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_chat(here, who))


async def _chat(here: Here, who: str) -> None:
    config = replace(here.config, secrets=replace(here.config.secrets, telegram_token=""))
    buyer = _buyer(who) if config.web.demo else None
    language = buyer.language if buyer else config.shop.languages[0]
    folder, contents = open_files(here, config)
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
