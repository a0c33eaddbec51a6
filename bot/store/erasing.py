"""Erasing a buyer: the person goes from every row, what bookkeeping needs of cases and money stays without them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Text,
    and_,
    bindparam,
    delete,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
    type_coerce,
    update,
)
from sqlalchemy import Table as SqlTable

from bot.domain.conversation import Holder
from bot.domain.messages import Speaker
from bot.pipeline.buyers import ERASED, Buyer, Erased
from bot.pipeline.deliveries import STAFF
from bot.pipeline.payouts import CHANNEL as PAYOUT
from bot.store.buyers import Buyers
from bot.store.part import holds, of_shop
from bot.store.tables import (
    audit,
    case_history,
    cases,
    conversations,
    copies,
    deadlines,
    discarded,
    feedback,
    files,
    inbox,
    ledger,
    lines,
    order_links,
    orders,
    outbox,
    parcels,
    refunds,
    scores,
    topics,
)

_KEPT_FILE = re.compile(r"file:([0-9a-f]{64})")
_OUTBOX_STATES = ("queued", "sending", "sent", "blocked", "failed", "withdrawn")
_INBOX_STATES = ("due", "done", "shunted")
_IN_WORDS = frozenset({"subject", "refused", "waybill", "sent_waybill"})
"""What the facts of a case or of a line of its history say in words, or by a parcel's number."""
_SHORTEST, _SHORTEST_LATIN = 2, 4
"""Characters of a name that is looked for within other texts: "An" stands in many a payment's number."""


class Erasing(Buyers):
    """Takes a buyer out of all rows."""

    def erase_buyer(self, buyer: Buyer, now: datetime) -> Erased:
        """Take them out, and put their files on the list of what nobody is to have any more."""
        ids, numbers = buyer.numbers, buyer.order_numbers
        self._hold(ids)
        told = list(
            self._run(select(cases.c.number).where(of_shop(cases), _of_person(ids, numbers))).scalars()
        )
        threads = self._run(select(conversations.c.staff_thread).where(_these(ids)))
        theirs = tuple(thread for thread in threads.scalars() if thread is not None)
        gone = self._files_of(ids, told)
        rows = dict(self._deletes(ids, told, numbers)) | dict(self._blanks(ids, told, numbers, buyer, now))
        self._tell(conversations=ids)
        self._insert_new(discarded, [{"sha256": sha256, "at": now} for sha256 in sorted(gone)])
        return Erased(rows, len(gone), theirs)

    def discarded(self) -> dict[str, datetime]:
        """Files that are to go from the disk, with when that was decided."""
        rows = self._run(select(discarded).where(of_shop(discarded)).order_by(discarded.c.sha256))
        return {row.sha256: row.at for row in rows}

    def settle_discarded(self, sha256: Iterable[str]) -> None:
        """These are gone, or somebody else has them too."""
        self._run(delete(discarded).where(of_shop(discarded), discarded.c.sha256.in_(tuple(sha256))))

    def kept_files(self) -> set[str]:
        """The files that anything refers to, by their SHA-256."""
        fetched = select(files.c.sha256).where(of_shop(files), files.c.sha256 != "").distinct()
        found = set(self._run(fetched).scalars())
        waiting = inbox.c.state.in_(("due", "shunted"))
        going = holds(outbox.c.state, "queued", "sending")
        looks: tuple[tuple[SqlTable, Column[Any], ColumnElement[bool]], ...] = (
            (lines, lines.c.attachments, _some(lines.c.attachments)),
            (cases, cases.c.evidence, _some(cases.c.evidence)),
            (case_history, case_history.c.evidence, _some(case_history.c.evidence)),
            (conversations, conversations.c.state, true()),
            (inbox, inbox.c.payload, waiting),
            (outbox, outbox.c.payload, going),
        )
        for table, column, which in looks:
            written = type_coerce(column, Text)
            query = select(written).where(of_shop(table), which, written.contains("file:"))
            for text in self._run(query).scalars():
                found.update(_KEPT_FILE.findall(text))
        return found

    def _hold(self, ids: tuple[int, ...]) -> None:
        """No turn of theirs is under way meanwhile; on SQLite nobody else writes, and what is deleted is overwritten."""
        if not self._many:
            self._connection.exec_driver_sql("PRAGMA secure_delete=ON")
            return
        held = select(conversations.c.id).where(_these(ids)).order_by(conversations.c.id)
        self._run(held.with_for_update())

    def _files_of(self, ids: tuple[int, ...], told: list[str]) -> set[str]:
        """What they and the agents sent; the bot's pictures are the shop's own."""
        fetched = select(files.c.sha256).where(of_shop(files), files.c.conversation_id.in_(ids))
        found = {sha256 for sha256 in self._run(fetched).scalars() if sha256}
        said = select(type_coerce(lines.c.attachments, Text)).where(
            of_shop(lines), lines.c.conversation_id.in_(ids), lines.c.who != Speaker.BOT.value
        )
        shown = select(type_coerce(cases.c.evidence, Text)).where(of_shop(cases), cases.c.number.in_(told))
        given = select(type_coerce(case_history.c.evidence, Text)).where(
            of_shop(case_history), case_history.c.case_number.in_(told)
        )
        kept = select(type_coerce(conversations.c.state, Text)).where(_these(ids))
        for query in (said, shown, given, kept):
            for text in self._run(query).scalars():
                found.update(_KEPT_FILE.findall(text))
        return found

    def _deletes(
        self, ids: tuple[int, ...], told: list[str], numbers: tuple[str, ...]
    ) -> Iterator[tuple[str, int]]:
        """What nothing else needs. The outbox is asked by its readers, as its index has them; orders to pay say nothing of
        the person and stay."""
        places = self._run(select(conversations.c.channel, conversations.c.address).where(_these(ids))).all()
        readers = [*((row.channel, row.address) for row in places), *((STAFF, str(number)) for number in ids)]
        wanted: tuple[tuple[SqlTable, ColumnElement[bool]], ...] = (
            (lines, lines.c.conversation_id.in_(ids)),
            (files, files.c.conversation_id.in_(ids)),
            (copies, copies.c.conversation_id.in_(ids)),
            (topics, topics.c.conversation_id.in_(ids)),
            (order_links, order_links.c.conversation_id.in_(ids)),
            (
                deadlines,
                or_(
                    deadlines.c.case_number.in_(told),
                    and_(deadlines.c.case_number.is_(None), deadlines.c.conversation_id.in_(ids)),
                ),
            ),
            (parcels, parcels.c.order_number.in_(numbers)),
        )
        for table, theirs in wanted:
            yield table.name, self._run(delete(table).where(of_shop(table), theirs)).rowcount
        sent = 0
        for channel, address in readers:
            here = and_(outbox.c.channel == channel, outbox.c.address == address)
            known = outbox.c.state.in_(_OUTBOX_STATES)
            sent += self._run(delete(outbox).where(of_shop(outbox), known, here)).rowcount
        yield "outbox", sent

    def _blanks(
        self, ids: tuple[int, ...], told: list[str], numbers: tuple[str, ...], buyer: Buyer, now: datetime
    ) -> Iterator[tuple[str, int]]:
        """What stays without the person."""
        yield "inbox", self._empty_inbox(ids, buyer, now)
        yield "cases", self._blank_cases(told)
        yield "case_history", self._blank_history(told)
        yield from self._blank_money(told, _said_of(buyer))
        yield "scores", self._change(scores, scores.c.case_number.in_(told), words="")
        mine = feedback.c.conversation_id.in_(ids)
        yield "feedback", self._change(feedback, mine, words="", order_number="")
        yield "audit", self._blank_audit(ids, _said_of(buyer))
        blank = {"buyer_name": "", "phone": "", "erased_at": now}
        yield "orders", self._change(orders, orders.c.number.in_(numbers), **blank)
        for number in ids:
            stranger = {"channel": ERASED, "address": str(number), "name": "", "language": "", "agent": ""}
            free = {"holder": Holder.BOT.value, "flagged_at": None, "priority": "", "staff_thread": None}
            self._change(conversations, conversations.c.id == number, state={}, **stranger, **free)
        yield "conversations", len(ids)

    def _empty_inbox(self, ids: tuple[int, ...], buyer: Buyer, now: datetime) -> int:
        """What came stays as an origin, so that the same is not taken again; also what belongs to no conversation, and names
        where they write from. News of a payment that nobody has read yet is left to be read: the ledger needs it."""
        at = literal(now, inbox.c.done_at.type)
        done = {"state": "done", "done_at": func.coalesce(inbox.c.done_at, at), "payload": {}, "error": ""}
        known = inbox.c.state.in_(_INBOX_STATES)
        unread = and_(inbox.c.channel == PAYOUT, inbox.c.state != "done")
        theirs = and_(known, inbox.c.conversation_id.in_(ids), not_(unread))
        count = self._change(inbox, theirs, album="", **done)
        written = type_coerce(inbox.c.payload, Text)
        for one in buyer.conversations:
            names = written.contains(one.address, autoescape=True)
            stray = and_(known, inbox.c.conversation_id.is_(None), inbox.c.channel == one.channel, names)
            count += self._change(inbox, stray, album="", **done)
        return count

    def _blank_cases(self, told: list[str]) -> int:
        query = select(cases.c.number, cases.c.facts).where(of_shop(cases), cases.c.number.in_(told))
        rows = [
            {"number_": row.number, "facts_": _without_words(row.facts)} for row in self._run(query).all()
        ]
        change = update(cases).where(of_shop(cases), cases.c.number == bindparam("number_"))
        if rows:
            self._run_each(change.values(waybill="", evidence=[], facts=bindparam("facts_")), rows)
        return len(rows)

    def _blank_history(self, told: list[str]) -> int:
        query = select(case_history).where(of_shop(case_history), case_history.c.case_number.in_(told))
        rows = [
            {"case": row.case_number, "version_": row.version, "facts_": _without_words(row.facts)}
            for row in self._run(query).all()
        ]
        change = update(case_history).where(
            of_shop(case_history),
            case_history.c.case_number == bindparam("case"),
            case_history.c.version == bindparam("version_"),
        )
        if rows:
            self._run_each(change.values(why="", evidence=[], facts=bindparam("facts_")), rows)
        return len(rows)

    def _blank_money(self, told: list[str], said: list[str]) -> Iterator[tuple[str, int]]:
        """Amounts, states and the payments' own numbers stay; what somebody wrote beside them does not."""
        query = select(refunds.c.key).where(of_shop(refunds), refunds.c.case_number.in_(told))
        keys = list(self._run(query).scalars())
        paid, told_of = refunds.c.key.in_(keys), ledger.c.key.in_(keys)
        yield "refunds", self._change(refunds, paid, problem="")
        yield "ledger", self._change(ledger, told_of, why="")
        for table, theirs in ((refunds, paid), (ledger, told_of)):
            self._change(table, and_(theirs, _names(table.c.reference, said)), reference="")

    def _blank_audit(self, ids: tuple[int, ...], said: list[str]) -> int:
        """Who did what stays; only what somebody typed in place of a case's number goes."""
        theirs = and_(audit.c.conversation_id.in_(ids), _names(audit.c.subject, said))
        return self._change(audit, theirs, subject="")

    def _change(self, table: SqlTable, theirs: ColumnElement[bool], **values: Any) -> int:
        return self._run(update(table).where(of_shop(table), theirs).values(values)).rowcount


def _some(column: Column[Any]) -> ColumnElement[bool]:
    """There are files in it, as its index has it."""
    return type_coerce(column, Text) != literal_column("'[]'")


def _these(ids: tuple[int, ...]) -> ColumnElement[bool]:
    return and_(of_shop(conversations), conversations.c.id.in_(ids))


def _of_person(ids: tuple[int, ...], numbers: tuple[str, ...]) -> ColumnElement[bool]:
    return or_(cases.c.conversation_id.in_(ids), cases.c.order_number.in_(numbers))


def _said_of(buyer: Buyer) -> list[str]:
    """Names, phone numbers and addresses of theirs, as they may stand within other texts."""
    talked = [said for one in buyer.conversations for said in (one.name, one.address)]
    bought = [said for one in (*buyer.orders, *buyer.unproven) for said in (one.buyer_name, one.phone)]
    least = {said: _SHORTEST_LATIN if said.isascii() else _SHORTEST for said in (*talked, *bought)}
    return sorted(said for said, length in least.items() if len(said) >= length)


def _names(column: ColumnElement[str], said: list[str]) -> ColumnElement[bool]:
    return or_(column.is_(None), *(column.contains(one, autoescape=True) for one in said))


def _without_words(facts: dict[str, Any] | None) -> dict[str, Any] | None:
    """Facts of a case without what was said, shown and sent; the same of the application in its history."""
    if facts is None:
        return None
    kept = {name: value for name, value in facts.items() if name not in _IN_WORDS}
    if born := kept.get("born"):
        kept["born"] = {**born, "waybill": "", "evidence": [], "facts": _without_words(born.get("facts"))}
    return kept
