"""Misfortunes on the way: what a bot must survive although its request was fine."""

from __future__ import annotations

import random
from collections import defaultdict, deque
from dataclasses import dataclass, field
from fnmatch import fnmatch


@dataclass(frozen=True, slots=True)
class Fault:
    """One misfortune. `accepted` ones come after the request took effect, so the bot can't know that it did."""

    name: str
    accepted: bool = False
    retry_after: int = 0
    hold: float = 3600
    reason: str = ""

    @classmethod
    def refused(cls, reason: str) -> Fault:
        """400 with this reason, for what the double has no rule for; nothing was done."""
        return cls("refused", reason=reason)

    @classmethod
    def too_many(cls, retry_after: int = 1) -> Fault:
        """429 with `retry_after`; nothing was done."""
        return cls("too_many", retry_after=retry_after)

    @classmethod
    def server_error(cls) -> Fault:
        """500 with a proper JSON body; nothing was done."""
        return cls("server_error")

    @classmethod
    def bad_gateway(cls) -> Fault:
        """502 with an HTML page in place of JSON; nothing was done."""
        return cls("bad_gateway")

    @classmethod
    def dropped(cls) -> Fault:
        """The connection breaks before the request is handled; nothing was done."""
        return cls("dropped")

    @classmethod
    def accepted_then_dropped(cls) -> Fault:
        """The request took effect, then the connection breaks without an answer."""
        return cls("accepted_then_dropped", accepted=True)

    @classmethod
    def accepted_then_timeout(cls, hold: float = 3600) -> Fault:
        """The request took effect, then silence for `hold` seconds or until the bot hangs up."""
        return cls("accepted_then_timeout", accepted=True, hold=hold)

    @classmethod
    def expired(cls) -> Fault:
        """404 for a download: the hour a link lives is over."""
        return cls("expired")

    @classmethod
    def cut_off(cls) -> Fault:
        """A download that breaks in the middle of the file."""
        return cls("cut_off")

    @classmethod
    def late(cls, hold: float) -> Fault:
        """The right answer, after `hold` seconds."""
        return cls("late", accepted=True, hold=hold)

    @classmethod
    def garbage(cls) -> Fault:
        """The request took effect, but the answer is 200 with broken JSON."""
        return cls("garbage", accepted=True)


@dataclass(slots=True)
class Rate:
    """A fault that happens to a share of the requests."""

    fault: Fault
    share: float
    pattern: str


@dataclass(slots=True)
class Faults:
    """Which misfortune comes next: those queued by name, then those at a rate, from a seeded generator."""

    seed: int = 0
    queued: dict[str, deque[Fault | None]] = field(default_factory=lambda: defaultdict(deque))
    rates: list[Rate] = field(default_factory=list)
    random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def next(self, method: str, *faults: Fault | None) -> None:
        """The next requests of this method ("*" for any, "download" for files) meet these, one each; None lets one pass."""
        self.queued[method.lower()].extend(faults)

    def rate(self, fault: Fault, share: float, methods: str = "send*") -> None:
        """From now on this share of the methods that match the pattern meets the fault."""
        self.rates.append(Rate(fault, share, methods.lower()))

    def clear(self) -> None:
        """Fair weather again."""
        self.queued.clear()
        self.rates.clear()

    def pick(self, method: str) -> Fault | None:
        """The fault for this request, if any."""
        if not self.queued and not self.rates:
            return None
        for key in (method.lower(), "*"):
            if self.queued.get(key):
                return self.queued[key].popleft()
        return next((rate.fault for rate in self.rates if self._hits(rate, method)), None)

    def _hits(self, rate: Rate, method: str) -> bool:
        return fnmatch(method.lower(), rate.pattern) and self.random.random() < rate.share
