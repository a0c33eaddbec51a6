"""The shop as a turn sees it: its words, phrases and policy at this moment. Replaced whole when a file changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.config import Config
from bot.domain.guides import Guides
from bot.domain.macros import Macro
from bot.domain.messages import Incoming
from bot.domain.policy import Policy
from bot.pipeline.arrivals import Reader
from bot.pipeline.deliveries import Render
from bot.pipeline.macros import Macros
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.recognise import Thresholds


def no_macros(_: str) -> tuple[Macro, ...]:
    """For a shop that has none."""
    return ()


def thresholds_of(config: Config) -> Thresholds:
    """How sure the owner wants the bot to be."""
    found = config.understanding
    return Thresholds(found.act, found.ask, found.margin)


@dataclass(frozen=True, slots=True)
class Shop:
    """Everything the owner decides."""

    languages: tuple[str, ...]
    """Main one first; posts to the staff group are written in it."""
    phrasebook: Phrasebook
    guides: Guides
    thresholds: Thresholds
    policy: Policy
    render: Render
    readers: Mapping[str, Reader]
    """Channel name to how its payloads are read."""
    staff: bool
    """There is a staff group to post to."""
    macros: Macros = no_macros
    """What agents answer often."""

    def for_one_transaction(self) -> Shop:
        """The same shop, which reads each payload once, however often it is asked what it says."""
        readers = {channel: _once(reader) for channel, reader in self.readers.items()}
        return replace(self, readers=readers)


def _once(reader: Reader) -> Reader:
    known: dict[int, tuple[Mapping[str, Any], Incoming]] = {}

    def read(payload: Mapping[str, Any]) -> Incoming:
        if id(payload) not in known:
            known[id(payload)] = (payload, reader(payload))  # kept, so that no other gets its id meanwhile
        return known[id(payload)][1]

    return read
