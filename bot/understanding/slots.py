"""Slots: the facts a message states, whichever intent it has."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from bot.understanding.marks import negative
from bot.understanding.normalise import bounded, clauses, is_cjk, normalise
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.phrases import PLACEHOLDERS

ALIKE = 86
"""Percent of likeness from which a short message is taken for a slot's word."""

_NUMBER = r"(?<![\d.])(?<!\d[,，])(?:\d{1,3}(?:[,，]\d{3}){1,2}|\d{1,9})(?:\.\d{1,3})?(?!\d|[.,，]\d)"
"""Digits, with or without thousands separators; never a piece of a longer number."""
_MINUS = r"\-−–—－负負"
_AMOUNT = re.compile(
    rf"(?:[¥￥$€£]|rmb|cny|usd)\s*({_NUMBER})"
    rf"|({_NUMBER})\s*(?:元|块钱|块|圆|rmb|yuan|usd|dollars?|bucks?|euros?|pounds?|cny|¥|\$)",
    re.IGNORECASE,
)
_BARE_AMOUNT = re.compile(rf"^[^\d{_MINUS}第]{{0,12}}({_NUMBER})[^\d%折成{_MINUS}]{{0,8}}$")
_HAN_AMOUNT = re.compile(r"([零一二两三四五六七八九十百千]+)\s*(?:块钱|块|元)")
_BARE_HAN_AMOUNT = re.compile(
    rf"^[^\d{_MINUS}第]{{0,4}}?([零一二两三四五六七八九十百千]+)[吧呗就行好了]{{0,3}}$"
)
_BELOW_ZERO = re.compile(rf"[{_MINUS}]\s*(?:[¥￥$€£]|rmb|cny|usd)?\s*$", re.IGNORECASE)
"""What stands before an amount that is none: a minus, or the dash of a span."""
_ALL = re.compile(
    r"全部|全额|全款|全退|都退|所有|[两二三四几]个?都|^\W*(?:all|full|everything|全|都)\W*$|\bboth\b|\bfull (?:amount|refund)\b|\ball of (?:it|them)\b",
    re.IGNORECASE,
)
_HALF = re.compile(r"一半|\bhalf\b", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{3,39}")
_TRACKING = re.compile(
    r"^(?:SF|YT|ZT|STO|JD|JT|YD|EMS|1Z)[A-Z0-9-]{8,}$|^[A-Z]{2}\d{9}[A-Z]{2}$", re.IGNORECASE
)
_ORDINALS = (
    (re.compile(r"第\s*(\d|[一二三四五六七八九])\s*[个件单笔条]?"), None),
    (re.compile(r"\b(first|1st)\b", re.IGNORECASE), "1"),
    (re.compile(r"\b(second|2nd)\b", re.IGNORECASE), "2"),
    (re.compile(r"\b(third|3rd)\b", re.IGNORECASE), "3"),
    (re.compile(r"\b(fourth|4th)\b", re.IGNORECASE), "4"),
    (re.compile(r"最后[一个]|\blast\b|\blatest\b|最新", re.IGNORECASE), "-1"),
)
_HAN_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True, slots=True)
class Context:
    """What the conversation knows that helps to read a message."""

    asking: str = ""
    """The slot whose answer is awaited."""
    orders: tuple[str, ...] = ()
    """The buyer's own order numbers."""
    parcels: tuple[str, ...] = ()
    """Tracking numbers of the buyer's own parcels."""
    language: str = ""


@dataclass(slots=True)
class Found:
    """Slots read so far, and which of them are (nearly) the whole message."""

    slots: dict[str, str] = field(default_factory=dict)
    exact: set[str] = field(default_factory=set)

    def put(self, name: str, value: str, exact: bool = False) -> None:
        """Keep a value; the first reading of a slot stays."""
        if name not in self.slots:
            self.slots[name] = value
            if exact:
                self.exact.add(name)


def find_slots(text: str, book: Phrasebook, context: Context) -> Found:
    """Everything a message states."""
    plain = unicodedata.normalize("NFKC", text).strip()
    normal = normalise(text)
    found = Found()
    _numbers(plain, context, found)
    _amount(plain, context, found)
    _taught(normal, book, context, found)
    _yes_no(normal, (normal,) if normal in book.exact else clauses(plain, 1), book, found)
    _ordinal(plain, context, found)
    return found


def masked(text: str) -> str:
    """The message with its amounts and numbers as the phrases have theirs: every order number reads alike."""
    plain = _HAN_AMOUNT.sub(PLACEHOLDERS["amount"], _AMOUNT.sub(PLACEHOLDERS["amount"], text))
    return _TOKEN.sub(lambda found: _mask(found[0]), plain)


def _mask(token: str) -> str:
    if _TRACKING.match(token):
        return PLACEHOLDERS["tracking_number"]
    return PLACEHOLDERS["order_number"] if sum(map(str.isdigit, token)) >= 6 else token


def _numbers(text: str, context: Context, found: Found) -> None:
    """Order and tracking numbers: the buyer's own first, then whatever has the shape of one."""
    for known, slot in ((context.orders, "order_number"), (context.parcels, "tracking_number")):
        for number in known:
            if _stands_alone(number, text):
                found.put(slot, number, _mostly(number, text))
    for token in _TOKEN.findall(text):
        digits = sum(char.isdigit() for char in token)
        if token in found.slots.values() or digits < 4 or context.asking in ("phone_digits", "amount"):
            continue
        if _TRACKING.match(token):
            found.put("tracking_number", token.upper(), _mostly(token, text))
        elif digits >= 6 or (context.asking in ("order", "order_number") and digits >= 4):
            found.put("order_number", token, _mostly(token, text))


def _amount(text: str, context: Context, found: Found) -> None:
    if _HALF.search(text):
        found.put("amount", "half", len(text) <= 8)
    elif match := _AMOUNT.search(text) or _HAN_AMOUNT.search(text):
        if not _BELOW_ZERO.search(text[: match.start()]):
            found.put("amount", _stated(match), _mostly(match[0], text))
    elif _ALL.search(text):
        found.put("amount", "all", len(text) <= 12)
    elif context.asking == "amount" and (match := _BARE_AMOUNT.match(text) or _BARE_HAN_AMOUNT.match(text)):
        found.put("amount", _stated(match), exact=True)


def _stated(match: re.Match[str]) -> str:
    """The number of an amount as a plain decimal."""
    number = next(group for group in match.groups() if group)
    return re.sub("[,，]", "", number) if number[0].isdigit() else str(_han_number(number))


def _taught(text: str, book: Phrasebook, context: Context, found: Found) -> None:
    """Slot words the owner taught; the longest that stands in the message wins its slot."""
    for word in book.slot_words:
        if word.slot not in found.slots and bounded(word.text, text):
            mostly = 0.5 if word.slot == context.asking else 0.6
            found.put(word.slot, word.value, len(word.text) >= mostly * len(text))
    if len(text) > 24:
        return
    for slot in {word.slot for word in book.slot_words} - found.slots.keys():
        words = [word for word in book.slot_words if word.slot == slot]
        best = max(words, key=lambda word: fuzz.ratio(text, word.text))
        if len(text) > 3 and fuzz.ratio(text, best.text) >= ALIKE:
            found.put(slot, best.value, exact=True)


def _yes_no(text: str, parts: tuple[str, ...], book: Phrasebook, found: Found) -> None:
    """Yes or no, as the intents ``affirm`` and ``deny`` are taught. Short ones only when they are the very words."""
    said = {same.intent for part in parts if (same := book.exact.get(part))} - {"thanks", "greeting"}
    if all(part in book.exact for part in parts) and said in ({"affirm"}, {"deny"}):
        found.put("yes_no", "yes" if said == {"affirm"} else "no", exact=True)
        return
    if not 4 <= len(text) <= 24 or (len(text) < 6 and is_cjk(text)):
        return
    scored = [
        (fuzz.ratio(text, word.text), word.intent)
        for word in book.wordings
        if word.intent in ("affirm", "deny")
    ]
    score, intent = max(scored, default=(0.0, ""))
    if score >= ALIKE and not (intent == "affirm" and negative(text)):
        found.put("yes_no", "yes" if intent == "affirm" else "no", exact=True)


def _ordinal(text: str, context: Context, found: Found) -> None:
    for pattern, value in _ORDINALS:
        if match := pattern.search(text):
            digit = match[1] if value is None else ""
            number = value or str(_HAN_DIGITS.get(digit, digit))
            found.put("ordinal", number, len(text) <= 16)
            return
    if (
        context.asking in ("order", "lines", "case", "reason")
        and text.isdigit()
        and len(text) == 1
        and text != "0"
    ):
        found.put("ordinal", text, exact=True)


def _stands_alone(number: str, text: str) -> bool:
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(number)}(?![A-Za-z0-9])", text, re.IGNORECASE) is not None


def _mostly(part: str, text: str) -> bool:
    return 2 * len(part) >= len(text.strip())


def _han_number(text: str) -> int:
    """Read a Chinese numeral below ten thousand, such as 二十 or 一百零五; 一百二 is short for 一百二十."""
    total, digit, unit = 0, 0, 1
    for char in text:
        if char in _HAN_UNITS:
            unit = _HAN_UNITS[char]
            total += (digit or 1) * unit
            digit = 0
        else:
            digit = _HAN_DIGITS[char]
            unit = unit if digit else 10
    return total + digit * max(unit // 10, 1)
