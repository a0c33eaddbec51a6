"""The buttons that stand in a conversation, which a buyer may tap or type out."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Executable, bindparam, func, select, true

from bot.domain.messages import Speaker
from bot.store.part import Part, of_shop
from bot.store.tables import conversations, lines

_LINES_BACK = 30
"""How many of the bot's lines back buttons are looked for."""

_THESE = of_shop(conversations) & conversations.c.id.in_(bindparam("ids", expanding=True))
_NEWEST = (
    select(lines.c.id, lines.c.buttons)
    .where(of_shop(lines), lines.c.conversation_id == conversations.c.id, lines.c.who == Speaker.BOT.value)
    .order_by(lines.c.id.desc())
    .correlate(conversations)
)
_NEAR = _NEWEST.limit(_LINES_BACK).lateral("near")
_SHOWN_MANY: Executable = (
    select(conversations.c.id.label("owner"), _NEAR.c.buttons)
    .join(_NEAR, true())
    .where(_THESE, _NEAR.c.buttons != [])
    .order_by(_NEAR.c.id.desc())
)
_FIRST = (
    _NEWEST.with_only_columns(lines.c.id, maintain_column_froms=True)
    .limit(1)
    .offset(_LINES_BACK - 1)
    .scalar_subquery()
)
_SAID = lines.alias("said")
_SHOWN: Executable = (
    select(conversations.c.id.label("owner"), _SAID.c.buttons)
    .join(_SAID, _SAID.c.conversation_id == conversations.c.id)
    .where(
        _THESE,
        of_shop(_SAID),
        _SAID.c.who == Speaker.BOT.value,
        _SAID.c.buttons != [],
        _SAID.c.id >= func.coalesce(_FIRST, 0),
    )
    .order_by(_SAID.c.id.desc())
)
"""The same where there is no LATERAL. Both find a conversation's newest lines by their index: they cost the same however long
it is."""


class Shown(Part):
    """Queries of buttons."""

    def buttons(self, conversation_id: int) -> list[tuple[str, str]]:
        """Buttons shown lately in this conversation as (label, payload), newest line first."""
        return self._shown((conversation_id,))[conversation_id]

    def _shown(self, ids: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
        """The same of several."""
        found: dict[int, list[tuple[str, str]]] = {number: [] for number in ids}
        for row in self._run(_SHOWN_MANY if self._many else _SHOWN, {"ids": tuple(found)}):
            found[row.owner] += [(label, data) for label, data in row.buttons]
        return found
