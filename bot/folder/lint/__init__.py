"""Checking phrase files against each other."""

from bot.folder.lint.phrases import lint_phrases
from bot.folder.lint.thefts import lint_thefts

__all__ = ["lint_phrases", "lint_thefts"]
