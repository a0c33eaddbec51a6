"""Not this, but that: what of a text says no, and what it puts in that place; and this one, too, or this one not."""

from __future__ import annotations

import re

from bot.understanding.marks import negative

_PARTS = re.compile(r"[。！？!?;；,，~～…\n]+|\.(?=\s|$)|\bbut\b|而是|(?<![不别想要])(?=[是退])")
"""Where what is denied may end and what is meant begin: 不是耳机是四件套, 不退台灯退书桌."""
_SMALL = re.compile(
    r"[不没别是对错要想退改换成为我说的了那个这件单订搞弄看选点应该其实指]+|\b(?:not|no|isnt|its|is|wrong|order|one|sorry|i|im|meant|mean|actually|instead"
    r"|rather|but|the|my|refund|return|of|a|an|dont|want|oops|oh|wait|mistake|mixed|up|them|should|be|it)\b"
)
"""What may stand beside the names in "not this, but that"; any more is a wish of its own."""
_TOO = re.compile(
    r"也一样|也|还有|一起|一并|顺便|另外|同样|\b(?:also|as well|plus|likewise|same (?:for|with|goes for))\b|\btoo\b(?=\W*$|[,.;!]| please)|^\W*and (?:the|my)\b",
    re.IGNORECASE,
)
"""Says that it is one more, and not another instead; "too small" does not."""
_OFF = re.compile(
    r"[那就先还是个这的话也嗯好我 ]*(?:算了|(?:不|别|不用|先不|先别)[退办弄换]了?)[吧啊了哈 ]*(?:谢谢)?"
    r"|(?:(?:and|but|ok|oh|actually|no|the|my) )*(?:never ?mind|nvm|forget|skip|leave|drop|scratch|keep|(?:ill|i will|im|i am) keep(?:ing)?)"
    r"(?: (?:the|my|those|these|about|out|please|then|thanks))*"
)
"""All that stands beside a name that is not wanted after all; 不要了 may be why it is sent back."""
_MAY_BE_OFF = re.compile(r"算了|[不别]|never ?mind|nvm|forget|skip|leave|drop|scratch|keep", re.IGNORECASE)
"""What one of these has in it: looked for before any name is."""


def says_too(text: str) -> bool:
    """True for "the socks too", 耳机也要退."""
    return _TOO.search(text) is not None


def says_only_too(beside: str) -> bool:
    """True when what stands beside the names, in normal form, says that and no more."""
    return not says_more(_TOO.sub("", beside))


def may_say_off(text: str) -> bool:
    """False where nothing in a text can say that something is not to be done."""
    return _MAY_BE_OFF.search(text) is not None


def says_only_off(beside: str) -> bool:
    """True when what stands beside the names, in normal form, says that it is not to be done for these."""
    return _OFF.fullmatch(" ".join(re.sub(r"[^\w\s]", " ", beside).split())) is not None


def affirmed(text: str) -> str:
    """What of a text does not say no: of "not the lamp, the socks" the socks."""
    return " ".join(part for part in _PARTS.split(text) if part.strip() and not negative(part))


def says_more(beside: str) -> bool:
    """True when what stands beside the names, in normal form, is more than the small words of such a sentence."""
    return bool(_SMALL.sub("", beside).strip())
