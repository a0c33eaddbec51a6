"""Posts as a whole group may read them: personal data is masked in the staff group, unless an agent asked for it."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import replace

from bot.domain.conversation import Conversation
from bot.domain.decision import Decision, Say
from bot.domain.orders import Order
from bot.flows import REPLIES
from bot.understanding.personal import HIDDEN, masked

_MOST = 6
"""Pieces of personal data that a conversation remembers as such."""
_TELLING = 6
"""Characters of the shortest that is looked for in later posts: shorter ones stand in other words as well."""


def with_personal(conversation: Conversation, decision: Decision) -> Conversation:
    """The conversation, with what it now holds that the group is not to read."""
    told = [value for say in decision.says for value in _personal(say) if len(value) >= _TELLING]
    if not told:
        return conversation
    known = tuple(dict.fromkeys((*told, *conversation.personal)))
    return replace(conversation, personal=known[:_MOST])


def for_many_eyes(say: Say, text: str, conversation: Conversation, orders: Iterable[Order]) -> str:
    """The post's words for the group. What the buyer calls themselves in the messenger is their public name, which the topic
    bears: it is no secret because an order goes to the same name."""
    if say.manner.unmasked:
        return text
    for value in sorted({*_personal(say), *conversation.personal}, key=len, reverse=True):
        text = text.replace(html.escape(value), HIDDEN)
    names = (html.escape(order.buyer_name) for order in orders)
    return masked(text, names, html.escape(conversation.name.strip()))


def _personal(say: Say) -> list[str]:
    """The values of a post that its reply declares personal."""
    declared = REPLIES[say.reply].personal if say.reply in REPLIES else ()
    return [value for name in sorted(declared) if (value := str(say.values[name]).strip())]
