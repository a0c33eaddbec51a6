"""Order numbers: the buyer's own first, one of theirs with a slip in it, then whatever has the shape."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from rapidfuzz.distance import OSA

from bot.understanding.normalise import normalise
from bot.understanding.slots import words_en, words_zh
from bot.understanding.slots.context import Context
from bot.understanding.slots.found import Doubt, Found
from bot.understanding.slots.phone import MOBILE
from bot.understanding.slots.said import Said

_PIECE = re.compile(r"[A-Za-z0-9]+")
_JOINS = re.compile(r"[ ./_#-]{1,3}")
"""What people type inside a number to read it better."""
_SPLIT_FROM = 6
"""Characters from which on a number may be typed in pieces: "10 01" may be anything."""
_TOKEN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9-]{3,39}(?![A-Za-z0-9])")
_MOST_PIECES = 8
_REPAIRED_FROM = 6
"""Digits from which on one slip leaves no doubt which number was meant."""
_COUNTING = 4
"""Last digits, which tell a shop's orders of the same weeks apart."""
_ENDING = re.compile(
    rf"(?:{words_zh.ENDING}|\b{words_en.ENDING})\W{{0,3}}(?:是|为)?\s?(\d{{4,12}})(?!\d)", re.IGNORECASE
)
_OF_ANOTHER = re.compile(
    rf"(?:{words_zh.PHONE}|{words_zh.CARD}|{words_zh.TRACKING}|{words_en.PHONE}|{words_en.CARD}|{words_en.TRACKING})"
    r"[^\d]{0,8}$",
    re.IGNORECASE,
)
"""What ends so is a phone, a card or a parcel."""
_ZIP = re.compile(r"(?:\b[A-Z]{2}|\b(?i:zip)(?: ?code)?)[ ,:]+\d{5}-\d{4}$")
"""An American postal code, behind its state."""
_ASKED = ("order", "order_number")
_ALIKE, _APART = 4, 2
"""First characters that a number and its correction share, and by how many characters one may be longer."""
_LABELLED = re.compile(rf"(?:{words_zh.ORDER_LABEL}|\b{words_en.ORDER_LABEL})\W{{0,3}}$", re.IGNORECASE)
_LIKE_DIGITS = str.maketrans("OoIl|", "00111")
"""Letters that are typed, or read off a screen, for digits."""
_TOLD = re.compile(rf"(?:{words_en.ORDER_TOLD}|{words_zh.ORDER_TOLD})", re.IGNORECASE)
_POLITE = re.compile(r"(?:please|pls|thanks|thank you|thx|哈|哦|的|谢谢|麻烦了?)?", re.IGNORECASE)
"""What may stand before a number, and behind it, that is told and nothing else."""


def own_numbers(said: Said, context: Context, found: Found) -> None:
    """The buyer's own order and parcel numbers, in whatever case, with spaces or dashes inside."""
    together = "".join(_PIECE.findall(said.text)).upper()
    for known, slot in ((context.orders, "order_number"), (context.parcels, "tracking_number")):
        own = {folded: number for number in known if (folded := _folded(number)) and folded in together}
        if own and (span := _first(said.rest, own.keys())):
            start, end = span
            alone = said.mostly(said.rest[start:end]) or _only_told(said.rest, start, end)
            found.put(slot, own[_folded(said.rest[start:end])], alone)
            said.take(start, end)


def order_number(said: Said, context: Context, found: Found) -> None:
    """A number that is none of the buyer's: its end, a slip, or one of somebody else."""
    if "order_number" in found.slots or context.asking == "amount" or not said.has_digits:
        return
    if context.asking == "phone_digits":
        _told_again(said, context, found)
        return
    if _by_its_end(said, context, found):
        return
    for match in _TOKEN.finditer(said.rest):
        digits = sum(map(str.isdigit, match[0]))
        if _ZIP.search(said.rest[: match.end()]):
            continue
        if digits >= 6 or (context.asking in _ASKED and digits >= 4):
            _claimed(match[0], said, context, found, _only_told(said.rest, *match.span()))
            said.take(*match.span())
            return


def as_digits(number: str) -> str:
    """The number with what only looks like a digit inside of it read as one (26000l8003); as it is where more is letters."""
    read = number[:1] + number[1:].translate(_LIKE_DIGITS)
    return read if read.isdigit() and len(read) >= _REPAIRED_FROM else number


def _told_again(said: Said, context: Context, found: Found) -> None:
    """Where the end of the phone number is asked for: the order's number once more, mended, or by its name."""
    for match in _TOKEN.finditer(said.rest):
        token, named = as_digits(match[0]), as_digits(context.named)
        long = sum(map(str.isdigit, token)) > _ALIKE
        near = abs(len(token) - len(named)) <= _APART and token[:_ALIKE] == named[:_ALIKE]
        near = near and (len(token) == len(named) or not MOBILE.fullmatch(token))
        if long and (near or _LABELLED.search(said.rest[: match.start()])):
            found.put("order_number", match[0], said.mostly(match[0]))
            return


def _only_told(text: str, start: int, end: int) -> bool:
    """True when no more is said beside a number than whose it is: "my order is …"."""
    before, behind = normalise(text[:start]), normalise(text[end:])
    return _TOLD.fullmatch(before) is not None and _POLITE.fullmatch(behind) is not None


def _claimed(token: str, said: Said, context: Context, found: Found, told: bool) -> None:
    """Where another number was asked for, what was typed is what is meant."""
    ends = [number for number in context.orders if number.endswith(token)]
    meant = None if context.asking == "order_number" else _repaired(token, context.orders)
    if context.asking == "order" and len(ends) == 1:
        found.put("order_number", ends[0], said.mostly(token))
    elif meant:
        found.put("order_number", meant, doubt=Doubt.REPAIRED)
    else:
        found.put("order_number", token, said.mostly(token) or told)


def _by_its_end(said: Said, context: Context, found: Found) -> bool:
    match = _ENDING.search(said.rest)
    if match is None or _OF_ANOTHER.search(said.rest[max(match.start() - 20, 0) : match.start()]):
        return False
    ends = [number for number in context.orders if number.endswith(match[1])]
    if len(ends) != 1:
        return False
    found.put("order_number", ends[0], said.mostly(match[0]))
    said.take(*match.span())
    return True


def _repaired(typed: str, own: Iterable[str]) -> str | None:
    """The one own number that is one slip away, or the same but for letters like digits; None when there are none or several."""
    folded = _folded(as_digits(typed))
    if len(folded) < _REPAIRED_FROM or not folded.isdigit():
        return None
    long = [number for number in own if len(number) >= _REPAIRED_FROM]
    same = [number for number in long if folded == _folded(number)]
    near = same or [number for number in long if _one_slip(folded, _folded(number))]
    return near[0] if len(near) == 1 else None


def _one_slip(typed: str, own: str) -> bool:
    """One digit wrong, missing or doubled, or two neighbours swapped.

    A wrong one among the last digits is no slip: numbers count up, so it is as likely an order somebody else placed.
    """
    if OSA.distance(typed, own, score_cutoff=1) != 1:
        return False
    if len(typed) == len(own):
        return sorted(typed) == sorted(own) or typed[-_COUNTING:] == own[-_COUNTING:]
    if len(typed) < len(own):
        return True
    extra = next((at for at, digit in enumerate(own) if typed[at] != digit), len(own))
    return typed[extra] in typed[max(extra - 1, 0) : extra] + typed[extra + 1 : extra + 2]


def _first(text: str, own: Collection[str]) -> tuple[int, int] | None:
    """Where the first of these folded numbers stands, whole, in one piece or in neighbouring ones."""
    pieces = [match.span() for match in _PIECE.finditer(text)]
    for at, (start, _) in enumerate(pieces):
        folded, before = "", start
        for then, end in pieces[at : at + _MOST_PIECES]:
            folded += text[then:end].upper()
            apart = then > before
            if apart and not _JOINS.fullmatch(text, before, then):
                break
            if folded in own and (not apart or len(folded) >= _SPLIT_FROM):
                return start, end
            if not any(number.startswith(folded) for number in own):
                break
            before = end
    return None


def _folded(number: str) -> str:
    return "".join(_PIECE.findall(number)).upper()
