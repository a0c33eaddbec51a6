"""Many buyers at once, and a tally of what the bot answered them."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.message import Message

if TYPE_CHECKING:
    from tests.doubles.bot_api.server import BotApi

TICK = 0.005
_NUMBER = re.compile(r"#(\d+)")


@dataclass(frozen=True, slots=True)
class Plan:
    """`messages` from `users` in turn, `rate` a second (0: all at once). "{n}" counts in each chat from 1."""

    messages: int
    users: int
    rate: float = 0
    text: str = "#{n} where is my parcel"
    first_user: int = 100_000


@dataclass(slots=True)
class Load:
    """Puts messages in and looks at the replies; a reply that repeats its "#n" can be checked for order."""

    api: BotApi
    injected: Counter[int] = field(default_factory=Counter)
    asked_at: dict[tuple[int, int], float] = field(default_factory=dict)
    replies: dict[int, list[tuple[float, str]]] = field(default_factory=lambda: defaultdict(list))
    begun: float = 0
    last_reply: float = 0

    def __post_init__(self) -> None:
        self.api.world.on_sent.append(self._note)

    def reset(self) -> None:
        self.injected.clear()
        self.asked_at.clear()
        self.replies.clear()
        self.begun = self.last_reply = 0

    def _note(self, message: Message) -> None:
        self.last_reply = self.api.clock()
        self.replies[message.chat_id].append((self.last_reply, message.text))

    async def inject(self, plan: Plan) -> None:
        """Says everything of the plan, at its pace."""
        loop = asyncio.get_running_loop()
        begin = loop.time()
        self.begun = self.begun or self.api.clock()
        said = 0
        while said < plan.messages:
            due = (
                plan.messages
                if not plan.rate
                else min(plan.messages, int((loop.time() - begin) * plan.rate) + 1)
            )
            for number in range(said, due):
                self._say(plan, number)
            said = due
            await asyncio.sleep(TICK if said < plan.messages else 0)

    def _say(self, plan: Plan, number: int) -> None:
        user = self.api.user(plan.first_user + number % plan.users)
        self.injected[user.id] += 1
        count = self.injected[user.id]
        self.asked_at[user.id, count] = self.api.clock()
        user.say_now(plan.text.replace("{n}", str(count)))

    def stats(self) -> Json:
        """What a bench wants to know."""
        latencies = sorted(self._latencies())
        return {
            "injected": sum(self.injected.values()),
            "pending": self.api.pending,
            "replies": sum(len(replies) for replies in self.replies.values()),
            "chats": len(self.replies),
            "duplicates": sum(self._duplicates().values()),
            "out_of_order": sum(self._inversions(chat) for chat in self.replies),
            "missing": sum(len(self._missing(chat)) for chat in self.injected),
            "seconds": max(self.last_reply - self.begun, 0) if self.begun else 0,
            "latency": {f"p{share}": _quantile(latencies, share) for share in (50, 95, 99, 100)},
            "requests": self.api.log.count,
            "violations": [str(call) for call in self.api.violations[:20]],
        }

    def _numbers(self, chat: int) -> list[tuple[float, int]]:
        found = ((time, _NUMBER.search(text)) for time, text in self.replies[chat])
        return [(time, int(number[1])) for time, number in found if number]

    def _duplicates(self) -> Counter[int]:
        """Replies with a text the chat already had."""
        return Counter(
            {
                chat: len(replies) - len({text for _, text in replies})
                for chat, replies in self.replies.items()
            }
        )

    def _inversions(self, chat: int) -> int:
        """Numbers that came for the first time, but after a larger one."""
        first = list(dict.fromkeys(number for _, number in self._numbers(chat)))
        return sum(1 for earlier, later in pairwise(first) if later < earlier)

    def _missing(self, chat: int) -> set[int]:
        return set(range(1, self.injected[chat] + 1)) - {number for _, number in self._numbers(chat)}

    def _latencies(self) -> list[float]:
        """From a message to the first reply with its number."""
        first: dict[tuple[int, int], float] = {}
        for chat in self.replies:
            for time, number in self._numbers(chat):
                first.setdefault((chat, number), time)
        return [time - self.asked_at[key] for key, time in first.items() if key in self.asked_at]


def _quantile(values: list[float], share: int) -> float | None:
    return round(values[min(len(values) - 1, len(values) * share // 100)], 4) if values else None
