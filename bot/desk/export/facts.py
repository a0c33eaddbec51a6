"""What is kept of a buyer, for machines: the same as on the page and more, in no language."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any

from bot.desk.dossier.exhibits import Exhibit
from bot.desk.export.holdings import Holdings, Talk
from bot.domain.audit import Deed
from bot.domain.money import Money

FORMAT = "shouhou-buyer/1"
_OTHERS = frozenset({"account", "approved", "who", "agent", "lapsed", "meant_for"})
"""Names of those who work for the shop, where the buyer has not read them."""


def facts(held: Holdings, found: Sequence[Exhibit]) -> str:
    """JSON of ASCII characters only, with all times in UTC."""
    told = {
        "format": FORMAT,
        "as_of": _plain(held.at),
        "conversations": [_talk(talk) for talk in held.talks],
        "orders": _plain(held.orders),
        "orders_nobody_has_proven": _plain(held.unproven),
        "cases": _plain(held.matters),
        "files": _plain(found),
    }
    return json.dumps(told, indent=1)


def _talk(talk: Talk) -> dict[str, Any]:
    return {
        "conversation": _plain(talk.conversation),
        "lines": _plain(talk.lines),
        "files": _plain(tuple(talk.filed.values())),
        "came_in": _plain(talk.stored.came),
        "waits_to_be_sent": _plain(talk.stored.leaves),
        "suggestions": _plain(talk.stored.feedback),
        "what_the_shop_did": [_deed(deed) for deed in talk.deeds],
    }


def _deed(deed: Deed) -> dict[str, Any]:
    told: dict[str, Any] = {"at": deed.at, "act": deed.act, "outcome": deed.outcome, "subject": deed.subject}
    told |= {"before": _without(deed.before), "after": _without(deed.after)}
    return {name: _plain(value) for name, value in told.items()}


def _without(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in _OTHERS}


def _plain(value: Any) -> Any:  # noqa: PLR0911 -- one line for each kind of value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Money):
        return {"amount": str(value.decimal), "currency": value.currency}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if is_dataclass(value) and not isinstance(value, type):
        speaks = hasattr(value, "text")  # a line of the transcript: its `who` is the kind of speaker
        names = [item.name for item in fields(value) if speaks or item.name not in _OTHERS]
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return value
