"""One core for the shop, another one for those who use it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

UNBOUND = "no process is bound to a core here, so these are not figures of one core"
"""What is said where there are none."""


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


def waited() -> float | None:
    """Seconds for which this process could have run and its core was not free, all threads together: others had it, or one
    of its own threads. None where the system does not tell."""
    if sys.platform != "linux":
        return None
    nanoseconds, told = 0, False
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # it has just ended
            nanoseconds += int((thread / "schedstat").read_text("ascii").split()[1])
            told = True
    return nanoseconds / 1e9 if told else None
