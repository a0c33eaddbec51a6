"""What happened outside the shop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.crash.pages import Pages
from tests.crash.process import STAFF
from tests.doubles.bot_api import Group
from tests.doubles.bot_api.log import Call
from tests.doubles.bot_api.message import Message


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message of the bot's."""

    at: float
    sent: Message
    """As it was sent."""
    now: Message
    """As it stands: its words may have been changed since."""

    @classmethod
    def of(cls, at: float, message: Message) -> Arrival:
        """The message arrives just now."""
        return cls(at, replace(message), message)

    @property
    def place(self) -> tuple[int, int]:
        """Its chat and its number there."""
        return self.sent.chat_id, self.sent.id


def number_in(name: str) -> int:
    """The conversation that a topic of this name is of."""
    _, _, end = name.rpartition(" #")
    return int(end.partition(" ")[0])


FORGETS = frozenset({"kill", "power"})
"""After these a process knows only what is written down."""


@dataclass(frozen=True, slots=True)
class Strike:
    """Something happened to the shop."""

    name: str
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class World:
    """Everybody's doings, and what stands in the staff group in the end."""

    updates: frozenset[int]
    """Every update there was that did not expire."""
    expired: frozenset[int]
    """Taps that nobody had asked for when the messenger gave them up: the shop was killed again before it was up."""
    said: dict[int, list[Message]]
    """What buyers wrote, by chat, in order."""
    answered: list[Message]
    """What the agent wrote to buyers, in the topics."""
    heard: list[Arrival]
    """What the bot wrote, as it arrived."""
    strikes: list[Strike]
    """What happened to the shop, in order."""
    calls: list[Call]
    """Every request of the bot's."""
    group: Group
    paid: Sequence[Mapping[str, Any]]
    """The orders to pay that money has left for, once for each."""
    pages: Pages | None = None
    """What was read and written there, where there were any."""

    def said_at(self, address: str) -> list[Message]:
        """What the buyer with that chat wrote; nothing for one at a page."""
        return self.said.get(int(address), []) if address.isdecimal() else []

    @property
    def took_effect(self) -> list[Call]:
        """The requests that did."""
        return [call for call in self.calls if call.accepted]

    @property
    def swallowed(self) -> frozenset[tuple[int, int]]:
        """Messages that arrived although Telegram's answer never did, by a misfortune that was meant."""
        results = (call.result for call in self.took_effect if call.fault and not call.answered)
        return frozenset(
            (result["chat"]["id"], result["message_id"])
            for result in results
            if isinstance(result, dict) and "message_id" in result
        )

    def edits(self, message: int) -> list[str]:
        """What was put in place of a message of the staff group, one after the other, as markup."""
        return [
            str(call.params["text"])
            for call in self.took_effect
            if call.method == "editMessageText"
            and (int(call.params["chat_id"]), int(call.params["message_id"])) == (STAFF, message)
        ]

    def refused_to_pin(self, message: int) -> bool:
        """Whether a message of the staff group was to be pinned, and could not be."""
        return any(
            call.method == "pinChatMessage"
            and not call.accepted
            and int(call.params["message_id"]) == message
            for call in self.calls
            if call.params
        )

    def forgotten_between(self, begin: float, end: float) -> bool:
        """Whether a process that knew what it had done died after the one moment and before the other."""
        return any(
            strike.name in FORGETS and strike.begin <= end and begin <= strike.end for strike in self.strikes
        )
