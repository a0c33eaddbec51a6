"""What must not stand in a log: secrets, and what people are called, where they live and what they wrote.

What we log ourselves are numbers of rows and kinds of errors. What others say in our place is the danger: the message of an
exception may repeat a buyer's words, a library's line an address with the token in it.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any

from structlog.typing import EventDict, WrappedLogger

from bot.cli.visible import visible, visible_line
from bot.errors import (
    ConfigError,
    DeliveryError,
    FolderError,
    LookupUnavailable,
    StoreError,
    TemplateError,
)
from bot.understanding.personal import HIDDEN, masked

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]
_OF_OURS = (ConfigError, DeliveryError, FolderError, LookupUnavailable, StoreError)
"""Errors whose words are about settings, files, the database or the network, and never a buyer's; but a template that fails may
say on what value it did."""
_SHORTEST = 6
"""Characters of the shortest secret that is looked for: a shorter one stands in other words as well."""


class Discretion:
    """Makes secrets and personal data unreadable in whatever is to be written."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = {secret for secret in secrets if len(secret) >= _SHORTEST}
        self._secrets = sorted(known, key=len, reverse=True)

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        """As a processor of structlog: all values, and the exception that was written out before."""
        written_out = event.pop("exception", None)
        told = {name: self._discreet(value) for name, value in event.items()}
        return told if written_out is None else {**told, "exception": visible(self.words(written_out))}

    def _discreet(self, value: Any) -> Any:
        if value is None or isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, (list, tuple)):
            return [self._discreet(one) for one in value]
        return visible_line(self.words(value if isinstance(value, str) else repr(value)))

    def words(self, text: str) -> str:
        """The text without them."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return masked(text)


def template_alone(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Of a library's line only what its author wrote, and who wrote it: what is filled in may be anybody's."""
    record = event["_record"]
    lines = str(record.msg).strip().splitlines()
    return {**event, "event": lines[0] if lines else "", "logger": record.name}


def without_words(exc_info: ExcInfo) -> str:
    """An exception with all its causes: where it happened, and of what kind it is. Its words only where they are ours."""
    return "\n".join(_told(exc_info[1], set()))


def _told(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        yield from _told(cause, seen)
        yield "which led to:"
    if error.__traceback__:
        yield "Traceback (most recent call last):"
        yield "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    yield _named(error)
    for part in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield "of which one is:"
        yield from _told(part, seen)


def _named(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, _OF_OURS) and not isinstance(error, TemplateError):
        return f"{name}: {visible_line(str(error))}"
    if isinstance(error, OSError) and error.strerror:
        return f"{name}: {error.strerror}"
    return name
