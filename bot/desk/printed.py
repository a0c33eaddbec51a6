"""HTML that stands for itself: to be kept, sent on and printed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from bot.desk.dossier.labels import Labels


def printed(template: str, labels: Labels, **values: Any) -> str:
    """One of the desk's templates, in these words; a name that is not there is an error, and whatever people wrote is text."""
    jinja = _templates().overlay()
    jinja.filters = {**jinja.filters, **labels.filters}
    return jinja.get_template(template).render(language=labels.language, w=labels.said, **values)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
