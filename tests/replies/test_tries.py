"""A template is tried on everything that makes a difference to it, and on nothing twice."""

from __future__ import annotations

from typing import Any

from bot.domain.cases import Case, Change, Kind, State
from bot.domain.orders import Order
from bot.domain.replies import Reply, Tone, reply
from bot.domain.samples import Size
from bot.domain.terms import Span, Unit
from bot.replies import template
from bot.replies.tries import Tries

ONE = reply("x/one", tone=Tone.PLAIN, case=Case, order=Order)
BUTTON = reply("x/two", "yes", tone=Tone.PLAIN, option={"case": Case})
TERM = reply("x/three", tone=Tone.PLAIN, term=Span)
TWO = reply("x/four", tone=Tone.PLAIN, before=Case, after=Case, change=Change)

SIZES = len(Size)


def tried(text: str, declared: Reply = ONE) -> list[dict[str, Any]]:
    """What a template is tried on: the reply's values with those of its buttons."""
    sheet, wrong = template.read("x.j2", text, declared)
    assert sheet, wrong
    return [{**values, **options} for values, options in Tries("en").of(declared, sheet.reads)]


def test_words_alone_are_tried_once_in_each_size() -> None:
    assert len(tried("Hello!")) == SIZES


def test_a_part_that_no_enum_changes_asks_for_no_more() -> None:
    assert len(tried("{{ case.number }}: {{ order.title }}")) == SIZES


def test_an_enum_is_tried_with_each_of_its_values_in_each_size() -> None:
    found = tried("{{ case.state|word }}")
    assert [values["case"].state for values in found].count(State.CLOSED) == SIZES
    assert {values["case"].state for values in found} == set(State)
    assert len(found) == SIZES * len(State)


def test_the_enums_behind_a_property_are_tried_as_far_as_they_change_it() -> None:
    found = tried("{% if case.open %}x{% else %}y{% endif %}")
    assert {values["case"].open for values in found} == {True, False}
    assert len(found) == SIZES * 2


def test_what_a_button_reads_is_tried_too() -> None:
    found = tried("x\n---\nyes: {{ case.kind|word }}", BUTTON)
    assert {values["case"].kind for values in found} == set(Kind)


def test_what_a_filter_reads_by_itself_is_tried() -> None:
    assert {values["term"].unit for values in tried("{{ term|span }}", TERM)} == set(Unit)


def test_values_compared_as_a_whole_are_tried_in_all_their_parts() -> None:
    found = tried("{% if before == after %}x{% else %}y{% endif %}", TWO)
    assert {values["before"].kind for values in found} == set(Kind)
    assert {values["after"].state for values in found} == set(State)


def test_a_value_that_may_be_true_or_not_is_tried_as_both() -> None:
    found = tried("{% if change %}x{% else %}y{% endif %}", TWO)
    assert {bool(values["change"]) for values in found} == {True, False}
