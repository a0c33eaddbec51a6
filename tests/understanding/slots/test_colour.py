"""Colours."""

from __future__ import annotations

import pytest

from tests.understanding.slots.reading import read, slot


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("黑色的那件", "black"),
        ("要黑的来了白的", "black"),
        ("藏青色", "navy"),
        ("米色", "beige"),
        ("黑", "black"),
        ("the navy one", "navy"),
        ("Gray please", "grey"),
        ("发红包", None),
        ("蓝牙耳机", None),
        ("black friday", None),
        ("it was delivered", None),
    ],
)
def test_a_colour_has_its_plain_name(text: str, colour: str | None) -> None:
    assert slot("colour", text) == colour


def test_a_colour_of_a_title_is_known_by_that_name() -> None:
    assert read("雾蓝那套", lines=("四件套 雾蓝",)).slots["colour"] == "blue"
    assert "colour" not in read("雾蓝那套").slots
