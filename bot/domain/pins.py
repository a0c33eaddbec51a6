"""What becomes of a value when its enums have another member: how the linter and the tests reach every branch of a reply."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

Pin = tuple[type[Enum], Enum]
"""A value of an enum, with its kind: values of two kinds may be the same text, and then are equal."""


def pinned(value: Any) -> dict[Pin, Any]:
    """What becomes of the value when all enums of a kind inside it have one value, where that makes a difference."""
    made = {(kind, member): pin(value, member) for kind in _enums_in(value, {}) for member in kind}
    return {pin: other for pin, other in made.items() if other is not value}


def _enums_in(value: Any, done: dict[int, Any]) -> dict[type[Enum], None]:
    """The kinds of enums in a value, in the order in which they are met."""
    if isinstance(value, Enum):
        return {type(value): None}
    if id(value) in done:
        return {}
    done[id(value)] = value
    found: dict[type[Enum], None] = {}
    for part in _parts(value).values():
        found |= _enums_in(part, done)
    return found


def pin(value: Any, member: Enum) -> Any:
    """The value with every enum of the member's kind inside it set to the member; itself where that changes nothing."""
    return _pinned(value, member, {})


def _pinned(value: Any, member: Enum, done: dict[int, Any]) -> Any:
    if type(value) is type(member):
        return member
    if id(value) not in done:  # the worst samples repeat one value many times
        parts = _parts(value)
        changed = {name: _pinned(part, member, done) for name, part in parts.items()}
        if all(changed[name] is part for name, part in parts.items()):
            done[id(value)] = value
        elif isinstance(value, tuple):
            done[id(value)] = tuple(changed.values())
        else:
            done[id(value)] = replace(value, **changed)
    return done[id(value)]


def _parts(value: Any) -> dict[Any, Any]:
    """The items of a tuple, the fields of a dataclass."""
    if isinstance(value, tuple):
        return dict(enumerate(value))
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return {}
