"""Data sets of a few rows."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

Write = Callable[[str, Iterable[tuple[str, ...]]], Path]

TRAIN = (
    ("where is my parcel", "track"),
    ("track my parcel please", "track"),
    ("when does the parcel arrive", "track"),
    ("give me my money back", "refund"),
    ("i want a refund", "refund"),
    ("refund this order", "refund"),
    ("let me talk to a person", "person"),
    ("i need a human agent", "person"),
    ("connect me with an agent", "person"),
)
TEST = (
    ("where is the parcel", "track"),
    ("i want my money back", "refund"),
    ("a human agent please", "person"),
    ("refund my order", "refund"),
)
OUTSIDE = (("does it come in blue?",), ("lovely weather",), ("qwzx",))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a CSV file: its name, then its rows with the header first."""

    def to(name: str, rows: Iterable[tuple[str, ...]]) -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    return to
