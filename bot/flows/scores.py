"""What is answered to "has it come?" and "how was it, from one to five?", read out of the buyer's words."""

from __future__ import annotations

import re

_FIGURE = re.compile(
    r"(?<![\d.,:/-])([1-5])(?:\s*(?:分|颗?星|/\s*5|out of (?:5|five)|stars?|points?))?(?![\d%/:-]|[.,]\d)",
    re.IGNORECASE,
)
"""A number of 1 to 5 that is no part of another one."""
_WORDS = (
    (
        1,
        r"一[分星颗]星?|非常不满意|很不满意|[很太极]差了?|垃圾|\b(?:one(?: star)?|terrible|awful|horrible|very bad|worst)\b",
    ),
    (
        2,
        r"[二两][分星颗]星?|不太?满意|不太?好|不怎么样|\b(?:two(?: stars)?|not (?:so |very |that )?(?:good|great|happy)|poor)\b",
    ),
    (3, r"三[分星颗]星?|一般般?|还行|还可以|凑合|\b(?:three(?: stars)?|average|so[- ]so|okay|it was ok)\b"),
    (
        5,
        (
            r"五[分星颗]星?|满分|滿分|[非很特]常?别?满意|[非很特]常?别?好|完美"
            r"|\b(?:five(?: stars)?|perfect|excellent|very (?:good|happy|satisfied)|full marks|great)\b"
        ),
    ),
    (4, r"四[分星颗]星?|挺?满意|[挺还]好|不错|\b(?:four(?: stars)?|quite good|good|satisfied|happy)\b"),
)
"""The words for each score; those that say no before those they have in them."""
_PATTERNS = tuple((str(score), re.compile(words, re.IGNORECASE)) for score, words in _WORDS)
_NOT_COME = re.compile(
    r"[没未沒]有?(?:到|收|看)|还[没沒](?!问题)|還[没沒]|一分没|meidao|hai ?mei"
    r"|\b(?:not (?:yet|here|there|arrived|received)|nothing|no money|still waiting"
    r"|(?:has|have|did|is|was)(?:n't|nt| not)(?: \w+)? ?(?:arrived?|come|here|there|got|received?|it|get)?)\b",
    re.IGNORECASE,
)
_COME = re.compile(
    r"到[账帐賬]了|收到(?:了|啦|钱)|[钱款]到|^\s*(?:已?经?到[了啦]|收到|有了)|已[经經]?(?:到|收)|daole|shoudao"
    r"|\b(?:got (?:it|the money)|(?:it|money)(?:'s| is| has)? (?:there|here|arrived|came|come)|received(?: it)?|arrived|all there)\b",
    re.IGNORECASE,
)
_SHORT = 12
"""Characters of words that are a score and nothing else."""
_EDGES = " \t\n,，.。!！;；:：、-~"


def score_in(text: str) -> str | None:
    """The one score that is told; several figures tell none."""
    figures = _FIGURE.findall(text)
    if figures:
        return str(figures[0]) if len(figures) == 1 else None
    return next((score for score, pattern in _PATTERNS if pattern.search(text)), None)


def beside_score(text: str) -> str:
    """What was said beside a figure; of a score told in words, all of it that is more than the score."""
    if _FIGURE.search(text):
        return _FIGURE.sub(" ", text, count=1).strip(_EDGES)
    return text.strip(_EDGES) if len(text.strip(_EDGES)) > _SHORT else ""


def has_come(text: str) -> str | None:
    """``yes`` or ``no``, where the words say which."""
    if _NOT_COME.search(text):
        return "no"
    return "yes" if _COME.search(text) else None
