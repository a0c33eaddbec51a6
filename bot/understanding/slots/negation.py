"""Whether a taught word is denied where it stands: 不是质量问题, "haven't actually received it"."""

from __future__ import annotations

import re

_DENIES = re.compile(
    r"(?:(?<![是要有差])|(?<=还是))(?:不是|并非|没有|沒有|没|沒|不)(?:因为|因為|我|说|有|什么|真的|真|任何|完全|收到过){0,2}$"
    r"|\b(?:not|never|isnt|arent|wasnt|werent|dont|doesnt|didnt|havent|hasnt|hadnt|wont|cant)"
    r"(?: (?:yet|it|its|they|really|actually|been|be|any|even|have|got|because|for|my|of|a|an|the|that|is|was|to|want|me)){0,3} $"
)
"""A no and the small words that may stand between it and what it denies.

Not 要不, 是不是, 有没有, 差不多: they ask, or propose; but 还是不 refuses. Not 没几天就坏了 or "not only broken": between them stands more.
"""
_DOUBLY = re.compile(r"(?<!是)不是(?:因为|因為|我|说){0,2}$|\bnot (?:because |that )?(?:it |its |i )?$")
_HAS_NO = re.compile(r"[不没沒未无無别]|\b(?:not|no|never|none|nothing|\w+nt)\b")
_RHETORICAL = re.compile(r"^.{0,4}[吗嗎]\s*$")
_LOOKED_BACK = 32
"""Characters before a word in which what denies it begins."""


def denies(word: str, text: str, at: int) -> bool:
    """True when `word`, which stands at `at` in a normal form, is denied there.

    A word with a no of its own ("not received") is denied by a plain "not because" only.
    """
    before = text[max(at - _LOOKED_BACK, 0) : at]
    pattern = _DOUBLY if says_no(word) else _DENIES
    return pattern.search(before) is not None and not _RHETORICAL.match(text[at + len(word) :])


def says_no(word: str) -> bool:
    """True when a normal form has a no in it."""
    return _HAS_NO.search(word) is not None
