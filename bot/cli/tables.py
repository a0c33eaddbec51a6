"""Tables on the terminal. What they show is text, never markup nor orders to the terminal: brackets stay brackets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from bot.cli.visible import visible

_WIDEST = 10_000
"""Characters of a line in a pipe."""


def show(columns: Sequence[str], rows: Iterable[Sequence[str]], dim: Iterable[bool] = ()) -> None:
    """Print a table; rows marked `dim` are of less interest.

    Nothing is cut: the first column names what other commands want, and is kept in one piece; the others fold. In a pipe
    a row is a line, however long.
    """
    cells, quiet = [tuple(Text(visible(cell)) for cell in row) for row in rows], list(dim)
    table = Table()
    for number, column in enumerate(columns):
        longest = max((row[0].cell_len for row in cells), default=0)
        table.add_column(column, overflow="fold", no_wrap=not number, min_width=None if number else longest)
    for number, row in enumerate(cells):
        table.add_row(*row, style="dim" if number < len(quiet) and quiet[number] else "")
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = Measurement.get(console, console.options.update(width=_WIDEST), table).maximum
    console.print(table)
