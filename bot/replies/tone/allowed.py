"""Lines that an owner leaves as they are on purpose: ``{# tone: allow #}`` in them, or alone on the line above."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.replies.finding import Finding, Severity

_MARK = re.compile(r"\{#-?\s*tone:\s*allow\b.*?#\}|(?<!\{)#\s*tone:\s*allow\b[^{}]*$")
"""A template's comment, or that of a list of words."""
_UNUSED = "this mark allows nothing: its line has nothing to mend; take the mark out"


def sorted_out(path: str, content: str, findings: list[Finding]) -> Iterator[Finding]:
    """A file's findings, those on marked lines as allowed; and the marks that allow nothing."""
    marks = _marked(content)
    used = {marks[found.line] for found in findings if found.line in marks}
    for found in findings:
        yield replace(found, severity=Severity.ALLOWED) if found.line in marks else found
    for line in sorted(set(marks.values()) - used):
        yield Finding(path, line, Severity.WARNING, _UNUSED)


def _marked(content: str) -> dict[int, int]:
    """Lines that are allowed, each to the line of its mark."""
    found = {}
    for number, line in enumerate(content.split("\n"), 1):
        mark = _MARK.search(line)
        if mark:
            alone = not line.replace(mark.group(), "").strip()
            found[number + alone] = number
    return found
