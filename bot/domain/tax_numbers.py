"""Tax numbers on invoices: which are written right. Whether a company has one is its register's business."""

from __future__ import annotations

import re
from collections.abc import Mapping

_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100: digits and letters without I, O, S, V, Z; a character's place is its value."""
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_CREDIT = re.compile(rf"[{_CODE}]{{18}}")

_VAT: Mapping[str, str] = {
    "AT": r"U\d{8}",
    "BE": r"[01]\d{9}",
    "BG": r"\d{9,10}",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}",
    "LT": r"\d{9}|\d{12}",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"\d{9}B\d{2}",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{2,10}",
    "SE": r"\d{12}",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "XI": r"\d{9}|\d{12}|GD\d{3}|HA\d{3}",
}
"""VAT identification numbers behind their country's prefix, by the European Commission's list (VIES)."""


def tax_number(text: str) -> str | None:
    """The number in its plain form; None where it is neither a unified social credit code with its check character right
    (GB 32100-2015) nor written as a VAT number of a member state."""
    plain = re.sub(r"[\s.\-/]", "", text).upper()
    if is_credit_code(plain):
        return plain
    form = _VAT.get(plain[:2])
    return plain if form and re.fullmatch(form, plain[2:]) else None


def is_credit_code(number: str) -> bool:
    """Eighteen characters, each of the first seventeen weighted with a power of 3 modulo 31; the last makes the sum a
    multiple of 31."""
    if not _CREDIT.fullmatch(number):
        return False
    total = sum(weight * _CODE.index(char) for weight, char in zip(_WEIGHTS, number, strict=False))
    return (total + _CODE.index(number[17])) % 31 == 0
