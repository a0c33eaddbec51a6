"""Help for those who write phrases: what they lack, what is in their way, and what a new one would change."""

from bot.understanding.teaching.effect import Change, Effect, effect
from bot.understanding.teaching.idle import Idle, idle
from bot.understanding.teaching.phrase import as_phrase
from bot.understanding.teaching.stolen import PARTS, Stolen, rehearsals, stolen, surest_first
from bot.understanding.teaching.suggestion import Misheard, Suggestion, suggestions

__all__ = [
    "PARTS",
    "Change",
    "Effect",
    "Idle",
    "Misheard",
    "Stolen",
    "Suggestion",
    "as_phrase",
    "effect",
    "idle",
    "rehearsals",
    "stolen",
    "suggestions",
    "surest_first",
]
