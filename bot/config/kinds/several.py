"""A value that may lack, and lists of values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot.config.kinds.kind import Kind


@dataclass(frozen=True, slots=True)
class Maybe:
    """A value, or nothing."""

    of: Kind

    @property
    def allowed(self) -> str:
        return f"{self.of.allowed}, or empty"

    def read(self, text: str) -> Any:
        return self.of.read(text) if text else None

    def write(self, value: Any) -> str:
        return "" if value is None else self.of.write(value)


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values, each once; in the environment written with commas."""

    of: Kind
    into: Callable[[Iterable[Any]], Any] = tuple
    at_least: int = 0

    @property
    def allowed(self) -> str:
        return f"a list such as [a, b], each of it: {self.of.allowed}"

    def read_all(self, texts: tuple[str, ...]) -> Any:
        """The values; ValueError names the one that is wrong."""
        if len(texts) < self.at_least:
            raise ValueError(f"needs at least {self.at_least} of them")
        if len(set(texts)) < len(texts):
            raise ValueError("names one twice")
        return self.into([self._one(text) for text in texts])

    def read(self, text: str) -> Any:
        """A list written with commas."""
        return self.read_all(tuple(part.strip() for part in text.split(",")) if text.strip() else ())

    def write(self, value: Iterable[Any]) -> str:
        items = sorted(value) if isinstance(value, frozenset) else value
        return f"[{', '.join(self.of.write(item) for item in items)}]"

    def _one(self, text: str) -> Any:
        try:
            return self.of.read(text)
        except ValueError as error:
            raise ValueError(f"has {text!r} in it, which {error}") from None
