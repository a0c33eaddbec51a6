"""A CSV text as rows of named cells; nothing is read into the cells yet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.errors import ImportRefused
from bot.shop.columns import Column
from bot.shop.row import Problem, Row

DELIMITERS = (",", ";", "\t")
_GUARDED = re.compile(r"""="((?:[^"]|"")*)"|'([0-9]{4,})""")
_ALIKE = 80
"""How alike (0 to 100) an unknown header must be to a missing column to be taken for a slip."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose header was understood."""

    rows: tuple[Row, ...]
    problems: list[Problem]
    """Where the rows put what is wrong with them."""
    ignored: tuple[str, ...]
    """Headers of columns we have no use for."""


def read_table(text: str, columns: Sequence[Column]) -> Table:
    """The rows below the header; `ImportRefused` when the header is wrong or the file is no CSV."""
    text = text.removeprefix("\ufeff")
    delimiter = _delimiter(text, columns)
    records = _records(text, delimiter)
    header = next(records, [])
    names = _names(header, columns)
    problems: list[Problem] = []
    rows = []
    for number, record in enumerate(records, start=2):
        if any(cell.strip() for cell in record):
            rows.append(_row(number, record, names, problems))
    known = {column.name for column in columns}
    return Table(tuple(rows), problems, tuple(name for name in names if name and name not in known))


def header_matches(text: str, columns: Sequence[Column]) -> int:
    """How many of these columns the header names: tells what kind of file it is."""
    text = text.removeprefix("\ufeff")
    return _known_in(_first(text, _delimiter(text, columns)), columns)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        try:
            yield [_bare(cell) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise ImportRefused(
                f"line {reader.line_num}: is no CSV: {error}; look for a quote that is not closed"
            ) from None


def _bare(cell: str) -> str:
    """The cell without what keeps a spreadsheet from taking its digits for a number: ``="112233"`` and ``'112233``."""
    if not cell.lstrip().startswith(("=", "'")):
        return cell
    if guarded := _GUARDED.fullmatch(cell.strip()):
        return guarded[1].replace('""', '"') if guarded[1] is not None else guarded[2]
    return cell


def _first(text: str, delimiter: str) -> list[str]:
    return next(_records(text, delimiter), [])


def _delimiter(text: str, columns: Sequence[Column]) -> str:
    """The delimiter under which most columns are recognised."""
    return max(DELIMITERS, key=lambda delimiter: _known_in(_first(text, delimiter), columns))


def _known_in(header: Sequence[str], columns: Sequence[Column]) -> int:
    return sum(1 for cell in header if _column_of(cell, columns))


def _column_of(cell: str, columns: Sequence[Column]) -> str:
    wanted = _folded(cell)
    return next((column.name for column in columns if wanted in (column.name, *column.aliases)), "")


def _folded(cell: str) -> str:
    return "_".join(cell.strip().lower().replace("-", " ").split())


def _names(header: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """The column of each cell, by our names; those unknown keep theirs."""
    names = _preferred(header, columns)
    present = set(names)
    wrong = [
        _missing(column, header, columns)
        for column in columns
        if column.required and column.name not in present
    ]
    wrong += [_slip(name, present, columns) for name in names]
    wrong += [
        f"column {name} stands there twice" for name in sorted(present) if name and names.count(name) > 1
    ]
    if found := [problem for problem in wrong if problem]:
        raise ImportRefused("row 1 (the header): " + "; ".join(found))
    return names


def _preferred(header: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """Of several different headers for one column, such as mobile and landline, the best known is it."""
    folded = [_folded(cell) for cell in header]
    best = {
        column.name: next((known for known in (column.name, *column.aliases) if known in folded), "")
        for column in columns
    }
    found = [_column_of(cell, columns) for cell in header]
    return [
        name if name and best[name] == known else cell.strip()
        for name, known, cell in zip(found, folded, header, strict=True)
    ]


def _missing(column: Column, header: Sequence[str], columns: Sequence[Column]) -> str:
    unknown = [cell.strip() for cell in header if cell.strip() and not _column_of(cell, columns)]
    near = process.extractOne(column.name, unknown, scorer=fuzz.ratio, processor=_folded, score_cutoff=60)
    also = f" (or {column.aliases[0]})" if column.aliases else ""
    return f"column {column.name}{also} is missing" + (f"; is it {near[0]!r}?" if near else "")


def _slip(name: str, present: set[str], columns: Sequence[Column]) -> str:
    """A header that is all but one of our columns: ignoring it would lose what the owner meant."""
    if not name or name in {column.name for column in columns}:
        return ""
    free = [column.name for column in columns if column.name not in present and not column.required]
    near = process.extractOne(name, free, scorer=fuzz.ratio, processor=_folded, score_cutoff=_ALIKE)
    return f"unknown column {name!r}; did you mean {near[0]}?" if near else ""


def _row(number: int, record: list[str], names: list[str], problems: list[Problem]) -> Row:
    cells = {name: cell for name, cell in zip(names, record, strict=False) if name}
    row = Row(number, cells, problems)
    surplus = [cell for cell in record[len(names) :] if cell.strip()]
    if surplus:
        row.complain(
            "", surplus[0], "is one cell too many for the header", "put text with delimiters into quotes"
        )
    return row
