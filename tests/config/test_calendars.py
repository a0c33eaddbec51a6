"""What the library knows of a country, and what the owner's settings make of it."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, timedelta

import pytest

from bot.config import load
from bot.config.public_days import check_place, public_days
from bot.domain.calendar import Calendar
from bot.domain.policy import Policy

DAY = timedelta(days=1)


def policy(**settings: str) -> Policy:
    return load(None, {f"SHOUHOU_SHOP__{name.upper()}": value for name, value in settings.items()}).policy()


def off(calendar: Calendar, first: str, last: str) -> list[str]:
    """The days nobody works, as ``10-01``."""
    day, found = date.fromisoformat(first), []
    while day <= date.fromisoformat(last):
        found += [] if calendar.is_open_day(day) else [f"{day:%m-%d}"]
        day += DAY
    return found


def days(first: int, last: int, month: int) -> list[str]:
    return [f"{month:02}-{day:02}" for day in range(first, last + 1)]


# -- what the library knows ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "made_up"),
    [
        (2024, "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12"),
        (2025, "01-26 02-08 04-27 09-28 10-11"),
        (2026, "01-04 02-14 02-28 05-09 09-20 10-10"),
    ],
)
def test_the_days_china_makes_up_for_are_those_the_state_council_announced(year: int, made_up: str) -> None:
    known = [day for day in sorted(public_days("CN", "zh").workdays) if day.year == year]
    assert [f"{day:%m-%d}" for day in known] == made_up.split()
    assert all(policy().public.is_open_day(day) for day in known)


@pytest.mark.parametrize(
    ("first", "last", "closed"),
    [
        ("2026-01-01", "2026-01-05", days(1, 3, 1)),
        ("2026-02-14", "2026-03-01", [*days(15, 23, 2), "03-01"]),
        ("2026-04-03", "2026-04-07", days(4, 6, 4)),
        ("2026-04-30", "2026-05-10", [*days(1, 5, 5), "05-10"]),
        ("2026-06-18", "2026-06-22", days(19, 21, 6)),
        ("2026-09-19", "2026-10-11", ["09-19", *days(25, 27, 9), *days(1, 7, 10), "10-11"]),
        ("2025-09-28", "2025-10-12", [*days(1, 8, 10), "10-12"]),
        ("2024-09-13", "2024-09-18", days(15, 17, 9)),
    ],
)
def test_chinese_banks_are_closed_as_announced(first: str, last: str, closed: list[str]) -> None:
    assert off(policy().public, first, last) == closed


@pytest.mark.parametrize("place", ["", "CN", "HK", "TW", "DE", "DE-BY", "US-CA", "PR", "IL", "GB-SCT"])
def test_a_place_of_these_may_be_set(place: str) -> None:
    working = policy(holidays=place).public
    year = [date(2026, 1, 1) + number * DAY for number in range(365)]
    assert 230 < sum(map(working.is_open_day, year)) < 310


def test_regions_have_holidays_of_their_own() -> None:
    corpus_christi = date(2026, 6, 4)
    assert policy(holidays="DE").public.is_open_day(corpus_christi)
    assert not policy(holidays="DE-BY").public.is_open_day(corpus_christi)


def test_a_weekend_is_the_countrys_own() -> None:
    week = policy(holidays="IL").public
    assert off(week, "2026-11-23", "2026-11-29") == ["11-27", "11-28"], "Friday and Saturday"


def test_nowhere_there_are_only_weekends() -> None:
    assert off(policy(holidays="").public, "2026-09-28", "2026-10-11") == ["10-03", "10-04", "10-10", "10-11"]


@pytest.mark.parametrize(
    ("language", "name"), [("zh", "国庆节"), ("en", "National Day"), ("fr", "National Day")]
)
def test_holidays_are_named_in_the_shops_language_where_it_is_known(language: str, name: str) -> None:
    assert public_days("CN", language).holidays[date(2026, 10, 1)] == name


@pytest.mark.parametrize(
    ("place", "complaint"),
    [
        ("cn", "is no country whose holidays are known; write CN"),
        ("China", "write CN"),
        ("CHN", "write CN"),
        ("XX", "is no country whose holidays are known"),
        ("CN-GD", "names a region, and CN has none"),
        ("DE-XX", "names no region of DE; it has BB, BE, BW, BY"),
        ("DE-", "names no region of DE"),
    ],
)
def test_a_place_that_is_not_known_is_refused_with_the_way_to_write_it(place: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        check_place(place)


@pytest.mark.parametrize(("place", "read"), [("", ""), ("CN", "china"), ("DE-BY", "germany")])
def test_only_the_country_that_is_set_is_read(place: str, read: str) -> None:
    """The start has to stay quick: 250 countries are not needed for one."""
    asked = (
        "import sys; from bot.config import load;"
        f"load(None, {{'SHOUHOU_SHOP__HOLIDAYS': {place!r}}}).policy();"
        "print('holidays' in sys.modules, any(name.startswith('holidays.countries') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(bool(read)), "False"]


# -- what the owner sets ------------------------------------------------------------------------------------------

NATIONAL_WEEK = ("2026-09-28", "2026-10-11")


def test_a_marketplace_shop_answers_every_day() -> None:
    assert off(policy().shop, *NATIONAL_WEEK) == []


def test_a_shop_may_have_days_of_the_week_off() -> None:
    shop = policy(closed_on="saturday,sunday").shop
    assert off(shop, *NATIONAL_WEEK) == ["10-03", "10-04", "10-10", "10-11"]


def test_a_shop_may_have_holidays_off_and_make_up_for_them() -> None:
    shop = policy(closed_on="saturday,sunday", closed_on_holidays="true").shop
    assert off(shop, *NATIONAL_WEEK) == [*days(1, 7, 10), "10-11"]


def test_a_shop_may_have_days_of_its_own_off_even_made_up_ones() -> None:
    kept = policy(closed_on_holidays="true", closed_days="2026-10-10,2026-09-29")
    assert off(kept.shop, "2026-09-28", "2026-09-30") == ["09-29"]
    assert off(kept.shop, "2026-10-08", "2026-10-11") == ["10-10"]
    assert kept.public.is_open_day(date(2026, 10, 10)), "banks have other days off"


def test_a_holiday_can_be_moved() -> None:
    moved = policy(extra_holidays="2026-10-08,2026-10-10", extra_workdays="2026-10-07,2026-10-11")
    assert off(moved.public, "2026-10-05", "2026-10-11") == ["10-05", "10-06", "10-08", "10-10"]


@pytest.mark.parametrize(
    ("paid", "arrived"),
    [
        ("2026-09-30 20:00", "2026-10-10 23:59"),  # 8 and 9 October, and the Saturday made up for
        ("2026-02-13 20:00", "2026-02-25 23:59"),  # the Saturday of the 14th, then the 24th and 25th
        ("2026-11-20 10:00", "2026-11-25 23:59"),
    ],
)
def test_a_refund_arrives_when_the_banks_have_worked_their_days(paid: str, arrived: str) -> None:
    shop = policy()
    by = shop.bank_by(datetime.fromisoformat(paid).replace(tzinfo=shop.timezone))
    assert f"{by.astimezone(shop.timezone):%Y-%m-%d %H:%M}" == arrived
