"""Working time, told by cases a shop meets and by what must hold for every calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.domain.calendar import WEEKEND, Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = (
    "Asia/Shanghai",
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Africa/Cairo",  # clocks change at midnight
    "America/Havana",
    "Pacific/Apia",  # a whole day was left out once
    "Australia/Lord_Howe",  # half an hour
)


def days(*texts: str) -> frozenset[date]:
    """`10-01..07` is a week of 2026."""
    found = set[date]()
    for text in texts:
        first, _, last = text.partition("..")
        begin = date.fromisoformat(f"2026-{first}")
        found |= {begin.replace(day=day) for day in range(begin.day, int(last or begin.day) + 1)}
    return frozenset(found)


HOLIDAYS_2026 = days(
    "01-01..03", "02-15..23", "04-04..06", "05-01..05", "06-19..21", "09-25..27", "10-01..07"
)
"""As the State Council announced them: whole weeks, weekends included."""
MADE_UP_2026 = days("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
BANK = Calendar(SHANGHAI, closed_on=WEEKEND, holidays=HOLIDAYS_2026, workdays=MADE_UP_2026)
SHOP = Calendar(SHANGHAI, time(9), time(21))
OFFICE = Calendar(SHANGHAI, time(9), time(18), WEEKEND, HOLIDAYS_2026, MADE_UP_2026)
NIGHT = Calendar(SHANGHAI, time(21), time(6))


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def told(moment: datetime | None, zone: ZoneInfo = SHANGHAI) -> str | None:
    """As a person in the shop reads it."""
    return None if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def long(text: str) -> timedelta:
    hours, minutes = map(int, text.split(":"))
    return timedelta(hours=hours, minutes=minutes)


# -- days ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-13", True),
        ("2026-02-14", True),  # the Saturday before Spring Festival is made up for
        ("2026-02-15", False),
        ("2026-02-17", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),  # the Saturday after it too
        ("2026-03-01", False),  # an ordinary Sunday
        ("2026-09-20", True),  # a Sunday made up for
        ("2026-10-01", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # a Saturday made up for
        ("2026-10-11", False),
    ],
)
def test_banks_work_on_weekdays_that_are_no_holidays_and_on_days_made_up_for(day: str, works: bool) -> None:
    assert BANK.is_open_day(date.fromisoformat(day)) is works


def test_a_shop_that_closes_on_no_day_is_open_on_holidays() -> None:
    assert all(SHOP.is_open_day(day) for day in HOLIDAYS_2026)


def test_a_day_that_is_made_up_for_is_worked_whatever_else_it_is() -> None:
    sunday = date(2026, 10, 4)
    moved = Calendar(SHANGHAI, closed_on=WEEKEND, holidays=frozenset({sunday}), workdays=frozenset({sunday}))
    assert moved.is_open_day(sunday)


def test_a_week_needs_a_working_day() -> None:
    with pytest.raises(ValueError, match="working day"):
        Calendar(UTC, closed_on=frozenset(range(7)))


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        ("2026-11-26 12:00", 1, "2026-11-27"),  # Thursday: Friday
        ("2026-11-27 12:00", 1, "2026-11-30"),  # Friday: Monday
        ("2026-11-27 23:59", 3, "2026-12-02"),
        ("2026-11-28 00:00", 3, "2026-12-02"),  # from a Saturday as from the Friday before
        ("2026-11-27 12:00", 0, "2026-11-27"),
        ("2026-09-30 18:00", 1, "2026-10-08"),  # National Day: the whole week passes
        ("2026-09-30 18:00", 3, "2026-10-10"),  # and the Saturday after counts
        ("2026-10-03 12:00", 3, "2026-10-10"),
        ("2026-10-09 12:00", 2, "2026-10-12"),
        (
            "2026-09-18 12:00",
            1,
            "2026-09-20",
        ),  # the Sunday of September counts, the Saturday before it doesn't
        ("2026-02-13 12:00", 3, "2026-02-25"),  # Spring Festival: 14 February, then 24 and 25
        ("2026-02-16 00:30", 7, "2026-03-03"),  # a ruling asked for on New Year's Eve
        ("2025-12-31 16:30", 1, "2026-01-04"),
    ],
)
def test_working_days_of_a_bank(start: str, count: int, last: str) -> None:
    assert told(BANK.after_working_days(at(start), count)) == f"{last} 23:59"


def test_the_day_that_is_counted_from_is_the_shops_own() -> None:
    late = datetime(2026, 11, 26, 16, 30, tzinfo=UTC)  # half past midnight on Friday in Shanghai
    assert told(BANK.after_working_days(late, 1)) == "2026-11-30 23:59"


def test_nothing_is_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        BANK.after_working_days(at("2026-11-26"), -1)
    with pytest.raises(ValueError, match="forwards"):
        SHOP.after_working_time(at("2026-11-26"), timedelta(seconds=-1))


# -- hours --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opens", "closes", "now", "back"),
    [
        (9, 21, "2026-11-20 09:00", None),
        (9, 21, "2026-11-20 20:59", None),
        (9, 21, "2026-11-20 08:59", "2026-11-20 09:00"),
        (9, 21, "2026-11-20 21:00", "2026-11-21 09:00"),
        (9, 0, "2026-11-20 23:59", None),
        (9, 0, "2026-11-21 00:00", "2026-11-21 09:00"),
        (21, 6, "2026-11-20 05:59", None),
        (21, 6, "2026-11-20 06:00", "2026-11-20 21:00"),
        (0, 0, "2026-11-20 03:00", None),
        (9, 9, "2026-11-20 03:00", None),
    ],
)
def test_when_people_are_back(opens: int, closes: int, now: str, back: str | None) -> None:
    assert told(Calendar(SHANGHAI, time(opens), time(closes)).opens_next(at(now))) == back


@pytest.mark.parametrize(
    ("now", "back"),
    [
        ("2026-11-27 17:59", None),
        ("2026-11-27 18:00", "2026-11-30 09:00"),
        ("2026-09-30 18:00", "2026-10-08 09:00"),
        ("2026-10-05 11:00", "2026-10-08 09:00"),
        ("2026-10-09 20:00", "2026-10-10 09:00"),
        ("2026-10-10 11:00", None),
        ("2026-02-14 18:00", "2026-02-24 09:00"),
    ],
)
def test_when_people_are_back_who_have_weekends_and_holidays(now: str, back: str | None) -> None:
    assert told(OFFICE.opens_next(at(now))) == back


def test_a_night_belongs_to_the_day_it_begins() -> None:
    nights = Calendar(SHANGHAI, time(21), time(6), closed_on=WEEKEND)
    assert nights.opens_next(at("2026-11-28 05:59")) is None, "Friday's night lasts into Saturday"
    assert told(nights.opens_next(at("2026-11-28 06:00"))) == "2026-11-30 21:00"
    assert told(nights.opens_next(at("2026-11-30 03:00"))) == "2026-11-30 21:00", "Sunday had none"


def test_a_shop_without_hours_keeps_its_closed_days_from_midnight_to_midnight() -> None:
    shop = Calendar(SHANGHAI, time(9), time(9), closed_on=frozenset({6}))
    assert shop.opens_next(at("2026-11-28 23:59")) is None
    assert told(shop.opens_next(at("2026-11-29 00:00"))) == "2026-11-30 00:00"


# -- time that runs only while people are there -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calendar", "start", "length", "due"),
    [
        (SHOP, "2026-11-20 10:00", "2:00", "2026-11-20 12:00"),
        (SHOP, "2026-11-20 20:00", "2:00", "2026-11-21 10:00"),
        (
            SHOP,
            "2026-11-20 19:00",
            "2:00",
            "2026-11-20 21:00",
        ),  # the very end of the day, not the next morning
        (SHOP, "2026-11-20 23:00", "2:00", "2026-11-21 11:00"),
        (SHOP, "2026-11-20 21:00", "0:01", "2026-11-21 09:01"),
        (SHOP, "2026-11-20 23:00", "0:00", "2026-11-20 23:00"),
        (SHOP, "2026-11-20 09:00", "48:00", "2026-11-23 21:00"),
        (OFFICE, "2026-11-27 17:00", "2:00", "2026-11-30 10:00"),
        (OFFICE, "2026-09-30 17:00", "2:00", "2026-10-08 10:00"),
        (OFFICE, "2026-10-09 17:00", "2:00", "2026-10-10 10:00"),
        (OFFICE, "2026-10-10 17:00", "2:00", "2026-10-12 10:00"),
        (OFFICE, "2026-02-13 12:00", "24:00", "2026-02-24 18:00"),  # 6 h, then 14 and 24 February
        (NIGHT, "2026-11-20 23:00", "2:00", "2026-11-21 01:00"),
        (NIGHT, "2026-11-21 05:00", "2:00", "2026-11-21 22:00"),
        (BANK, "2026-11-27 12:00", "24:00", "2026-11-30 12:00"),
    ],
)
def test_time_runs_while_people_are_there(calendar: Calendar, start: str, length: str, due: str) -> None:
    assert told(calendar.after_working_time(at(start), long(length))) == due


# -- where the clocks change: in Berlin on 29 March 02:00 -> 03:00 and on 25 October 03:00 -> 02:00, 2026 -----------


@pytest.mark.parametrize(
    ("opens", "closes", "start", "length", "due"),
    [
        (9, 18, "2026-03-28 17:00", "2:00", "2026-03-29 10:00"),  # hours of a day are not moved by it
        (9, 18, "2026-10-24 17:00", "2:00", "2026-10-25 10:00"),
        (21, 6, "2026-03-28 21:00", "8:00", "2026-03-29 06:00"),  # the short night
        (21, 6, "2026-10-24 21:00", "10:00", "2026-10-25 06:00"),  # the long one
        (0, 0, "2026-03-28 12:00", "24:00", "2026-03-29 13:00"),
        (0, 0, "2026-10-24 12:00", "24:00", "2026-10-25 11:00"),
    ],
)
def test_nights_in_which_the_clocks_change(
    opens: int, closes: int, start: str, length: str, due: str
) -> None:
    shop = Calendar(BERLIN, time(opens), time(closes))
    found = shop.after_working_time(at(start, BERLIN), long(length))
    assert told(found, BERLIN) == due


def test_an_hour_that_is_left_out_opens_the_shop_as_it_ends() -> None:
    shop = Calendar(BERLIN, time(2, 30), time(18))
    assert told(shop.opens_next(at("2026-03-29 01:00", BERLIN)), BERLIN) == "2026-03-29 03:30"
    none = Calendar(BERLIN, time(2, 30), time(3, 0))
    assert told(none.opens_next(at("2026-03-28 12:00", BERLIN)), BERLIN) == "2026-03-30 02:30"


def test_an_hour_that_is_left_out_does_not_close_the_shop_before_it() -> None:
    shop = Calendar(BERLIN, time(18), time(2, 30))
    assert shop.opens_next(at("2026-03-29 01:59", BERLIN)) is None
    assert told(shop.opens_next(at("2026-03-29 03:30", BERLIN)), BERLIN) == "2026-03-29 18:00"


def test_an_hour_that_comes_twice_closes_the_shop_with_the_second_one() -> None:
    shop = Calendar(BERLIN, time(9), time(2, 30))
    second = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # 02:15 for the second time
    assert shop.opens_next(second) is None
    assert told(shop.opens_next(second + timedelta(minutes=15)), BERLIN) == "2026-10-25 09:00"


def test_a_shift_that_reaches_into_the_next_one_is_not_counted_twice() -> None:
    shop = Calendar(BERLIN, time(2, 30), time(2, 15))  # closed for a quarter of an hour a night
    due = shop.after_working_time(at("2026-10-24 12:00", BERLIN), timedelta(hours=48, minutes=45))
    assert told(due, BERLIN) == "2026-10-26 12:00", "after 49 hours; in the long night nobody left"


def test_a_day_that_was_left_out_is_not_worked_twice() -> None:
    samoa = Calendar(ZoneInfo("Pacific/Apia"), time(9), time(17))
    due = samoa.after_working_time(datetime(2011, 12, 29, 12, tzinfo=UTC), timedelta(hours=16))
    assert due == datetime(2011, 12, 31, 3, tzinfo=UTC), "29 and 31 December; there was no 30th"


# -- whatever the calendar ----------------------------------------------------------------------------------------

moments = st.integers(int(at("2011-01-01").timestamp()), int(at("2030-01-01").timestamp())).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
dates = st.dates(date(2011, 1, 1), date(2030, 1, 1))
calendars = st.builds(
    Calendar,
    st.sampled_from(ZONES).map(ZoneInfo),
    st.times(),
    st.times(),
    st.frozensets(st.integers(0, 6), max_size=6),
    st.frozensets(dates, max_size=10),
    st.frozensets(dates, max_size=10),
).filter(lambda calendar: calendar.opens == calendar.closes or _minutes(calendar) >= 90)
"""Hours of less than what the clocks are put forward by may not take place at all."""
lengths = st.timedeltas(timedelta(0), timedelta(days=20))


def _minutes(calendar: Calendar) -> int:
    opens, closes = (moment.hour * 60 + moment.minute for moment in (calendar.opens, calendar.closes))
    return (closes - opens) % (24 * 60)


@given(calendars, moments, lengths)
def test_nothing_is_due_while_nobody_is_there(calendar: Calendar, start: datetime, length: timedelta) -> None:
    assume(length)
    due = calendar.after_working_time(start, length)
    assert calendar.opens_next(due - timedelta(microseconds=1)) is None


@given(calendars, moments, lengths, lengths)
def test_who_waits_longer_or_begins_later_is_not_served_earlier(
    calendar: Calendar, start: datetime, length: timedelta, more: timedelta
) -> None:
    due = calendar.after_working_time(start, length)
    assert due <= calendar.after_working_time(start, length + more)
    assert due <= calendar.after_working_time(start + more, length)
    assert calendar.after_working_time(due, more) == calendar.after_working_time(start, length + more)


@given(calendars, moments, st.integers(0, 15), lengths)
@example(
    Calendar(ZoneInfo("Pacific/Apia")), datetime(2011, 12, 29, 9, tzinfo=UTC), 1, timedelta()
)  # a day left out
def test_working_days_end_on_a_working_day_and_keep_their_order(
    calendar: Calendar, start: datetime, count: int, later: timedelta
) -> None:
    last = calendar.after_working_days(start, count)
    assert start < last + timedelta(seconds=1)
    assert last <= calendar.after_working_days(start + later, count)
    assert last < calendar.after_working_days(start, count + 1)
    if count:
        assert calendar.is_open_day(last.astimezone(calendar.timezone).date())
    first, end = (moment.astimezone(calendar.timezone).date() for moment in (start, last))
    between = (first + timedelta(days=number) for number in range(1, (end - first).days + 1))
    assert sum(calendar.is_open_day(day) for day in between) == count


@given(calendars, moments)
def test_who_is_away_comes_back_as_a_working_day_opens(calendar: Calendar, now: datetime) -> None:
    back = calendar.opens_next(now)
    if back is None:
        return
    assert back > now
    assert calendar.opens_next(back) is None


@given(calendars, moments, st.sampled_from(ZONES))
@example(Calendar(BERLIN, time(2, 30), time(9)), datetime(2026, 10, 25, 0, 45, tzinfo=UTC), "Europe/Berlin")
def test_it_does_not_matter_in_which_zone_a_moment_is_told(
    calendar: Calendar, now: datetime, zone: str
) -> None:
    elsewhere = now.astimezone(ZoneInfo(zone))
    hours = timedelta(hours=5)
    assert calendar.opens_next(elsewhere) == calendar.opens_next(now)
    assert calendar.after_working_time(elsewhere, hours) == calendar.after_working_time(now, hours)
    assert calendar.after_working_days(elsewhere, 3) == calendar.after_working_days(now, 3)
