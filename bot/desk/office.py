"""What all of the desk's pages share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from starlette.requests import Request

from bot.channels.web.pages import Pages
from bot.desk.passwords import Passwords
from bot.desk.second_factor import SecondFactor
from bot.desk.session import Sessions
from bot.pipeline.ports import Database

if TYPE_CHECKING:
    from bot.desk.provider import Provider


@dataclass(frozen=True, slots=True)
class Office:
    """Where pages read and write, who is signed in, and what time it is."""

    database: Database
    pages: Pages
    sessions: Sessions
    passwords: Passwords
    second: SecondFactor
    clock: Callable[[], datetime]
    origins: Sequence[str]
    """Other origins whose pages may post."""
    timezone: ZoneInfo
    address: str = ""
    """Where the desk is reached; empty: where whoever asks has reached it."""
    provider: Provider | None = None
    """Where people may sign in as well; None: nowhere else."""

    def reached(self, request: Request) -> str:
        """Where the desk is reached, for links that come back to it."""
        return self.address.rstrip("/") or str(request.base_url).rstrip("/")

    def local(self, at: datetime) -> str:
        """A moment in the shop's own time."""
        return f"{at.astimezone(self.timezone):%Y-%m-%d %H:%M}"
