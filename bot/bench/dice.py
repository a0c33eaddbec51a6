"""Chance that falls the same way each time."""

from __future__ import annotations

import random


def dice(*seed: object) -> random.Random:
    """A generator of its own for these words and numbers: no draw depends on what was drawn for something else."""
    return random.Random(" ".join(map(str, seed)))  # noqa: S311 -- repeatable is what it has to be
