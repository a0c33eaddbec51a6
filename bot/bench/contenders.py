"""Who takes part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from bot.bench.dataset import Example
from bot.bench.matchers import Matcher
from bot.errors import ShouhouError

EXTRA = "shouhou[bench]"
"""The packages that only the benchmark needs, as pip names them."""

Teach = Callable[[Sequence[Example]], Matcher]


class PackageMissing(ShouhouError):
    """A package that only the benchmark needs is not installed."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A matcher by name."""

    name: str
    module: str
    function: str
    """Examples to Matcher; in `module`, which is imported only when it takes part."""
    needs: str = ""
    """A package that is not among those the bot runs with."""

    def teach(self) -> Teach:
        """The function that makes a matcher."""
        found: Teach = getattr(import_module(self.module), self.function)
        return found


OURS = Contender("shouhou", "bot.bench.matchers", "ours")
FLOOR = Contender("rapidfuzz ratio", "bot.bench.nearest", "by_ratio")
PEERS = (
    FLOOR,
    Contender("rapidfuzz token_set_ratio", "bot.bench.nearest", "by_token_set_ratio"),
    Contender("rapidfuzz WRatio", "bot.bench.nearest", "by_wratio"),
    Contender("BM25", "bot.bench.bm25", "Bm25"),
    Contender("TF-IDF + linear SVM", "bot.bench.linear", "TfidfSvm", needs="sklearn"),
)


def require(packages: Iterable[str], what_for: str) -> None:
    """PackageMissing, with what to install, when one of these packages can't be imported."""
    for package in packages:
        if package and find_spec(package) is None:
            raise PackageMissing(f"{what_for} needs a package that is not here: pip install '{EXTRA}'")
