"""What is made once for all scenes of a test process: the shop's words, and a database that is ready to be served."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.config import load
from bot.folder.shop_folder import Contents, ShopFolder
from bot.shop.importing import Options
from bot.shop.sample_shop import load_sample
from bot.store.database import SqlDatabase
from tests.play.clock import OPENING
from tests.play.stage import ROOT


@pytest.fixture(scope="session")
def contents() -> Contents:
    """The repository's own phrases and replies."""
    shop = load(None, {}).shop
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
