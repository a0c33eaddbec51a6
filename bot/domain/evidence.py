"""Which evidence each reason calls for (domain facts, sections 2 and 4), and what a case still lacks of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.cases import Case, Reason
from bot.domain.messages import Medium


class Proof(StrEnum):
    """One thing a photo, a video or a paper should show; worded in ``replies/<lang>/words.yaml``."""

    OUTER_BOX = "outer_box"
    LABEL = "label"
    """The shipping label with the waybill on it."""
    DAMAGE = "damage"
    PROBLEM = "problem"
    DIFFERENCE = "difference"
    """Where the goods differ from the product page."""
    TAG = "tag"
    GOODS_AND_TAG = "goods_and_tag"
    ALL_THAT_CAME = "all_that_came"
    PACKING = "packing"
    TEST_REPORT = "test_report"
    """Of an institute or the brand itself, that the goods are not genuine."""


WANTED: Mapping[Reason, tuple[Proof, ...]] = {
    Reason.DAMAGED: (Proof.OUTER_BOX, Proof.LABEL, Proof.DAMAGE),
    Reason.WRONG_ITEM: (Proof.GOODS_AND_TAG, Proof.LABEL),
    Reason.MISSING_ITEM: (Proof.ALL_THAT_CAME, Proof.PACKING),
    Reason.NOT_AS_DESCRIBED: (Proof.DIFFERENCE, Proof.TAG),
    Reason.QUALITY: (Proof.PROBLEM, Proof.GOODS_AND_TAG),
    Reason.COUNTERFEIT: (Proof.TEST_REPORT, Proof.GOODS_AND_TAG, Proof.LABEL),
}
_OTHERWISE = (Proof.PROBLEM, Proof.GOODS_AND_TAG)
"""For a reason the shop asks photos for although it needs none by itself."""
_SHOWING = frozenset({Medium.PHOTO, Medium.VIDEO, Medium.VIDEO_NOTE, Medium.DOCUMENT})


def wanted(reason: Reason) -> tuple[Proof, ...]:
    """What to ask for when evidence is asked for."""
    return WANTED.get(reason, _OTHERWISE)


def showing(case: Case) -> int:
    """How many files of the case may show something: a sticker or a voice note does not."""
    return sum(file.medium in _SHOWING for file in case.evidence)


def missing(case: Case) -> tuple[Proof, ...]:
    """What to ask for again: all that the reason calls for while fewer files came than that; empty once as many did.

    Nobody here can see what a picture shows, so it can't be said which of them is missing: the buyer is asked in words,
    and told that there is nothing to do when all of it was sent.
    """
    called_for = WANTED.get(case.reason, ())
    return called_for if showing(case) < len(called_for) else ()
