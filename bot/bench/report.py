"""What a comparison came to: means over the seeds, ranges, ratios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.bench.contest import Figures
from bot.bench.figures import ACCURACY, FIGURES, Figure


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure over all seeds."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Report:
    """Contender to its figures by seed; the first contender is the one under test."""

    by_seed: Mapping[str, Sequence[Figures]]

    @property
    def tested(self) -> str:
        """The name of the matcher under test."""
        return next(iter(self.by_seed))

    def spread(self, name: str, figure: Figure) -> Spread | None:
        """A contender's figure; None when it can't be told."""
        values = [value for found in self.by_seed[name] if (value := found[figure.key]) is not None]
        return Spread(sum(values) / len(values), min(values), max(values)) if values else None

    def rival(self, figure: Figure) -> str | None:
        """The peer to compare a figure with; None when it is not compared or can't be told.

        It is the best one in this figure. What costs time or memory is compared with the most accurate peer: the
        cheapest one is the one that does least.
        """
        if not figure.compared or self.spread(self.tested, figure) is None:
            return None
        judged = ACCURACY if figure.lower else figure
        means = {name: self.spread(name, judged) for name in list(self.by_seed)[1:]}
        return max(means, key=lambda name: spread.mean if (spread := means[name]) else 0.0, default=None)

    def ratio(self, figure: Figure) -> float | None:
        """Our mean divided by that peer's; None when there is none, or when it is 0."""
        rival = self.rival(figure)
        mine, other = (self.spread(name, figure) if name else None for name in (self.tested, rival))
        return mine.mean / other.mean if mine and other and other.mean else None


def table(report: Report) -> list[tuple[str, ...]]:
    """Rows of figure, ours, the peer's, which peer, and ours divided by it; only figures that can be told."""
    rows: list[tuple[str, ...]] = []
    for figure in FIGURES:
        if report.spread(report.tested, figure) is None:
            continue
        rival, ratio = report.rival(figure), report.ratio(figure)
        rows.append(
            (
                figure.title + (" (less is better)" if figure.lower else ""),
                shown(report.spread(report.tested, figure), figure),
                shown(report.spread(rival, figure), figure) if rival else "",
                rival or "",
                "" if ratio is None else f"{ratio:.2f}" if ratio < 100 else f"{ratio:.0f}",
            )
        )
    return rows


def everyone(report: Report) -> tuple[list[str], list[tuple[str, ...]]]:
    """Columns and rows of all contenders side by side, means only."""
    told = [
        figure for figure in FIGURES if figure.compared and report.spread(report.tested, figure) is not None
    ]
    columns = ["matcher", *(figure.key for figure in told)]
    return columns, [
        (name, *(_mean(report.spread(name, figure), figure) for figure in told)) for name in report.by_seed
    ]


def shown(spread: Spread | None, figure: Figure) -> str:
    """A figure with its unit, and its range over the seeds where they differ."""
    if spread is None:
        return ""
    text = f"{_number(spread.mean, figure)} {figure.unit}".strip()
    low, high = _number(spread.low, figure), _number(spread.high, figure)
    return text if low == high else f"{text} ({low}–{high})"


def _mean(spread: Spread | None, figure: Figure) -> str:
    return _number(spread.mean, figure) if spread else ""


def _number(value: float, figure: Figure) -> str:
    return f"{value:.0f}" if figure.unit == "MB" else f"{value:.3f}"


def as_json(report: Report) -> dict[str, object]:
    """Our means by figure at the top; ranges, ratios and peers below."""
    keys = [figure.key for figure in FIGURES]
    means = {
        name: {figure.key: _value(report, name, figure) for figure in FIGURES} for name in report.by_seed
    }
    ranges = {figure.key: _range(report.spread(report.tested, figure)) for figure in FIGURES}
    return {
        **{key: means[report.tested][key] for key in keys},
        "range": ranges,
        "matchers": means,
        "best_peer": {figure.key: report.rival(figure) for figure in FIGURES if figure.compared},
        "ratio": {figure.key: report.ratio(figure) for figure in FIGURES if figure.compared},
    }


def _value(report: Report, name: str, figure: Figure) -> float | None:
    spread = report.spread(name, figure)
    return spread.mean if spread else None


def _range(spread: Spread | None) -> list[float] | None:
    return [spread.low, spread.high] if spread else None
