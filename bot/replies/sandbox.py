"""Where templates run: nothing but their values, our filters, and a budget."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from types import CodeType
from typing import Any

from jinja2 import StrictUndefined, Template, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bot.replies.filters import FILTERS, Filter
from bot.replies.tongue import Tongue

MAX_OUTPUT = 65_536
"""Characters a reply may come to, markup included, before the sandbox stops it."""
MAX_VALUE = 8_192
"""Characters of one value that are shown."""
MAX_ROUNDS = 2_000
"""Rounds all loops of a reply may take together."""

_TONGUE, _BUDGET = "the language", "the loops"  # no template can write a name with a space in it
# Control characters, and the marks that turn the reading order of what follows them.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class _Budget:
    """Rounds left."""

    def __init__(self) -> None:
        self.left = MAX_ROUNDS

    def spend(self, rounds: int) -> None:
        self.left -= rounds
        if self.left < 0:
            raise ValueError(f"the loops take more than {MAX_ROUNDS} rounds; cut them: orders[:5]")


def shown(value: object) -> object:
    """What a value looks like in a reply: text and whole numbers as they are; anything else needs a filter."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, str):
        text = _UNSEEN.sub("", str(value))
        return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "…"
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TypeError(
        f"a {type(value).__name__} can't be shown as it is; it needs a filter, or an {{% if %}} around it"
    )


def _in_context(spec: Filter) -> Callable[..., Any]:
    @pass_context
    def run(context: Context, value: Any, *arguments: Any) -> Any:
        if isinstance(value, str) and not isinstance(value, Markup) and type(value) is str:
            value = _UNSEEN.sub("", value)
        return spec.does(context[_TONGUE], value, *arguments)

    return run


@pass_context
def _bounded(context: Context, values: object) -> object:
    if not isinstance(values, tuple):
        raise TypeError(f"can't loop over a {type(values).__name__}")
    context[_BUDGET].spend(len(values))
    return values


class _Environment(ImmutableSandboxedEnvironment):
    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Jinja asks about functions, frames, lists and the like, one by one; of our own data only `_` is closed."""
        if is_dataclass(obj) and not isinstance(obj, type):
            return not attr.startswith("_")
        return super().is_safe_attribute(obj, attr, value)


def _environment(*, autoescape: bool) -> ImmutableSandboxedEnvironment:
    made = _Environment(
        undefined=StrictUndefined,
        autoescape=autoescape,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
        cache_size=0,
    )
    made.globals.clear()
    made.filters = {name: _in_context(spec) for name, spec in FILTERS.items()} | {"bounded": _bounded}
    made.tests = {"none": lambda value: value is None}
    return made


TEXT = _environment(autoescape=True)
"""For the text, which is markup: values are escaped."""
LABEL = _environment(autoescape=False)
"""For button labels, which are plain text."""


def compiled(environment: ImmutableSandboxedEnvironment, tree: nodes.Template, path: str) -> CodeType:
    """A checked tree as code, its loops counted."""
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, "bounded", [], [], None, None, lineno=loop.lineno)
    return environment.compile(tree, path, path)


def ready(environment: ImmutableSandboxedEnvironment, code: CodeType) -> Template:
    """Such code, ready to run in the environment it was compiled for."""
    return environment.template_class.from_code(environment, code, {})


def run(template: Template, values: Mapping[str, object], tongue: Tongue) -> str:
    """The template filled in; stops what grows without end."""
    chunks, length = [], 0
    for chunk in template.generate({**values, _TONGUE: tongue, _BUDGET: _Budget()}):
        length += len(chunk)
        if length > MAX_OUTPUT:
            raise ValueError(f"the reply comes to more than {MAX_OUTPUT} characters")
        chunks.append(chunk)
    return "".join(chunks)
