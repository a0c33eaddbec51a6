"""Structured logs. They carry row numbers and error kinds, never names, phone numbers or what people wrote."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from types import TracebackType
from typing import Any

import structlog
from sqlalchemy.engine import make_url

from bot.cli.discreet import Discretion, template_alone, without_words
from bot.config import Config
from bot.config.kinds.place import PASSWORDS
from bot.config.sections import Log


def set_up_logs(settings: Log, *, quiet: bool = False, secrets: Iterable[str] = ()) -> None:
    """Lines for people or for machines, to standard error; libraries only warn. `secrets` are looked for in every line."""
    level = logging.getLevelNamesMapping()["ERROR" if quiet else settings.level.upper()]
    common: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.ExceptionRenderer(without_words),
        Discretion(secrets),
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[template_alone],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *common, renderer],
        )
    )
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)
    structlog.configure(
        processors=[*common, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    sys.excepthook = _ended


def keep_still() -> None:
    """For a command that does a shop's work by itself and tells what came of it: no lines beside that."""
    if not structlog.is_configured():
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def secrets_of(config: Config) -> list[str]:
    """All that must be said to nobody."""
    url = make_url(config.storage.url)
    asked = [value for name, value in url.normalized_query.items() if name.lower() in PASSWORDS]
    known = [*([url.password] if url.password else []), *(one for several in asked for one in several)]
    return [*config.secrets.all(), *known]


def _ended(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The last word of a process that ends by a defect: as discreet as those before."""
    structlog.get_logger(__name__).critical("ended by a defect", exc_info=(kind, error, trace))
