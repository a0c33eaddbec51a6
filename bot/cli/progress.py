"""How far long work is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

PATIENCE = 1.0
"""Seconds of silence."""
Tell = Callable[[str], None]
"""Called as each step begins."""


@contextmanager
def progress(steps: int) -> Iterator[Tell]:
    """On standard error, once it takes longer than one is patient for."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed}/{task.total} {task.description}"),
        TimeElapsedColumn(),
    )
    shown = Progress(*columns, console=Console(stderr=True))
    task = shown.add_task("", total=steps, completed=-1)
    patience = Timer(PATIENCE, shown.start)
    patience.start()
    try:
        yield lambda name: shown.update(task, advance=1, description=name)
        shown.update(task, advance=1, description="done")
    finally:
        patience.cancel()
        patience.join()  # it may be starting the progress just now
        shown.stop()
