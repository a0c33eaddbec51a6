"""What is made once for all scenes of a test process: the shop's words, and a database that is ready to be served."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path

import pytest

from bot.config import Config, load
from bot.folder.shop_folder import Contents, ShopFolder
from bot.shop.importing import Options
from bot.shop.sample_shop import load_sample
from bot.store.database import SqlDatabase
from bot.store.files import FileStore
from tests.play.clock import OPENING
from tests.play.stage import ROOT, config_for
from tests.processes import one_at_a_time, shared_folder


@pytest.fixture(scope="session")
def contents(tmp_path_factory: pytest.TempPathFactory) -> Contents:
    """The repository's own phrases and replies."""
    return _read(shared_folder(tmp_path_factory))


@cache
def _read(shared: Path) -> Contents:
    """Once for all folders that take the fixture in; one test process after the other, lest each learns the same phrases."""
    shop = load(None, {}).shop
    with one_at_a_time(shared / "contents.lock"):
        found = ShopFolder(ROOT, shop.languages, shop.timezone).read()
    assert not found.problems
    return found


@pytest.fixture(scope="session")
def template(contents: Contents, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to copy: a migrated database with the sample shop in it as it is at the opening, and the guides' pictures."""
    folder = tmp_path_factory.mktemp("template")
    asyncio.run(_stocked(config_for(folder), contents))
    return folder


async def _stocked(config: Config, contents: Contents) -> None:
    async with SqlDatabase(config.storage.url) as database:
        await database.migrate()
        await load_sample(database, OPENING, Options(config.shop.timezone, config.shop.currency))
    files = FileStore(config.storage.files)
    for guides in contents.guide_files.values():
        for picture in guides.pictures:
            await files.take(picture.path, picture.attachment.ref)
