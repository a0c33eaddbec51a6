"""Tables on the terminal. What they show is text, never markup: owners' brackets stay brackets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text


def show(columns: Sequence[str], rows: Iterable[Sequence[str]], dim: Iterable[bool] = ()) -> None:
    """Print a table; rows marked `dim` are of less interest."""
    table = Table(*columns)
    quiet = list(dim)
    for number, row in enumerate(rows):
        faint = number < len(quiet) and quiet[number]
        table.add_row(*(Text(cell) for cell in row), style="dim" if faint else "")
    Console(markup=False, highlight=False).print(table)
