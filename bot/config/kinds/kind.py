"""What every kind of value can do."""

from __future__ import annotations

from typing import Any, Protocol


class Kind(Protocol):
    """One kind of value."""

    @property
    def allowed(self) -> str:
        """Which values are allowed, in words."""
        ...

    def read(self, text: str) -> Any:
        """The value; ValueError says what it is not."""
        ...

    def write(self, value: Any) -> str:
        """The value as it is written in YAML."""
        ...
