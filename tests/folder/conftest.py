"""What is made of the shop's files is kept from test to test, as it is from start to start."""

from __future__ import annotations

import pytest

from bot.folder.kept import Kept


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Filled by the first test that needs it."""
    return Kept(tmp_path_factory.mktemp("kept"))
