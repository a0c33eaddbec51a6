"""What an agent did, as the desk's page posts it."""

from __future__ import annotations

from typing import Any

from bot.channels.web.guard import Refusal
from bot.channels.web.text import clean, word
from bot.desk import reader
from bot.desk.meant import meant
from bot.desk.panel import WITH_WORDS
from bot.desk.session import Session
from bot.domain.cases import Role
from bot.domain.messages import AgentAct
from bot.domain.transitions import TRANSITIONS
from bot.flows.agents_words import follows
from bot.flows.desk import HOLDING_ACTS, NOTE, SEND_DRAFT
from bot.flows.duty import DUTY_ACTS
from bot.flows.payment import BY_AGENTS

_ACTS = frozenset(
    {"say", NOTE, SEND_DRAFT, *HOLDING_ACTS, *DUTY_ACTS}
    | {row.event.value for row in TRANSITIONS if Role.AGENT in row.by}
    | {event.value for event in BY_AGENTS}
)
_NEED_TEXT = frozenset({"say", NOTE} | {event.value for event in WITH_WORDS})
_WITH_FILES = frozenset({"say", NOTE})
_LARGEST = 1 << 53
"""Numbers above are nobody's: a browser's script can't count so far."""


def posted(body: dict[str, Any], session: Session, *, files: bool) -> tuple[dict[str, Any], int]:
    """The act's payload and its conversation. `Refusal` when it makes no sense; `files`: some came with it."""
    act, conversation_id, version = (
        word(body.get("act")),
        _whole(body.get("conversation")),
        _whole(body.get("version", 0)),
    )
    text = clean(body["text"]).strip() if isinstance(body.get("text"), str) else ""
    if act not in _ACTS:
        raise Refusal(400, "error_bad_request")
    if (act in _NEED_TEXT and not text and not files) or (files and act not in _WITH_FILES):
        raise Refusal(400, "error_text_missing")
    then = word(body.get("then"), 64) if act == "say" else ""
    if then and not follows(then):
        raise Refusal(400, "error_bad_request")
    done = meant(AgentAct(act, session.agent, word(body.get("case")), version, text, then))
    payload = reader.act(
        done.act,
        done.agent,
        account=session.staff.account,
        case=done.case,
        version=done.version,
        text=done.text,
        then=done.then,
    )
    return payload, conversation_id


def _whole(given: object) -> int:
    """A number that can be somebody's; refused when it is none."""
    if type(given) is not int or not 0 <= given < _LARGEST:
        raise Refusal(400, "error_bad_request")
    return given
