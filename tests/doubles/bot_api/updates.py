"""The queue of updates the bot has not confirmed yet."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from tests.doubles.bot_api.errors import broken
from tests.doubles.bot_api.json_type import Json

DAY = 86400
CALLBACK_LIFETIME = 150
ALL_KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
    }
)
ASKED_FOR_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
DEFAULT_KINDS = ALL_KINDS - ASKED_FOR_ONLY


@dataclass(frozen=True, slots=True)
class Update:
    """One update; those of one `queue` are delivered one after another, queues do not wait for each other."""

    id: int
    kind: str
    body: Json
    queue: str
    expires_at: float


@dataclass(slots=True)
class Updates:
    """Undelivered updates in order; "kept until the bot receives them, but not longer than 24 hours"."""

    clock: Callable[[], float]
    waiting: OrderedDict[int, Update] = field(default_factory=OrderedDict)
    allowed: frozenset[str] = DEFAULT_KINDS
    listed: list[str] | None = None
    on_add: list[Callable[[Update], None]] = field(default_factory=list)
    ids: count[int] = field(default_factory=lambda: count(700_000_001))
    created: int = 0
    expired: set[int] = field(default_factory=set)
    soonest: float = math.inf

    def add(self, kind: str, payload: Json, queue: str, lifetime: float = DAY) -> Update | None:
        """A new update, unless the bot did not ask for its kind."""
        if kind not in self.allowed:
            return None
        return self.add_raw({kind: payload}, kind, queue, lifetime)

    def add_raw(self, body: Json, kind: str = "raw", queue: str = "raw", lifetime: float = DAY) -> Update:
        """An update of any shape at all."""
        number = next(self.ids)
        update = Update(number, kind, {"update_id": number, **body}, queue, self.clock() + lifetime)
        self.waiting[number] = update
        self.soonest = min(self.soonest, update.expires_at)
        self.created += 1
        for listener in self.on_add:
            listener(update)
        return update

    def allow(self, kinds: list[str] | None) -> None:
        """Docs: "If not specified, the previous setting will be used"; an empty list means the default ones."""
        if kinds is None:
            return
        unknown = set(kinds) - ALL_KINDS
        if unknown:
            raise broken(f'allowed_updates has an unknown update type "{min(unknown)}"')
        self.listed = kinds
        self.allowed = frozenset(kinds) if kinds else DEFAULT_KINDS

    def confirm(self, offset: int) -> None:
        """Docs: "An update is considered confirmed as soon as getUpdates is called with an offset higher than its
        update_id"; a negative offset counts from the end, and "all previous updates will be forgotten"."""
        if offset < 0:
            keep = min(-offset, len(self.waiting))
            self._drop(len(self.waiting) - keep)
            return
        while self.waiting and next(iter(self.waiting)) < offset:
            self.waiting.popitem(last=False)

    def _drop(self, number: int) -> None:
        for _ in range(number):
            self.waiting.popitem(last=False)

    def done(self, update: Update) -> None:
        """The webhook took it."""
        self.waiting.pop(update.id, None)

    def clear(self) -> None:
        self.waiting.clear()

    def expire(self) -> None:
        """What nobody fetched in time is gone: 24 hours for messages, 150 seconds for taps."""
        now = self.clock()
        if now <= self.soonest:
            return
        for update in [late for late in self.waiting.values() if late.expires_at < now]:
            del self.waiting[update.id]
            self.expired.add(update.id)
        self.soonest = min((update.expires_at for update in self.waiting.values()), default=math.inf)

    def batch(self, limit: int) -> list[Update]:
        return [update for update, _ in zip(self.waiting.values(), range(limit), strict=False)]

    def __iter__(self) -> Iterator[Update]:
        return iter(self.waiting.values())

    def __len__(self) -> int:
        return len(self.waiting)
