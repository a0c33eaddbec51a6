"""``replies/<lang>/macros/*.j2``: the text, then ``---``, then what the macro is called, found by, and does when it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.macros import Macro
from bot.domain.replies import Reply
from bot.flows.agents_words import AFTERWARDS, follows
from bot.flows.macros import reply_of
from bot.replies import template
from bot.replies.finding import Finding, Severity, nearest
from bot.replies.source import Source, take_apart
from bot.replies.template import Sheet

HEADS = ("name", "tags", "then")
MAX_TITLE = 40
"""Characters, so that a list of macros can be read on a phone."""


def read_as(reply: str) -> Callable[[str, str, Reply], tuple[Sheet | None, list[Finding]]]:
    """How the file of that reply is read: as a macro, or as what a flow says."""
    return read if reply.startswith(reply_of("")) else template.read


def read(path: str, content: str, declared: Reply) -> tuple[Sheet | None, list[Finding]]:
    """Check a macro and compile it; no sheet when anything is wrong with it."""
    source, findings = take_apart(path, content)
    findings += _wrong_heads(source)
    return template.compiled(replace(source, labels={}), content, declared, findings)


def macro_of(name: str, sheet: Sheet) -> Macro:
    """What stands below the text of a macro that has been checked."""
    heads = {head: wording.text for head, wording in take_apart(sheet.path, sheet.content)[0].labels.items()}
    return Macro(name, heads["name"], tuple(heads.get("tags", "").split()), heads.get("then", ""))


def _wrong_heads(source: Source) -> list[Finding]:
    heads, end = source.labels, source.text.text.count("\n") + 2
    found = [
        (wording.line, f"a macro has no {head!r}{nearest(head, HEADS)}")
        for head, wording in heads.items()
        if head not in HEADS
    ]
    if "name" not in heads:
        found.append((end, "the macro has no name for the agents' list; below --- add a line `name: …`"))
    elif len(heads["name"].text) > MAX_TITLE:
        found.append((heads["name"].line, f"the name is longer than {MAX_TITLE} characters"))
    if "then" in heads and not follows(heads["then"].text):
        said = f"{heads['then'].text!r} is nothing that can follow an answer; write one of: {', '.join(AFTERWARDS)}"
        found.append((heads["then"].line, said))
    return [Finding(source.path, line, Severity.ERROR, message) for line, message in found]
