"""Buyers as persons: who is meant, and what is stored of them beside what they said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select, union

from bot.domain.conversation import Conversation
from bot.domain.orders import Order
from bot.domain.refunds import RefundState
from bot.pipeline.buyers import Buyer, Row, Stored, UnderWay
from bot.store.codec import conversation_of
from bot.store.facts import Facts
from bot.store.part import of_shop
from bot.store.said_after import feedback_of
from bot.store.tables import cases, conversations, feedback, inbox, order_links, orders, outbox

_STATES = ("due", "done", "shunted")
_GOING = ("queued", "sending")
_OVER = frozenset({RefundState.DONE, RefundState.CANCELLED})
_SIGNS = 4
"""Characters of a phone number that are no digits, at most."""
_LONGEST = 18
"""Digits a conversation's number can have."""

_Found = tuple[frozenset[int], frozenset[str]]
"""Conversations and orders of one person."""


class Buyers(Facts):
    """Queries of persons."""

    def buyers(self, who: str) -> list[Buyer]:
        """Everybody who may be meant: by a conversation's number, an order's, a phone number or ``channel:address``. With
        ``conversation:``, ``order:`` or ``phone:`` before it, it is only that."""
        kind, colon, rest = who.strip().partition(":")
        looks = {"conversation": self._numbered, "order": self._ordered, "phone": self._with_phone}
        if colon and kind not in looks:
            return self._persons(self._in_channel(kind, rest))
        wanted = [looks[kind]] if colon else list(looks.values())
        found = [buyer for look in wanted for buyer in look(rest if colon else kind)]
        return list({(one.numbers, one.order_numbers): one for one in found}.values())

    def under_way(self, buyer: Buyer) -> UnderWay:
        """Their open cases, and money that has not reached them."""
        known = self.known(buyer.numbers).values()
        open_ = {case.number: case for one in known for case in one.cases if case.open}
        owed = {refund.key: refund for one in known for refund in one.refunds if refund.state not in _OVER}
        return UnderWay(tuple(open_.values()), tuple(owed.values()))

    def stored(self, conversation: Conversation) -> Stored:
        """What is stored of a conversation beside its lines, files and cases."""
        came = select(inbox.c.channel, inbox.c.state, inbox.c.received_at.label("at"), inbox.c.payload).where(
            of_shop(inbox), inbox.c.state.in_(_STATES), inbox.c.conversation_id == conversation.id
        )
        leaves = select(outbox.c.channel, outbox.c.state, outbox.c.created_at.label("at"), outbox.c.payload)
        leaves = leaves.where(
            of_shop(outbox),
            outbox.c.state.in_(_GOING),
            outbox.c.channel == conversation.channel,
            outbox.c.address == conversation.address,
        )
        said = select(feedback).where(of_shop(feedback), feedback.c.conversation_id == conversation.id)
        return Stored(
            tuple(Row(**row) for row in self._run(came.order_by(inbox.c.id)).mappings() if row["payload"]),
            tuple(Row(**row) for row in self._run(leaves.order_by(outbox.c.id)).mappings()),
            tuple(feedback_of(row) for row in self._run(said.order_by(feedback.c.id)).mappings()),
        )

    def _numbered(self, named: str) -> list[Buyer]:
        digits = named.removeprefix("#")
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST):
            return []
        query = select(conversations.c.id).where(of_shop(conversations), conversations.c.id == int(digits))
        return self._persons((frozenset({number}), frozenset()) for number in self._run(query).scalars())

    def _ordered(self, named: str) -> list[Buyer]:
        order = self.order(named)
        return self._persons([(frozenset(), frozenset({order.number}))] if order else [])

    def _with_phone(self, named: str) -> list[Buyer]:
        """Those who have proven orders with it; orders with it that nobody has proven are theirs if that is one person."""
        digits = "".join(filter(str.isdecimal, named))
        if len(digits) < len(named) - _SIGNS:
            return []
        bought = self.orders_by_phone(digits)
        found = self._persons((frozenset(), frozenset({order.number})) for order in bought)
        talked = [one for one in found if one.conversations]
        if len(talked) > 1:
            return talked
        whole = talked[0] if talked else Buyer()
        rest = tuple(order for order in bought if order.number not in whole.order_numbers)
        return [replace(whole, unproven=(*whole.unproven, *rest))] if bought else []

    def _in_channel(self, channel: str, address: str) -> list[_Found]:
        there = select(conversations.c.id).where(
            of_shop(conversations), conversations.c.channel == channel, conversations.c.address == address
        )
        return [(frozenset({number}), frozenset()) for number in self._run(there).scalars()]

    def _persons(self, seeds: Iterable[_Found]) -> list[Buyer]:
        return [self._buyer(*found) for found in dict.fromkeys(self._one_person(*seed) for seed in seeds)]

    def _one_person(self, ids: frozenset[int], numbers: frozenset[str]) -> _Found:
        """With all conversations over the same orders, and all orders of these conversations."""
        while True:
            more = numbers | self._orders_of(ids)
            all_ids = ids | self._talked_over(more)
            if (all_ids, more) == (ids, numbers):
                return ids, numbers
            ids, numbers = all_ids, more

    def _orders_of(self, ids: Iterable[int]) -> frozenset[str]:
        linked = select(order_links.c.order_number).where(
            of_shop(order_links), order_links.c.conversation_id.in_(ids)
        )
        applied = select(cases.c.order_number).where(of_shop(cases), cases.c.conversation_id.in_(ids))
        return frozenset(self._run(union(linked, applied)).scalars())

    def _talked_over(self, numbers: Iterable[str]) -> frozenset[int]:
        linked = select(order_links.c.conversation_id).where(
            of_shop(order_links), order_links.c.order_number.in_(numbers)
        )
        applied = select(cases.c.conversation_id).where(of_shop(cases), cases.c.order_number.in_(numbers))
        return frozenset(self._run(union(linked, applied)).scalars())

    def _buyer(self, ids: frozenset[int], numbers: frozenset[str]) -> Buyer:
        talks = select(conversations).where(of_shop(conversations), conversations.c.id.in_(ids))
        bought = select(orders).where(of_shop(orders), orders.c.number.in_(numbers))
        proven = self._orders(bought.order_by(orders.c.placed_at, orders.c.number), {})
        talked = [conversation_of(row) for row in self._run(talks.order_by(conversations.c.id)).mappings()]
        alike = self._alike(proven)
        return Buyer(tuple(talked), tuple(proven), tuple(alike))

    def _alike(self, proven: Iterable[Order]) -> list[Order]:
        """Orders with the name and phone number of one of these that nobody has proven. The phone number alone would not do:
        some shops' exports have the same for many."""
        known = {order.number: order for order in proven}
        who = sorted({(order.phone, order.buyer_name) for order in known.values() if order.buyer_name})
        alike = {
            order.number: order
            for phone, name in who
            for order in self.orders_by_phone(phone)
            if order.buyer_name == name
        }
        wanted = alike.keys() - known.keys()
        linked = select(order_links.c.order_number).where(
            of_shop(order_links), order_links.c.order_number.in_(wanted)
        )
        taken = set(self._run(linked).scalars()) if wanted else set()
        return [alike[number] for number in sorted(wanted - taken)]
