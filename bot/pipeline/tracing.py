"""One trace from what came in to what went out: what the pipeline tells whoever draws it. By itself nobody does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from time import time_ns
from typing import Protocol

from bot.pipeline.deliveries import Delivery, Settled
from bot.pipeline.turns import Outturn


@dataclass(slots=True)
class Stopwatch:
    """When each step of a turn was over, in nanoseconds since 1970."""

    began: int = field(default_factory=time_ns)
    laps: list[tuple[str, int]] = field(default_factory=list)

    def lap(self, step: str) -> None:
        """This step is over."""
        self.laps.append((step, time_ns()))


@dataclass(frozen=True, slots=True)
class Took:
    """A turn and how long it took."""

    turn: Outturn
    seconds: float
    watch: Stopwatch | None = None
    """Only where somebody traces."""


class Tracer(Protocol):
    """Draws traces. The number of the inbox row joins what was taken in, its turn and what was sent for it, across processes
    and restarts."""

    @property
    def on(self) -> bool:
        """Whether anybody looks: nothing is measured for nobody."""
        ...

    def taken_in(self, rows: Iterable[int], channel: str, began: int) -> None:
        """These inbox rows are stored; `began` is when storing them did."""
        ...

    def committed(self, took: Took, began: int) -> None:
        """The turn is committed; `began` is when its transaction had all its turns."""
        ...

    def delivered(self, delivery: Delivery, settled: Settled, began: int) -> None:
        """A delivery came to an end, for now; `began` is when it was tried."""
        ...


class Untraced:
    """Nobody looks."""

    on = False

    def taken_in(self, rows: Iterable[int], channel: str, began: int) -> None:
        """Nothing."""

    def committed(self, took: Took, began: int) -> None:
        """Nothing."""

    def delivered(self, delivery: Delivery, settled: Settled, began: int) -> None:
        """Nothing."""


UNTRACED = Untraced()
