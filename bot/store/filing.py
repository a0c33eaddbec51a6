"""Files a channel only refers to: rows until they are fetched, or it is known that they can't be had."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot.domain.files import OURS, Filed, FileState, origin_of
from bot.domain.messages import Attachment, Medium
from bot.pipeline.fetching import Fetched, ToFetch
from bot.pipeline.tidings import Bell
from bot.store.part import Part, of_shop
from bot.store.tables import files

LEASE = timedelta(minutes=5)
"""How long a fetcher may hold a row before others take it for dead; longer than a fetch may take."""


class Filing(Part):
    """Queries of the files to be fetched."""

    def lease_files(
        self, now: datetime, origins: Iterable[str], limit: int, holder: int = 0
    ) -> list[ToFetch]:
        """Files that are due, longest due first; nobody else is given them before the lease is over, or the process of that
        number is gone."""
        query = (
            select(files)
            .where(
                of_shop(files),
                files.c.state == FileState.WAITING.value,
                files.c.due_at <= now,
                files.c.origin.in_(tuple(origins)),
            )
            .order_by(files.c.due_at, files.c.id)
            .limit(limit)
        )
        if self._many:
            query = query.with_for_update(skip_locked=True)
        found = self._run(query).mappings().all()
        if found:
            held = update(files).where(of_shop(files), files.c.id.in_([row["id"] for row in found]))
            values = {"due_at": now + LEASE, "attempts": files.c.attempts + 1, "error": ""}
            self._run(held.values(**values, holder=holder or None))
        return [_to_fetch(row) for row in found]

    def release_files(self, now: datetime, holders: Collection[int] | None = None) -> int:
        """Files a killed process was fetching are due at once: those of these processes; without them, everybody's, where no
        other process can be fetching."""
        lost = (
            (files.c.state == FileState.WAITING.value)
            & (files.c.due_at > now)
            & (files.c.attempts > 0)
            & (files.c.error == "")  # how the last try ended was never written down
        )
        if holders is not None:
            lost &= files.c.holder.in_(holders)
        return self._run(update(files).where(of_shop(files), lost).values(due_at=now)).rowcount

    def settle_file(self, fetched: Fetched) -> None:
        """Write down what became of a fetch; a file that is kept stays so."""
        values: dict[str, Any] = {"state": fetched.state.value, "error": fetched.error[:2000]}
        if fetched.state is FileState.KEPT:
            values |= {"sha256": fetched.sha256, "mime": fetched.mime, "size": fetched.size}
        if fetched.missed:
            values["missed"] = files.c.missed + 1
        if fetched.retry_at is not None:
            values["due_at"] = fetched.retry_at
        waiting = (files.c.id == fetched.id) & (files.c.state == FileState.WAITING.value)
        changed = update(files).where(of_shop(files), waiting).values(**values)
        self._tell(conversations=self._run(changed.returning(files.c.conversation_id)).scalars())

    def filed(self, conversation_id: int) -> dict[str, Filed]:
        """Every file of a conversation that was or is to be fetched, by ref."""
        query = (
            select(files)
            .where(of_shop(files), files.c.conversation_id == conversation_id)
            .order_by(files.c.id)
        )
        return {row["ref"]: _filed(row) for row in self._run(query).mappings()}

    def _file_away(self, found: Sequence[tuple[int, Attachment]], now: datetime) -> None:
        """Have these files fetched, of each conversation; what is known already, or kept anyway, needs none of it."""
        rows = [
            {
                "conversation_id": number,
                "ref": file.ref,
                "origin": origin_of(file.ref),
                "medium": file.medium.value,
                "name": file.name,
                "size": file.size,
                "album": file.album,
                "received_at": now,
                "due_at": now,
            }
            for number, file in found
            if origin_of(file.ref) not in ("", OURS)
        ]
        if self._insert_new(files, rows):
            self._tell(Bell.FILES)


def _to_fetch(row: Any) -> ToFetch:
    tries = row["attempts"] + 1
    return ToFetch(row["id"], row["conversation_id"], row["ref"], row["size"], tries, row["missed"])


def _filed(row: Any) -> Filed:
    return Filed(
        conversation_id=row["conversation_id"],
        ref=row["ref"],
        medium=Medium(row["medium"]),
        state=FileState(row["state"]),
        received_at=row["received_at"],
        sha256=row["sha256"],
        mime=row["mime"],
        size=row["size"],
        name=row["name"],
        album=row["album"],
        error=row["error"],
    )
