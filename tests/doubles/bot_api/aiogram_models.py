"""aiogram's models, each built when it is first used: all of them at import, as aiogram does it, takes six seconds."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

_names: dict[str, Any] = {}
_build = BaseModel.__dict__["model_rebuild"].__func__


def _later(_: type[Any], /, *, _types_namespace: dict[str, Any], **__: Any) -> None:
    """In place of the building at import: only remember what the names in the annotations stand for."""
    _names.update(_types_namespace)


def _now(model: type[Any], /, *, force: bool = False, raise_errors: bool = True, **_: Any) -> bool | None:
    """What pydantic calls when a model that was never built is used."""
    built: bool | None = _build(model, force=force, raise_errors=raise_errors, _types_namespace=_names)
    return built


_anything: Any = BaseModel
"""Its method is put in another's place, which a type checker rightly refuses of a class it knows."""
_anything.model_rebuild = classmethod(_later)
try:
    from aiogram import methods, types
    from aiogram.methods.base import TelegramMethod
    from aiogram.types.base import TelegramObject
finally:
    _anything.model_rebuild = classmethod(_build)
for _anything in (TelegramMethod, TelegramObject):
    _anything.model_rebuild = classmethod(_now)

__all__ = ["TelegramMethod", "TelegramObject", "methods", "types"]
