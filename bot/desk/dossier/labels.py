"""The words of a dossier in one language, and how it writes amounts and moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from bot.channels.web.pages import Wording, Words
from bot.domain.money import Money
from bot.replies.tongue import ENUMS, Tongue

GROUPS = (*ENUMS, "carrier", "language", "dossier")


@dataclass(frozen=True)
class Labels:
    """Words of one language; times in the shop's zone, written so that nobody can misread them."""

    language: str
    words: Words
    timezone: tzinfo
    said: Mapping[str, str] = field(init=False)
    """The dossier's own words, by key."""
    tongue: Tongue = field(init=False)

    def __post_init__(self) -> None:
        groups = {group: Wording(self.words(self.language, group)) for group in GROUPS}
        object.__setattr__(self, "said", groups["dossier"])
        object.__setattr__(self, "tongue", Tongue(self.language, groups, self.timezone))

    @property
    def filters(self) -> Mapping[str, Callable[..., str]]:
        """For the page."""
        return {"word": self.tongue.word, "money": self.money, "moment": self.moment, "size": size}

    def money(self, amount: Money) -> str:
        """With the currency's code: a mediator may sit anywhere."""
        return f"{self.tongue.money(amount)} ({amount.currency})"

    def moment(self, at: datetime | None) -> str:
        """``2026-11-20 10:00:00 +08:00``; a dash for what has not come."""
        if at is None:
            return "–"
        local = at.astimezone(self.timezone).isoformat(sep=" ", timespec="seconds")
        return f"{local[:19]} {local[19:]}"


def size(count: int) -> str:
    """Bytes as they are compared: to the byte."""
    return f"{count:,} B"
