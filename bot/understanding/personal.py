"""Personal data in words: where it stands, and the words without it.

What many may read (a group of agents) shows as much of it as is needed to recognise it, and no more: 138****1234.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.understanding.slots.phone import ABROAD, AREA, CALLED, MOBILE

HIDDEN = "****"
_EMAIL = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@([\w-]+(?:\.[\w-]+)+)")
_IDENTITY = re.compile(
    r"(?<![\dA-Za-z])\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
)
"""A mainland identity number: the region, the day of birth, a running number, a check digit."""
_HAN, _END = r"[\u4e00-\u9fff]", r"\s，,。；;！!？?<>&“”\""
_ADDRESS_ZH = re.compile(
    rf"((?:{_HAN}{{2,8}}?(?:省|市|自治区|区|县|區|縣|镇|鎮)){{1,4}})"
    rf"(?=[^{_END}]{{0,30}}[\d一二三四五六七八九十])"
    rf"[^{_END}]{{0,30}}?(?:路|街|道|巷|弄|村|小区|大厦|号|號|栋|幢|楼|室|单元)[^{_END}]{{0,24}}"
)
_ADDRESS_EN = re.compile(
    r"\b\d{1,5}[A-Za-z]?\s+(?:[A-Z][\w.'-]*\s+){1,4}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Ct|Place|Pl|Square|Sq)\b\.?"
    r"(?:,?\s*(?:Apt|Apartment|Unit|Suite|Flat|#)\.?\s*\w+)?"
)
_DIGITS = re.compile(r"\d")


def masked(text: str, names: Iterable[str] = (), public: str = "") -> str:
    """The words with phone and identity numbers, e-mail and postal addresses, and these names, made unreadable; a name that is
    `public` is left as it stands."""
    text = _IDENTITY.sub(lambda found: f"{found[0][:3]}{HIDDEN}{found[0][-2:]}", text)
    for pattern in (MOBILE, ABROAD, AREA):
        text = pattern.sub(lambda found: _number(found[0]), text)
    text = CALLED.sub(lambda found: found[0].replace(found[1], _number(found[1])), text)
    text = _EMAIL.sub(lambda found: f"{found[1][0]}{HIDDEN}@{found[2]}", text)
    text = _ADDRESS_ZH.sub(lambda found: f"{found[1]}{HIDDEN}", text)
    text = _ADDRESS_EN.sub(HIDDEN, text)
    hidden = {name.strip() for name in names if len(name.strip()) > 1} - {public}
    if not hidden:
        return text
    known = sorted(hidden | {public} - {""}, key=len, reverse=True)  # the longer where one holds the other
    found = re.compile("|".join(map(re.escape, known)))
    return found.sub(lambda name: name[0] if name[0] == public else f"{name[0][0]}{HIDDEN}", text)


def _number(written: str) -> str:
    """The last four digits tell one number from another."""
    digits = "".join(_DIGITS.findall(written))
    return f"{digits[:3]}{HIDDEN}{digits[-4:]}"
