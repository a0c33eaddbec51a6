"""Waybills: which carrier a tracking number belongs to, by its shape, and whether its check digit holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.understanding.slots.check_digits import (
    dhl_express,
    fedex_12,
    fedex_15,
    fedex_20,
    fedex_ground_96,
    gs1,
    ups_1z,
    upu_s10,
    usps_20,
    usps_impb,
)

Check = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Waybill:
    """What a number is taken for."""

    carrier: str
    """As in `bot.carriers.directory`; empty when it is not certain."""
    holds: bool | None = None
    """Whether the check digit is right; None when there is none."""


_LETTERED = re.compile(r"(SF|YT|ZT|STO|JD|JT|YD|EMS|JJD|JVGL|GM)[A-Z0-9]{8,}")
_BY_LETTERS = {
    "SF": "sf",
    "YT": "yto",
    "ZT": "zto",
    "STO": "sto",
    "JD": "jd",
    "YD": "yunda",
    "EMS": "ems",
    "JJD": "dhl",
    "JVGL": "dhl",
    "GM": "dhl",
}
"""How carriers begin their numbers; JT is a carrier that is not in our directory."""
_S10 = re.compile(r"[A-Z]{2}\d{9}([A-Z]{2})")
_BY_COUNTRY = {"CN": "ems", "US": "usps"}
"""Posts in our directory by the country a postal item's number ends with."""
_ALONE: tuple[tuple[re.Pattern[str], str, Check], ...] = (
    (re.compile(r"96\d{20}"), "fedex", fedex_ground_96),
    (re.compile(r"9261\d{18}"), "fedex", gs1),
    (re.compile(r"9[1-5]\d{20}(?:\d{4})?|420\d{5}(?:\d{4})?9[1-5]\d{20}(?:\d{4})?"), "usps", usps_impb),
    (re.compile(r"61\d{18}"), "fedex", fedex_20),
    (re.compile(r"(?:0[37]|23|7[0-9]|81)\d{18}"), "usps", usps_20),
)
"""Digits that are a tracking number by length and beginning."""
_NAMED: dict[str, dict[int, Check]] = {
    "fedex": {12: fedex_12, 15: fedex_15, 20: fedex_20, 22: fedex_ground_96},
    "dhl": {10: dhl_express},
    "usps": {20: usps_20, 22: usps_impb, 26: usps_impb, 30: usps_impb, 34: usps_impb},
}
"""Digits whose carrier was said, by length: shorter ones have shapes that many numbers have."""


def by_shape(number: str) -> Waybill | None:
    """What a number (upper case, no spaces or dashes) is by itself; None when it could be anything.

    Twenty digits are a tracking number only when their check digit holds, for order numbers are as long.
    """
    if number.startswith("1Z") and len(number) >= 10:
        return Waybill("ups", ups_1z(number))
    if postal := _S10.fullmatch(number):
        return Waybill(_BY_COUNTRY.get(postal[1], ""), upu_s10(number))
    if lettered := _LETTERED.fullmatch(number):
        return Waybill(_BY_LETTERS.get(lettered[1], ""))
    for pattern, carrier, check in _ALONE:
        if pattern.fullmatch(number) and (check(number) or len(number) > 20):
            return Waybill(carrier, check(number))
    return None


def of_carrier(number: str, carrier: str) -> Waybill:
    """What a number is whose carrier was said."""
    check = _NAMED.get(carrier, {}).get(len(number)) if number.isdigit() else None
    return Waybill(carrier, check(number) if check else None)
