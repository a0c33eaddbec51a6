"""aiogram's models, each built when it is first used: all of them at import, as aiogram does it, takes six seconds."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

_names: dict[str, Any] = {}
_build = BaseModel.__dict__["model_rebuild"].__func__


def _later(_: type[BaseModel], *, _types_namespace: dict[str, Any], **__: Any) -> None:
    """In place of the building at import: only remember what the names in the annotations stand for."""
    _names.update(_types_namespace)


def _now(model: type[BaseModel], *, force: bool = False, raise_errors: bool = True, **_: Any) -> bool | None:
    """What pydantic calls when a model that was never built is used."""
    built: bool | None = _build(model, force=force, raise_errors=raise_errors, _types_namespace=_names)
    return built


BaseModel.model_rebuild = classmethod(_later)  # type: ignore[assignment,method-assign,arg-type]
try:
    from aiogram import methods, types
    from aiogram.methods.base import TelegramMethod
    from aiogram.types.base import TelegramObject
finally:
    BaseModel.model_rebuild = classmethod(_build)  # type: ignore[assignment,method-assign]
for _base in (TelegramMethod, TelegramObject):
    _base.model_rebuild = classmethod(_now)  # type: ignore[assignment,method-assign,arg-type]

__all__ = ["TelegramMethod", "TelegramObject", "methods", "types"]
