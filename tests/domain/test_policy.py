"""What the shop grants, and until when: to the last second, wherever the shop is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.book import Book
from bot.domain.cases import FAULT, Act, Event, Goods, Kind, Reason, Role, State
from bot.domain.machine import move
from bot.domain.orders import Order, OrderLine, Parcel, ParcelState
from bot.domain.policy import Policy
from bot.domain.verdicts import Rule, goods_of, kind_for, may_apply, may_refund, reasons_for
from tests.domain.samples import DAY, NOW, POLICY, TERMS, cny, fresh, order, policy_in

ZONES = (
    "Asia/Shanghai",
    "UTC",
    "America/New_York",  # the clocks change at two in the morning
    "Africa/Cairo",  # and here at midnight: 23:59:59 may come twice, 00:30 never
    "America/Havana",
    "Asia/Beirut",
    "Pacific/Apia",  # a whole day was left out once
    "Australia/Lord_Howe",  # half an hour
    "Asia/Kathmandu",
)
SECOND = timedelta(seconds=1)
INSTANT = timedelta(microseconds=1)

moments = st.integers(int(datetime(2010, 1, 1, tzinfo=UTC).timestamp()), int(NOW.timestamp()) + 10**9).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
"""Any second of a few decades."""


def signed(at: datetime) -> Order:
    return replace(order(), shipped_at=at - DAY, signed_at=at)


def completed(at: datetime) -> Order:
    return replace(signed(at - DAY), completed_at=at)


def verdict_of(bought: Order, reason: Reason, now: datetime, policy: Policy = POLICY) -> tuple[bool, Rule]:
    verdict = may_refund(bought, (), Goods.RECEIVED, reason, now, policy)
    return verdict.allowed, verdict.rule


# -- windows ------------------------------------------------------------------------------------------------------


def test_seven_days_are_counted_from_the_day_after_signing_to_their_last_second() -> None:
    shop = policy_in(ZoneInfo("Asia/Shanghai"))
    bought = signed(datetime(2026, 11, 1, 10, 0, tzinfo=shop.timezone))
    last = datetime(2026, 11, 8, 23, 59, 59, tzinfo=shop.timezone)
    for now in (last - 7 * DAY, last, last + SECOND - INSTANT):
        assert verdict_of(bought, Reason.CHANGED_MIND, now, shop) == (True, Rule.SEVEN_DAYS)
    assert verdict_of(bought, Reason.CHANGED_MIND, last + SECOND, shop) == (False, Rule.SEVEN_DAYS_OVER)
    told = may_refund(bought, (), Goods.RECEIVED, Reason.CHANGED_MIND, last, shop)
    assert told.until == last


def test_a_parcel_signed_late_at_night_counts_from_the_shops_own_midnight() -> None:
    shop = policy_in(ZoneInfo("Asia/Shanghai"))
    just_before = datetime(2026, 11, 1, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Shanghai
    now = datetime(2026, 11, 8, 16, 0, tzinfo=UTC)
    assert verdict_of(signed(just_before), Reason.CHANGED_MIND, now, shop) == (False, Rule.SEVEN_DAYS_OVER)
    assert verdict_of(signed(just_before + SECOND), Reason.CHANGED_MIND, now, shop) == (True, Rule.SEVEN_DAYS)


def test_faults_may_be_told_until_fifteen_days_after_completion() -> None:
    bought = completed(datetime(2026, 11, 1, 10, 0, tzinfo=UTC))
    last = datetime(2026, 11, 16, 23, 59, 59, tzinfo=UTC)
    for reason in FAULT:
        assert verdict_of(bought, reason, last) == (True, Rule.FAULT_WINDOW)
        assert verdict_of(bought, reason, last + SECOND) == (False, Rule.FAULT_WINDOW_OVER)
    assert verdict_of(signed(NOW - 90 * DAY), Reason.QUALITY, NOW) == (
        True,
        Rule.FAULT_WINDOW,
    )  # not yet completed


@given(moments, st.timedeltas(timedelta(days=-1), timedelta(days=20)), st.sampled_from(ZONES))
@example(datetime(2024, 10, 24, 10, tzinfo=UTC), timedelta(days=7, hours=11, minutes=30), "Africa/Cairo")
@example(datetime(2011, 12, 22, 12, tzinfo=UTC), timedelta(days=8), "Pacific/Apia")
def test_a_right_ends_when_its_last_day_does_in_any_zone_and_over_any_change_of_clocks(
    at: datetime, passed: timedelta, zone: str
) -> None:
    shop = policy_in(ZoneInfo(zone))
    now = at + passed
    days = (now.astimezone(shop.timezone).date() - at.astimezone(shop.timezone).date()).days
    assert verdict_of(signed(at), Reason.CHANGED_MIND, now, shop)[0] is (days <= 7)
    assert verdict_of(completed(at), Reason.QUALITY, now, shop)[0] is (days <= 15)


@given(moments, st.sampled_from(ZONES))
def test_a_right_never_ends_twice(at: datetime, zone: str) -> None:
    """Allowed all the way to the moment that is told, and never again after."""
    shop = policy_in(ZoneInfo(zone))
    bought = signed(at)
    until = may_refund(bought, (), Goods.RECEIVED, Reason.CHANGED_MIND, at, shop).until
    assert until is not None
    last = until.astimezone(UTC)
    assert verdict_of(bought, Reason.CHANGED_MIND, last, shop)[0]
    assert not verdict_of(bought, Reason.CHANGED_MIND, last + SECOND, shop)[0]
    assert not verdict_of(bought, Reason.CHANGED_MIND, last + timedelta(hours=2), shop)[0]


def test_what_did_not_arrive_may_be_told_until_the_after_sales_time_is_over() -> None:
    def verdict(bought: Order, now: datetime) -> tuple[bool, Rule]:
        found = may_refund(bought, (), Goods.NOT_RECEIVED, Reason.NOT_RECEIVED, now, POLICY)
        return found.allowed, found.rule

    assert verdict(replace(order(), shipped_at=NOW - 90 * DAY), NOW) == (True, Rule.NOT_RECEIVED)
    assert verdict(completed(NOW - 15 * DAY), NOW) == (True, Rule.NOT_RECEIVED)
    assert verdict(completed(NOW - 16 * DAY), NOW) == (False, Rule.FAULT_WINDOW_OVER)


def test_what_is_not_shipped_is_always_refunded() -> None:
    found = may_refund(order(), (), Goods.NOT_SHIPPED, Reason.CHANGED_MIND, NOW + 900 * DAY, POLICY)
    assert (found.allowed, found.rule) == (True, Rule.UNSHIPPED)


def test_fresh_food_is_not_returned_without_a_reason_but_may_be_faulty() -> None:
    shop = replace(POLICY, no_return_categories=frozenset({"fresh"}))
    mixed = replace(
        signed(NOW - DAY),
        lines=(*order(100).lines, OrderLine(2, "S2", "草莓", 1, cny(50), "fresh")),
    )

    def verdict(*lines: int, reason: Reason = Reason.CHANGED_MIND) -> Rule:
        return may_refund(mixed, lines, Goods.RECEIVED, reason, NOW, shop).rule

    assert verdict(1) is Rule.SEVEN_DAYS
    assert verdict(2) is Rule.SEVEN_DAYS_EXCEPTED
    assert verdict() is Rule.SEVEN_DAYS_EXCEPTED
    assert verdict(2, reason=Reason.QUALITY) is Rule.FAULT_WINDOW


# -- may apply ----------------------------------------------------------------------------------------------------


def test_one_open_case_an_order_line() -> None:
    bought = order(6_000, 4_000)
    waiting = fresh(lines=(1,), minor=1_000)
    for lines in ((1,), ()):
        found = may_apply(Book.of(bought, [waiting]), lines)
        assert found is not None
        assert (found.rule, found.case) == (Rule.OPEN_CASE, waiting)
    assert may_apply(Book.of(bought, [waiting]), (2,)) is None
    ended, _ = move(waiting, Act(Event.REVOKE, Role.BUYER, NOW), TERMS)
    assert may_apply(Book.of(bought, [ended]), (1,)) is None


def test_what_was_not_paid_or_is_paid_back_already_can_not_be_refunded() -> None:
    unpaid = replace(order(), paid_at=None)
    found = may_apply(Book(unpaid), ())
    assert found is not None
    assert found.rule is Rule.UNPAID
    back = replace(fresh(), state=State.SUCCESS)
    found = may_apply(Book.of(order(), [back]), ())
    assert found is not None
    assert found.rule is Rule.ALREADY_REFUNDED


# -- goods and kinds ----------------------------------------------------------------------------------------------


def test_where_the_goods_are_follows_from_the_order_and_the_buyers_word() -> None:
    sent = replace(order(), parcels=(Parcel("SF1", "sf", "A1", ParcelState.IN_TRANSIT),))
    assert goods_of(order(), received=True) is Goods.NOT_SHIPPED
    assert goods_of(sent, received=False) is Goods.NOT_RECEIVED
    assert goods_of(sent, received=True) is Goods.RECEIVED


def test_goods_come_back_only_when_the_buyer_has_them_and_they_are_of_use() -> None:
    assert kind_for(Goods.RECEIVED, Reason.CHANGED_MIND) is Kind.RETURN_REFUND
    assert kind_for(Goods.RECEIVED, Reason.QUALITY) is Kind.RETURN_REFUND
    assert kind_for(Goods.RETURNED, Reason.QUALITY) is Kind.RETURN_REFUND
    assert kind_for(Goods.RECEIVED, Reason.MISSING_ITEM) is Kind.REFUND_ONLY
    for reason in Reason:
        assert kind_for(Goods.NOT_RECEIVED, reason) is Kind.REFUND_ONLY
        assert kind_for(Goods.NOT_SHIPPED, reason) is Kind.REFUND_ONLY


def test_nobody_is_asked_whether_goods_they_have_not_got_are_faulty() -> None:
    assert not FAULT & set(reasons_for(Goods.NOT_RECEIVED))
    assert set(reasons_for(Goods.RECEIVED)) >= FAULT
    assert reasons_for(Goods.RETURNED) == reasons_for(Goods.RECEIVED)  # the buyer has had them in hand
    assert Reason.NOT_RECEIVED not in reasons_for(Goods.RECEIVED)


# -- the bank's days ----------------------------------------------------------------------------------------------


def test_the_banks_days_are_working_days() -> None:
    paid = datetime(2026, 11, 26, 12, tzinfo=UTC)  # a Thursday
    by = replace(POLICY, bank_days_max=3).bank_by(paid)
    assert by == datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC), "Friday, Monday, Tuesday"
