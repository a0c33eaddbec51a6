"""A phrase is added to a file, and everything the owner wrote there stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import PhraseError
from bot.folder.adding import with_phrase, written
from bot.folder.phrases import read_phrase_file
from tests.play.stage import ROOT

PATH = Path("intents/en/thanks.yaml")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("phrases:\n  - a\n", "phrases:\n  - a\n  - ta\n"),
        ("phrases:\n- a\n", "phrases:\n- a\n- ta\n"),
        ("phrases:\n  - a", "phrases:\n  - a\n  - ta\n"),
        ("phrases:\r\n  - a\r\n", "phrases:\r\n  - a\r\n  - ta\r\n"),
        ("# top\nphrases:\n  - a  # why\n  # end\n", "# top\nphrases:\n  - a  # why\n  - ta\n  # end\n"),
        (
            "phrases:\n  - a\n\nslots:\n  reason:\n    late: [x]\n",
            "phrases:\n  - a\n  - ta\n\nslots:\n  reason:\n    late: [x]\n",
        ),
        ("phrases:\n  - >\n    long\n    words\n", "phrases:\n  - >\n    long\n    words\n  - ta\n"),
        ("phrases: [a, b]\n", 'phrases: [a, b, "ta"]\n'),
        ("phrases: []\n", 'phrases: [ "ta"]\n'),
        ("phrases: [\n  a,\n]\n", 'phrases: [\n  a, "ta"]\n'),
    ],
)
def test_the_phrase_stands_at_the_end_of_the_list(before: str, after: str) -> None:
    assert with_phrase(PATH, before, "ta") == after


@pytest.mark.parametrize(
    "phrase",
    [
        "plain words",
        "yes",
        "no",
        "42",
        "null",
        "- dash",
        "a: b",
        "a #b",
        "# c",
        "'quoted'",
        'say "hi"',
        "back\\slash",
        "where is {order_number}",
        "{order_number}在哪",
        "[a] b",
        "*star",
        "&and",
        "!bang",
        "%x",
        "@me",
        "`tick`",
        "?",
        "…",
        "等等……",
        "2026-11-20",
        "~",
        "ends:",
        "😀 ok",
    ],
)
def test_whatever_a_phrase_looks_like_it_is_read_back_as_it_is(phrase: str) -> None:
    for before in ("phrases:\n  - a\n", "phrases: [a]\n"):
        assert read_phrase_file(PATH, with_phrase(PATH, before, phrase)).phrases == ("a", phrase)


def test_only_what_needs_quotes_gets_them() -> None:
    assert written("where is {order_number}") == "where is {order_number}"
    assert written("no") == '"no"'


def test_every_shipped_file_takes_one_more_phrase_and_keeps_all_else() -> None:
    for path in sorted(ROOT.glob("intents/*/*.yaml")):
        text = path.read_text("utf-8")
        after = with_phrase(path, text, "quite another")
        assert [line for line in after.splitlines() if "quite another" not in line] == text.splitlines()


def test_a_file_that_can_not_be_read_is_left_alone() -> None:
    with pytest.raises(PhraseError):
        with_phrase(PATH, "phrases: [a", "ta")
