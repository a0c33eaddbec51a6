"""Whether words put to a buyer ask something, and whether a buyer's answer ends the talk: grammar of Chinese and English."""

from __future__ import annotations

import re

_LINK = re.compile(r"\S+://\S+")
_ASKS = re.compile(
    r"[?？]"
    r"|(?:吗|呢|么|吧|没有?|不)\W*$"
    r"|是不是|能不能|可不可以|要不要|行不行|好不好|有没有"
    r"|哪|什么|怎么|几[个天点]|多少|请(?:问|提供|发|告诉|说明|补充)"
    r"|^\W*(?:can|could|would|will|shall|should|may|do|does|did|is|are|was|were|have|has|what|which|when|where|how|who)\b"
    r"|\b(?:please (?:send|tell|give|confirm|let)|let (?:me|us) know)\b",
    re.IGNORECASE | re.MULTILINE,
)
_THANKS = re.compile(r"谢|\bthank|\bthx\b|\bty\b|\bcheers\b", re.IGNORECASE)


def asks_something(words: str) -> bool:
    """Whether an answer is waited for; in doubt it is, for then nobody is forgotten. A link's own ``?`` asks nothing."""
    return _ASKS.search(_LINK.sub(" ", words)) is not None


def thanks_too(words: str) -> bool:
    """ "No, thanks" needs nothing more; a bare no may be the answer to what was asked."""
    return _THANKS.search(words) is not None
