"""Who is there, and what waits for them: what the router looks at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, bindparam, case, func, select, type_coerce, update

from bot.domain.conversation import Conversation, Holder, Priority
from bot.domain.routing import Colleague, Route, given_in_turn, left_by
from bot.domain.watch import Attendance, Routing
from bot.pipeline.tidings import Bell
from bot.store.clocks import CHANNEL
from bot.store.codec import conversation_of
from bot.store.part import Part, of_shop
from bot.store.staffing import staff_in
from bot.store.tables import conversations, inbox, staff

_MOST = 200
"""Conversations looked through at a time."""
_PASSED_ON = '%"meant_for":%'
"""What the state of a conversation holds that was passed on to a colleague by name."""
_AGAIN = 60
"""Seconds until the same conversation is looked at again although nothing happened in it."""
_LAST_DONE = (
    select(inbox.c.id)
    .where(
        of_shop(inbox),
        inbox.c.state == "done",
        inbox.c.conversation_id == conversations.c.id,
        inbox.c.channel != CHANNEL,
    )
    .order_by(inbox.c.id.desc())
    .limit(1)
    .correlate(conversations)
    .scalar_subquery()
)
"""The newest thing somebody did there that was dealt with: at the end of what the index has of the conversation."""
_LAST_OPEN = (
    select(inbox.c.conversation_id, func.max(inbox.c.id))
    .where(
        of_shop(inbox),
        inbox.c.state.in_(("due", "shunted")),
        inbox.c.conversation_id.in_(bindparam("numbers", expanding=True)),
        inbox.c.channel != CHANNEL,
    )
    .group_by(inbox.c.conversation_id)
)
"""The same of what was not."""
_HELD = (
    select(conversations.c.agent, func.count().label("holds"))
    .where(of_shop(conversations), conversations.c.holder == Holder.AGENT.value)
    .group_by(conversations.c.agent)
    .subquery()
)
_COLLEAGUES = (
    select(staff, func.coalesce(_HELD.c.holds, 0).label("holds"))
    .outerjoin(_HELD, _HELD.c.agent == staff.c.name)
    .where(of_shop(staff))
    .order_by(staff.c.id)
)
_HOLDING = _COLLEAGUES.where(_HELD.c.holds > 0)
"""Those who hold a conversation: with every turn it is asked who of them has gone, and of the others not."""
_RANKS = {each.value: -rank for rank, each in enumerate(Priority)}
_IN_LINE = (
    select(conversations)
    .where(of_shop(conversations), conversations.c.holder == Holder.QUEUED.value)
    .order_by(case(_RANKS, value=conversations.c.priority, else_=0), conversations.c.flagged_at)
)


class Rounds(Part):
    """Queries of the router."""

    def colleagues(self) -> tuple[Colleague, ...]:
        """Everybody who has an account, as they stand; nobody else gives them anything before this is committed."""
        self._after_others("give")
        return self._colleagues(_COLLEAGUES)

    def _colleagues(self, query: Select[Any]) -> tuple[Colleague, ...]:
        rows = self._run(query).mappings()
        return tuple(
            Colleague(staff_in(row), row["holds"], row["seen_at"], row["away"], row["given_at"])
            for row in rows
        )

    def route(self, now: datetime, wished: Attendance) -> int:
        """Put what may be given to somebody, or was left by somebody, before the worker; returns how many rows."""
        holding = self._colleagues(_HOLDING)
        gone = [one.staff.name for one in holding if not one.here(now, wished)]
        left = [one for one in self._held_by(gone) if left_by(one, holding, now, wished)]
        waiting = self._in_line(wished)
        if not left and not waiting:
            return 0
        given = given_in_turn(waiting, self.colleagues(), now, wished) if waiting else {}
        found = [(Route.LEFT, one.id) for one in left] + [(Route.GIVE, number) for number in given]
        last = self._last([number for _, number in found])
        count = self._insert_new(inbox, [_row(kind, number, last[number], now) for kind, number in found])
        if count:
            self._tell(Bell.INBOX)
        return count

    def _held_by(self, names: Sequence[str]) -> list[Conversation]:
        """What those hold who are gone."""
        if not names:
            return []
        query = select(conversations).where(
            of_shop(conversations),
            conversations.c.holder == Holder.AGENT.value,
            conversations.c.agent.in_(names),
        )
        return [conversation_of(row) for row in self._run(query.limit(_MOST)).mappings()]

    def _in_line(self, wished: Attendance) -> list[Conversation]:
        """Who waits and may be given to somebody, the most urgent and longest waiting first."""
        in_turn = wished.routing is Routing.ROUND_ROBIN
        query = (
            _IN_LINE if in_turn else _IN_LINE.where(type_coerce(conversations.c.state, Text).like(_PASSED_ON))
        )
        return [conversation_of(row) for row in self._run(query.limit(_MOST)).mappings()]

    def _last(self, numbers: Sequence[int]) -> dict[int, int]:
        """The newest thing somebody did in each."""
        if not numbers:
            return {}
        query = select(conversations.c.id, _LAST_DONE).where(
            of_shop(conversations), conversations.c.id.in_(numbers)
        )
        found = {number: last or 0 for number, last in self._run(query)}
        for number, last in self._run(_LAST_OPEN, {"numbers": numbers}):
            found[number] = max(found[number], last)
        return found

    def _give(self, number: int, now: datetime) -> None:
        self._run(update(staff).where(of_shop(staff), staff.c.id == number).values(given_at=now))


def _row(kind: Route, number: int, last: int, now: datetime) -> dict[str, Any]:
    moment = int(now.timestamp()) // _AGAIN
    return {
        "channel": CHANNEL,
        "origin": f"{kind.value}:{number}:{last}@{moment}",
        "conversation_id": number,
        "payload": {"kind": kind.value, "case": "", "version": 0},
        "album": "",
        "received_at": now,
        "due_at": now,
    }
