"""What the web pages read otherwise than the messenger: they name who speaks beside the words, and the desk shows the buyer, the
orders and the cases there as well, with buttons where the staff group has commands."""

from __future__ import annotations

from typing import Any

from bot.domain.cases import Case
from bot.domain.collected import Collected
from bot.domain.conversation import Flag
from bot.domain.decision import Audience, Say
from bot.domain.replies import Tone, reply
from bot.flows.desk_replies import AGENT_SAYS, CLAIMED
from bot.flows.handoff import CARD, NEW_CASE
from bot.flows.taking_back import AGENT_CORRECTS

CARD_ON_PAGE = reply(
    "desk/card_on_page", tone=Tone.PLAIN, to=Audience.DESK, flag=Flag | None, told=tuple[Collected, ...]
)
NEW_CASE_ON_PAGE = reply("desk/new_case_on_page", tone=Tone.PLAIN, to=Audience.DESK, case=Case)
CLAIMED_ON_PAGE = reply("desk/claimed_on_page", tone=Tone.PLAIN, to=Audience.DESK, agent=str)
SAYS_ON_PAGE = reply("desk/agent_says_on_page", tone=Tone.PLAIN, text=str)
CORRECTS_ON_PAGE = reply("desk/agent_corrects_on_page", tone=Tone.PLAIN, text=str)

REPLIES = (CARD_ON_PAGE, NEW_CASE_ON_PAGE, CLAIMED_ON_PAGE, SAYS_ON_PAGE, CORRECTS_ON_PAGE)

ON_PAGE = {
    CARD.name: CARD_ON_PAGE,
    NEW_CASE.name: NEW_CASE_ON_PAGE,
    CLAIMED.name: CLAIMED_ON_PAGE,
    AGENT_SAYS.name: SAYS_ON_PAGE,
    AGENT_CORRECTS.name: CORRECTS_ON_PAGE,
}
"""By the name of what is read in the messenger."""


def on_page(say: Say) -> Say:
    """The same in the words of the web pages; as it is where those are the same, and where the staff group alone reads it."""
    shorter = ON_PAGE.get(say.reply)
    if shorter is None or say.aside:
        return say
    values: dict[str, Any] = {name: say.values[name] for name in shorter.values}
    return shorter(**values)
