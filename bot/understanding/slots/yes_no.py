"""Yes or no, as the intents ``affirm`` and ``deny`` are taught."""

from __future__ import annotations

import re

from bot.understanding.marks import negative
from bot.understanding.normalise import clauses, is_cjk
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.slots.found import Found
from bot.understanding.slots.said import Said

_LONGEST = 120
"""Characters of a message that may be nothing but a yes or a no."""
_MEANS = {"affirm": "yes", "deny": "no"}
_SOFTENED = re.compile(r"(?<=[\u3400-\u9fff])[啊呀呐哈哦噢呢哒]$")
"""A particle that makes 好的呀, 嗯呢 and 不用啊 friendlier, and no other answer."""


def yes_no(said: Said, book: Phrasebook, found: Found) -> None:
    """The very words, clause by clause; or all of it much like one wording. Short ones are never merely like."""
    text = said.normal
    if len(text) > _LONGEST:
        return
    parts = (text,) if text in book.exact else clauses(said.text, 1)
    told = [book.exact.get(part) or book.exact.get(_SOFTENED.sub("", part)) for part in parts]
    means = {same.intent for same in told if same} - {"thanks", "greeting"}
    if all(told) and len(means) == 1 and means <= _MEANS.keys():
        found.put("yes_no", _MEANS[means.pop()], exact=True)
    elif 4 <= len(text) <= 24 and not (len(text) < 6 and is_cjk(text)):
        _much_like(text, book, found)


def _much_like(text: str, book: Phrasebook, found: Found) -> None:
    place = book.answers_alike.most(text)
    best = book.answers[place] if place is not None else None
    if best and not (best.intent == "affirm" and negative(text)) and not _all_but_the_no(text, best.text):
        found.put("yes_no", _MEANS[best.intent], exact=True)


def _all_but_the_no(text: str, wording: str) -> bool:
    """ "Human please" is much like "no human please", and leaves out just what makes it a no."""
    left_out = set(wording.split()) - set(text.split())
    return not negative(text) and any(map(negative, left_out)) and set(text.split()) <= set(wording.split())
