"""How far each may go: what the bot, an agent, a senior and the owner may grant, and from when on two people must agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.money import Money


class Level(StrEnum):
    """Who grants, lowest first."""

    BOT = "bot"
    AGENT = "agent"
    SENIOR = "senior"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Amounts:
    """A limit, by currency: a currency that is not named has none of it."""

    by_currency: Mapping[str, Money] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Money]:
        return iter(sorted(self.by_currency.values(), key=lambda money: money.currency))

    def covers(self, money: Money) -> bool:
        """True when the amount lies within."""
        limit = self.by_currency.get(money.currency)
        return limit is not None and money <= limit

    def of(self, currency: str) -> Money:
        """The limit in a currency, nothing where none is named."""
        return self.by_currency.get(currency, Money(0, currency))


@dataclass(frozen=True, slots=True)
class Authority:
    """What each may grant alone. The owner may grant anything."""

    limits: Mapping[Level, Amounts] = field(default_factory=dict)
    two_people: Amounts = field(default_factory=Amounts)
    """Money above this leaves only when two people have approved; a currency not named here needs none."""
    group_acts: bool = True
    """Who is in the staff group acts as an agent, also without an account of their own."""

    def may_grant(self, level: Level, money: Money) -> bool:
        """True when somebody of this level, or of one below, may grant it."""
        if level is Level.OWNER or not money:
            return True
        return any(self.limits.get(one, Amounts()).covers(money) for one in _up_to(level))

    def lowest(self, money: Money) -> Level:
        """The lowest level that may grant it."""
        return next(level for level in Level if self.may_grant(level, money))

    def people(self, money: Money) -> int:
        """How many must approve before it leaves: two above the limit, else none besides who decided."""
        limit = self.two_people.by_currency.get(money.currency)
        return 2 if limit is not None and money > limit else 0


def _up_to(level: Level) -> tuple[Level, ...]:
    levels = tuple(Level)
    return levels[: levels.index(level) + 1]
