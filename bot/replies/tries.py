"""What a template is tried on: samples of each size, and in each of them every value that an enum in it can have.

Most of these look the same to a template, which reads a few parts of its values. Each look is tried once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from typing import Any

from bot.domain.pins import Pin, pinned
from bot.domain.replies import Reply
from bot.domain.samples import Sampler, Size
from bot.replies.filters import FILTERS
from bot.replies.shapes import attributes_of
from bot.replies.walk import EVERY_PART

_WHOLE = frozenset(kind for spec in FILTERS.values() for kind in spec.takes if is_dataclass(kind))
"""Values that a filter reads, whatever parts of them a template names."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """One value, and what becomes of it when all enums of a kind in it have one value."""

    plain: Any
    pinned: Mapping[Pin, Any]
    """Only where that makes a difference."""

    def at(self, pin: Pin | None) -> Any:
        return self.pinned.get(pin, self.plain) if pin else self.plain


class Tries:
    """What the templates of a language are tried on. A sample is made once: many replies have values in common."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._made: dict[tuple[Size, str, Any], _Sample] = {}

    def of(self, declared: Reply, reads: frozenset[str]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """The reply's values, and those of its labels, for a template that reads what is so called."""
        for size in Size:
            values = self._samples(size, declared.values)
            options = self._samples(size, declared.label_values or {})
            read = [sample for name, sample in (*values.items(), *options.items()) if name in reads]
            looks, seen = _Looks(reads), set()
            for pin in (None, *dict.fromkeys(pin for sample in read for pin in sample.pinned)):
                look = tuple([looks.of(sample.at(pin)) for sample in read])
                if look not in seen:
                    seen.add(look)
                    yield (
                        {name: sample.at(pin) for name, sample in values.items()},
                        {name: sample.at(pin) for name, sample in options.items()},
                    )

    def _samples(self, size: Size, hints: Mapping[str, Any]) -> dict[str, _Sample]:
        return {name: self._sample(size, name, hint) for name, hint in hints.items()}

    def _sample(self, size: Size, name: str, hint: Any) -> _Sample:
        key = (size, name, hint)
        if key not in self._made:
            plain = Sampler(size, self._language).value(hint, name)
            self._made[key] = _Sample(plain, pinned(plain))
        return self._made[key]


class _Looks:
    """How values look to a template: two that look the same make the same text of it."""

    def __init__(self, reads: frozenset[str]) -> None:
        self._reads = reads
        self._found: dict[int, tuple[Any, object]] = {}
        """By identity, with the value, whose number is not given to another as long as it is kept."""

    def of(self, value: Any) -> object:
        """All that the template may read of the value."""
        kind = type(value)
        if kind is not tuple and (kind in _WHOLE or not is_dataclass(kind)):
            return value
        known = self._found.get(id(value))
        if known is None:
            known = self._found[id(value)] = value, self._parts(value)
        return known[1]

    def _parts(self, value: Any) -> object:
        if isinstance(value, tuple):
            return tuple([self.of(item) for item in value])
        kind: Any = type(value)
        every = EVERY_PART in self._reads
        names = [name for name in attributes_of(kind) if every or name in self._reads]
        return kind, bool(value), *[self.of(_part(value, name)) for name in names]


def _part(value: Any, name: str) -> Any:
    try:
        return getattr(value, name)
    except Exception as error:  # noqa: BLE001 -- the template that reads it will fail, and say so
        return repr(error)
