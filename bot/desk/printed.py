"""HTML that stands for itself: to be kept, sent on and printed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


@cache
def templates_in(folder: Path) -> Environment:
    """Our own templates, not the shop's; a name that is not there is an error, and whatever people wrote is text."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
