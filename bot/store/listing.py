"""The agents' list: where something is to be done, and then what was said last."""

from __future__ import annotations

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, select, union_all
from sqlalchemy import case as sql_case

from bot.domain.cases import Event, State
from bot.domain.conversation import Priority
from bot.domain.messages import Speaker
from bot.pipeline.looks import Waiting
from bot.store.codec import conversation_of
from bot.store.part import Part, holds, of_shop
from bot.store.tables import cases, conversations, lines

_LATELY = 2_000
"""Lines of all conversations, the newest, whose conversations the agents' list may have although nothing is to be done in them."""
_OWES = of_shop(cases) & holds(cases.c.clock, Event.SELLER_TIMEOUT)
"""Its running clock is the shop's."""
_DUE_CASES = cases.alias("due_cases")
_SOONEST = (
    select(_DUE_CASES.c.number)
    .where(
        of_shop(_DUE_CASES),
        holds(_DUE_CASES.c.clock, Event.SELLER_TIMEOUT),
        _DUE_CASES.c.conversation_id == conversations.c.id,
    )
    .order_by(_DUE_CASES.c.due_at, _DUE_CASES.c.number)
    .limit(1)
    .correlate(conversations)
    .scalar_subquery()
)
"""Of the conversation's cases that the shop owes an answer in, the soonest."""
_SAID = lines.alias("said")
_INTERNAL = tuple(who.value for who in Speaker if who.internal)


def _newest(*said: ColumnElement[bool]) -> ScalarSelect[int]:
    """A conversation's last line of those, found by its index: to look through all lines of all of them would take ever longer."""
    return (
        select(_SAID.c.id)
        .where(of_shop(_SAID), _SAID.c.conversation_id == conversations.c.id, *said)
        .order_by(_SAID.c.id.desc())
        .limit(1)
        .correlate(conversations)
        .scalar_subquery()
    )


_READ_BY_BUYERS = _SAID.c.who.not_in(_INTERNAL)
_NEWEST = sql_case(
    (conversations.c.holder == "bot", None),
    else_=_newest(_READ_BY_BUYERS, _SAID.c.who != Speaker.BOT.value, _SAID.c.text != ""),
)
"""What a buyer said who waits for a person, or that person said: not that the bot has called one."""
_FLAGGED = conversations.c.flagged_at.is_not(None)
_LATE = (
    select(_SAID.c.id, _SAID.c.conversation_id)
    .where(of_shop(_SAID), _SAID.c.who.not_in(_INTERNAL))
    .order_by(_SAID.c.id.desc())
    .limit(_LATELY)
    .subquery()
)


def _first_of(query: Select[tuple[int]]) -> Select[tuple[int]]:
    """As many as the list is long."""
    found: Select[tuple[int]] = query.limit(bindparam("limit")).subquery().select()
    return found


_HERE = select(conversations.c.id).where(of_shop(conversations))
_CANDIDATES = union_all(
    _HERE.where(conversations.c.holder.in_(("queued", "agent"))),
    _HERE.where(conversations.c.holder == "bot", _FLAGGED),
    _first_of(
        select(cases.c.conversation_id)
        .where(_OWES)
        .group_by(cases.c.conversation_id)
        .order_by(func.min(cases.c.due_at))
    ),
    _first_of(
        select(_LATE.c.conversation_id)
        .group_by(_LATE.c.conversation_id)
        .order_by(func.max(_LATE.c.id).desc())
    ),
    _first_of(_HERE.order_by(conversations.c.id.desc())),
)
"""Whatever can be in the agents' list: where something is going on, where something was said lately, and so many of the newest
that the list is full anyway. To sort all there are would take ever longer."""
_WAITING = (
    select(
        conversations,
        lines.c.text,
        lines.c.at,
        cases.c.state.label("case_state"),
        cases.c.due_at.label("case_due_at"),
    )
    .select_from(conversations)
    .join(lines, lines.c.id == func.coalesce(_NEWEST, _newest(_READ_BY_BUYERS)))
    .outerjoin(cases, of_shop(cases) & (cases.c.number == _SOONEST))
    .where(of_shop(conversations, lines), conversations.c.id.in_(_CANDIDATES))
    .order_by(
        sql_case(
            (conversations.c.holder == "queued", 0),
            (_FLAGGED, 1),
            (cases.c.due_at.is_not(None), 2),
            (conversations.c.holder == "agent", 3),
            else_=4,
        ),
        sql_case(
            {each.value: -rank for rank, each in enumerate(Priority)}, value=conversations.c.priority, else_=0
        ),
        sql_case((_FLAGGED, conversations.c.flagged_at), else_=None),
        sql_case((~_FLAGGED & (conversations.c.holder != "queued"), cases.c.due_at), else_=None),
        lines.c.at.desc(),
    )
    .limit(bindparam("limit"))
)


class Listing(Part):
    """Queries of the list."""

    def waiting(self, limit: int = 100) -> list[Waiting]:
        """Conversations for the agents' list: flagged ones first, most urgent and longest waiting; then cases that wait
        for the shop, by deadline; then the newest."""
        rows = self._run(_WAITING, {"limit": limit}).mappings()
        return [
            Waiting(
                conversation_of(row),
                row["text"],
                row["at"],
                State(row["case_state"]) if row["case_state"] else None,
                row["case_due_at"],
            )
            for row in rows
        ]
