"""A reply's template, checked and ready: its text and the wordings of its buttons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import CodeType, TracebackType
from typing import Any

from jinja2 import Template, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.domain.decision import Say
from bot.domain.messages import Button
from bot.domain.replies import Reply
from bot.errors import TemplateError
from bot.pipeline.deliveries import Rendered
from bot.replies import sandbox, syntax
from bot.replies.finding import Finding, Severity, nearest
from bot.replies.source import Source, Wording, take_apart
from bot.replies.tongue import Tongue, short
from bot.replies.walk import walked

MAX_PAYLOAD = 64
"""UTF-8 bytes a button can carry."""
MAX_LABEL = 64
"""Characters of a button's label."""

_BLANKS = re.compile(r"[ \t]+$", re.MULTILINE)
_GAPS = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Sheet:
    """One template file, compiled."""

    path: str
    content: str
    """The file as it was, to tell whether it changed."""
    text: CodeType
    labels: Mapping[str, CodeType]
    reads: frozenset[str]
    """The names of all values it may read, and of all their parts."""

    @cached_property
    def _text(self) -> Template:
        return sandbox.ready(sandbox.TEXT, self.text)

    @cached_property
    def _labels(self) -> Mapping[str, Template]:
        return {label: sandbox.ready(sandbox.LABEL, code) for label, code in self.labels.items()}

    def fill(self, say: Say, tongue: Tongue) -> Rendered:
        """The reply in words; `TemplateError` when the template fails on these values."""
        text = tidy(self._run(self._text, say.values, tongue))
        if not text and not say.attachments:
            raise TemplateError(f"{self.path}:1: the reply came out empty; it needs words for every case")
        return Rendered(text, tuple(self._button(button, say, tongue) for button in say.buttons))

    def _button(self, button: Button, say: Say, tongue: Tongue) -> tuple[str, str]:
        payload = button.payload(say.token)
        if len(payload.encode()) > MAX_PAYLOAD:
            raise TemplateError(
                f"{say.reply}: the button {button.label!r} would carry {len(payload.encode())} bytes,"
                f" more than {MAX_PAYLOAD}: {payload}"
            )
        label = short(
            self._run(self._labels[button.label], {**say.values, **button.values}, tongue), MAX_LABEL
        )
        if not label:
            raise TemplateError(f"{self.path}:1: the button {button.label!r} came out empty; it needs words")
        return label, payload

    def _run(self, template: Template, values: Mapping[str, object], tongue: Tongue) -> str:
        try:
            return sandbox.run(template, values, tongue)
        except Exception as error:
            line = _line_of(error.__traceback__, self.path)
            raise TemplateError(f"{self.path}:{line}: {error}") from error


def read(path: str, content: str, declared: Reply) -> tuple[Sheet | None, list[Finding]]:
    """Check a file against what its reply declares and compile it; no sheet when anything is wrong with it."""
    source, findings = take_apart(path, content)
    return compiled(source, content, declared, findings + _unmatched_labels(source, declared))


def compiled(
    source: Source, content: str, declared: Reply, findings: list[Finding]
) -> tuple[Sheet | None, list[Finding]]:
    """The pieces of a file compiled; no sheet when anything is wrong with it, or was before."""
    path = source.path
    reading = _Reading(path, findings, set())
    text = reading.template(sandbox.TEXT, source.text, declared.values, markup=True)
    for_labels = {**declared.values, **(declared.label_values or {})}
    labels = {
        label: reading.template(sandbox.LABEL, wording, for_labels, markup=False)
        for label, wording in source.labels.items()
        if label in declared.labels
    }
    if findings or text is None:
        return None, findings
    usable = {label: made for label, made in labels.items() if made}
    return Sheet(path, content, text, usable, frozenset(reading.reads)), findings


def tidy(text: str) -> str:
    """No blanks at line ends, no more than one empty line, none around."""
    return _GAPS.sub("\n\n", _BLANKS.sub("", text)).strip()


def _unmatched_labels(source: Source, declared: Reply) -> list[Finding]:
    missing = [
        Finding(source.path, source.text.text.count("\n") + 2, Severity.ERROR, _missing_label(label))
        for label in declared.labels
        if label not in source.labels
    ]
    extra = [
        Finding(
            source.path,
            wording.line,
            Severity.ERROR,
            f"this reply has no button {label!r}{nearest(label, declared.labels) or '; take the line out'}",
        )
        for label, wording in source.labels.items()
        if label not in declared.labels
    ]
    return missing + extra


def _missing_label(label: str) -> str:
    return f"the button {label!r} has no words; below --- add a line `{label}: …`"


@dataclass(frozen=True, slots=True)
class _Reading:
    """Turning the pieces of one file into templates, noting what is wrong and what they read."""

    path: str
    findings: list[Finding]
    reads: set[str]

    def template(
        self,
        environment: ImmutableSandboxedEnvironment,
        wording: Wording,
        values: Mapping[str, Any],
        *,
        markup: bool,
    ) -> CodeType | None:
        try:
            tree = environment.parse(wording.padded, self.path, self.path)
            wrong = syntax.complaints(tree)
            if not wrong:
                found = walked(tree, values, markup=markup)
                wrong = found.complaints
                self.reads.update(found.reads)
            if not wrong:
                return sandbox.compiled(environment, tree, self.path)
        except TemplateSyntaxError as error:
            wrong = [(error.lineno, _said_plainly(error))]
        except RecursionError:
            wrong = [(wording.line, "this is nested too deeply; say it in simpler pieces")]
        except (SyntaxError, ValueError, OverflowError, MemoryError) as error:
            wrong = [(wording.line, f"this can't be read as a template: {error}")]
        self.findings.extend(Finding(self.path, line, Severity.ERROR, message) for line, message in wrong)
        return None


def _said_plainly(error: TemplateSyntaxError) -> str:
    message = (error.message or "this can't be read as a template").rstrip(".")
    return message[:1].lower() + message[1:] + "; check the {{ }} and {% %} in this line"


def _line_of(trace: TracebackType | None, path: str) -> int:
    """The template's line an error came from."""
    line = 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
