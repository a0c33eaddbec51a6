"""The shop's replies: asked with a `Say` and a language, they answer with words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property

from bot.domain.decision import Say
from bot.domain.macros import Macro
from bot.errors import TemplateError
from bot.flows.macros import reply_of
from bot.pipeline.deliveries import Rendered
from bot.replies.macros import macro_of
from bot.replies.template import Sheet
from bot.replies.tongue import Tongue, Words
from bot.replies.words import Wordlist

NAME = "/name"
"""The reply that is an intent's name."""


@dataclass(frozen=True)
class Replies:
    """All templates and words of one moment. Never changes: a reload makes another one."""

    languages: tuple[str, ...]
    """The languages the shop answers in, its main one first."""
    timezone: tzinfo
    sheets: Mapping[tuple[str, str], Sheet]
    """By language and reply."""
    wordlists: Mapping[str, Wordlist]
    """By language."""

    def __call__(self, say: Say, language: str) -> Rendered:
        """The reply in that language, or in the next one that has it; `TemplateError` when it fails on these values."""
        for spoken in self._order(language):
            sheet = self.sheets.get((spoken, say.reply))
            if sheet is not None:
                return sheet.fill(say, self.tongues[spoken])
        raise TemplateError(f"{say.reply}: no language has a template for this reply")

    def words(self, language: str, group: str) -> Mapping[str, str]:
        """A group's words, those the language lacks taken from the shop's main one."""
        known = self.tongues.get(language)
        return (known.words if known else self._merged(language)).get(group, {})

    def macros(self, language: str) -> tuple[Macro, ...]:
        """What agents answer often in that language, by title."""
        return self._macros.get(language, ())

    @cached_property
    def _macros(self) -> Mapping[str, tuple[Macro, ...]]:
        found: dict[str, list[Macro]] = {}
        for (language, reply), sheet in self.sheets.items():
            if reply.startswith(reply_of("")):
                found.setdefault(language, []).append(macro_of(reply.removeprefix(reply_of("")), sheet))
        return {
            language: tuple(sorted(some, key=lambda macro: macro.title)) for language, some in found.items()
        }

    @cached_property
    def tongues(self) -> Mapping[str, Tongue]:
        """Every language something is worded in."""
        spoken = {language for language, _ in self.sheets} | {*self.languages, *self.wordlists}
        return {language: Tongue(language, self._merged(language), self.timezone) for language in spoken}

    def _merged(self, language: str) -> Words:
        merged: dict[str, dict[str, str]] = {}
        for spoken in reversed(self._order(language)):
            for group, words in self.wordlists[spoken].groups.items() if spoken in self.wordlists else ():
                if spoken == language or group != "format":
                    merged.setdefault(group, {}).update(words)
            merged.setdefault("intent", {}).update(self._intents(spoken))
        return merged

    def _intents(self, language: str) -> Mapping[str, str]:
        """What each intent is called: its folder's own ``name.j2``, so that an intent's words stand together."""
        bare = Tongue(language, {}, self.timezone)
        return {
            reply.removesuffix(NAME): sheet.fill(Say(reply), bare).text
            for (spoken, reply), sheet in self.sheets.items()
            if spoken == language and reply.endswith(NAME)
        }

    def _order(self, language: str) -> tuple[str, ...]:
        """The language itself, then the shop's, main one first."""
        return tuple(dict.fromkeys((language, *self.languages)))
