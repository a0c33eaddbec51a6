"""A QWERTY keyboard: which keys a finger hits instead."""

from __future__ import annotations

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_PLACES = {key: (row, column + row / 2) for row, keys in enumerate(_ROWS) for column, key in enumerate(keys)}
"""Each row stands half a key further right than the one above, nearly as on the real thing."""


def _near(key: str, other: str) -> bool:
    (row, column), (other_row, other_column) = _PLACES[key], _PLACES[other]
    return key != other and abs(row - other_row) <= 1 and abs(column - other_column) <= 1


NEIGHBOURS = {key: "".join(other for other in _PLACES if _near(key, other)) for key in _PLACES}
"""Letter to the letters whose keys touch its own."""
