"""A macro an agent named becomes the words it comes to in this conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.domain.decision import Say
from bot.domain.macros import Macro
from bot.domain.tags import written_out
from bot.domain.turn import Turn
from bot.errors import TemplateError
from bot.flows.desk import MACRO
from bot.flows.macros import reply_of, values
from bot.pipeline.deliveries import Render

Macros = Callable[[str], Sequence[Macro]]
"""A language's macros, by title."""


def filled(render: Render, name: str, language: str, given: dict[str, object]) -> str:
    """The words an agent would send; `TemplateError` when they come to nothing in this conversation."""
    return written_out(render(Say(reply_of(name), given), language).text)


def worded(turn: Turn, macros: Macros, render: Render) -> Turn:
    """The same turn with the macro an agent typed as a line of theirs; as it is when there is none of that name."""
    act = turn.incoming.act
    if act is None or act.act != MACRO:
        return turn
    language = turn.conversation.language or turn.languages[0]
    usable = [macro for macro in macros(language) if not macro.problem]
    told = replace(turn, facts=replace(turn.facts, macros=tuple(macro.name for macro in usable)))
    wanted = next((macro for macro in usable if macro.called(act.text)), None)
    given = values(turn.conversation, turn.facts.orders, turn.facts.cases, act.agent)
    try:
        text = filled(render, wanted.name, language, given) if wanted else ""
    except TemplateError:
        text = ""
    if not text or wanted is None:
        return told
    case = given["case"].number if given["case"] else ""
    said = replace(act, act="say", case=case, text=text, then=wanted.then)
    # Its words stand nowhere in the staff group yet, even when its name was typed there.
    return replace(told, incoming=replace(turn.incoming, act=said, posted=False))
