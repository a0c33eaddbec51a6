"""Checking the shop's files against each other."""

from bot.folder.lint.guides import lint_guides, lint_questions
from bot.folder.lint.phrases import lint_phrases
from bot.folder.lint.thefts import lint_thefts

__all__ = ["lint_guides", "lint_phrases", "lint_questions", "lint_thefts"]
