"""`shouhou calendar`: what the bot believes of the coming days."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Call


def table(call: Call, *words: str) -> dict[str, tuple[str, ...]]:
    """Each day's row."""
    result = call("calendar", *words)
    assert result.exit_code == 0, result.output
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in result.output.splitlines()]
    return {row[0]: tuple(row[1:]) for row in rows if row}


def settle(shop: Path, **settings: str) -> None:
    """Put settings of the shop into its file in place of the defaults."""
    path = shop / "config.yaml"
    lines = path.read_text("utf-8").splitlines()
    for name, value in settings.items():
        (at,) = (number for number, line in enumerate(lines) if line.startswith(f"  {name}:"))
        lines[at] = f"  {name}: {value}"
    path.write_text("\n".join(lines), "utf-8")


def test_holidays_and_the_days_that_make_up_for_them_are_named(call: Call) -> None:
    days = table(call, "--from", "2026-09-30", "--days", "12")
    assert len(days) == 12
    open_ = "09:00–21:00"
    assert days["Wed 2026-09-30"] == (open_, "open", "")
    assert days["Thu 2026-10-01"] == (open_, "closed", "国庆节")
    assert days["Sun 2026-10-04"] == (open_, "closed", "weekend")
    assert days["Thu 2026-10-08"] == (open_, "open", "")
    assert days["Sat 2026-10-10"] == (open_, "open", "make-up workday")
    assert days["Sun 2026-10-11"] == (open_, "closed", "weekend")


def test_each_day_off_says_which_setting_it_is_owed_to(call: Call, shop: Path) -> None:
    settle(
        shop,
        languages="[en]",
        closed_on="[friday]",
        closed_on_holidays="true",
        closed_days="[2026-09-30]",
        extra_holidays="[2026-10-08]",
        extra_workdays="[2026-10-11]",
    )
    days = table(call, "--from", "2026-09-30", "--days", "12")
    assert days["Wed 2026-09-30"] == ("closed", "open", "shop.closed_days")
    assert days["Thu 2026-10-01"] == ("closed", "closed", "National Day")
    assert days["Thu 2026-10-08"] == ("closed", "closed", "shop.extra_holidays")
    assert days["Fri 2026-10-09"] == ("closed", "open", "shop.closed_on")
    assert days["Sun 2026-10-11"] == ("09:00–21:00", "open", "make-up workday (shop.extra_workdays)")


def test_a_shop_that_is_always_there_says_so(call: Call, shop: Path) -> None:
    settle(shop, opens='"09:00"', closes='"09:00"')
    assert table(call, "--from", "2026-11-23", "--days", "1")["Mon 2026-11-23"] == ("all day", "open", "")


def test_it_begins_today_and_says_who_is_there_now(call: Call, shop: Path) -> None:
    settle(shop, timezone="UTC", opens='"00:00"', closes='"00:00"')
    before = datetime.now(UTC)
    said = call("calendar").output
    after = datetime.now(UTC)
    assert any(f"{moment:%a %Y-%m-%d}" in said for moment in (before, after))
    assert "Agents are in now. A refund paid now arrives by" in said
    assert "(3 working days)" in said


def test_what_is_not_announced_yet_is_told(call: Call, shop: Path) -> None:
    ahead = ("calendar", "--from", "2040-01-01", "--days", "7")
    assert "Make-up workdays of CN are known up to 20" in call(*ahead).output
    assert "known up to" not in call("calendar", "--from", "2026-01-01").output
    settle(shop, extra_workdays="[2040-01-07]")
    assert "known up to" not in call(*ahead).output
    settle(shop, extra_workdays="[]", holidays="DE")
    assert "known up to" not in call(*ahead).output


@pytest.mark.parametrize("first", ["2019-12-31", "2050-12-31", "9999-12-31"])
def test_days_nothing_is_known_of_are_refused(call: Call, first: str) -> None:
    result = call("calendar", "--from", first)
    assert result.exit_code == 2
    assert "holidays are known from 2020 to 2050" in result.output
