"""Requests as they come over HTTP, and answers as they go back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, hdrs, web

from tests.doubles.bot_api.errors import ApiError, broken
from tests.doubles.bot_api.json_type import Json

NOT_UTF8 = "strings must be encoded in UTF-8"
HAS_NUL = "strings must not contain NUL characters"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a multipart request."""

    name: str
    content: bytes
    mime: str


async def read(request: web.BaseRequest) -> tuple[Json, dict[str, Upload]]:
    """Parameters and files of a request.

    "We support four ways of passing parameters": query string, form, JSON, multipart
    (https://core.telegram.org/bots/api#making-requests).
    """
    params: Json = (
        _pairs(request.rel_url.raw_query_string.encode()) if request.rel_url.raw_query_string else {}
    )
    files: dict[str, Upload] = {}
    kind = request.content_type
    if kind == "application/json":
        params |= _object(await request.read())
    elif kind == "multipart/form-data":
        await _parts(request, params, files)
    elif kind == "application/x-www-form-urlencoded":
        params |= _pairs(await request.read())
    params = {
        name: value for name, value in params.items() if value is not None and (value != "" or name == "url")
    }
    check_strings(params)
    return params, files


def _pairs(body: bytes) -> Json:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise broken(NOT_UTF8) from None


def _object(body: bytes) -> Json:
    if not body:
        return {}
    try:
        value = json.loads(body)
    except UnicodeDecodeError:
        raise broken(NOT_UTF8) from None
    except json.JSONDecodeError:
        raise broken("can't parse JSON object") from None
    if not isinstance(value, dict):
        raise broken("JSON object expected")
    return value


async def _parts(request: web.BaseRequest, params: Json, files: dict[str, Upload]) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            raise broken("every part of a multipart request needs a name")
        content = bytes(await part.read(decode=False))
        if part.filename is not None:
            mime = part.headers.get(hdrs.CONTENT_TYPE, "application/octet-stream")
            files[part.name] = Upload(part.filename, content, mime)
        else:
            params[part.name] = _text(content)


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise broken(NOT_UTF8) from None


def check_strings(value: Any) -> None:
    """Strings must be UTF-8, so lone surrogates are refused; NUL is refused too, because it is never meant.

    The original answers the first with "strings must be encoded in UTF-8", and is milder about the second.
    """
    for text in _strings(value):
        if "\x00" in text:
            raise broken(HAS_NUL)
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError:
                raise broken(NOT_UTF8) from None


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in cast(Json, value).values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def ok(result: Any, description: str = "") -> web.Response:
    """A good answer: `{"ok": true, "result": …}`."""
    body: Json = {"ok": True, "result": result}
    if description:
        body["description"] = description
    return json_answer(200, body)


def failed(error: ApiError) -> web.Response:
    """A refusal; 429 also carries a `Retry-After` header, as the original does."""
    answer = json_answer(error.code, error.body())
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def json_answer(status: int, body: Any) -> web.Response:
    """JSON with the headers the original sends."""
    encoded = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return web.Response(status=status, body=encoded, content_type="application/json")
