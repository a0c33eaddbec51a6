"""Yes and no, as taught."""

from __future__ import annotations

import pytest

from bot.understanding.phrasebook import Phrasebook, compile_phrasebook
from bot.understanding.phrases import PhraseFile
from tests.understanding.slots.reading import read


@pytest.fixture(scope="module")
def taught() -> Phrasebook:
    files = [
        PhraseFile("en", "affirm", ("yes", "sounds good", "please submit it")),
        PhraseFile("en", "deny", ("no", "not now", "please don't submit it")),
        PhraseFile("en", "thanks", ("thanks",)),
        PhraseFile("en", "track_parcel", ("sounds go", "where is it")),
    ]
    return compile_phrasebook(files)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("yes", "yes"),
        ("Yes, thanks", "yes"),
        ("no.", "no"),
        ("sonds good", "yes"),
        ("please dont submit", "no"),
        ("yes no", None),
        ("thanks", None),
        ("where is it", None),
        ("", None),
    ],
)
def test_an_answer_is_heard(text: str, answer: str | None, taught: Phrasebook) -> None:
    assert read(text, book=taught).slots.get("yes_no") == answer


def test_yes_and_no_at_once_is_neither(taught: Phrasebook) -> None:
    assert "yes_no" not in read("yes, no", book=taught).slots
