"""Everything the bot asked for, and what came of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.wire import Upload


@dataclass(slots=True, eq=False)
class Call:
    """One request. `accepted`: it took effect. `answered`: the bot got a readable answer, so it knows that."""

    number: int
    method: str
    time: float
    params: Json = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    accepted: bool = False
    answered: bool = False
    code: int = 0
    description: str = ""
    fault: str = ""
    result: Any = None

    @property
    def outcome(self) -> str:
        """The refusal, or the fault, or "ok", in one line."""
        if self.fault:
            return f"{self.fault} ({'accepted' if self.accepted else 'nothing done'})"
        return "ok" if self.accepted else f"{self.code} {self.description}"

    def __str__(self) -> str:
        return f"{self.method}({self.params}) -> {self.outcome}"


@dataclass(slots=True)
class Log:
    """The last `limit` requests, oldest first, and counts of all."""

    limit: int | None = None
    calls: deque[Call] = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        self.calls = deque(maxlen=self.limit)

    def open(self, method: str, time: float) -> Call:
        self.count += 1
        call = Call(self.count, method, time)
        self.calls.append(call)
        return call

    def of(self, *methods: str) -> list[Call]:
        """The requests of these methods."""
        wanted = {method.lower() for method in methods}
        return [call for call in self.calls if call.method.lower() in wanted]

    @property
    def uncertain(self) -> list[Call]:
        """Requests that took effect although the bot can't know it."""
        return [call for call in self.calls if call.accepted and not call.answered]

    def __iter__(self) -> Iterator[Call]:
        return iter(self.calls)

    def __len__(self) -> int:
        return len(self.calls)
