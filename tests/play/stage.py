"""The stage: a whole shop served for real, on a database of its own, at a time of its own."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from functools import cached_property
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.app import App
from bot.config import Config, load
from bot.domain.conversation import Conversation
from bot.domain.decision import Audience, Say
from bot.flows.on_page import ON_PAGE
from bot.folder.shop_folder import Contents, ShopFolder
from bot.pipeline.deliveries import Rendered
from bot.pipeline.sender import Sender
from bot.pipeline.worker import Worker
from bot.replies import Replies
from bot.replies.tongue import Tongue
from bot.shop.importing import Options
from bot.shop.sample_shop import load_sample, sample_day
from bot.store.database import SqlDatabase
from tests.play.clock import OPENING, StageClock
from tests.serving import at_work

ROOT = Path(__file__).parents[2]
SECRET = "a secret for the stage, of no worth"
_PATIENCE = 20.0
"""Seconds after which a shop that does not come to rest has failed."""
_UNFINISHED = """
SELECT EXISTS (SELECT 1 FROM inbox WHERE state = 'due')
    OR EXISTS (SELECT 1 FROM outbox WHERE state IN ('queued', 'sending'))
    OR EXISTS (SELECT 1 FROM deadlines WHERE state = 'waiting' AND due_at <= ?)
"""

_GOING = """
SELECT EXISTS (SELECT 1 FROM inbox WHERE state = 'due' AND due_at <= ?1)
    OR EXISTS (SELECT 1 FROM outbox WHERE state = 'sending')
    OR EXISTS (
        SELECT 1 FROM (SELECT min(id) AS head FROM outbox WHERE state = 'queued' GROUP BY channel, address)
        JOIN outbox ON outbox.id = head WHERE due_at <= ?1
    )
"""
_UNREAD = "SELECT EXISTS (SELECT 1 FROM inbox WHERE state = 'due')"


@dataclass(frozen=True, slots=True)
class Told:
    """A reply that was worded: its name, for whom and in which language."""

    reply: str
    to: Audience
    language: str


@dataclass(frozen=True)
class Prompter(Replies):
    """The shop's replies, with a note of each one that is asked for."""

    told: list[Told] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    """What only the staff group shows, by name."""

    def __call__(self, say: Say, language: str) -> Rendered:
        """The reply, noted down; not a note to the agents in a second language, nor what only their group shows. What a page
        and the messenger read in different words is one note."""
        if say.aside:
            self.shown.append(say.reply)
        elif say.reply not in ON_PAGE and (say.to is Audience.BUYER or language == self.languages[0]):
            self.told.append(Told(_POSTS.get(say.reply, say.reply), say.to, language))
        return super().__call__(say, language)

    @cached_property
    def tongues(self) -> Mapping[str, Tongue]:
        """The same for all stages whose shop has these words and languages: making them takes a while."""
        key = (id(self.sheets), self.languages, self.timezone)
        if key not in _TONGUES:
            _TONGUES[key] = self.sheets, super().tongues
        return _TONGUES[key][1]


_TONGUES: dict[object, tuple[object, Mapping[str, Tongue]]] = {}
"""By identity of the sheets, which stand beside for as long as that is to be nobody else's."""


_POSTS = {page.name: post for post, page in ON_PAGE.items()}


class StillFolder(ShopFolder):
    """A folder in which nobody edits while a scene is played."""

    async def changes(self) -> AsyncIterator[None]:
        """None."""
        for _ in ():
            yield


class Stage:
    """A served shop and its clock."""

    def __init__(self, app: App, clock: StageClock, told: list[Told], shown: list[str]) -> None:
        self.app = app
        self.clock = clock
        self.told = told
        """What was worded lately."""
        self.shown = shown
        """What was worded for the staff group alone."""
        self._glance = sqlite3.connect(f"file:{make_url(app.config.storage.url).database}?mode=ro", uri=True)

    @property
    def database(self) -> SqlDatabase:
        """The shop's own."""
        return self.app.database

    async def conversation_at(self, channel: str, address: str) -> Conversation:
        """What the shop remembers of who writes from there."""
        now = self.clock()
        return await self.database.write(lambda unit: unit.conversation_at(channel, address, now))

    async def quiet(self) -> None:
        """Until everything that came in was handled and everything that goes out was sent."""
        async with asyncio.timeout(_PATIENCE):
            while True:
                if self.app.resting and self._all_done():
                    return
                await asyncio.sleep(0.002)

    def _all_done(self) -> bool:
        """Looked up past the shop's own connections: it is asked some times for every step of every scene."""
        (unfinished,) = self._glance.execute(_UNFINISHED, (self._now(),)).fetchone()
        return not unfinished

    def close(self) -> None:
        """Look no more."""
        self._glance.close()

    @contextlib.asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        """Nobody reads until the block ends: what is written meanwhile is found lying there together."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Worker, "step", _does_nothing)
            await self.database.write_alone(lambda _unit: None)  # a step that was begun before is over then
            yield
        self.app.look()

    @contextlib.asynccontextmanager
    async def silent(self) -> AsyncIterator[None]:
        """Nobody sends until the block ends: what is to go out waits together."""
        await self.quiet()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Sender, "step", _does_nothing)
            yield
        self.app.look()

    async def paused(self) -> None:
        """Until there is nothing left to do now; what may go out later only may still wait."""
        async with asyncio.timeout(_PATIENCE):
            while not self.app.resting or self._glance.execute(_GOING, (self._now(),)).fetchone() != (0,):  # noqa: ASYNC110 -- nobody tells
                await asyncio.sleep(0.002)

    def _now(self) -> str:
        """As SQLite has it."""
        return f"{self.clock().astimezone(UTC).replace(tzinfo=None):%Y-%m-%d %H:%M:%S.%f}"

    async def handled(self) -> None:
        """Until everything that came in was handled, whether or not anything can go out."""
        async with asyncio.timeout(_PATIENCE):
            while True:
                if self._glance.execute(_UNREAD).fetchone() == (0,):
                    return
                await asyncio.sleep(0.002)

    async def later(self, by: timedelta) -> None:
        """Let time pass, and everything that comes due with it."""
        self.clock.advance(by)
        self.app.look()
        await self.quiet()


async def _does_nothing(_: Worker | Sender) -> bool:
    return False


@contextlib.asynccontextmanager
async def served(
    config: Config, clock: StageClock, contents: Contents | None = None, template: Path | None = None
) -> AsyncIterator[Stage]:
    """Serve the shop with the repository's own phrases and replies until the block ends.

    `template` is a folder to begin with, with the sample shop as it is at the opening.
    """
    if template:
        shutil.copy(template / "shop.db", str(make_url(config.storage.url).database))
        config.storage.files.symlink_to(template / "files")  # kept by content: all stages may share them
    folder = StillFolder(ROOT, config.shop.languages, config.shop.timezone)
    found = contents or folder.read()
    prompter = Prompter(
        config.shop.languages, config.shop.timezone, found.replies.sheets, found.replies.wordlists
    )
    shown = replace(found, replies=prompter)
    async with App(config, folder, shown, SECRET, clock=clock, ticks=lambda: clock().timestamp()) as app:
        tz = config.shop.timezone
        if template is None or sample_day(clock(), tz) != sample_day(OPENING, tz):
            await load_sample(app.database, clock(), Options(tz, config.shop.currency))
        async with at_work(app.run()):
            with contextlib.closing(Stage(app, clock, prompter.told, prompter.shown)) as stage:
                yield stage


def config_for(folder: Path, environ: dict[str, str] | None = None) -> Config:
    """The default settings, with everything stored in `folder`."""
    found = load(None, environ or {})
    url = f"sqlite:///{folder / 'shop.db'}"
    return replace(found, storage=replace(found.storage, url=url, files=folder / "files"))
