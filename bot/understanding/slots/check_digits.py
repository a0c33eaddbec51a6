"""Check digits: the last digit that tells a mistyped tracking number. Each takes the whole number, digits only unless
said otherwise, and is false for one of another length."""

from __future__ import annotations

from collections.abc import Iterable


def ups_1z(number: str) -> bool:
    """UPS 1Z, 18 characters: of the 15 behind "1Z", those in even places count twice; the sum and the check digit
    make a multiple of ten. Letters count (code - 63) mod 10: A is 2, B is 3.

    Source: UPS, Guide to Labeling, "1Z tracking number check digit" (modified MOD 10). Blind to a digit changed by
    five in an even place.
    """
    if len(number) != 18 or not number[-1].isdigit():
        return False
    values = [int(char) if char.isdigit() else (ord(char) - 63) % 10 for char in number[2:-1]]
    return (sum(values[::2]) + 2 * sum(values[1::2]) + int(number[-1])) % 10 == 0


def upu_s10(number: str) -> bool:
    """Postal items, two letters, nine digits, two letters: eight digits weighted 8 6 4 2 3 5 9 7; the check digit is
    11 less the sum modulo 11, where 10 is written 0 and 11 is written 5.

    Source: Universal Postal Union, standard S10 "Identification of postal items - 13-character identifier".
    """
    if len(number) != 13:
        return False
    rest = 11 - _weighted(number[2:10], (8, 6, 4, 2, 3, 5, 9, 7)) % 11
    return int(number[10]) == {10: 0, 11: 5}.get(rest, rest)


def fedex_12(number: str) -> bool:
    """FedEx Express, 12 digits: eleven weighted 3 1 7 over and over; the sum modulo 11, where 10 is written 0.

    Source: FedEx Express label specification, "check digit of the 12-digit tracking number" (MOD 11).
    """
    return len(number) == 12 and _weighted(number[:11], (3, 1, 7) * 4) % 11 % 10 == int(number[-1])


def fedex_15(number: str) -> bool:
    """FedEx Ground, 15 digits: mod 10 with weights 3 and 1.

    Source: FedEx Ground Label Layout Specification, "check digit calculation algorithms".
    """
    return len(number) == 15 and gs1(number)


def fedex_20(number: str) -> bool:
    """FedEx SmartPost, 20 digits, printed without the 92 that its check digit counts.

    Source: USPS Publication 199, Intelligent Mail Package Barcode (construct C03, application identifier 92).
    """
    return len(number) == 20 and gs1(f"92{number}")


def fedex_ground_96(number: str) -> bool:
    """FedEx Ground, 22 digits that begin with 96: mod 10 over the last fifteen.

    Source: FedEx Ground Label Layout Specification, "96 bar code".
    """
    return len(number) == 22 and gs1(number[-15:])


def usps_20(number: str) -> bool:
    """USPS, 20 digits: mod 10, printed with or without the 91 that the check digit counts.

    Source: USPS Publication 91 and its successor Publication 199.
    """
    return len(number) == 20 and (gs1(number) or gs1(f"91{number}"))


def usps_impb(number: str) -> bool:
    """USPS Intelligent Mail package barcode, 22 or 26 digits, or 30 to 34 with 420 and a ZIP code in front, which
    does not count: mod 10.

    Source: USPS Publication 199, Intelligent Mail Package Barcode.
    """
    return any(len(core) in (22, 26) and gs1(core) for core in _without_zip(number))


def dhl_express(number: str) -> bool:
    """DHL Express waybill, 10 digits: the first nine as one number, modulo 7.

    Source: DHL Express, waybill number check digit (MOD 7). Blind to a digit changed by seven.
    """
    return len(number) == 10 and int(number[:9]) % 7 == int(number[9])


def gs1(number: str) -> bool:
    """Mod 10: weights 3 and 1 from the digit left of the check digit; all together a multiple of ten.

    Source: GS1 General Specifications, section 7.9 "Check digit calculations".
    """
    digits = [int(char) for char in reversed(number)]
    return (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0


def _without_zip(number: str) -> tuple[str, ...]:
    """The barcode without its ZIP code of five or nine digits."""
    if len(number) < 30 or not number.startswith("420"):
        return (number,)
    return (number[8:], number[12:])


def _weighted(digits: str, weights: Iterable[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
