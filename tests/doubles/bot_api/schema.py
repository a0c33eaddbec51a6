"""Which parameters a method takes, by aiogram's models: a second opinion on what python-telegram-bot sends."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from tests.doubles.bot_api.aiogram_models import TelegramMethod, TelegramObject, methods, types
from tests.doubles.bot_api.errors import ApiError, broken, no_such_method
from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.wire import Upload, check_strings

MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "video": "there is no video in the request",
    "video_note": "there is no video note in the request",
    "voice": "there is no voice in the request",
    "sticker": "there is no sticker in the request",
    "file_id": "file_id not specified",
}
MARKUPS: dict[str, type[BaseModel]] = {
    "inline_keyboard": types.InlineKeyboardMarkup,
    "keyboard": types.ReplyKeyboardMarkup,
    "remove_keyboard": types.ReplyKeyboardRemove,
    "force_reply": types.ForceReply,
}
UNIONS = {"reply_markup", "media"}
ALBUM_ITEMS: dict[str, type[BaseModel]] = {
    "audio": types.InputMediaAudio,
    "document": types.InputMediaDocument,
    "photo": types.InputMediaPhoto,
    "video": types.InputMediaVideo,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What one method takes."""

    name: str
    model: type[BaseModel]
    names: frozenset[str]
    structured: frozenset[str]
    upload_only: frozenset[str]


@cache
def _names() -> dict[str, type[BaseModel]]:
    models = (getattr(methods, name) for name in methods.__all__)
    return {
        model.__api_method__.lower(): model
        for model in models
        if issubclass(model, TelegramMethod) and model is not TelegramMethod
    }


@cache
def shape_of(method: str) -> Shape:
    """The shape of a method by its name in the URL ("all methods in the Bot API are case-insensitive")."""
    model = _names().get(method.lower())
    if model is None:
        raise no_such_method()
    model.model_rebuild()
    fields = {name: field.annotation for name, field in model.model_fields.items()}
    return Shape(
        name=str(getattr(model, "__api_method__", method)),
        model=model,
        names=frozenset(fields),
        structured=frozenset(name for name, kind in fields.items() if _has(kind, TelegramObject, list)),
        upload_only=frozenset(name for name, kind in fields.items() if _is_upload_only(kind)),
    )


def _parts(kind: Any) -> list[Any]:
    if get_origin(kind) in (Union, UnionType):
        return [inner for part in get_args(kind) for inner in _parts(part)]
    if get_origin(kind) is list:
        return [list]
    if hasattr(kind, "__metadata__"):
        return _parts(get_args(kind)[0])
    return [kind]


def _has(kind: Any, *wanted: type) -> bool:
    return any(isinstance(part, type) and issubclass(part, wanted) for part in _parts(kind))


def _is_upload_only(kind: Any) -> bool:
    return _has(kind, types.InputFile) and not _has(kind, str)


def check(shape: Shape, params: Json, files: dict[str, Upload]) -> Json:
    """The parameters, decoded and of the right types, or a 400."""
    unknown = params.keys() - shape.names
    if unknown:
        raise broken(f'unknown parameter "{min(unknown)}" in {shape.name}')
    decoded = {name: _decoded(shape, name, value) for name, value in params.items()}
    for name in files.keys() & shape.names:
        decoded[name] = f"attach://{name}"
    unions = {name: _settled(name, decoded[name]) for name in UNIONS & decoded.keys()}
    model = _validated(shape, decoded)
    for name in decoded:
        if name in shape.structured:
            _check_extras(name, unions[name] if name in unions else getattr(model, name))
        elif name not in shape.upload_only:
            decoded[name] = getattr(model, name)
    return decoded


def _decoded(shape: Shape, name: str, value: Any) -> Any:
    """What the docs call "JSON-serialized" comes as text in a form, and as itself in a JSON body."""
    if name not in shape.structured or not isinstance(value, str):
        return value
    try:
        decoded = json.loads(value)
    except json.JSONDecodeError:
        raise broken(f"can't parse {_spoken(name)} JSON object") from None
    check_strings(decoded)
    return decoded


def _spoken(name: str) -> str:
    return "reply keyboard markup" if name == "reply_markup" else name


def _validated(shape: Shape, decoded: Json) -> BaseModel:
    given = {name: _stand_in(shape, name, value) for name, value in decoded.items() if name != "reply_markup"}
    try:
        return shape.model.model_validate(given)
    except ValidationError as error:
        raise _worded(error) from None


def _stand_in(shape: Shape, name: str, value: Any) -> Any:
    return types.BufferedInputFile(b"", name) if name in shape.upload_only else value


def _worded(error: ValidationError) -> ApiError:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0])
    if first["type"] == "missing" and len(first["loc"]) == 1:
        return broken(MISSING.get(name, f'parameter "{name}" is required'))
    place = ".".join(str(part) for part in first["loc"])
    return broken(f"can't parse {place}: {first['msg']}")


def _settled(name: str, value: Any) -> Any:
    """Unions are settled by their key here, since aiogram's models let unknown fields through."""
    if name == "reply_markup":
        return _one_of(MARKUPS, value, _markup_key(value), "reply markup")
    items = value if isinstance(value, list) else [value]
    return [_one_of(ALBUM_ITEMS, item, _media_type(item), "InputMedia") for item in items]


def _markup_key(value: Any) -> str:
    if not isinstance(value, dict):
        raise broken("object expected as reply markup")
    return next((key for key in MARKUPS if key in value), "")


def _media_type(value: Any) -> str:
    if not isinstance(value, dict):
        raise broken("can't parse InputMedia: object expected")
    return str(value.get("type", ""))


def _one_of(models: dict[str, type[BaseModel]], value: Any, key: str, what: str) -> BaseModel:
    if key not in models:
        raise broken(f"can't parse {what}: it is none of {', '.join(models)}")
    try:
        return models[key].model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise broken(f"can't parse {what} at {place}: {first['msg']}") from None


def _check_extras(place: str, value: Any) -> None:
    if isinstance(value, list):
        for index, item in enumerate(value):
            _check_extras(f"{place}[{index}]", item)
    elif isinstance(value, BaseModel):
        if value.__pydantic_extra__:
            raise broken(f'unknown field "{min(value.__pydantic_extra__)}" in {place}')
        for name in value.model_fields_set:
            _check_extras(f"{place}.{name}", getattr(value, name))
