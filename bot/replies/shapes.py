"""What a value looks like to a template: its attributes, its items, and whether it may be missing."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from bot.domain.orders import Order


@dataclass(frozen=True, slots=True)
class Shape:
    """A type as a template meets it."""

    kind: Any
    """The class; `tuple` for a sequence; `Any` when nothing is known."""
    optional: bool = False
    """It may be None."""
    item: Any = None
    """The type hint of a sequence's items."""
    masked_only: bool = False
    """It may only be shown through the filter `mask`."""

    @property
    def known(self) -> bool:
        """False where checking has nothing to go by."""
        return self.kind is not Any

    def certain(self) -> Shape:
        """The same, known to be there."""
        return replace(self, optional=False)


ANYTHING = Shape(Any)
PROOFS = frozenset({(Order, "phone")})
"""What proves that an order is a buyer's, and so is never told in full."""


class Loop:
    """What `loop` knows inside a loop."""

    index: int
    index0: int
    revindex: int
    revindex0: int
    length: int
    first: bool
    last: bool


def shape_of(hint: Any) -> Shape:
    """The shape of a type hint."""
    if get_origin(hint) in (Union, types.UnionType):
        rest = [part for part in get_args(hint) if part is not types.NoneType]
        return replace(shape_of(rest[0]), optional=True) if len(rest) == 1 else ANYTHING
    if get_origin(hint) is tuple:
        return Shape(tuple, item=get_args(hint)[0])
    return Shape(hint) if isinstance(hint, type) and not get_origin(hint) else ANYTHING


@cache
def attributes_of(kind: Any) -> Mapping[str, Shape]:
    """Name to shape of everything a template may read of a value; empty when it has no such parts."""
    if kind is Loop:
        return {name: shape_of(hint) for name, hint in get_type_hints(Loop).items()}
    if not is_dataclass(kind) or not isinstance(kind, type):
        return {}
    hints = get_type_hints(kind)
    found = {field.name: shape_of(hints[field.name]) for field in fields(kind)}
    for name, member in vars(kind).items():
        if isinstance(member, property) and not name.startswith("_"):
            found[name] = shape_of(get_type_hints(member.fget).get("return"))
    return {
        name: replace(shape, masked_only=(kind, name) in PROOFS)
        for name, shape in found.items()
        if shape.kind in _READABLE or not shape.known or is_dataclass(shape.kind) or _is_enum(shape.kind)
    }


_READABLE = (str, int, bool, datetime, tuple)


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def mend_for(shape: Shape, name: str) -> str:
    """How a value that can't be shown as it is is shown; empty when it can."""
    kind = shape.kind
    if kind is Any or kind in (str, int):
        return ""
    if kind is datetime:
        return f"write {{{{ {name}|moment }}}}, or |day, |date, |time"
    if kind is bool:
        return f"it is yes or no: write {{% if {name} %}} … {{% endif %}}"
    if kind is tuple:
        return f"write {{% for one in {name} %}} … {{% endfor %}}, or {{{{ {name}|count }}}}"
    if _is_enum(kind):
        return f"write {{{{ {name}|word }}}}"
    if set(attributes_of(kind)) >= {"minor", "currency"}:
        return f"write {{{{ {name}|money }}}}"
    return f"name one of its parts: {', '.join(f'{name}.{part}' for part in list(attributes_of(kind))[:6])}"
