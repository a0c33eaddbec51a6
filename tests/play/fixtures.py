"""What is made once for all scenes of a test process: the shop's words, and a database that is ready to be served."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path

import pytest

from bot.config import load
from bot.folder.shop_folder import Contents, ShopFolder
from bot.shop.importing import Options
from bot.shop.sample_shop import load_sample
from bot.store.database import SqlDatabase
from tests.play.clock import OPENING
from tests.play.stage import ROOT
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
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with the sample shop in it as it is at the opening, to copy."""
    path = tmp_path_factory.mktemp("template") / "shop.db"
    asyncio.run(_stocked(path))
    return path


async def _stocked(path: Path) -> None:
    shop = load(None, {}).shop
    async with SqlDatabase(f"sqlite:///{path}") as database:
        await database.migrate()
        await load_sample(database, OPENING, Options(shop.timezone, shop.currency))
