"""What the desk is plugged together from, and its limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.channels.web.bucket import Rate
from bot.channels.web.chat import Take
from bot.channels.web.files import Files
from bot.channels.web.hub import Hub
from bot.channels.web.pages import Words
from bot.channels.web.sse import KEEP_ALIVE
from bot.desk.given import Bounds
from bot.desk.passwords import Passwords
from bot.desk.presence import Presence
from bot.domain.policy import Policy
from bot.pipeline.deliveries import Render
from bot.pipeline.macros import Macros
from bot.pipeline.ports import Database

if TYPE_CHECKING:
    from bot.desk.provider import Provider


@dataclass(frozen=True, slots=True)
class DeskLimits:
    """How much, and how often."""

    posts: Bounds = field(default=Bounds())
    sign_ins: Rate = field(default=Rate(burst=5, per_second=1 / 30))
    """Of one network address."""
    acts: Rate = field(default=Rate(burst=30, per_second=2))
    """Of one session."""
    reads: Rate = field(default=Rate(burst=60, per_second=5))
    """Of one session: searches, macros, keys it touches."""
    streams: int = 3
    """Open streams of one session."""
    tick: float = KEEP_ALIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """What the desk is plugged together from."""

    database: Database
    take: Take
    hub: Hub
    files: Files
    words: Words
    languages: Sequence[str]
    policy: Callable[[], Policy]
    """What dossiers judge a case by."""
    macros: Macros
    render: Render
    """Fills macros in."""
    secret: str
    """Signs cookies and links."""
    clock: Callable[[], datetime]
    key: str = ""
    """Opens the desk once, for the owner, through ``/desk/open?key=…``; empty: no such link."""
    passwords: Passwords | None = None
    """None: kept and compared as is right for people's."""
    shop: str = ""
    """Its name, as authenticator apps show it."""
    address: str = ""
    """Where the desk is reached, for links that lead back to it; empty: where who asks has reached it."""
    telegram_token: str = ""
    """The bot's, which signs what its Mini App is given; empty: the desk does not open inside Telegram."""
    presence: Presence | None = None
    """Who has which conversation open, where that is known beyond this process; None: only here."""
    provider: Provider | None = None
    """An OIDC provider where people may sign in as well."""
    timezone: str = ""
    """The time zone deadlines are shown in, such as ``Asia/Shanghai``; empty: the browser's own."""
    origins: Sequence[str] = ()
    """Other origins whose pages may post."""
    secure: bool = False
    """Cookies only over HTTPS, even when a proxy talks plain HTTP to us."""
    limits: DeskLimits = field(default_factory=DeskLimits)
