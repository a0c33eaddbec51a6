"""What is measured, in the order it is shown: name, meaning, unit, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured quantity."""

    key: str
    """Its name in the JSON."""
    title: str
    """Its name in the table."""
    unit: str = ""
    """ms, s, MB; empty for a share or an area, 0 to 1."""
    lower: bool = False
    """True when less is better."""
    compared: bool = True
    """False when it is a property of our thresholds, which peers do not have."""


ACCURACY = Figure("accuracy", "accuracy")
FIGURES = (
    ACCURACY,
    Figure("macro_f1", "macro-F1"),
    Figure("auroc", "out of scope: AUROC"),
    Figure("caught_at_95", "out of scope: caught when 95 % in scope pass"),
    Figure("acted", "acted on", compared=False),
    Figure("asked", "asked about", compared=False),
    Figure("unknown", "not understood", compared=False),
    Figure("p50_ms", "one message, p50", "ms", lower=True),
    Figure("p99_ms", "one message, p99", "ms", lower=True),
    Figure("load_s", "learning", "s", lower=True),
    Figure("cached_load_s", "learning, from the cache", "s", compared=False),
    Figure("memory_mb", "peak memory", "MB", lower=True),
)
