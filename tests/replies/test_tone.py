"""The tone's linter on anything at all, and what every reply declares."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.decision import Audience
from bot.domain.replies import Tone, reply
from bot.flows import REPLIES
from bot.replies.shapes import shape_of
from bot.replies.tone import lint_tone
from bot.replies.tone.phrases import MAX_LENGTH
from tests.replies.conftest import ROOT

OPENED = REPLIES["request_refund/opened"]
PATH = f"replies/en/{OPENED.name}.j2"
LIST = "replies/en/tone.yaml"
SHIPPED = (ROOT / LIST).read_text("utf-8")
MANY = "\n".join(f"  - sorry {number}" for number in range(700))

SCRAPS = [
    "sorry ", "guarantee", "we can't ", "…", "7 days", "保证", "不能", "{% if case.due_at %}", "{% else %}", "{% endif %}",
    "{{ case.amount|money }}", "{{", "}}", "{#", "#}", "{# tone: allow #}", "# tone: allow", "\n", "---\n", "revoke: ",
    "<b>", "</b>", "&#10;", "&lt;", "\ufffc", "\x1e", "\u200b", "ﷺ", "İ", "ß", "\ud7a3", "{% for a in order.lines %}",
    "{% endfor %}", "discount ", " review", "5-star review ", "¥", "1,299.00", "七", "天", "\r\n", "\t", "’", "👩‍👩‍👧",
]  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(SCRAPS), max_size=60).map("".join),
    st.tuples(st.sampled_from(SCRAPS), st.integers(1, 17_000)).map(lambda drawn: drawn[0] * drawn[1]),
)
LISTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.text(max_size=MAX_LENGTH + 2), max_size=30).map(
        lambda words: f"not: {words!r}\nnever:\n  a:\n    words: {words!r}\nsays:\n  apology: {words!r}"
    ),
    st.just("not:\n" + MANY),
)


@given(template=TEXTS, own=st.none() | LISTS)
@settings(max_examples=300, deadline=None)
def test_any_text_is_linted_and_each_finding_in_it_names_a_line_there_is(
    template: str, own: str | None
) -> None:
    linted = {PATH: template, LIST: SHIPPED if own is None else own}
    found = lint_tone(linted, languages=("en",), declared={OPENED.name: OPENED})
    assert found == lint_tone(linted, languages=("en",), declared={OPENED.name: OPENED})
    assert {finding.path for finding in found} <= linted.keys()
    lines = len(re.split(r"\r\n|\r|\n", template))
    assert all(1 <= finding.line <= lines for finding in found if finding.path == PATH), found


@pytest.mark.parametrize(
    "text",
    [
        "discount " * 1_800,
        "好评" * 8_000,
        "we can't " * 1_600 + "guarantee " * 100,
        "guarantee\n" * 1_600,
        "7 days " * 2_000,
        "{% if order.shipped %}sorry{% endif %}" * 400,
        "{# tone: allow " * 1_000,
    ],
    ids=lambda text: text[:20],
)
def test_a_text_made_to_keep_the_linter_busy_is_told_of_in_few_words(
    files: dict[str, str], text: str
) -> None:
    found = lint_tone({PATH: text, LIST: files[LIST]}, languages=("en",), declared={OPENED.name: OPENED})
    assert len(found) <= 120


def test_the_shipped_replies_have_the_tone_their_kinds_ask_for(files: dict[str, str]) -> None:
    assert [str(finding) for finding in lint_tone(files, languages=("zh", "en"))] == []


def test_no_reply_can_be_declared_without_its_tone() -> None:
    declare: Any = reply
    with pytest.raises(TypeError, match="tone"):
        declare("talk/new")


def test_a_buyers_reply_that_is_handed_a_time_has_to_tell_it() -> None:
    untold = [
        declared.name
        for declared in REPLIES.values()
        if declared.to is Audience.BUYER and Tone.DEADLINE not in declared.tone
        if any(shape_of(hint).kind is datetime for hint in declared.values.values())
    ]
    assert untold == []
