"""Test processes side by side: what they share, and how they wait for each other."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import StoreLocked
from bot.store.lock import ProcessLock


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of all test processes of this run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@contextlib.contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Hold the lock, however long the others have it."""
    with contextlib.ExitStack() as held:
        while True:
            try:
                held.enter_context(ProcessLock(path))
                break
            except StoreLocked:
                time.sleep(0.05)
        yield
