"""The shops one process serves: one, or several that share its port, and its database where they say so."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from sqlalchemy.engine import make_url
from starlette.applications import Starlette

from bot.app import App
from bot.channels.tracing import tracing
from bot.channels.web.chat import Sample
from bot.channels.web.server import ByHost, WebServer, name_of
from bot.cli.secret import secret_key
from bot.config import Config, load
from bot.config.environment import mark_of
from bot.errors import ConfigError
from bot.folder.shop_folder import Contents, ShopFolder
from bot.pipeline.roles import EVERY, Role
from bot.store.database import SqlDatabase

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop as its folder has it."""

    path: Path
    config: Config

    @property
    def name(self) -> str:
        """What its rows are marked with, and what it is called where there are several."""
        return self.config.storage.shop

    @property
    def host(self) -> str:
        """The name its pages are asked for by."""
        return name_of(self.config.web.public_url) or f"{self.name}.localhost"


def read_shops(folders: Sequence[str]) -> list[Shop]:
    """Each of these folders; ConfigError when they can't be served together."""
    shops = [_read(Path(folder).resolve()) for folder in folders]
    if problems := list(_clashes(shops)):
        raise ConfigError("\n".join(problems))
    return shops


def _read(path: Path) -> Shop:
    """Places in its settings are meant from its own folder."""
    if not (path / "config.yaml").is_file():
        raise ConfigError(f"{path} is no shop's folder: it has no config.yaml")
    config = load(path / "config.yaml", os.environ)
    url = make_url(config.storage.url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        url = url.set(database=str((path / url.database).resolve()))
    address = url.render_as_string(hide_password=False)
    storage = replace(config.storage, url=address, files=path / config.storage.files)
    return Shop(path, replace(config, storage=storage))


def _clashes(shops: Sequence[Shop]) -> Iterator[str]:
    """What no two of them may have in common, and what all must."""
    alone = (
        ("storage.shop in one database", lambda shop: (shop.config.storage.url, shop.name)),
        ("web.public_url on one port", lambda shop: shop.host if shop.config.web.enabled else None),
        ("TELEGRAM_BOT_TOKEN", lambda shop: shop.config.secrets.telegram_token or None),
        ("storage.files", lambda shop: shop.config.storage.files.resolve()),
    )
    for setting, of in alone:
        groups: dict[object, list[Shop]] = defaultdict(list)
        for shop in shops:
            if (value := of(shop)) is not None:
                groups[value].append(shop)
        for same in (group for group in groups.values() if len(group) > 1):
            paths = " and ".join(str(shop.path) for shop in same)
            mend = f"; in the environment: {mark_of(same[0].name)}{setting}" if setting.isupper() else ""
            yield f"{paths} have the same {setting}: give each its own{mend}"
    served = {(shop.config.web.host, shop.config.web.port) for shop in shops if shop.config.web.enabled}
    if len(served) > 1:
        yield "shops that are served together share web.host and web.port: set them alike, or once in the environment"


@asynccontextmanager
async def opened(
    shops: Iterable[tuple[Shop, ShopFolder, Contents]],
) -> AsyncIterator[list[tuple[Shop, App]]]:
    """Each with its database open; those that name the same one share it."""
    async with AsyncExitStack() as stack:
        databases: dict[str, SqlDatabase] = {}
        apps: list[tuple[Shop, App]] = []
        for shop, folder, contents in shops:
            url = shop.config.storage.url
            if url not in databases:
                databases[url] = await stack.enter_async_context(SqlDatabase(url, shop=shop.name))
                await databases[url].migrate()
            secret = secret_key(shop.config, shop.path)
            database = databases[url].beside(shop.name)
            app = App(shop.config, folder, contents, secret, database=database)
            app.tracer = stack.enter_context(tracing(os.environ, secret, shop.name))
            apps.append((shop, app))
        yield apps


@dataclass(frozen=True, slots=True)
class Site:
    """A shop's pages."""

    shop: Shop
    app: App
    pages: Starlette
    key: str
    """Opens its desk once, while nobody can sign in there; else empty."""
    samples: Sequence[Sample]

    def address(self, served: str, *, alone: bool) -> str:
        """Where it can be visited, on a server at this address."""
        web = self.shop.config.web
        if web.public_url:
            return web.public_url
        return served if alone else f"http://{self.shop.host}:{urlsplit(served).port}"


def one_server(sites: Sequence[Site]) -> WebServer:
    """All their pages on the one port they share. A single shop answers whatever it is called; of several, each is asked for by
    its name, and who asks for none of them is told so in the first one's words."""
    first = sites[0]
    web = first.shop.config.web
    hubs = [site.app.hub for site in sites]
    pages = {site.shop.host: site.pages for site in sites}
    everything = first.pages if len(sites) == 1 else ByHost(pages, first.app.pages.empty())
    return WebServer(everything, hubs, web.host, web.port, proxies=web.proxies)


async def serve_all(
    shops: Sequence[tuple[Shop, App]], server: WebServer | None, roles: frozenset[Role] = EVERY
) -> None:
    """Do what these roles do until cancelled. A shop that can't be served leaves the others in peace; where it is the only one, its error is raised."""
    if len(shops) == 1:
        await shops[0][1].run(server, roles)
        return
    async with asyncio.TaskGroup() as group:
        for shop, app in shops:
            group.create_task(_serve_one(shop, app, roles))
        if server:
            group.create_task(server.run())


async def _serve_one(shop: Shop, app: App, roles: frozenset[Role]) -> None:
    try:
        await app.run(roles=roles)
    except Exception:
        log.exception("a shop is served no more, until the next start; the others are", shop=shop.name)
