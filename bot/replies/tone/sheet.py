"""A template as the tone is looked for in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import nodes

from bot.domain.replies import Reply


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file, read."""

    path: str
    content: str
    declared: Reply
    text: nodes.Template
    labels: Mapping[str, nodes.Template]
