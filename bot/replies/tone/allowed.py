"""Lines that an owner leaves as they are on purpose: ``{# tone: allow #}`` in them, or alone on the line above."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bot.replies.finding import Finding, Severity

_MARK = re.compile(r"\{#-?\s*tone:\s*allow\b.*?#\}|(?<!\{)#\s*tone:\s*allow\b[^{}]*$")
"""A template's comment, or that of a list of words."""
_LINE_END = re.compile(r"\r\n|\r|\n")
"""As Jinja counts lines."""
_UNUSED = "this mark allows nothing: its line has nothing to mend; take the mark out"


def sorted_out(files: Mapping[str, str], findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, those on marked lines as allowed; and the marks in these files that allow nothing."""
    marks = {path: _marked(content) for path, content in files.items()}
    used = set()
    for found in findings:
        mark = marks.get(found.path, {}).get(found.line)
        used.add((found.path, mark))
        yield found if mark is None else replace(found, severity=Severity.ALLOWED)
    for path, marked in marks.items():
        for line in set(marked.values()):
            if (path, line) not in used:
                yield Finding(path, line, Severity.WARNING, _UNUSED)


def _marked(content: str) -> dict[int, int]:
    """Lines that are allowed, each to the line of its mark."""
    found = {}
    for number, line in enumerate(_LINE_END.split(content), 1):
        mark = _MARK.search(line)
        if mark:
            alone = not line.replace(mark.group(), "").strip()
            found[number + alone] = number
    return found
