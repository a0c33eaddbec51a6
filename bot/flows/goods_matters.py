"""Troubles with goods, a return and a repair: each is served by the common steps and says nothing of its own."""

from __future__ import annotations

from bot.flows.matters import MATTERS
from bot.flows.remedies import remedy

_WITH_MORE = frozenset({"exchange_goods", "partial_refund"})
"""Those have steps of their own, in files of their name."""

FLOWS = tuple(remedy(intent) for intent in sorted(MATTERS.keys() - _WITH_MORE))
