"""Remembering what was made of short texts."""

from __future__ import annotations

from bot.understanding.remembered import SHORT, remembered


def test_short_texts_are_worked_on_once_long_ones_every_time() -> None:
    asked: list[str] = []

    @remembered(2)
    def loud(text: str) -> str:
        asked.append(text)
        return text.upper()

    long = "x" * (SHORT + 1)
    assert [loud(text) for text in ("a", "a", long, long)] == ["A", "A", long.upper(), long.upper()]
    assert asked == ["a", long, long]


def test_only_so_many_are_remembered() -> None:
    asked: list[str] = []
    note = remembered(2)(asked.append)
    for text in ("a", "b", "c", "a"):
        note(text)
    assert asked == ["a", "b", "c", "a"]
