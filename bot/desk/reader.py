"""What the agents' page puts into the inbox, and how it is read out of it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.web.reader import files_in, files_out
from bot.channels.web.text import clean, word
from bot.domain.messages import AgentAct, Attachment, Incoming
from bot.errors import UnreadableUpdate


def act(
    act: str,
    agent: str,
    *,
    account: str = "",
    case: str = "",
    version: int = 0,
    text: str = "",
    then: str = "",
    files: Sequence[Attachment] = (),
) -> dict[str, Any]:
    """The payload of something an agent did, with the files that go with it; `account` is theirs (``staff:7``), as whoever
    took it in knows it."""
    payload = {
        "act": act,
        "agent": agent,
        "account": account,
        "case": case,
        "version": version,
        "text": text,
    }
    return payload | ({"then": then} if then else {}) | ({"files": files_out(files)} if files else {})


def read(payload: Mapping[str, Any]) -> Incoming:
    """What the agent did; `UnreadableUpdate` when it has not the shape above."""
    act, agent = word(payload.get("act"), 64), word(payload.get("agent"), 64)
    version, text = payload.get("version", 0), payload.get("text", "")
    if not act or not agent:
        raise UnreadableUpdate("a desk act names the act and the agent")
    if not isinstance(version, int) or not isinstance(text, str):
        raise UnreadableUpdate("a desk act's version is a number and its text is text")
    done = AgentAct(
        act, agent, word(payload.get("case"), 64), version, clean(text), word(payload.get("then"), 64)
    )
    account = word(payload.get("account"), 64) or f"web:{agent}"
    return Incoming(act=done, attachments=files_in(payload), account=account)
