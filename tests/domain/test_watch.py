"""By when a buyer who waits for a person is to be answered: in the shop's hours, over nights, weekends and holidays."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.calendar import WEEKEND, Calendar
from bot.domain.watch import Alarm, Attendance, Watch

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = Calendar(SHANGHAI, time(9), time(21))
"""Every day, nine to nine."""
OFFICE = Calendar(
    SHANGHAI,
    time(9),
    time(18),
    closed_on=WEEKEND,
    holidays=frozenset({date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 5)}),
    workdays=frozenset({date(2026, 10, 10)}),  # a Saturday that makes up for a day off
)
NIGHT = Calendar(SHANGHAI, time(20), time(4))
"""From the evening into the morning."""
WISHED = Attendance(first_minutes=120, next_minutes=30, warn_percent=75)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("shop", "asked", "warned", "due"),
    [
        (DAYS, at(11, 20, 10), at(11, 20, 11, 30), at(11, 20, 12)),
        (DAYS, at(11, 20, 20), at(11, 21, 9, 30), at(11, 21, 10)),  # over the night
        (DAYS, at(11, 20, 23), at(11, 21, 10, 30), at(11, 21, 11)),  # written at night
        (DAYS, at(11, 20, 19), at(11, 20, 20, 30), at(11, 20, 21)),  # to the last minute
        (OFFICE, at(11, 20, 17), at(11, 23, 9, 30), at(11, 23, 10)),  # over the weekend
        (OFFICE, at(11, 21, 12), at(11, 23, 10, 30), at(11, 23, 11)),  # written on a Saturday
        (OFFICE, at(9, 30, 17), at(10, 6, 9, 30), at(10, 6, 10)),  # over holidays and the weekend in them
        (OFFICE, at(10, 9, 17), at(10, 10, 9, 30), at(10, 10, 10)),  # a make-up workday
        (OFFICE, at(10, 10, 17), at(10, 12, 9, 30), at(10, 12, 10)),  # from it into the next week
        (NIGHT, at(11, 20, 23), at(11, 21, 0, 30), at(11, 21, 1)),  # over midnight
        (NIGHT, at(11, 20, 3), at(11, 20, 20, 30), at(11, 20, 21)),  # over the day
        (Calendar(SHANGHAI), at(11, 20, 23), at(11, 21, 0, 30), at(11, 21, 1)),  # always there
    ],
)
def test_the_time_for_a_first_answer_runs_in_the_shops_hours(
    shop: Calendar, asked: datetime, warned: datetime, due: datetime
) -> None:
    watch = Watch().asked(asked, WISHED, shop)
    assert (watch.waits_since, watch.alarms) == (asked, {Alarm.WARNING: warned, Alarm.LATE: due})


def test_once_answered_the_next_answer_is_due_sooner() -> None:
    watch = Watch().asked(at(11, 20, 10), WISHED, DAYS).told(asks=False)
    assert watch.alarms == {}
    assert watch.asked(at(11, 20, 11), WISHED, DAYS).answer_by == at(11, 20, 11, 30)


def test_who_writes_again_while_waiting_waits_since_the_first_words() -> None:
    watch = Watch().asked(at(11, 20, 10), WISHED, DAYS)
    assert watch.asked(at(11, 20, 11), WISHED, DAYS) == watch


@pytest.mark.parametrize(("minutes", "until"), [(30, at(11, 20, 10, 30)), (0, None)])
def test_a_lease_lasts_as_long_as_the_shop_says(minutes: int, until: datetime | None) -> None:
    assert Attendance(lease_minutes=minutes).lease_from(at(11, 20, 10)) == until


@pytest.mark.parametrize(
    ("shop", "opened", "warned", "due"),
    [
        (DAYS, at(11, 20, 10), at(11, 20, 16), at(11, 20, 18)),
        (DAYS, at(11, 20, 18), at(11, 21, 12), at(11, 21, 14)),  # over the night
        (OFFICE, at(11, 20, 16), at(11, 23, 13), at(11, 23, 15)),  # over the weekend
        (OFFICE, at(9, 30, 16), at(10, 6, 13), at(10, 6, 15)),  # over holidays and the weekend in them
        (OFFICE, at(10, 9, 16), at(10, 10, 13), at(10, 10, 15)),  # on a make-up workday
    ],
)
def test_the_time_for_settling_it_runs_once_whoever_has_it(
    shop: Calendar, opened: datetime, warned: datetime, due: datetime
) -> None:
    wished = Attendance(resolve_hours=8)
    watch = Watch().opened(opened, wished, shop)
    assert watch.alarms == {Alarm.UNSETTLED_SOON: warned, Alarm.UNSETTLED: due}
    later = watch.opened(opened.replace(minute=30), wished, shop)
    assert later.left_by("小周", opened, wished, shop).alarms == watch.alarms
    assert Watch().opened(opened, Attendance(), shop) == Watch()
