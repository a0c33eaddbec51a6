"""The two calendars of a shop, from its settings."""

from __future__ import annotations

from datetime import date

from bot.config.public_days import PublicDays, public_days
from bot.config.sections import Shop
from bot.domain.calendar import Calendar


def days_of(shop: Shop) -> PublicDays:
    """The public days where the shop is, named in its main language."""
    return public_days(shop.holidays, shop.languages[0])


def public_calendar(shop: Shop) -> Calendar:
    """The working days of banks and mediators; what the owner adds or moves wins over what the library knows."""
    days = days_of(shop)
    return Calendar(
        shop.timezone,
        closed_on=days.weekend,
        holidays=(frozenset(days.holidays) | shop.extra_holidays) - shop.extra_workdays,
        workdays=(days.workdays - shop.extra_holidays) | shop.extra_workdays,
    )


def shop_calendar(shop: Shop) -> Calendar:
    """The shop's own hours and days; public ones count only where it keeps them."""
    holidays, workdays = frozenset[date](), frozenset[date]()
    if shop.closed_on_holidays:
        public = public_calendar(shop)
        holidays, workdays = public.holidays, public.workdays - shop.closed_days
    return Calendar(
        shop.timezone, shop.opens, shop.closes, shop.closed_on, holidays | shop.closed_days, workdays
    )
