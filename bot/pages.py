"""What a shop shows and answers over HTTP."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.channels.health import Health
from bot.channels.payout.callback import Callback
from bot.channels.web import chat
from bot.channels.web.hub import Hub
from bot.channels.web.server import WebServer, build
from bot.config import Config
from bot.desk import pages
from bot.desk.first_owner import way_in
from bot.desk.mini_app import FRAMES
from bot.desk.presence import Presence
from bot.desk.settings import DeskSettings
from bot.domain.decision import Say
from bot.domain.macros import Macro
from bot.errors import ConfigError
from bot.folder.shop_folder import Contents
from bot.pipeline.deliveries import Rendered
from bot.pipeline.intake import Intake
from bot.pipeline.roles import EVERY, Role
from bot.store.database import SqlDatabase
from bot.store.files import FileStore

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram
    from bot.desk.provider import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Of one shop: the web chat, the desk, what messenger and payment service call, and what machines watch."""

    config: Config
    contents: Callable[[], Contents]
    """What was read from the shop's folder last."""
    database: SqlDatabase
    intake: Intake
    files: FileStore
    hub: Hub
    presence: Presence
    telegram: Telegram | None
    secret: str
    clock: Callable[[], datetime]

    def server(
        self, *, samples: Iterable[chat.Sample] = (), desk_key: str = "", roles: Collection[Role] = EVERY
    ) -> WebServer:
        """The shop's site, bound to its port."""
        site = self.site(samples=samples, desk_key=desk_key, roles=roles)
        web = self.config.web
        return WebServer(site, (self.hub,), web.host, web.port, proxies=web.proxies)

    def site(
        self, *, samples: Iterable[chat.Sample] = (), desk_key: str = "", roles: Collection[Role] = EVERY
    ) -> Starlette:
        """All routes, as the shop words what is refused."""
        framed = {"/desk": FRAMES} if self.config.secrets.telegram_token else {}
        routes = self.routes(samples, desk_key, roles)
        return build(routes, self.words, self.config.shop.languages, framed)

    def routes(
        self, samples: Iterable[chat.Sample] = (), desk_key: str = "", roles: Collection[Role] = EVERY
    ) -> list[BaseRoute]:
        """What these roles answer, and the watchers' routes."""
        routes = self.health().routes()
        if Role.WEB in roles:
            routes += self._pages(samples, desk_key)
        if Role.INTAKE in roles:
            routes += self.telegram.routes() if self.telegram else []
            if secret := self.config.secrets.payout_secret:
                routes += Callback(self.database, self.intake.take, secret, self.clock).routes()
        return routes

    def health(self) -> Health:
        """What machines watch."""
        public = bool(self.config.web.public_url or self.config.telegram.webhook_url)
        token = self.config.secrets.metrics_token
        return Health(self.database, self.clock, self.hub, token=token, public=public)

    def _pages(self, samples: Iterable[chat.Sample], desk_key: str) -> list[BaseRoute]:
        """The web chat and the agents' page."""
        limits = chat.Limits(file_bytes=min(chat.Limits().file_bytes, self.config.storage.largest_file))
        shown = chat.ChatSettings(**self._common(), samples=tuple(samples), limits=limits)
        return [*chat.routes(shown), *pages.routes(self._desk(desk_key))]

    def _desk(self, key: str) -> DeskSettings:
        return DeskSettings(
            **self._common(),
            clock=self.clock,
            key=key,
            address=self.config.web.public_url,
            telegram_token=self.config.secrets.telegram_token,
            provider=self._provider(),
            policy=self.config.policy,
            macros=self._macros,
            render=self._render,
            presence=self.presence,
        )

    def _common(self) -> dict[str, Any]:
        """What chat and desk are both told."""
        public_url = self.config.web.public_url
        return {
            "database": self.database,
            "take": self.intake.take,
            "hub": self.hub,
            "files": self.files,
            "words": self.words,
            "languages": self.config.shop.languages,
            "secret": self.secret,
            "timezone": self.config.shop.timezone.key,
            "secure": public_url.startswith("https"),
            "origins": (public_url,) if public_url else (),
            "shop": self.config.shop.name,
        }

    def bare(self, routes: Sequence[BaseRoute]) -> Starlette:
        """Where nothing is to be found beside these, as the shop words it."""
        return build(routes, self.words, self.config.shop.languages)

    async def way_in(self) -> str:
        """The key of a link that opens the desk once, while no owner can sign in; empty otherwise."""
        name = self.words(self.config.shop.languages[0], "page")["key_agent"]
        return await way_in(
            self.database,
            self.config.secrets.desk_password,
            name,
            self.clock(),
            by_telegram=bool(self.config.secrets.telegram_token),
            by_oidc=bool(self.config.oidc.issuer),
        )

    def _provider(self) -> Provider | None:
        """Where agents may sign in as well; ConfigError when what that needs is not installed."""
        settings, secret = self.config.oidc, self.config.secrets.oidc_secret
        if not settings.issuer:
            return None
        if importlib.util.find_spec("joserfc") is None:
            raise ConfigError(
                f"{self.config.origin('oidc.issuer')}: oidc.issuer is set, which needs a package more: "
                "pip install './shouhou-….whl[oidc]'"
            )
        from bot.desk.provider import Provider  # noqa: PLC0415 -- the library it needs is an extra

        return Provider(settings.issuer, settings.client_id, secret, self.clock, name=settings.name)

    def _macros(self, language: str) -> tuple[Macro, ...]:
        return self.contents().macros(language)

    def _render(self, say: Say, language: str) -> Rendered:
        return self.contents().replies(say, language)

    def words(self, language: str, group: str) -> dict[str, str]:
        """Of a word list of the shop."""
        return dict(self.contents().replies.words(language, group))
