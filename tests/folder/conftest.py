"""What is made of the shop's files is kept from test to test, as it is from start to start."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import watchfiles.main
from watchfiles._rust_notify import RustNotify

from bot.folder.kept import Kept
from tests.copies import left_alone
from tests.play.stage import ROOT

EDITED = ("welcome.j2",)
"""The templates that tests write to."""


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set once a folder is watched: what is written from then on is noticed."""
    begun = asyncio.Event()

    def watch(*how: Any) -> RustNotify:
        watcher = RustNotify(*how)
        begun.set()
        return watcher

    monkeypatch.setattr(watchfiles.main, "RustNotify", watch)
    return begun


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Filled by the first test that needs it."""
    return Kept(tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="session")
def replies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The shop's own, to copy."""
    with left_alone(
        shutil.copytree(ROOT / "replies", tmp_path_factory.mktemp("replies") / "replies")
    ) as found:
        yield found
