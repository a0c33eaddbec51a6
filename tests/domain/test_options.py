"""Section 6 of the domain facts in words: what is offered about each problem, who pays the postage, and how far the bot goes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.authority import Amounts, Authority, Level
from bot.domain.book import Book
from bot.domain.cases import Case, Goods, Kind, Reason, Responsibility, State
from bot.domain.offers import Offer, asked, offers
from bot.domain.options import OFFERED, Option
from bot.domain.orders import Order
from bot.domain.policy import Policy
from tests.domain.samples import DAY, NOW, POLICY, cny, fresh, order

HERE, AWAY, SHELF = Goods.RECEIVED, Goods.NOT_RECEIVED, Goods.NOT_SHIPPED
SHOP, BUYER, NOBODY = Responsibility.SELLER, Responsibility.BUYER, Responsibility.UNDECIDED

CAREFUL = replace(
    POLICY,
    low_value=Amounts({"CNY": cny(3_000)}),
    authority=Authority({Level.BOT: Amounts({"CNY": cny(2_000)})}),
)
"""Goods up to 30 yuan need not come back; the bot gives up to 20 yuan by itself."""


def bought(minor: int = 10_000, **dated: Any) -> Order:
    """One pair of shoes, sent and signed for yesterday."""
    sent = replace(order(minor), shipped_at=NOW - 2 * DAY, signed_at=NOW - DAY)
    return replace(sent, **dated) if dated else sent


def offered(
    reason: Reason,
    goods: Goods = HERE,
    *,
    minor: int = 10_000,
    of: Order | None = None,
    cases: tuple[Case, ...] = (),
    policy: Policy = CAREFUL,
) -> tuple[Offer, ...]:
    return offers(Book(of or bought(minor), cases), (1,), goods, reason, NOW, policy)


def in_words(found: tuple[Offer, ...]) -> list[str]:
    """ "exchange, nothing back, seller pays"."""
    return [f"{one.option.value} {one.amount.minor} {one.freight.value}" for one in found]


ROWS = [
    # quality, misdescribed, wrong item: return and refund or exchange; also keep it and a part back; the shop pays
    (
        Reason.QUALITY,
        HERE,
        ["return_refund 10000 seller", "exchange 0 seller", "keep_partial 2000 undecided"],
    ),
    (
        Reason.NOT_AS_DESCRIBED,
        HERE,
        ["return_refund 10000 seller", "exchange 0 seller", "keep_partial 2000 undecided"],
    ),
    (
        Reason.WRONG_ITEM,
        HERE,
        ["return_refund 10000 seller", "exchange 0 seller", "keep_partial 2000 undecided"],
    ),
    # a missing item is sent first; also a part back; the shop pays
    (Reason.MISSING_ITEM, HERE, ["reship 0 seller", "keep_partial 2000 undecided"]),
    # damaged or lost in transit: sent again or refunded, and nothing comes back
    (Reason.DAMAGED, HERE, ["reship 0 seller", "refund_only 10000 undecided"]),
    (Reason.DAMAGED, AWAY, ["reship 0 seller", "refund_only 10000 undecided"]),
    (Reason.LOST, AWAY, ["reship 0 seller", "refund_only 10000 undecided"]),
    # a change of mind: the seven days, or an exchange; the buyer pays
    (Reason.CHANGED_MIND, HERE, ["return_refund 10000 buyer", "exchange 0 buyer"]),
    # late, or not come: the carrier is asked first, money is the other way
    (Reason.LATE, AWAY, ["chase 0 undecided", "refund_only 10000 undecided"]),
    (Reason.NOT_RECEIVED, AWAY, ["chase 0 undecided", "refund_only 10000 undecided"]),
    (Reason.SIGNED_NOT_RECEIVED, AWAY, ["chase 0 undecided"]),
    # what no row names comes to money back
    (Reason.OTHER, HERE, ["refund_only 10000 undecided"]),
]


@pytest.mark.parametrize(("reason", "goods", "ways"), ROWS, ids=lambda value: str(value)[:40])
def test_each_problem_has_its_ways_in_order(reason: Reason, goods: Goods, ways: list[str]) -> None:
    assert in_words(offered(reason, goods)) == ways


def test_every_reason_of_the_table_is_told_above() -> None:
    assert {reason for reason, _, _ in ROWS} - {Reason.OTHER} == OFFERED.keys()


@pytest.mark.parametrize("reason", OFFERED)
@pytest.mark.parametrize("goods", [HERE, AWAY, SHELF])
def test_never_more_than_three(reason: Reason, goods: Goods) -> None:
    assert len(offered(reason, goods)) <= 3


@pytest.mark.parametrize("reason", [Reason.QUALITY, Reason.NOT_AS_DESCRIBED, Reason.WRONG_ITEM])
def test_of_low_value_it_is_kept_and_a_part_comes_back_first(reason: Reason) -> None:
    assert [one.option for one in offered(reason, minor=3_000)] == [
        Option.KEEP_PARTIAL,
        Option.RETURN_REFUND,
        Option.EXCHANGE,
    ]
    assert offered(reason, minor=3_001)[0].option is Option.RETURN_REFUND


def test_of_low_value_a_change_of_mind_sends_it_back_all_the_same() -> None:
    assert offered(Reason.CHANGED_MIND, minor=1_000)[0].option is Option.RETURN_REFUND


def test_what_never_came_can_neither_go_back_nor_be_kept() -> None:
    assert offered(Reason.QUALITY, AWAY) == ()
    assert [one.option for one in offered(Reason.MISSING_ITEM, AWAY)] == [Option.RESHIP]


def test_after_the_seven_days_a_change_of_mind_is_offered_nothing_and_a_fault_still_is() -> None:
    late = bought(signed_at=NOW - 9 * DAY)
    assert offered(Reason.CHANGED_MIND, of=late) == ()
    assert offered(Reason.QUALITY, of=late) != ()


def test_after_the_window_a_fault_is_offered_nothing_either() -> None:
    assert offered(Reason.QUALITY, of=bought(completed_at=NOW - 14 * DAY)) != ()
    assert offered(Reason.QUALITY, of=bought(completed_at=NOW - 17 * DAY)) == ()


def test_made_to_order_goes_back_for_a_fault_only() -> None:
    own = replace(bought(), lines=order(10_000, category="made_to_order").lines)
    policy = replace(CAREFUL, no_return_categories=frozenset({"made_to_order"}))
    assert offered(Reason.CHANGED_MIND, of=own, policy=policy) == ()
    assert offered(Reason.QUALITY, of=own, policy=policy)[0].option is Option.RETURN_REFUND


def test_nothing_is_offered_while_a_request_is_open_or_when_nothing_is_left() -> None:
    assert offered(Reason.QUALITY, cases=(fresh(minor=1_000),)) == ()
    paid = replace(fresh(minor=10_000), state=State.SUCCESS)
    assert offered(Reason.QUALITY, cases=(paid,)) == ()


def test_a_part_is_a_part_of_what_is_left() -> None:
    half_gone = replace(fresh(minor=5_000), state=State.SUCCESS)
    assert in_words(offered(Reason.MISSING_ITEM, cases=(half_gone,)))[1] == "keep_partial 1000 undecided"


def test_a_part_of_nothing_is_not_offered() -> None:
    policy = replace(CAREFUL, partial_percent=0)
    assert [one.option for one in offered(Reason.MISSING_ITEM, policy=policy)] == [Option.RESHIP]


def test_within_its_authority_the_bot_gives_a_part_at_once_and_above_it_a_person_decides() -> None:
    assert offered(Reason.QUALITY, minor=10_000)[-1] == Offer(Option.KEEP_PARTIAL, cny(2_000), NOBODY, True)
    assert offered(Reason.QUALITY, minor=10_100)[-1] == Offer(Option.KEEP_PARTIAL, cny(2_020), NOBODY, False)


def test_nothing_but_a_part_is_ever_given_at_once() -> None:
    ways = [one for reason in OFFERED for one in offered(reason, minor=1_000) if one.at_once]
    assert {one.option for one in ways} == {Option.KEEP_PARTIAL}


def test_the_bot_gives_once_an_order_however_small() -> None:
    before = replace(fresh(Kind.COMPENSATION, HERE, minor=500), state=State.SUCCESS)
    assert [one.at_once for one in offered(Reason.QUALITY, cases=(before,))] == [False, False, False]


def test_the_owner_names_the_ways_and_their_order() -> None:
    policy = replace(CAREFUL, options={Reason.QUALITY: (Option.REPAIR, Option.EXCHANGE)})
    assert in_words(offered(Reason.QUALITY, policy=policy)) == ["repair 0 seller", "exchange 0 seller"]


def test_an_order_is_offered_what_held_on_its_day() -> None:
    before = replace(CAREFUL, options={Reason.QUALITY: (Option.RETURN_REFUND,)})
    policy = CAREFUL.since((NOW.date(), before))
    assert [one.option for one in offered(Reason.QUALITY, policy=policy)] == [Option.RETURN_REFUND]


def wanted(option: Option, reason: Reason, goods: Goods = HERE, minor: int | None = None) -> Offer | None:
    amount = None if minor is None else cny(minor)
    return asked(option, Book(bought()), (1,), goods, reason, NOW, CAREFUL, amount)


def test_a_repair_may_be_asked_for_though_it_is_not_offered() -> None:
    assert wanted(Option.REPAIR, Reason.QUALITY) == Offer(Option.REPAIR, cny(0), SHOP, False)


def test_who_asks_for_a_part_names_the_amount_and_small_flaws_are_settled_at_once() -> None:
    assert wanted(Option.KEEP_PARTIAL, Reason.QUALITY, minor=1_500) == Offer(
        Option.KEEP_PARTIAL, cny(1_500), NOBODY, True
    )
    assert wanted(Option.KEEP_PARTIAL, Reason.QUALITY, minor=5_000) == Offer(
        Option.KEEP_PARTIAL, cny(5_000), NOBODY, False
    )


def test_no_fault_no_gift() -> None:
    found = wanted(Option.KEEP_PARTIAL, Reason.OTHER, minor=100)
    assert found is not None
    assert not found.at_once


def test_goods_are_sent_anew_only_where_the_shop_does_that() -> None:
    assert wanted(Option.EXCHANGE, Reason.MISSING_ITEM) is None
    assert wanted(Option.EXCHANGE, Reason.CHANGED_MIND) == Offer(Option.EXCHANGE, cny(0), BUYER, False)


def test_an_amount_means_nothing_where_no_money_is_paid() -> None:
    found = wanted(Option.EXCHANGE, Reason.QUALITY, minor=5_000)
    assert found is not None
    assert not found.amount
