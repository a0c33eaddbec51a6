"""Wakes the streams of this process when something happened in a conversation.

The hub carries no news, only the nudge to look: the transcript in the store is the truth, and a stream reads on from
the last line it sent. So nudges may be merged, a slow reader misses nothing, and nobody waits for it.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from types import TracebackType
from typing import Self

NOBODY = 0
"""The id of no conversation."""


class Subscription:
    """One stream's ear. Use it as a context manager: leaving it unsubscribes."""

    def __init__(self, hub: Hub, conversation_id: int | None) -> None:
        """None: it hears of every conversation."""
        self._hub = hub
        self._conversation_id = conversation_id
        self._nudged = asyncio.Event()
        self._displaced = False

    @property
    def displaced(self) -> bool:
        """True once a newer stream of the same reader took its place."""
        return self._displaced

    @property
    def closed(self) -> bool:
        """True once the stream is to end."""
        return self._displaced or self._hub.closed

    @property
    def conversation_id(self) -> int | None:
        """Which it hears of; None when of every one."""
        return self._conversation_id

    def nudge(self) -> None:
        """Wake it; many nudges before it looks are one."""
        self._nudged.set()

    def displace(self) -> None:
        """Let the stream go: the same reader has opened too many."""
        self._displaced = True
        self._nudged.set()

    async def wait(self, seconds: float) -> bool:
        """Until something happened, or that long; False when nothing did."""
        if not self.closed:
            try:
                async with asyncio.timeout(seconds):
                    await self._nudged.wait()
            except TimeoutError:
                return False
        self._nudged.clear()
        return True

    def __enter__(self) -> Self:
        self._hub.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hub.remove(self)


class Hub:
    """Who wants to hear of which conversation. Call it from the event loop's own thread."""

    def __init__(self) -> None:
        self._subscriptions: defaultdict[int | None, set[Subscription]] = defaultdict(set)
        self._closed = False

    @property
    def closed(self) -> bool:
        """True once the house is closing."""
        return self._closed

    def __len__(self) -> int:
        return sum(map(len, self._subscriptions.values()))

    def subscribe(self, conversation_id: int) -> Subscription:
        """An ear for one conversation."""
        return Subscription(self, conversation_id)

    def subscribe_none(self) -> Subscription:
        """An ear for no conversation: it hears that the house closes, and whoever nudges it."""
        return Subscription(self, NOBODY)

    def publish(self, conversation_id: int) -> None:
        """Something happened there."""
        for concerned in (conversation_id, None):
            for subscription in self._subscriptions.get(concerned, ()):
                subscription.nudge()

    def publish_all(self) -> None:
        """Something may have happened anywhere."""
        for subscriptions in self._subscriptions.values():
            for subscription in subscriptions:
                subscription.nudge()

    def close(self) -> None:
        """Wake everybody for the last time; streams end."""
        self._closed = True
        self.publish_all()

    def add(self, subscription: Subscription) -> None:
        """Begin to wake it."""
        self._subscriptions[subscription.conversation_id].add(subscription)

    def remove(self, subscription: Subscription) -> None:
        """Wake it no more."""
        number = subscription.conversation_id
        self._subscriptions[number].discard(subscription)
        if not self._subscriptions[number]:
            del self._subscriptions[number]
