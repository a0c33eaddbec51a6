"""Phone numbers: mainland mobiles, numbers with a country code, landlines with their area code."""

from __future__ import annotations

import re

from bot.understanding.slots import words_en, words_zh
from bot.understanding.slots.context import Context
from bot.understanding.slots.found import Found
from bot.understanding.slots.said import Said

MOBILE = re.compile(r"(?<![\dA-Za-z+-])(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\dA-Za-z]|-\d)")
ABROAD = re.compile(r"(?<![\dA-Za-z])(?:\+|00(?=[1-9]\d{0,2}[ .-]))[1-9](?:[ ().-]{0,2}\d){6,14}(?!\d)")
AREA = re.compile(
    r"(?<![\dA-Za-z-])(?:\(0\d{2,3}\) ?|0\d{2,3}[ -])\d{3,4}[ -]?\d{4}(?!\d|-\d)"
    r"|(?<![\dA-Za-z-])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[ .-]\d{4}(?!\d|-\d)"
    r"|(?<![\dA-Za-z-])0\d{4} \d{6}(?!\d|-\d)"
)
"""Chinese landlines, North American numbers with the marks they are written with, and British ones."""
CALLED = re.compile(
    rf"(?:{words_zh.PHONE}|\b{words_en.PHONE})(?:号码?|號碼?| number| no)?\W{{0,3}}(?:是|is)?\W{{0,2}}"
    r"(?:(?:换|換|改|变|變|了|成|为|為|是|is|has|was|changed|different|now|to|use)\W{0,2}){0,5}"
    r"(\d(?:[ -]?\d){6,14})(?!\d)",
    re.IGNORECASE,
)


def phone(said: Said, context: Context, found: Found) -> None:
    """The first phone number, digits only but for a leading plus.

    Where an order number is asked for, eleven bare digits are that; where its last digits are, the flow reads them.
    """
    if context.asking == "phone_digits" or not said.has_digits:
        return
    bare = context.asking not in ("order", "order_number")
    for pattern in (CALLED, ABROAD, AREA, *((MOBILE,) if bare else ())):
        if match := pattern.search(said.rest):
            number = match[match.lastindex or 0]
            plus = "+" if number.startswith("+") else ""
            found.put("phone", plus + "".join(filter(str.isdigit, number)), said.mostly(match[0]))
            said.take(*match.span())
            return
