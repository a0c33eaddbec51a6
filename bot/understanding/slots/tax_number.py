"""A tax number for an invoice: one that is written right, or what is called one. It is no order's number."""

from __future__ import annotations

import re

from bot.domain.tax_numbers import tax_number as written_right
from bot.understanding.slots import words_en, words_zh
from bot.understanding.slots.context import Context
from bot.understanding.slots.found import Found
from bot.understanding.slots.said import Said
from bot.understanding.slots.waybill import by_shape

_TOKEN = re.compile(
    r"(?<![A-Za-z0-9@._-])[A-Za-z0-9](?:[A-Za-z0-9]|[ .\-/](?=[A-Za-z0-9])){6,30}(?![A-Za-z0-9@])"
)
_PIECE = re.compile(r"(?<![A-Za-z0-9@._-])[A-Za-z0-9][A-Za-z0-9.\-/]{6,30}(?![A-Za-z0-9@])")
_CALLED = re.compile(
    rf"(?:{words_zh.TAX_NUMBER}|\b{words_en.TAX_NUMBER}\b)\W{{0,3}}(?:是|为|is)?\W{{0,3}}$", re.IGNORECASE
)
_FEWEST_DIGITS = 5
_CODE, _CODE_DIGITS = 18, 8


def tax_number(said: Said, context: Context, found: Found) -> None:
    """The first that is written right, in plain form; else the first that is called one, in capitals."""
    if not context.reads("tax_number") or not said.has_digits:
        return
    tokens = [*_PIECE.finditer(said.rest), *_TOKEN.finditer(said.rest)]
    right = ((token, written_right(token[0])) for token in tokens)
    called = ((token, token[0].upper()) for token in tokens if _called(token, said.rest))
    for token, number in (*right, *called):
        if number:
            found.put("tax_number", number, said.mostly(token[0]))
            said.take(*token.span())
            return


def _called(token: re.Match[str], text: str) -> bool:
    """By name, or by its length and letters: a unified social credit code with a slip in it."""
    number = token[0]
    digits = sum(map(str.isdigit, number))
    coded = (
        by_shape(number.upper()) is None
        and len(number) == _CODE
        and number.isalnum()
        and _CODE_DIGITS <= digits < _CODE
    )
    return coded or (digits >= _FEWEST_DIGITS and _CALLED.search(text[: token.start()]) is not None)
