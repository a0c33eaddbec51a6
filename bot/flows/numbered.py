""" "1" under the list of one's requests: how that one stands."""

from __future__ import annotations

import re

from bot.domain.decision import Decision
from bot.domain.turn import Turn
from bot.flows.naming import by_place
from bot.flows.refund_status import FLOW, SHOWN, asked_about
from bot.flows.running import start

_PLACE = re.compile(r"\W*(\d)\s?[.)、。号]?\W*")


def numbered(turn: Turn) -> Decision | None:
    """Which of the requests that were listed last is meant by its number."""
    before = turn.conversation
    if before.talk is not None or before.last != FLOW.intent or turn.incoming.choice:
        return None
    shown = tuple(filter(asked_about(turn), turn.facts.cases))[:SHOWN]
    bare = _PLACE.fullmatch(turn.incoming.text.strip())
    if len(shown) < 2 or bare is None:
        return None
    meant = by_place(bare[1], shown)
    return start(turn, FLOW, {"case": meant.number}) if meant else None
