"""How a buyer feels who writes: anger, threats, and danger to themselves.

The words that tell it are the owner's, as slots of these names in ``intents/<lang>/none.yaml``: under ``"yes"`` what tells
it, under ``"no"`` longer wordings in which the same words do not. A mood that is denied ("我没生气") is not there.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.conversation import FlagReason, Priority
from bot.domain.turn import Turn

_MOODS: Mapping[FlagReason, Priority] = {
    FlagReason.SELF_HARM: Priority.URGENT,
    FlagReason.THREAT: Priority.HIGH,
    FlagReason.ANGER: Priority.HIGH,
}
"""The gravest first. The slot has the reason's name."""


def mood_of(turn: Turn) -> FlagReason | None:
    """The gravest mood that the words of this message tell."""
    told = turn.meaning.slots
    return next((mood for mood in _MOODS if told.get(mood.value) == "yes"), None)


def urgency(turn: Turn) -> Priority:
    """How soon a person should look, by the mood alone."""
    mood = mood_of(turn)
    return _MOODS[mood] if mood else Priority.NORMAL
