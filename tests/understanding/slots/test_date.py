"""Days people speak of, on Sunday the 22nd of November 2026."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.slots import Context, find_slots
from tests.understanding.slots.reading import NOTHING_TAUGHT, slot


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天", "2026-11-22"),
        ("昨天下的单", "2026-11-21"),
        ("前天", "2026-11-20"),
        ("大前天", "2026-11-19"),
        ("上周五买的", "2026-11-13"),
        ("上上周五", "2026-11-06"),
        ("这周一", "2026-11-16"),
        ("上个星期天", "2026-11-15"),
        ("周五", "2026-11-20"),
        ("礼拜天", "2026-11-15"),
        ("11月3号", "2026-11-03"),
        ("十一月三号", "2026-11-03"),
        ("11月3日签收的", "2026-11-03"),
        ("12月3号", "2025-12-03"),
        ("3号", "2026-11-03"),
        ("31号", "2026-10-31"),
        ("23号到的", "2026-10-23"),
        ("11/3", "2026-11-03"),
        ("23/10", "2026-10-23"),
        ("2026-11-03", "2026-11-03"),
        ("2026年11月3日", "2026-11-03"),
        ("双十一买的", "2026-11-11"),
        ("双12", "2025-12-12"),
        ("3天前", "2026-11-19"),
        ("两周前", "2026-11-08"),
        ("last Friday", "2026-11-20"),
        ("on Monday", "2026-11-16"),
        ("yesterday", "2026-11-21"),
        ("the day before yesterday", "2026-11-20"),
        ("two days ago", "2026-11-20"),
        ("a week ago", "2026-11-15"),
        ("Nov 3rd", "2026-11-03"),
        ("November 3, 2026", "2026-11-03"),
        ("3rd of November", "2026-11-03"),
        ("on the 3rd", "2026-11-03"),
    ],
)
def test_a_day_is_the_latest_that_is_not_to_come(text: str, day: str) -> None:
    assert slot("date", text) == day


def test_of_several_days_the_first_counts() -> None:
    assert slot("date", "3号到5号") == "2026-11-03"
    assert slot("date", "between Nov 5 and Nov 9") == "2026-11-05"


@pytest.mark.parametrize(
    "text",
    [
        "下周五",
        "下个周五",
        "tomorrow",
        "2024-11-03",
        "13/13",
        "2月30号",
        "32号",
        "第3号",
        "3号楼",
        "42号",
        "400天前",
        "the second one",
        "on the 3rd line",
        "2600018003",
        "1/2/3/4",
    ],
)
def test_what_is_no_day_that_has_been(text: str) -> None:
    assert slot("date", text) is None


def test_without_a_today_only_whole_dates_are_read() -> None:
    unknown = Context()
    assert find_slots("昨天", NOTHING_TAUGHT, unknown).slots == {}
    assert find_slots("11月3号", NOTHING_TAUGHT, unknown).slots == {}
    assert find_slots("2026-11-03", NOTHING_TAUGHT, unknown).slots == {"date": "2026-11-03"}


@given(
    text=st.text(alphabet="0123456789/-年月日号前天上周一十 ago nov days", max_size=40),
    today=st.dates(),
)
def test_any_jumble_on_any_day_reads_as_a_day_within_the_year_or_as_none(text: str, today: date) -> None:
    found = find_slots(text, NOTHING_TAUGHT, Context(today=today)).slots.get("date")
    assert found is None or (today - date.fromisoformat(found)).days <= 366
