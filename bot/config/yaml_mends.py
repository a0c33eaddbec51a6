"""How a line that is no YAML is mended, told to who never meant to write YAML: a list of words, a few settings."""

from __future__ import annotations

import re

import yaml

_VALUE = re.compile(r"\s*(?:-\s+|[^\s'\"#:-][^:#]*:\s+)*(?P<value>\S.*)")
_QUOTES = "'\""
_MARKS = "[]{},*&!%@`|>"
"""What words can't begin with; YAML means something else by it."""
_BEGUN = ("while parsing a flow", "while scanning a quoted")
"""What was never ended is found out at the end of the file, and mended where it begins."""


def line_of(error: yaml.MarkedYAMLError) -> int:
    """The line to mend, counted from 1."""
    begun = str(error.context).startswith(_BEGUN)
    mark = (error.context_mark if begun else None) or error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 1


def mend_of(text: str, line: int) -> str:
    """What to do about it, going by how the line looks."""
    lines = text.splitlines()
    wrong = lines[line - 1] if line <= len(lines) else ""
    if "\t" in _indentation(wrong):
        return "indent with spaces, not with tabs"
    found = _VALUE.fullmatch(wrong)
    first = found["value"][0] if found else ""
    if first and first in _QUOTES:
        return f"end the quotes that begin with {first} at the end of the line, or put the whole of it in the other kind"
    if first and first in _MARKS:
        return f"put words that begin with {first} in quotes, to the end of the line"
    if _juts_out(wrong, lines[: line - 1]):
        return "indent it like the lines above that it belongs to, and put words with : or # in quotes"
    return "put words with : or # in quotes"


def _juts_out(line: str, above: list[str]) -> bool:
    """Whether it is indented as none above it, though nothing begins there that would be."""
    told = [each for each in above if each.strip() and not each.lstrip().startswith("#")]
    if not told or told[-1].rstrip().endswith(":"):
        return False
    return len(_indentation(line)) not in {len(_indentation(each)) for each in told}


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
