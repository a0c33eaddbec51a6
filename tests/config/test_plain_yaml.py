"""YAML as owners write it: read with its lines, and refused with the mend wherever it could surprise them or us."""

from __future__ import annotations

import time

import pytest

from bot.config import plain_yaml

WRONG = {
    "a: 1\nb: 2\na: 3\n": (3, "'a' stands here twice, first on line 1; keep one"),
    "- x:\n    y: 1\n    y: 2\n": (3, "'y' stands here twice, first on line 2; keep one"),
    "a: &x 1\nb: *x\n": (2, "references are not taken; write the words out"),
    "a: 1\n---\nb: 2\n": (2, "a second document begins; take out the line ---"),
    "- a\n- b: c: d\n": (2, "put words with : or # in quotes"),
    "a:\n  - [亲,]我快递呢\n": (2, "put words that begin with [ in quotes, to the end of the line"),
    "a:\n  - [亲,我快递呢\n  - b\n": (2, "put words that begin with [ in quotes, to the end of the line"),
    "a:\n  - {亲}我快递呢\n": (2, "put words that begin with { in quotes, to the end of the line"),
    "a: @x\n": (1, "put words that begin with @ in quotes, to the end of the line"),
    "a:\n  - %x\n": (2, "put words that begin with % in quotes, to the end of the line"),
    "a:\n  - `x\n": (2, "put words that begin with ` in quotes, to the end of the line"),
    "a:\n  - & x\n": (2, "put words that begin with & in quotes, to the end of the line"),
    "a:\n  - b\n  - * x\n": (3, "put words that begin with * in quotes, to the end of the line"),
    "a:\n  - | x\n": (2, "put words that begin with | in quotes, to the end of the line"),
    'a:\n  - "b" c\n': (2, 'end the quotes that begin with " at the end of the line'),
    "a:\n  - 'b\n  - c\n": (2, "end the quotes that begin with ' at the end of the line"),
    "a:\n   - b\n  - c\n": (3, "indent it like the lines above that it belongs to"),
    "a:\n  - b\n   c: d\n": (3, "indent it like the lines above that it belongs to"),
    "a:\n\t- b\n": (2, "indent with spaces, not with tabs"),
    "- a\n- 中\x00\n": (2, "holds a character that can't be shown (U+0000); delete it"),
    "- a\n- 2026-13-45\n": (2, "'2026-13-45' can't be read: month must be in 1..12; put it in quotes"),
    "- !tag a\n": (1, "put it in quotes"),
    "- !!int a\n": (1, "put it in quotes"),
    "? [a]\n: b\n": (1, "put it in quotes"),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_told_with_its_line_and_its_mend(text: str) -> None:
    line, told = WRONG[text]
    with pytest.raises(plain_yaml.Unreadable) as caught:
        plain_yaml.construct(plain_yaml.compose(text))
    assert caught.value.line == line
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        *(mark * 60_000 for mark in ("- ", "[", "{", "? ", "- [", "[a, ")),
        "\n".join(" " * depth + "a:" for depth in range(500)),
    ],
    ids=lambda text: text[:5],
)
def test_deep_nesting_is_refused_at_once(text: str) -> None:
    """The tree of such a text would overflow the stack, and take the whole process with it."""
    begun = time.process_time()
    with pytest.raises(plain_yaml.Unreadable):
        plain_yaml.compose(text)
    assert time.process_time() - begun < 1


def test_the_depth_is_that_of_the_lists_and_not_of_brackets_in_words() -> None:
    text = "phrases:\n" + "  - where is [my] [parcel\n  - '" + "[" * 60 + "'\n"
    node = plain_yaml.compose(text)
    assert plain_yaml.construct(node) == {"phrases": ["where is [my] [parcel", "[" * 60]}


def test_a_name_may_stand_once_in_each_of_two_places() -> None:
    assert plain_yaml.construct(plain_yaml.compose("a: {x: 1}\nb: {x: 2}\n")) == {
        "a": {"x": 1},
        "b": {"x": 2},
    }


def test_an_empty_file_holds_nothing() -> None:
    assert plain_yaml.construct(plain_yaml.compose("# nothing yet\n")) is None
