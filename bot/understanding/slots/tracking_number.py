"""Tracking numbers: by their letters, by their length and check digit, or by the words beside them."""

from __future__ import annotations

import re
from itertools import islice

from bot.understanding.slots import words_en, words_zh
from bot.understanding.slots.carrier import carrier_beside
from bot.understanding.slots.context import Context
from bot.understanding.slots.found import Doubt, Found
from bot.understanding.slots.said import Said
from bot.understanding.slots.waybill import Waybill, by_shape, of_carrier

_TOKEN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9-]{7,39}(?![A-Za-z0-9])")
_SPACED = re.compile(
    r"(?<![A-Za-z0-9])(?:1Z(?:[ -]?[A-Z0-9]){16}|[A-Z]{2}[ -]?\d(?:[ -]?\d){8}[ -]?[A-Z]{2}|\d(?:[ -]?\d){9,33})"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
"""Numbers printed in groups; without a right check digit they may be anything."""
_LABEL = re.compile(
    rf"(?P<order>{words_zh.ORDER}|\b{words_en.ORDER}\b)|(?P<tracking>{words_zh.TRACKING}|\b{words_en.TRACKING}\b)",
    re.IGNORECASE,
)
_CERTAIN = re.compile(rf"{words_zh.TRACKING_NUMBER}|\b{words_en.TRACKING_NUMBER}\b", re.IGNORECASE)
_SHORTEST, _LONGEST = 12, 15
"""Digits of a parcel's number that nothing else tells: fewer, or more, are likelier an order's."""
_MOST = 24
"""Numbers of one message that are looked at."""
_BEFORE, _AFTER = 18, 12
"""Characters around a number in which a word tells what it is."""


def tracking_number(said: Said, context: Context, found: Found) -> None:
    """The first tracking number and, where it is certain, its carrier. The buyer's own were found before."""
    if own := found.slots.get("tracking_number"):
        waybill = by_shape(_folded(own))
        if waybill and waybill.carrier:
            found.put("carrier", waybill.carrier)
        return
    if context.asking in ("phone_digits", "amount") or not said.has_digits:
        return
    for pattern, printed in ((_SPACED, True), (_TOKEN, False)):
        for match in islice(pattern.finditer(said.rest), _MOST):
            waybill = _waybill(match, said.rest, context)
            if waybill and (waybill.holds or not printed):
                _put(_folded(match[0]), waybill, said.mostly(match[0]), found)
                said.take(*match.span())
                return


def _put(number: str, waybill: Waybill, exact: bool, found: Found) -> None:
    doubt = Doubt.CHECK_DIGIT if waybill.holds is False else None
    found.put("tracking_number", number, exact, doubt)
    if waybill.carrier:
        found.put("carrier", waybill.carrier)


def _waybill(match: re.Match[str], text: str, context: Context) -> Waybill | None:
    number = _folded(match[0])
    if sum(map(str.isdigit, number)) < 4:
        return None
    if shaped := by_shape(number):
        return shaped
    if sum(map(str.isdigit, number)) < 8:
        return None
    before, after = text[max(match.start() - _BEFORE, 0) : match.start()], text[match.end() :][:_AFTER]
    label = next((found.lastgroup for found in reversed(list(_LABEL.finditer(before)))), None)
    if label == "order":
        return None
    carrier = carrier_beside(before) or carrier_beside(after)
    if carrier or (label and not _likelier_an_order(number, before, context)):
        return of_carrier(number, carrier)
    return None


def _likelier_an_order(number: str, before: str, context: Context) -> bool:
    """ "Track my parcel 2600018003": bare digits as long as the buyer's own orders' numbers, or longer or shorter than most
    parcels' are, where nothing says that it is a parcel's number."""
    if not number.isdigit() or _CERTAIN.search(before):
        return False
    as_long = {len(order) for order in context.orders if order.isdigit()}
    return len(number) in as_long or not _SHORTEST <= len(number) <= _LONGEST


def _folded(number: str) -> str:
    return number.replace(" ", "").replace("-", "").upper()
