"""Which days and hours count as working time, as the bot believes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import click

from bot.cli.context import Here
from bot.cli.tables import show
from bot.config.calendars import days_of
from bot.config.public_days import YEARS
from bot.config.sections import Shop
from bot.domain.calendar import Calendar
from bot.domain.policy import Policy


@click.command()
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 400), help="How many days.")
@click.option(
    "--from",
    "first",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The first of them, such as 2026-10-01; today if left out.",
)
@click.pass_obj
def calendar(here: Here, days: int, first: datetime | None) -> None:
    """Show which days the shop and the banks work on, and why not: weekends, public holidays, make-up workdays.

    \b
    shouhou calendar
    shouhou calendar --from 2026-10-01 --days 10
    """
    shop, policy, now = here.config.shop, here.config.policy(), datetime.now(UTC)
    begin = first.date() if first else now.astimezone(policy.timezone).date()
    shown = _days(begin, days)
    show(
        ("day", "shop", "banks, mediators", "why"),
        [_row(day, shop, policy) for day in shown],
        [not policy.shop.is_open_day(day) and not policy.public.is_open_day(day) for day in shown],
    )
    if first is None:
        _say_now(policy, now)
    _say_unknown(shop, shown[-1])


def _days(begin: date, count: int) -> list[date]:
    end = date(YEARS[-1], 12, 31) - timedelta(days=count - 1)
    if not date(YEARS[0], 1, 1) <= begin <= end:
        raise click.BadParameter(f"holidays are known from {YEARS[0]} to {YEARS[-1]}", param_hint="--from")
    return [begin + timedelta(days=number) for number in range(count)]


def _row(day: date, shop: Shop, policy: Policy) -> tuple[str, str, str, str]:
    hours = _hours(policy.shop) if policy.shop.is_open_day(day) else "closed"
    banks = "open" if policy.public.is_open_day(day) else "closed"
    return f"{day:%a %Y-%m-%d}", hours, banks, ", ".join(_why(day, shop))


def _hours(calendar: Calendar) -> str:
    if calendar.opens == calendar.closes:
        return "all day"
    return f"{calendar.opens:%H:%M}–{calendar.closes:%H:%M}"


def _why(day: date, shop: Shop) -> list[str]:
    """What makes the day another than an ordinary one."""
    public = days_of(shop)
    particular = {
        "shop.closed_days": day in shop.closed_days,
        "shop.extra_holidays": day in shop.extra_holidays,
        "make-up workday (shop.extra_workdays)": day in shop.extra_workdays,
        "make-up workday": day in public.workdays - shop.extra_workdays,
        public.holidays.get(day, ""): day in public.holidays,
    }
    week = {
        "weekend": day.weekday() in public.weekend,
        "shop.closed_on": day.weekday() in shop.closed_on,
    }
    found = [reason for reason, holds in particular.items() if holds]
    return found or [reason for reason, holds in week.items() if holds]


def _say_now(policy: Policy, now: datetime) -> None:
    back = policy.shop.opens_next(now)
    there = f"Agents are back {_told(policy, back)}." if back else "Agents are in now."
    by = policy.bank_by(now).astimezone(policy.timezone)
    click.echo(
        f"{there} A refund paid now arrives by {by:%a %Y-%m-%d} ({policy.bank_days_max} working days)."
    )


def _told(policy: Policy, moment: datetime) -> str:
    return f"{moment.astimezone(policy.timezone):%a %Y-%m-%d %H:%M}"


def _say_unknown(shop: Shop, last: date) -> None:
    """Days off and the days that make up for them are announced a year at a time."""
    until = days_of(shop).made_up_until
    added = max((day.year for day in shop.extra_workdays), default=0)
    if until is not None and last.year > max(until, added):
        click.echo(
            f"Make-up workdays of {shop.holidays} are known up to {until}. Later ones are not announced yet, or not known to "
            "this version: update the package `holidays`, or write them under shop.extra_workdays and shop.extra_holidays."
        )


COMMANDS = {"calendar": calendar}
