"""What an agent typed, as an act of the desk.

Plain words go to the buyer, ``//…`` and ``/note …`` are a note among agents, a command is an act. What begins with a slash and is neither
is `UNKNOWN`: it never goes to a buyer.
"""

from __future__ import annotations

import re

from bot.domain.messages import AgentAct
from bot.flows.desk import CASE_COMMANDS, MACRO, NOTE, SNOOZE, STAFF_COMMANDS, TRANSFER

UNKNOWN = "unknown"
"""The act of an agent who typed what can't be carried out; the desk answers with the commands there are."""
NOT_SEEN = 0
"""The case version of one who typed a command: whatever it is now."""

_BLANK = r"[\s\u200b-\u200f\u2060\ufeff]*"
_SLASH = re.compile(rf"{_BLANK}([/／]{{1,2}})")
_KNOWN = re.compile(rf"{_BLANK}[/／、](?=(?:{'|'.join(STAFF_COMMANDS)})(?![A-Za-z0-9_]))", re.IGNORECASE)
"""A command; Chinese keyboards write the slash as ``／`` and as ``、`` too."""
_WITHIN = re.compile(
    rf"(?:(?<=\s)|(?<=[，。,;；:：!！?？、]))[/／](?:{'|'.join(STAFF_COMMANDS)})(?![A-Za-z0-9_/])",
    re.IGNORECASE,
)
"""The same in the middle of a line, where a plain slash begins a word: not ``1/2``, nor the path of a link."""
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@(\w{1,64}))?(?:\s+(.*))?", re.DOTALL)


def typed(text: str, agent: str, username: str = "") -> AgentAct | None:
    """The act; None when it is another bot's command than `username`'s."""
    written = _slashed(text)
    if written.startswith("//"):
        return AgentAct(NOTE, agent, text=written[2:].strip())
    if written:
        return _command(written, agent, username)
    return AgentAct(UNKNOWN if holds_command(text) else "say", agent, text=text)


def holds_command(text: str) -> bool:
    """True for words that hold a staff command, at the beginning of a line or in it: they are not meant for a buyer."""
    return any(_KNOWN.match(line) or _WITHIN.search(line) for line in text.splitlines())


def _slashed(text: str) -> str:
    """The text with plain slashes in front; empty when it does not begin with any."""
    if found := _SLASH.match(text):
        return "/" * len(found[1]) + text[found.end() :]
    found = _KNOWN.match(text)
    return "/" + text[found.end() :] if found else ""


def _command(written: str, agent: str, username: str) -> AgentAct | None:
    unknown = AgentAct(UNKNOWN, agent, text=written)
    found = _COMMAND.fullmatch(written)
    if found is None:
        return unknown
    name, addressee, rest = found[1].lower(), found[2], (found[3] or "").strip()
    if addressee and username and addressee.lower() != username.lower():
        return None
    if name == NOTE:
        return AgentAct(NOTE, agent, text=rest)
    if name not in STAFF_COMMANDS or holds_command(rest):
        return unknown
    if name not in CASE_COMMANDS:
        return AgentAct(name, agent, text=rest if name in (MACRO, SNOOZE, TRANSFER) else "")
    case, why = [*rest.split(maxsplit=1), "", ""][:2]
    return AgentAct(CASE_COMMANDS[name].value, agent, case.upper(), NOT_SEEN, why)
