"""How my refund stands (退款进度): each case, who must act, and by when."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows.commands import cases
from bot.flows.flow import Flow


def tell(turn: Turn) -> Decision | None:
    """The list of cases ends the matter."""
    listed = cases(turn)
    return replace(listed, conversation=replace(listed.conversation, talk=None))


FLOW = Flow(intent="refund_status", steps=(tell,))
