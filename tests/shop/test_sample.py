"""The sample shop lets every branch be lived, on any day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.carriers.directory import CARRIERS, code_for
from bot.config import load
from bot.domain.book import Book
from bot.domain.cases import Goods, Reason
from bot.domain.orders import Order, ParcelState
from bot.domain.verdicts import Rule, may_apply, may_refund
from bot.shop.importing import Options
from bot.shop.sample_shop import FILES, buyers, load_sample, sample_file
from tests.shop.shelf import Shelf

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPTIONS = Options(SHANGHAI, "CNY", code_for)
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
POLICY = load(None, {}).policy()


async def shelf_at(now: datetime) -> Shelf:
    shelf = Shelf()
    await load_sample(shelf.database, now, OPTIONS)
    return shelf


@pytest.fixture
async def shelf() -> Shelf:
    return await shelf_at(NOW)


def order(shelf: Shelf, number: str) -> Order:
    parcels = tuple(parcel for parcel in shelf.parcels.values() if parcel.order_number == number)
    return replace(shelf.orders[number], parcels=parcels)


async def test_it_is_all_right_and_idempotent_within_a_day() -> None:
    shelf = Shelf()
    for report in await load_sample(shelf.database, NOW, OPTIONS):
        assert (report.problems, report.notes, report.changed) == ((), (), 0)
        assert report.new
    for report in await load_sample(shelf.database, NOW + timedelta(hours=3), OPTIONS):
        assert (report.new, report.changed) == (0, 0)
    for report in await load_sample(shelf.database, NOW + timedelta(days=1), OPTIONS):
        assert report.new == 0
        assert report.unchanged == 0


async def test_the_buyers_own_what_is_said_and_others_have_orders_too(shelf: Shelf) -> None:
    names = {number: buyer.name for buyer in buyers() for number in buyer.orders}
    assert {buyer.language for buyer in buyers()} == {"zh", "en"}
    assert all(shelf.orders[number].buyer_name == name for number, name in names.items())
    assert len(shelf.orders.keys() - names.keys()) >= 2
    assert not {shelf.orders[number].buyer_name for number in shelf.orders.keys() - names.keys()} & set(
        names.values()
    )


@pytest.mark.parametrize("hour", range(0, 24, 3))
async def test_nothing_has_happened_that_lies_ahead(hour: int) -> None:
    now = datetime(2026, 11, 20, hour, 1, tzinfo=SHANGHAI)
    shelf = await shelf_at(now)
    for one in shelf.orders.values():
        assert all(
            at <= now
            for at in (one.placed_at, one.paid_at, one.shipped_at, one.signed_at, one.completed_at)
            if at
        )
    for parcel in shelf.parcels.values():
        assert all(event.at <= now for event in parcel.events)
        assert parcel.as_of
        assert parcel.as_of <= now


async def test_parcels_are_of_known_carriers_and_agree_with_their_orders(shelf: Shelf) -> None:
    assert {parcel.carrier for parcel in shelf.parcels.values()} == {carrier.code for carrier in CARRIERS}
    for number in shelf.orders:
        found = order(shelf, number)
        assert bool(found.shipped_at) == bool(found.parcels)
        assert bool(found.paid_at) == bool(found.paid)


@pytest.mark.parametrize(
    ("number", "holds"),
    [
        (
            "2600018001",
            lambda one: one.paid_at is None and _blocked_by(one) is Rule.UNPAID,
        ),
        ("2600018002", lambda one: one.paid_at and not one.shipped),
        ("2600018003", lambda one: one.parcels[0].eta > NOW and len(one.parcels[0].events) > 2),
        (
            "2600018004",
            lambda one: {p.state for p in one.parcels} == {ParcelState.DELIVERED, ParcelState.IN_TRANSIT},
        ),
        ("2600018004", lambda one: len(one.lines) == 2 and not one.delivered),
        ("2600018005", lambda one: NOW - one.parcels[0].last_event.at > timedelta(days=8)),
        ("2600018006", lambda one: one.delivered and NOW - one.signed_at < timedelta(days=2)),
        (
            "2600018103",
            lambda one: one.parcels[0].state is ParcelState.OUT_FOR_DELIVERY and one.parcels[0].eta > NOW,
        ),
        ("2600018104", lambda one: len(one.lines) == 3 and one.currency == "USD"),
    ],
)
async def test_each_story_is_there(shelf: Shelf, number: str, holds: Callable[[Order], object]) -> None:
    assert holds(order(shelf, number))


@pytest.mark.parametrize(
    ("number", "reason", "allowed", "rule"),
    [
        ("2600018006", Reason.CHANGED_MIND, True, Rule.SEVEN_DAYS),
        ("2600018007", Reason.CHANGED_MIND, False, Rule.SEVEN_DAYS_OVER),
        ("2600018007", Reason.QUALITY, True, Rule.FAULT_WINDOW),
        ("2600018008", Reason.CHANGED_MIND, False, Rule.SEVEN_DAYS_EXCEPTED),
        ("2600018008", Reason.NOT_AS_DESCRIBED, True, Rule.FAULT_WINDOW),
        ("2600018104", Reason.CHANGED_MIND, True, Rule.SEVEN_DAYS),
        ("2600018105", Reason.CHANGED_MIND, False, Rule.SEVEN_DAYS_OVER),
        ("2600018105", Reason.QUALITY, False, Rule.FAULT_WINDOW_OVER),
    ],
)
@pytest.mark.parametrize("hour", [0, 8, 9, 23])
async def test_each_rule_can_be_met_at_any_hour(
    number: str, reason: Reason, allowed: bool, rule: Rule, hour: int
) -> None:
    now = datetime(2026, 11, 20, hour, 1, tzinfo=SHANGHAI)
    found = order(await shelf_at(now), number)
    verdict = may_refund(found, (), Goods.RECEIVED, reason, now, POLICY)
    assert (verdict.allowed, verdict.rule) == (allowed, rule)


@pytest.mark.parametrize("name", FILES)
def test_an_owner_gets_it_with_plain_times(name: str) -> None:
    text = sample_file(name, NOW, SHANGHAI)
    assert "d 1" not in text
    assert "2026-11-1" in text


def _blocked_by(order: Order) -> Rule | None:
    verdict = may_apply(Book(order), ())
    return verdict.rule if verdict else None
