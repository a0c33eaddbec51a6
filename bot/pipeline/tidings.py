"""What one process tells the others that serve the same shop, with its commit: a nudge to look, not the news itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any

_NAMED = 500
"""Conversations that are named; of more, it is only said that there are many. PostgreSQL takes payloads below 8,000 bytes."""
_AT_A_DESK = 4
"""Conversations, with who is there, in one payload."""
_PEOPLE = 10
"""Of those at one conversation: who is told."""


class Bell(StrEnum):
    """What there is to do, and so who is to look."""

    INBOX = "inbox"
    OUTBOX = "outbox"
    FILES = "files"


Attending = Mapping[str, bool]
"""Agents who have a conversation open, each with whether they write."""


@dataclass(slots=True)
class Tidings:
    """What there is to tell. Telling too much only makes somebody look in vain."""

    bells: set[Bell] = field(default_factory=set)
    conversations: set[int] = field(default_factory=set)
    """Those in which something new is to be seen."""
    all: bool = False
    """Something new may be seen anywhere."""
    desk: dict[int, Attending] = field(default_factory=dict)
    """Conversation to who is there now, of those at the sender's desk; kept nowhere."""
    asks: bool = False
    """The sender wants to know who is at the others' desks."""
    sender: str = ""
    """The process that tells."""

    def __bool__(self) -> bool:
        return bool(self.bells or self.conversations or self.all or self.desk or self.asks)

    def payloads(self, sender: str) -> Iterator[str]:
        """As they travel; one, unless a great many people are at the desk."""
        many = self.all or len(self.conversations) > _NAMED
        yield from (_written(told, sender) for told in self._desks())
        told = {
            "bells": sorted(self.bells),
            "conversations": [] if many else sorted(self.conversations),
            "all": many,
            "asks": self.asks,
        }
        if any(told.values()):
            yield _written(told, sender)

    def _desks(self) -> Iterator[dict[str, Any]]:
        desks = iter(self.desk.items())
        while some := dict(islice(desks, _AT_A_DESK)):
            yield {"desk": {number: dict(islice(there.items(), _PEOPLE)) for number, there in some.items()}}

    @classmethod
    def read(cls, payload: str) -> Tidings:
        """As it was told. What another version tells beside is passed over; where nothing can be read, anything may be new."""
        try:
            told = json.loads(payload)
            return cls(
                {Bell(bell) for bell in told.get("bells", ()) if bell in set(Bell)},
                set(map(int, told.get("conversations", ()))),
                bool(told.get("all")),
                {int(number): dict(there) for number, there in told.get("desk", {}).items()},
                bool(told.get("asks")),
                str(told.get("from", "")),
            )
        except (ValueError, TypeError, AttributeError):
            return missed()


def missed() -> Tidings:
    """Nobody knows what was told meanwhile: everybody looks at everything."""
    return Tidings(set(Bell), all=True)


def _written(told: Mapping[str, Any], sender: str) -> str:
    known = {name: value for name, value in told.items() if value}
    return json.dumps({"from": sender, **known}, ensure_ascii=False, separators=(",", ":"))
