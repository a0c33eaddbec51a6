"""One core for the shop, another one for those who use it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def cores() -> tuple[int, int] | None:
    """The shop's core and its users'; None where processes can't be bound, or there is only one core."""
    if sys.platform != "linux":
        return None
    free = sorted(os.sched_getaffinity(0))
    return (free[0], free[1]) if len(free) > 1 else None


def bind(core: int | None) -> None:
    """Keep this process on that core; None leaves it where it is."""
    if core is not None and sys.platform == "linux":
        os.sched_setaffinity(0, {core})


@contextmanager
def bound(core: int | None) -> Iterator[None]:
    """This process keeps to that core for as long as this is open; None leaves it where it is."""
    if core is None or sys.platform != "linux":
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
