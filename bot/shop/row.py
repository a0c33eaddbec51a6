"""One row of a CSV file: reads its cells, and says what is wrong with them and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.money import Money
from bot.shop.amounts import AmountTrouble, read_amount
from bot.shop.times import Times

_CODE = re.compile(r"[A-Za-z0-9-]+")
_SHORTENED = re.compile(r"[0-9.,]+[eE]\+?[0-9]+")
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Control characters and those that turn the direction of text; not those that join emoji."""
_LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell."""

    row: int
    """As a spreadsheet counts: the header is row 1."""
    column: str
    """Empty when it is about the row."""
    value: str
    what: str
    mend: str

    def __str__(self) -> str:
        where = f"row {self.row}, {self.column}" if self.column else f"row {self.row}"
        return f"{where}: {self.value!r} {self.what}; {self.mend}"


@dataclass(slots=True)
class Row:
    """A row's cells by column name."""

    number: int
    cells: Mapping[str, str]
    problems: list[Problem]
    """Shared by all rows of the file."""
    bad: bool = field(default=False)

    def complain(self, column: str, value: str, what: str, mend: str) -> None:
        """Note what is wrong; the row counts as bad from then on."""
        shown = value if len(value) <= _LONGEST_SHOWN else value[: _LONGEST_SHOWN - 1] + "…"
        self.problems.append(Problem(self.number, column, shown, what, mend))
        self.bad = True

    def cell(self, column: str) -> str:
        """What stands there, without blanks around it."""
        return self.cells.get(column, "").strip()

    def text(self, column: str, longest: int, *, required: bool = False) -> str:
        """One line of text. A formula is text like any other: nothing is ever computed."""
        value = " ".join(self.cell(column).split())
        if required and not value:
            self.complain(column, value, "is empty", "fill it in")
        elif len(value) > longest:
            self.complain(column, value, f"is longer than {longest} characters", "shorten it")
        elif _HIDDEN.search(value):
            self.complain(column, value, "holds characters that can't be shown", "type it anew")
        return value

    def code(self, column: str, longest: int) -> str:
        """A number that is a name: order numbers, tracking numbers."""
        value = self.cell(column)
        if not value:
            self.complain(column, value, "is empty", "fill it in")
        elif _SHORTENED.fullmatch(value):
            self.complain(
                column,
                value,
                "was shortened by the spreadsheet",
                "format the column as text and enter it anew",
            )
        elif len(value) > longest or not _CODE.fullmatch(value):
            mend = f"use up to {longest} letters A-Z, digits and hyphens"
            self.complain(column, value, "is not such a number", mend)
        return value

    def whole(self, column: str, default: int, most: int) -> int:
        """A count from 1."""
        value = self.cell(column)
        if not value:
            return default
        if not re.fullmatch(r"[0-9]{1,9}", value) or not 1 <= int(value) <= most:
            self.complain(column, value, "is not a count", f"write a whole number from 1 to {most}")
            return default
        return int(value)

    def money(self, column: str, currency: str) -> Money:
        """An amount, exact to the minor unit."""
        value = self.cell(column)
        try:
            return read_amount(value, currency)
        except AmountTrouble as trouble:
            self.complain(column, value, trouble.what, trouble.mend)
            return Money(0, currency)

    def moment(self, column: str, times: Times, *, required: bool = False) -> datetime | None:
        """A moment in time."""
        value = self.cell(column)
        if not value:
            if required:
                self.complain(column, value, "is empty", f"write it like {times.example}")
            return None
        try:
            return times.read(value)
        except ValueError:
            self.complain(column, value, "is not a time", f"write it like {times.example}")
            return None
