"""Structured logs. They carry row numbers and error kinds, never names, phone numbers or what people wrote."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from typing import TextIO

import structlog
from structlog.typing import ExcInfo

from bot.config import Log

_QUOTED = re.compile(r"^DETAIL: .*\n?", re.MULTILINE)


def set_up_logs(settings: Log, *, quiet: bool = False) -> None:
    """Lines for people or for machines, to standard error."""
    level = logging.getLevelNamesMapping()["ERROR" if quiet else settings.level.upper()]
    logging.basicConfig(
        level=max(level, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            exception_formatter=_traceback,  # the default draws local variables: people's data
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(_quiet)
            if settings.format == "json"
            else structlog.processors.StackInfoRenderer(),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _quiet(exc_info: ExcInfo) -> str:
    """The traceback, without the values of a row that PostgreSQL quotes."""
    return _QUOTED.sub("", "".join(traceback.format_exception(*exc_info))).rstrip()


def _traceback(out: TextIO, error: ExcInfo) -> None:
    out.write(f"\n{_quiet(error)}")
