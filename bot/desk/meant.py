"""What an agent means by what they sent from the page: typed commands are acts, and slips are told at once."""

from __future__ import annotations

import re

from bot.channels.typed import UNKNOWN, holds_command, typed
from bot.channels.web.guard import Refusal
from bot.domain.cases import Event
from bot.domain.messages import AgentAct
from bot.flows.desk import NOTE, STAFF_COMMANDS
from bot.understanding.waybills import holds_waybill

_UNFILLED = re.compile(r"\{\{|\}\}|\{%|%\}|_{3,}|＿{3,}")
"""A template's braces; a gap to be filled in."""
_COMMANDS = " ".join(f"/{name}" for name in STAFF_COMMANDS)


def meant(done: AgentAct) -> AgentAct:
    """The act that is meant; refused when it would tell a buyer a command, or take for a waybill what is none."""
    if done.act == "say":
        return _with_waybill(_whole(_typed(done)))
    if done.act != NOTE and holds_command(done.text):
        raise _no_command()
    return _with_waybill(done)


def _typed(done: AgentAct) -> AgentAct:
    act = typed(done.text, done.agent)
    if act is not None and act.act == "say":
        return done
    if act is None or act.act == UNKNOWN or (act.act == NOTE and not act.text):
        raise _no_command()
    return act


def _whole(act: AgentAct) -> AgentAct:
    """What stands in a macro's file, or was to be filled in, is not for buyers."""
    if act.act == "say" and _UNFILLED.search(act.text):
        raise Refusal(400, "error_unfilled")
    return act


def _with_waybill(act: AgentAct) -> AgentAct:
    if act.act == Event.SHIP_BACK and act.text and not holds_waybill(act.text):
        raise Refusal(400, "error_waybill")
    return act


def _no_command() -> Refusal:
    return Refusal(400, "error_command", commands=_COMMANDS)
