"""A reply as its reader will see it, on sample values: for the terminal."""

from __future__ import annotations

from typing import Any

from bot.domain.messages import Button
from bot.domain.samples import Sampler, Size
from bot.domain.tags import plain
from bot.errors import TemplateError
from bot.flows import REPLIES
from bot.flows.macros import declared_as
from bot.pipeline.deliveries import Rendered
from bot.replies.finding import nearest
from bot.replies.replies import Replies


def sample_of(
    replies: Replies, name: str, language: str, size: Size = Size.PLAIN, /, **values: Any
) -> Rendered:
    """The reply on sample values, some of which may be given; `TemplateError` when there is none of that name."""
    declared = declared_as(name, REPLIES)
    if declared is None:
        raise TemplateError(f"there is no reply {name!r}{nearest(name, REPLIES)}")
    sampler = Sampler(size, language)
    options = sampler.values(declared.label_values or {})
    buttons = tuple(Button("sample", "1", label, options) for label in declared.labels)
    return replies(
        declared(buttons=buttons, token="1", **{**sampler.values(declared.values), **values}), language
    )


def preview(replies: Replies, name: str, language: str, size: Size = Size.PLAIN) -> str:
    """The same as plain text, its buttons in brackets below."""
    rendered = sample_of(replies, name, language, size)
    buttons = "\n".join(f"[ {label} ]" for label, _ in rendered.buttons)
    return plain(rendered.text) + (f"\n\n{buttons}" if buttons else "")
