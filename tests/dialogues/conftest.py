"""The shop's phrases and replies are read once for all dialogues."""

from __future__ import annotations

import pytest

from bot.config import load
from bot.folder.shop_folder import Contents, ShopFolder
from tests.play.stage import ROOT


@pytest.fixture(scope="session")
def contents() -> Contents:
    """The repository's own phrases and replies."""
    shop = load(None, {}).shop
    found = ShopFolder(ROOT, shop.languages, shop.timezone).read()
    assert not found.problems
    return found
