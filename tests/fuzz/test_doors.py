"""A short look at each door; `python -m tests.fuzz` looks for as long as one likes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from bot.folder.shop_folder import Contents
from tests.fuzz.doors import DOORS, Door

SHORT = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_whatever_comes_in_breaks_nothing(door: Door, contents: Contents) -> None:
    with door.opened(contents) as check:
        SHORT(given(door.comes)(check))()
