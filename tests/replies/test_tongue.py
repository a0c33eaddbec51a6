"""How values are written in each language."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cases import State
from bot.domain.money import Money
from bot.replies.markup import balanced, units
from bot.replies.tongue import Tongue, link, mask, plural, short

AT = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
PATTERNS = {
    "zh": {"date": "y年M月d日", "day": "M月d日", "time": "HH:mm", "moment": "M月d日 HH:mm"},
    "en": {"date": "d MMM y", "day": "d MMM", "time": "HH:mm", "moment": "d MMM, HH:mm"},
}


def tongue(language: str, zone: str = "Asia/Shanghai") -> Tongue:
    words = {
        "format": PATTERNS.get(language, {}),
        "state": {"SUCCESS": "done"},
        "carrier": {"sf": "SF Express"},
    }
    return Tongue(language, words, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("language", "amount", "written"),
    [
        ("zh", Money(5_990, "CNY"), "¥59.90"),
        ("en", Money(1_200, "USD"), "$12.00"),
        ("en", Money(123_456_789, "USD"), "$1,234,567.89"),
        ("zh", Money(500, "JPY"), "JP¥500"),
        ("en", Money(-1_200, "USD"), "-$12.00"),
        ("de", Money(1_200, "EUR"), "12,00\xa0€"),
        ("xx", Money(1_200, "USD"), "$12.00"),
    ],
)
def test_money(language: str, amount: Money, written: str) -> None:
    assert tongue(language).money(amount) == written


def test_days_and_times_are_the_shops() -> None:
    zh, en = tongue("zh"), tongue("en", "America/New_York")
    assert (zh.moment(AT), zh.day(AT), zh.date(AT), zh.time(AT)) == (
        "11月25日 14:30",
        "11月25日",
        "2026年11月25日",
        "14:30",
    )
    assert (en.moment(AT), en.day(AT), en.date(AT), en.time(AT)) == (
        "25 Nov, 01:30",
        "25 Nov",
        "25 Nov 2026",
        "01:30",
    )


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [
        (1, "1分钟", "1 minute"),
        (90, "90分钟", "90 minutes"),
        (60, "1小时", "1 hour"),
        (120, "2小时", "2 hours"),
    ],
)
def test_minutes(minutes: int, zh: str, en: str) -> None:
    assert (tongue("zh").minutes(minutes), tongue("en").minutes(minutes)) == (zh, en)


def test_48_hours_are_not_rounded_to_days() -> None:
    assert (tongue("zh").hours(48), tongue("en").hours(48)) == ("48小时", "48 hours")


def test_words_by_enum_by_group_and_of_nobody() -> None:
    assert tongue("en").word(State.SUCCESS) == "done"
    assert tongue("en").carrier("sf") == "SF Express"
    assert tongue("en").carrier("unknown-carrier") == "unknown-carrier"
    assert tongue("en").word(State.CLOSED) == "CLOSED"


def test_short_keeps_one_line() -> None:
    assert short("a\n b\t c", 10) == "a b c"
    assert short("abcdef", 6) == "abcdef"
    assert short("abcdefg", 6) == "abcde…"
    assert short("ab cdefg", 4) == "ab…"


@given(st.text(), st.integers(2, 50))
def test_short_is_never_longer(text: str, length: int) -> None:
    assert len(short(text, length)) <= length
    assert "\n" not in short(text, length)


def test_mask_shows_the_last_four() -> None:
    assert mask("13800001234") == "*******1234"
    assert mask("123") == "123"


def test_plural() -> None:
    assert [plural(count, "photo", "photos") for count in (0, 1, 2)] == ["0 photos", "1 photo", "2 photos"]


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//x", "http://a b", "", 'https://x"y', "https://x\ny"],
)
def test_a_link_that_is_no_web_address_is_words_alone(address: str) -> None:
    assert link(address, "<see>") == "&lt;see&gt;"


@pytest.mark.parametrize(
    ("text", "count"),
    [("abc", 3), ("<b>abc</b>", 3), ("&lt;&amp;", 2), ("🧦", 2), ("宽", 1), ('<a href="https://x">y</a>', 1)],
)
def test_units_are_counted_as_messengers_do(text: str, count: int) -> None:
    assert units(text) == count


@pytest.mark.parametrize(
    "text", ["<b>x", "x</b>", "<b><i>x</b></i>", "<p>x</p>", "a<b", "<b x=1>x</b>", "<a>x</a>"]
)
def test_what_messengers_refuse_is_not_balanced(text: str) -> None:
    assert not balanced(text)
