"""A buyer's message as a phrase that may be taught: nobody can be known by it, and no mark of it means anything else."""

from __future__ import annotations

import re

from bot.understanding.phrases import MAX_LENGTH, PLACEHOLDERS
from bot.understanding.slots import masked

HIDDEN = "…"
_HAN_DIGITS = "〇零一二三四五六七八九幺"
_PERSONAL = re.compile(
    r"(?:https?://|www\.)[!-~]+"
    r"|[\w.%+-]+@[\w-]+(?:\.[\w-]+)+"  # e-mail
    r"|\+\d[\d .-]{5,}\d"  # a phone with its country's code
    r"|(?<!\d)(?:86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"  # a Chinese mobile
    r"|(?<![\dA-Za-z])\d{2,4}(?:[ .-]{1,2}\d{3,4}){1,3}(?!\d)"  # any other number in groups: phones, cards
    rf"|[{_HAN_DIGITS}]{{6,}}",
    re.ASCII,  # what stands beside an address in Chinese is no part of it
)
_LONGEST = 5 * MAX_LENGTH
"""Characters from which on a message is a story, and not looked at."""
_MARKS = re.compile(r"[\[\](){}|]")
"""They mean something in phrases."""
_NAMED = {value: f"{{{name}}}" for name, value in PLACEHOLDERS.items() if name != "amount"}
_NUMBER = re.compile("|".join([*sorted(_NAMED, key=len, reverse=True), r"\w*\d{4,}\w*"]))
_AMOUNT = re.compile(rf"(?<![\d.]){PLACEHOLDERS['amount']}(?![\d.])")


def as_phrase(text: str) -> str:
    """The message with phones, e-mail addresses, links and long numbers hidden, and order numbers, tracking numbers and
    amounts as the slots of phrases; empty when nothing that could be taught is left, or it is too long for a phrase.

    Numbers of up to three digits stay: a size, a number of days. They name nobody.
    """
    if len(text) > _LONGEST:
        return ""
    seen = "".join(char if char.isprintable() else " " for char in text)
    known = masked(_PERSONAL.sub(HIDDEN, " ".join(_MARKS.sub(" ", seen).split())))
    shown = _NUMBER.sub(lambda found: _NAMED.get(found[0], HIDDEN), known)
    if not _AMOUNT.search(text):
        shown = _AMOUNT.sub("{amount}", shown)
    words = re.sub(r"\{\w+\}", "", shown)
    return shown if any(map(str.isalpha, words)) and len(shown) <= MAX_LENGTH else ""
