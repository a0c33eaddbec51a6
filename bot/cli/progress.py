"""How far long work is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

PATIENCE = 1.0
"""Seconds of silence."""
Tell = Callable[[str], None]
"""Called as each step begins."""


@contextmanager
def progress(steps: int) -> Iterator[Tell]:
    """Of work in steps: on standard error, once it takes longer than one is patient for."""
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


@contextmanager
def how_far() -> Iterator[Callable[[str, int, int], None]]:
    """Of work that is counted: takes what is being done, how much of it is, and of how much. Nothing is shown in a pipe."""
    tasks: dict[str, TaskID] = {}
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as shown:

        def tell(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(what)
            shown.update(tasks[what], completed=done, total=of)

        yield tell
