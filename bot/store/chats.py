"""What stands in the messengers' chats: whose copy a message is, and how the staff group's topics look."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, or_, select, update

from bot.pipeline.chats import Topic
from bot.pipeline.deliveries import STAFF, Copy
from bot.store.part import Part, of_shop
from bot.store.tables import conversations, copies, topics


class Chats(Part):
    """Queries of copies and topics."""

    def put_copies(self, found: Iterable[tuple[int, Iterable[Copy]]]) -> None:
        """Remember what was sent, each conversation by its id, to find it again."""
        rows = [
            {
                "conversation_id": conversation_id,
                "channel": copy.channel,
                "ref": copy.ref[:40],
                "source": copy.of[:40],
                "key": copy.key,
            }
            for conversation_id, those in found
            for copy in those
        ]
        self._insert_new(copies, rows)

    def copies(self, conversation_id: int, channel: str, of: Iterable[str] = (), key: str = "") -> list[str]:
        """The shop's own messages in that chat which carry these messages of the other, or were sent by this key; oldest
        first."""
        here = and_(of_shop(copies), copies.c.conversation_id == conversation_id, copies.c.channel == channel)
        sources = [source for source in of if source]
        by_key = and_(copies.c.key == key, copies.c.key != "")
        query = (
            select(copies.c.ref).where(here, or_(copies.c.source.in_(sources), by_key)).order_by(copies.c.id)
        )
        return list(dict.fromkeys(self._run(query).scalars()))

    def carried(self, conversation_id: int, channel: str, ref: str) -> list[str]:
        """What that message carries over: messages of the other chat."""
        query = select(copies.c.source).where(
            of_shop(copies),
            copies.c.conversation_id == conversation_id,
            copies.c.channel == channel,
            copies.c.ref == ref,
            copies.c.source != "",
        )
        return list(self._run(query.order_by(copies.c.id)).scalars())

    def twin(self, conversation_id: int, channel: str, mark: str) -> str:
        """The message of that chat which stands for this one of the other, whoever wrote it; empty when there is none."""
        own = and_(of_shop(copies), copies.c.conversation_id == conversation_id)
        sent = and_(copies.c.channel == channel, copies.c.source == mark)
        written = and_(copies.c.channel != channel, copies.c.ref == mark, copies.c.source != "")
        query = select(copies.c.channel, copies.c.ref, copies.c.source).where(own, or_(sent, written))
        row = self._run(query.order_by(copies.c.id).limit(1)).first()
        if row is None:
            return ""
        return str(row.ref if row.channel == channel else row.source)

    def staff_messages(self, marks: Iterable[str]) -> dict[str, int]:
        """The conversations of messages in the staff group, whoever wrote them."""
        wanted = tuple(marks)
        if not wanted:
            return {}
        posted = and_(copies.c.channel == STAFF, copies.c.ref.in_(wanted))
        written = and_(copies.c.channel != STAFF, copies.c.source.in_(wanted))
        query = select(copies.c.channel, copies.c.ref, copies.c.source, copies.c.conversation_id)
        found = self._run(query.where(of_shop(copies), or_(posted, written)))
        return {row.ref if row.channel == STAFF else row.source: row.conversation_id for row in found}

    def topic(self, conversation_id: int) -> Topic | None:
        """How the conversation's topic looks; None when it has none."""
        query = (
            select(conversations.c.staff_thread, topics)
            .outerjoin(topics, of_shop(topics) & (topics.c.conversation_id == conversations.c.id))
            .where(
                of_shop(conversations),
                conversations.c.id == conversation_id,
                conversations.c.staff_thread.is_not(None),
            )
        )
        row: Any = self._run(query).first()
        if row is None:
            return None
        if row.thread != row.staff_thread:
            return Topic(row.staff_thread)
        return Topic(row.thread, row.name, row.closed, row.card, row.pinned)

    def put_topic(self, conversation_id: int, topic: Topic) -> None:
        """Remember how the conversation's topic looks, in place of what was known of it."""
        looks = {
            "thread": topic.thread,
            "name": topic.name,
            "closed": topic.closed,
            "card": topic.card,
            "pinned": topic.pinned,
        }
        if not self._insert_new(topics, [{"conversation_id": conversation_id, **looks}]):
            self._run(
                update(topics)
                .where(of_shop(topics), topics.c.conversation_id == conversation_id)
                .values(**looks)
            )
        here = conversations.c.id == conversation_id
        self._run(update(conversations).where(of_shop(conversations), here).values(staff_thread=topic.thread))
