"""Flood control (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).

"In a single chat, avoid sending more than one message per second. We may allow short bursts"; "in a group, bots are
not able to send more than 20 messages per minute"; in bulk "not more than 30 messages per second".
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from tests.doubles.bot_api.errors import too_many

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a bot may send; None switches a limit off."""

    overall_per_second: float | None = 30
    chat_per_second: float | None = 1
    chat_burst: int = 10
    group_per_minute: int | None = 20

    @classmethod
    def off(cls) -> Limits:
        """No flood control at all."""
        return cls(overall_per_second=None, chat_per_second=None, group_per_minute=None)


@dataclass(slots=True)
class Bucket:
    """Tokens that come back at a rate, up to a capacity."""

    rate: float
    capacity: float
    level: float
    time: float

    def wait(self, number: int, now: float) -> float:
        """Seconds until `number` may pass; an album larger than the bucket needs a full one."""
        self.level = min(self.capacity, self.level + max(now - self.time, 0) * self.rate)
        self.time = now
        return max(min(number, self.capacity) - self.level, 0) / self.rate

    def take(self, number: int) -> None:
        self.level -= number


@dataclass(slots=True)
class Window:
    """At most `limit` in any minute."""

    limit: int
    times: deque[float] = field(default_factory=deque)

    def wait(self, number: int, now: float) -> float:
        while self.times and self.times[0] <= now - MINUTE:
            self.times.popleft()
        excess = len(self.times) + min(number, self.limit) - self.limit
        return self.times[excess - 1] + MINUTE - now if excess > 0 else 0.0


@dataclass(slots=True)
class Flood:
    """The counters behind the limits. All topics of one group share the group's counter."""

    limits: Limits
    overall: Bucket | None = None
    chats: dict[int, Bucket] = field(default_factory=dict)
    groups: dict[int, Window] = field(default_factory=dict)

    def take(self, chat_id: int, private: bool, number: int, now: float) -> None:
        """Counts `number` messages, or raises 429 with the seconds to wait."""
        buckets = [bucket for bucket in (self._overall(now), self._chat(chat_id, private, now)) if bucket]
        window = self._group(chat_id, private)
        waits = [bucket.wait(number, now) for bucket in buckets]
        waits += [window.wait(number, now)] if window else []
        if any(wait > 0 for wait in waits):
            raise too_many(max(1, math.ceil(max(waits))))
        for bucket in buckets:
            bucket.take(number)
        if window:
            window.times.extend([now] * number)

    def _overall(self, now: float) -> Bucket | None:
        rate = self.limits.overall_per_second
        if rate is not None and self.overall is None:
            self.overall = Bucket(rate, rate, rate, now)
        return self.overall if rate is not None else None

    def _chat(self, chat_id: int, private: bool, now: float) -> Bucket | None:
        rate = self.limits.chat_per_second
        if rate is None or not private:
            return None
        burst = self.limits.chat_burst
        return self.chats.setdefault(chat_id, Bucket(rate, burst, burst, now))

    def _group(self, chat_id: int, private: bool) -> Window | None:
        limit = self.limits.group_per_minute
        if limit is None or private:
            return None
        return self.groups.setdefault(chat_id, Window(limit))
