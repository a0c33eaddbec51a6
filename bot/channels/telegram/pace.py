"""The messenger's limits, kept before it has to say so.

"In a single chat, avoid sending more than one message per second. We may allow short bursts that go over this
limit"; "in a group, bots are not able to send more than 20 messages per minute"; in bulk "the API will not
allow more than 30 messages per second"
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).

All topics of a group share the group's limit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

MINUTE = 61.0
"""Seconds of the minute, and one for what is under way: Telegram counts when a message arrives, not when it was sent."""
_SOME = 0.1
"""Seconds between two looks at whether more may go, where the bot is at its limit."""
MANY = 10_000
"""Chats remembered before those that have been silent are forgotten."""
_FEW = 8
"""Posts that are taken from the queue at once for a group whose minute is full."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be sent; None switches a limit off."""

    per_second: float | None = 30
    """Over all chats."""
    chat_per_second: float | None = 1
    """In a private chat, on average."""
    chat_burst: int = 5
    """Messages a private chat may get at once after a silence."""
    group_per_minute: int | None = 20
    """In a group, over all its topics."""

    @classmethod
    def of(cls, per_second: int) -> Limits:
        """So many over all chats; 0 for no limit of any kind."""
        return cls(per_second=per_second) if per_second else cls.off()

    @classmethod
    def off(cls) -> Limits:
        """As fast as it goes: for a self-hosted double, or a bench."""
        return cls(per_second=None, chat_per_second=None, group_per_minute=None)


@dataclass(slots=True)
class Bucket:
    """Tokens that come back at a rate, up to a capacity. More than it holds may pass when it is full."""

    rate: float
    capacity: float
    level: float
    at: float

    @classmethod
    def full(cls, rate: float, capacity: float, now: float) -> Bucket:
        """A bucket nobody drew from yet."""
        return cls(rate, capacity, capacity, now)

    def filled(self, now: float) -> float:
        """How many there are by now; fewer than none where more passed than it held."""
        self.level = min(self.capacity, self.level + max(now - self.at, 0) * self.rate)
        self.at = now
        return self.level

    def wait(self, messages: int, now: float, keep: int = 0) -> float:  # noqa: ARG002 -- as a window
        """Seconds until this many may pass."""
        return max(min(messages, self.capacity) - self.filled(now), 0) / self.rate

    def take(self, messages: int, now: float) -> None:  # noqa: ARG002 -- as a window
        """They pass; a message too many is paid for later."""
        self.level -= messages


@dataclass(slots=True)
class Window:
    """At most `limit` in any minute."""

    limit: int
    times: deque[float] = field(default_factory=deque)

    def wait(self, messages: int, now: float, keep: int = 0) -> float:
        """Seconds until this many may pass and leave `keep` free; more than the limit pass when the minute was empty."""
        while self.times and self.times[0] <= now - MINUTE:
            self.times.popleft()
        limit = max(self.limit - keep, 1)
        excess = len(self.times) + min(messages, limit) - limit
        return self.times[excess - 1] + MINUTE - now if excess > 0 else 0.0

    def take(self, messages: int, now: float) -> None:
        """They pass."""
        self.times.extend([now] * messages)


class Pace:
    """Says whether a message may go now. Decides only: it neither sleeps nor sends."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._all = Bucket.full(limits.per_second, limits.per_second, clock()) if limits.per_second else None
        self._saved = (0, 0.0)
        """Messages of one delivery that was turned away, and until when that many are kept for it."""
        self._chats: dict[int, Bucket] = {}
        self._groups: dict[int, Window] = {}
        self._barred: dict[int, float] = {}

    def ask(self, chat: int, messages: int = 1, keep: int = 0) -> float:
        """0 when the messages may go now, and count as gone; otherwise seconds to wait, and none counts. `keep` messages of a
        group's minute are left to others."""
        now = self._clock()
        own = self._group(chat) if chat < 0 else self._chat(chat, now)
        drawn = [limit for limit in (own, self._all) if limit is not None]
        wait = self._bar(chat, now) or (own.wait(messages, now, keep) if own else 0.0)
        if wait == 0 and self._all is not None and (wait := self._all.wait(messages, now)) > 0:
            self._save_for(messages, now, now + wait + 2 * _SOME)
        if wait > 0:
            return wait
        self._saved = (0, now) if messages >= self._saved[0] else self._saved
        for each in drawn:
            each.take(messages, now)
        return 0.0

    def _save_for(self, messages: int, now: float, until: float) -> None:
        """Unless more are saved already, for another one."""
        if messages >= self._saved[0] or now >= self._saved[1]:
            self._saved = (messages, until)

    def free(self) -> int:
        """How many messages may go now, over all chats. For one of several that was turned away as many are saved up: whoever takes
        one at a time would else always be before it."""
        if self._all is None:
            return MANY
        saved, until = self._saved
        now = self._clock()
        return max(int(self._all.filled(now)) - (saved if saved > 1 and now < until else 0), 0)

    def pause(self) -> float:
        """Seconds until some more may."""
        return (
            _SOME if self._all is None else _SOME + max(-self._all.filled(self._clock()), 0) / self._all.rate
        )

    def full(self, group: int, keep: int = 0) -> bool:
        """Whether a message to the group would have to wait now, `keep` of its minute being left to others."""
        now = self._clock()
        window = self._group(group)
        return self._bar(group, now) > 0 or (window is not None and window.wait(1, now, keep) > 0)

    def recall(self, sent: Iterable[tuple[int, float, int]]) -> None:
        """Begin anew, knowing what went out before, oldest first: chat, seconds ago, messages. So whoever goes on where another
        process was killed keeps the limits with it."""
        now, rate = self._clock(), self._limits.per_second
        self._all = Bucket.full(rate, rate, now - MINUTE) if rate else None
        self._chats, self._groups = {}, {}
        for chat, ago, messages in sent:
            then = now - ago
            for drawn in (self._group(chat) if chat < 0 else self._chat(chat, then), self._all):
                if drawn is not None:
                    drawn.wait(messages, then)
                    drawn.take(messages, then)

    def bar(self, chat: int, seconds: float) -> None:
        """Nothing goes to this chat for so long: Telegram asked for it (429)."""
        self._barred[chat] = self._clock() + seconds

    def _bar(self, chat: int, now: float) -> float:
        until = self._barred.get(chat, now)
        if until <= now:
            self._barred.pop(chat, None)
        return max(until - now, 0.0)

    def _chat(self, chat: int, now: float) -> Bucket | None:
        rate = self._limits.chat_per_second
        if rate is None:
            return None
        if chat not in self._chats:
            self._forget(now)
            self._chats[chat] = Bucket.full(rate, self._limits.chat_burst, now)
        return self._chats[chat]

    def _forget(self, now: float) -> None:
        if len(self._chats) < MANY:
            return
        busy = {
            chat: bucket for chat, bucket in self._chats.items() if bucket.wait(self._limits.chat_burst, now)
        }
        self._chats = busy

    def _group(self, chat: int) -> Window | None:
        limit = self._limits.group_per_minute
        return None if limit is None else self._groups.setdefault(chat, Window(limit))


class Few:
    """The pace of the bot for a group whose minute is full: thousands of posts may wait for it, and as each is turned away they must
    not be in others' way."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    def free(self) -> int:
        """How many messages it takes now."""
        return min(self._pace.free(), _FEW)

    def pause(self) -> float:
        """Seconds until it takes some more."""
        return self._pace.pause()
