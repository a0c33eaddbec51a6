"""Labelled messages from a CSV file with the columns `text` and `label`."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.errors import ShouhouError

Example = tuple[str, str]
"""A message and the intent it has."""


class DatasetError(ShouhouError):
    """A CSV file can't be used for a benchmark; names the file, the line and what is wrong there."""


def read_examples(path: Path) -> tuple[Example, ...]:
    """Every message with its label; DatasetError when a column, a text or a label is missing."""
    return tuple((text, label) for text, label in _cells(path, ("text", "label")))


def read_texts(path: Path) -> tuple[str, ...]:
    """Every message of a file whose labels don't matter; DatasetError as above."""
    return tuple(text for (text,) in _cells(path, ("text",)))


def _cells(path: Path, columns: Sequence[str]) -> Iterator[list[str]]:
    line = 1
    found = False
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            _check_header(path, rows.fieldnames or (), columns)
            for row in rows:
                line = rows.line_num
                found = True
                yield [_filled(path, line, column, row[column]) for column in columns]
    except OSError as error:
        raise DatasetError(f"{path} can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise DatasetError(f"{path}: after line {line}: this is not UTF-8; save the file as UTF-8") from None
    except csv.Error as error:
        raise DatasetError(f"{path}: after line {line}: {error}") from None
    if not found:
        raise DatasetError(f"{path}:{line}: there is no message below the header")


def _check_header(path: Path, header: Sequence[str], columns: Sequence[str]) -> None:
    for column in columns:
        if column not in header:
            there = ", ".join(header) or "none"
            raise DatasetError(f"{path}:1: there is no column {column!r}; the columns are: {there}")


def _filled(path: Path, line: int, column: str, cell: str | None) -> str:
    if cell is None or not cell.strip():
        raise DatasetError(f"{path}:{line}: this row has no {column}")
    return cell.strip()
