"""Serving the shop, and talking to it in the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.app import App
from bot.channels.terminal import NAME, TerminalChannel, address_of
from bot.channels.terminal import chat as talk
from bot.channels.web.chat import Sample
from bot.cli.context import Here, tell_learning
from bot.cli.logs import secrets_of, set_up_logs
from bot.cli.secret import secret_key
from bot.cli.together import Refusals, Shop, Site, one_server, opened, read_shops, serve_all
from bot.config import Config
from bot.errors import ConfigError, Problems
from bot.folder.shop_folder import Contents, ShopFolder
from bot.opening import open_folder
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
@click.argument("folders", nargs=-1)
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
def run(here: Here, folders: tuple[str, ...], roles: frozenset[Role]) -> None:
    """Serve the shop: the web chat, the agents' page, and Telegram when TELEGRAM_BOT_TOKEN is set. Ctrl-C stops it.

    With FOLDERS, each of them a shop's, serve all of these together. Each needs a storage.shop and a web.public_url of its own;
    what is meant for one of them stands in the environment with its storage.shop before it.

    \b
    shouhou run
    SHOUHOU_WEB__PORT=9000 shouhou run
    TELEGRAM_BOT_TOKEN=123:abc shouhou run
    SHOUHOU_STORAGE__URL=postgresql+asyncpg://… shouhou run --role worker
    TEA__TELEGRAM_BOT_TOKEN=123:abc CUPS__TELEGRAM_BOT_TOKEN=456:def shouhou run shops/tea shops/cups
    """
    refusals = Refusals()
    shops = read_shops(folders, refusals) if folders else [Shop(Path(), here.config)]
    if problems := [problem for shop in shops for problem in _can_not(shop.config, roles)]:
        raise ConfigError("\n".join(problems))
    set_up_logs(shops[0].config.log, secrets=[one for shop in shops for one in secrets_of(shop.config)])
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(shops, roles, refusals))
    click.echo("stopped.")


def _can_not(config: Config, roles: frozenset[Role]) -> Iterator[str]:
    """Why these roles can't be served, or would have nothing to do."""
    names = ",".join(sorted(roles))
    if roles != EVERY and config.storage.url.startswith("sqlite"):
        yield (
            f"--role {names} leaves a part of the shop to other processes, and {config.origin('storage.url')} names a SQLite "
            "database, which one process serves alone. Leave --role out, or name a PostgreSQL database: "
            "SHOUHOU_STORAGE__URL=postgresql+asyncpg://user:password@host/name"
        )
    elif roles == {Role.WEB} and not config.web.enabled:
        yield f"--role web has nothing to do: {config.origin('web.enabled')} says false. Set it to true, or leave that process out"
    elif roles == {Role.INTAKE} and not (config.secrets.telegram_token or config.secrets.payout_secret):
        yield (
            "--role intake has nothing to do: neither TELEGRAM_BOT_TOKEN nor SHOUHOU_PAYOUT_SECRET is set. What is written in "
            "the web chat is taken in by --role web"
        )


async def _serve(shops: Sequence[Shop], roles: frozenset[Role], refusals: Refusals) -> None:
    async with opened(readable(shops, refusals), refusals) as able:
        apps, sites = await shown(able, roles, refusals)
        refusals.tell()
        server = one_server(sites, [path.name for path in refusals.why]) if sites else None
        serving = asyncio.create_task(serve_all(apps, server, roles))
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # Windows: there Ctrl-C is KeyboardInterrupt alone
                asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
        _say_what(apps, sites, server.address if server else "", roles, refusals)
        with contextlib.suppress(asyncio.CancelledError):
            await serving


def readable(shops: Iterable[Shop], refusals: Refusals) -> list[tuple[Shop, ShopFolder, Contents]]:
    """Those whose files can be used."""
    found: list[tuple[Shop, ShopFolder, Contents]] = []
    for shop in shops:
        with refusals.of(shop.path):
            found.append((shop, *open_files(shop.path, shop.config)))
    refusals.demand(found)
    return found


async def shown(
    able: Iterable[tuple[Shop, App]], roles: frozenset[Role], refusals: Refusals
) -> tuple[list[tuple[Shop, App]], list[Site]]:
    """Those whose pages can be shown, or that have none; and the pages."""
    apps: list[tuple[Shop, App]] = []
    sites: list[Site] = []
    for shop, app in able:
        with refusals.of(shop.path):
            if shop.config.web.enabled:
                sites.append(await site_of(shop, app, roles))
            apps.append((shop, app))
    refusals.demand(apps)
    return apps, sites


async def site_of(shop: Shop, app: App, roles: frozenset[Role] = EVERY) -> Site:
    """The shop's pages, where they are shown; the sample shop's buyers in them where it is a trial."""
    if Role.WEB not in roles:
        return Site(shop, app, app.pages.site(roles=roles), "", ())
    samples = await _samples(app)
    key = await app.pages.way_in()
    return Site(shop, app, app.pages.site(samples=samples, desk_key=key, roles=roles), key, samples)


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


def _say_what(
    apps: Sequence[tuple[Shop, App]],
    sites: Sequence[Site],
    served: str,
    roles: frozenset[Role],
    refusals: Refusals,
) -> None:
    """What is served; `served` is the server's address, where there is one."""
    if roles != EVERY:
        click.echo(f"Roles:         {', '.join(role for role in Role if role in roles)}")
    if served and Role.WEB not in roles:
        click.echo(f"Health:        {served}/readyz")
    for shop, app in apps:
        if len(apps) > 1 or refusals.why:
            click.echo(f"{shop.config.shop.name} ({shop.path})")
        for site in sites:
            if site.app is app and Role.WEB in roles:
                alone = len(sites) == 1 and not refusals.why
                _say_where(site.address(served, alone=alone), site.key, site.samples)
        if app.telegram and Role.INTAKE in roles:
            click.echo("Telegram:      on; write to your bot")
    for path in refusals.why:
        click.echo(f"NOT SERVED:    {path}; the log says why")
    click.echo("Stop with Ctrl-C.")


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
    """Alone where the database is SQLite; otherwise beside whoever serves the shop, as one more worker."""
    config, roles = here.config, EVERY
    if config.storage.url.startswith("sqlite"):
        config = replace(config, secrets=replace(config.secrets, telegram_token=""))
    else:
        roles = frozenset({Role.WORKER})
    buyer = _buyer(who) if config.web.demo else None
    language = buyer.language if buyer else config.shop.languages[0]
    folder, contents = open_files(here.path, config)
    words = contents.replies.words(language, "page")
    terminal = TerminalChannel(sys.stdout, words, address=address_of(who))
    async with App(config, folder, contents, secret_key(config), channels=[terminal]) as app:
        await _samples(app)
        await _begin(app, buyer, terminal.address)
        serving = asyncio.create_task(app.run(roles=roles))
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
