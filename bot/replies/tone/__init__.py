"""How replies speak to buyers: what they must say, what they never promise, and whether all languages tell the same."""

from __future__ import annotations

from bot.replies.tone.check import lint_tone

__all__ = ["lint_tone"]
