"""Searching: a buyer's conversation by what somebody knows of it.

Case and order numbers are found by their beginning and phone numbers by their last four digits, each by an index. A buyer's
name is looked for in all names, which SQLite has side by side in an index. Words are looked for in the newest `LINES_BACK` lines: an
index over what is said would cost every message more than agents' searches are worth.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnClause, ColumnElement, Select, func, literal, literal_column, select

from bot.domain.messages import Speaker
from bot.domain.tags import plain
from bot.pipeline.looks import Hit, Kind, Past, Waiting
from bot.store.codec import conversation_of
from bot.store.part import Part, of_shop
from bot.store.tables import PHONE_END, cases, conversations, lines, order_links, orders, scores

LINES_BACK = 50_000
"""Lines of all conversations, the newest, in which words are looked for."""
_AFTER_ALL = "\U0010ffff"
"""Stands behind every character a number can hold."""
_MATCHES: ColumnClause[int] = literal_column("200")
"""Orders looked through for their buyers, when so many begin alike; spelt out, so that SQLite knows how few they are."""
_PHONE = 4
"""Digits of a phone's end that are enough to look for it."""
_AROUND = 40
"""Characters shown on each side of words that were found."""


_SAID = lines.alias("said")
_NEWEST = (
    select(_SAID.c.id)
    .where(of_shop(_SAID), _SAID.c.conversation_id == conversations.c.id, _SAID.c.who != Speaker.SYSTEM.value)
    .order_by(_SAID.c.id.desc())
    .limit(1)
    .correlate(conversations)
    .scalar_subquery()
)
"""A conversation's last line that is not the machine's."""


class Search(Part):
    """Queries of the agents' search."""

    def search(self, words: str, limit: int = 20) -> list[Hit]:
        """Conversations by a case's or an order's number, a phone's end, a buyer's name, words in messages: the surest first,
        each conversation once for each kind."""
        wanted = words.strip()
        if not wanted:
            return []
        found: dict[tuple[int, Kind], Hit] = {}
        for hit in self._hits(wanted, limit):
            found.setdefault((hit.conversation_id, hit.kind), hit)
            if len(found) == limit:
                break
        return list(found.values())

    def past(self, conversation_id: int, orders_of: tuple[str, ...], cases_of: tuple[str, ...]) -> Past:
        """What else is known of the buyer with these orders and cases."""
        return Past(tuple(self._others(conversation_id, orders_of)), self._scores(cases_of))

    def _hits(self, wanted: str, limit: int) -> Iterator[Hit]:
        digits = "".join(filter(str.isdecimal, wanted))
        yield from self._found(Kind.CASE, _cases(wanted.upper()), limit)
        yield from self._found(
            Kind.ORDER, _orders(_begins(func.lower(orders.c.number), wanted.lower())), limit
        )
        if len(digits) >= _PHONE and len(digits) >= len(wanted) - 4:
            last = PHONE_END.in_((digits[-_PHONE:],))
            query = _orders(last, orders.c.phone.endswith(digits, autoescape=True))
            yield from self._found(Kind.PHONE, query, limit)
        yield from self._found(Kind.BUYER, _names(wanted), limit)
        yield from self._found(Kind.MESSAGE, _words(wanted), limit, wanted)

    def _found(self, kind: Kind, query: Select[Any], limit: int, wanted: str = "") -> Iterator[Hit]:
        rows = self._run(query.limit(limit))
        for id_, name, channel, text, at in rows:
            yield Hit(id_, name, channel, kind, around(plain(text), wanted) if wanted else text, at)

    def _others(self, conversation_id: int, orders_of: tuple[str, ...]) -> Iterator[Waiting]:
        if not orders_of:
            return
        linked = select(order_links.c.conversation_id).where(
            of_shop(order_links),
            order_links.c.order_number.in_(orders_of),
            order_links.c.conversation_id != conversation_id,
        )
        query = (
            select(conversations, lines.c.text, lines.c.at)
            .select_from(conversations)
            .join(lines, lines.c.id == _NEWEST)
            .where(of_shop(conversations, lines), conversations.c.id.in_(linked))
            .order_by(lines.c.id.desc())
            .limit(10)
        )
        for row in self._run(query).mappings():
            yield Waiting(conversation_of(row), row["text"], row["at"])

    def _scores(self, cases_of: tuple[str, ...]) -> dict[str, int]:
        if not cases_of:
            return {}
        query = select(scores.c.case_number, scores.c.score).where(
            of_shop(scores), scores.c.case_number.in_(cases_of)
        )
        return {row.case_number: row.score for row in self._run(query)}


def around(text: str, wanted: str) -> str:
    """The words with a little of what stands before and after them, in one line."""
    flat = " ".join(text.split())
    at = max(0, flat.casefold().find(wanted.casefold()))
    start, end = max(0, at - _AROUND), at + len(wanted) + _AROUND
    return ("…" if start else "") + flat[start:end] + ("…" if end < len(flat) else "")


_WHO = (conversations.c.id, conversations.c.name, conversations.c.channel)
_NEVER = literal(None, type_=lines.c.at.type)


def _begins(column: ColumnElement[str], wanted: str) -> ColumnElement[bool]:
    """A range, which an index serves on both databases; ``LIKE`` is not served by SQLite's."""
    return column.between(wanted, wanted + _AFTER_ALL)


def _cases(wanted: str) -> Select[Any]:
    return (
        select(*_WHO, cases.c.number, _NEVER)
        .join(cases, cases.c.conversation_id == conversations.c.id)
        .where(of_shop(conversations, cases), _begins(cases.c.number, wanted))
        .order_by(cases.c.number.desc())
    )


def _orders(*wanted: ColumnElement[bool]) -> Select[Any]:
    """Conversations whose order it is: the orders are found first, and never more of them than anybody would look through."""
    lowered = func.lower(orders.c.number)
    matching = (
        select(orders.c.number).where(of_shop(orders), *wanted).order_by(lowered.desc()).limit(_MATCHES)
    )
    found = matching.subquery()
    return (
        select(*_WHO, found.c.number, _NEVER)
        .select_from(found)
        .join(order_links, order_links.c.order_number == found.c.number)
        .join(conversations, conversations.c.id == order_links.c.conversation_id)
        .where(of_shop(conversations, order_links))
        .order_by(conversations.c.updated_at.desc())
    )


def _names(wanted: str) -> Select[Any]:
    named = conversations.alias("named")
    found = select(named.c.id).where(
        of_shop(named), named.c.name != literal_column("''"), named.c.name.icontains(wanted, autoescape=True)
    )
    return (
        select(*_WHO, conversations.c.name, _NEVER)
        .where(of_shop(conversations), conversations.c.id.in_(found))
        .order_by(conversations.c.updated_at.desc())
    )


def _words(wanted: str) -> Select[Any]:
    newest = select(func.max(lines.c.id) - LINES_BACK).where(of_shop(lines)).scalar_subquery()
    return (
        select(*_WHO, lines.c.text, lines.c.at)
        .join(lines, lines.c.conversation_id == conversations.c.id)
        .where(
            of_shop(conversations, lines),
            lines.c.id > newest,
            lines.c.who != Speaker.SYSTEM.value,
            lines.c.text.icontains(wanted, autoescape=True),
        )
        .order_by(lines.c.id.desc())
    )
