"""What people did: written once, and never changed but to take a buyer out of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from bot.domain.audit import Deed, Outcome
from bot.store.part import Part, of_shop
from bot.store.tables import audit


class Auditing(Part):
    """Queries of deeds."""

    def note_deeds(self, deeds: Iterable[Deed]) -> None:
        """Write them down, in this order."""
        self._add(audit, (_row(deed) for deed in deeds))

    def deeds(
        self,
        account: str = "",
        conversation: int | None = None,
        subject: str = "",
        before: int | None = None,
        limit: int = 100,
    ) -> list[tuple[int, Deed]]:
        """The newest with their numbers, newest first: of somebody, in a conversation, to something; older than `before`."""
        query = select(audit).where(of_shop(audit)).order_by(audit.c.id.desc()).limit(limit)
        if account:
            query = query.where(audit.c.account == account)
        if conversation is not None:
            query = query.where(audit.c.conversation_id == conversation)
        if subject:
            query = query.where(audit.c.subject == subject)
        if before is not None:
            query = query.where(audit.c.id < before)
        return [(row["id"], _deed(row)) for row in self._run(query).mappings()]


def _row(deed: Deed) -> dict[str, Any]:
    return {
        "at": deed.at,
        "account": deed.account,
        "name": deed.name,
        "act": deed.act,
        "outcome": deed.outcome.value,
        "conversation_id": deed.conversation,
        "subject": deed.subject,
        "before": dict(deed.before),
        "after": dict(deed.after),
    }


def _deed(row: Any) -> Deed:
    return Deed(
        row["at"],
        row["account"],
        row["name"],
        row["act"],
        Outcome(row["outcome"]),
        row["conversation_id"],
        row["subject"],
        row["before"],
        row["after"],
    )
