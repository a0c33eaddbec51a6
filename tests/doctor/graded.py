"""Findings as tests compare them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.doctor import Finding, Grade

OK, CONSIDER, WRONG = Grade.OK, Grade.CONSIDER, Grade.WRONG


def grades(found: Iterable[Finding]) -> dict[str, Grade]:
    """By what was looked at. What does not stand well says how to mend it."""
    every = list(found)
    assert all(bool(one.mend) is (one.grade is not OK) for one in every)
    assert all(one.told for one in every)
    return {one.what: one.grade for one in every}


def finding(found: Iterable[Finding], what: str) -> Finding:
    return next(one for one in found if one.what == what)
