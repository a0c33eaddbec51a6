"""Exchanges, repairs, parcels sent anew, compensations, complaints, inquiries, counterfeits: each lived through to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.authority import Amounts, Authority, Level
from bot.domain.book import Book
from bot.domain.cases import Change, Event, Goods, Kind, Reason, Responsibility, Role, State
from bot.domain.engine import with_promise
from bot.domain.machine import possible
from bot.domain.policy import Promises
from bot.domain.refunds import Purpose
from bot.domain.verdicts import Rule, may_dispute, may_revoke
from bot.errors import BeyondAuthority, IllegalMove, TooMuch
from tests.domain.samples import DAY, HOUR, NOW, POLICY, Story, cny, fresh, order

NOTHING = 0


def story(kind: Kind, reason: Reason = Reason.QUALITY) -> Story:
    return Story(fresh(kind, reason=reason))


@pytest.mark.parametrize("kind", [Kind.EXCHANGE, Kind.REPAIR])
def test_goods_come_back_and_others_go_out_and_no_money_moves(kind: Kind) -> None:
    told = story(kind).agent(Event.AGREE_RETURN).after(days=2).buyer(Event.SHIP_BACK, "SF123")
    told.after(days=2).agent(Event.GOODS_INTACT).agent(Event.SEND_GOODS, "YT9")
    told.after(days=3).carrier(Event.CONFIRM_RECEIPT)
    assert [entry.end for entry in told.history] == [
        State.WAIT_BUYER_RETURN_GOODS,
        State.WAIT_SELLER_CONFIRM_GOODS,
        State.WAIT_SELLER_SEND_GOODS,
        State.WAIT_BUYER_CONFIRM_GOODS,
        State.SUCCESS,
    ]
    assert (told.case.sent_waybill, told.paid_out.minor) == ("YT9", NOTHING)


def test_what_is_missing_is_sent_without_anything_coming_back() -> None:
    told = story(Kind.RESHIP, Reason.MISSING_ITEM).agent(Event.AGREE)
    with pytest.raises(IllegalMove, match="waybill"):
        told.agent(Event.SEND_GOODS)
    told.agent(Event.SEND_GOODS, "YT9").buyer(Event.CONFIRM_RECEIPT)
    assert told.case.state is State.SUCCESS


def test_a_shop_silent_about_a_missing_item_has_agreed_to_send_it_but_only_a_person_sends() -> None:
    told = story(Kind.RESHIP, Reason.MISSING_ITEM).clock()
    assert told.case.state is State.WAIT_SELLER_SEND_GOODS
    told.clock()
    assert (told.case.state, told.case.missed) == (State.WAIT_SELLER_SEND_GOODS, 2)
    assert told.case.due_at == told.now + 3 * DAY


def test_who_waits_in_vain_for_the_new_parcel_may_take_money_instead_or_dispute() -> None:
    told = story(Kind.RESHIP, Reason.MISSING_ITEM).agent(Event.AGREE)
    assert Event.MODIFY not in possible(told.case, Role.BUYER)
    assert may_dispute(told.case).rule is Rule.REFUSED_FIRST
    told.clock()
    assert may_dispute(told.case).allowed
    told.buyer(Event.MODIFY, change=Change(kind=Kind.REFUND_ONLY, amount=cny(4_000)))
    assert told.case.state is State.WAIT_SELLER_AGREE
    told.agent(Event.AGREE)
    assert told.paid_out == cny(4_000)


def test_a_new_parcel_nobody_says_a_word_about_counts_as_received() -> None:
    told = story(Kind.EXCHANGE).agent(Event.AGREE).agent(Event.SEND_GOODS, "YT9").clock()
    assert told.case.state is State.SUCCESS


def test_a_new_parcel_that_is_wrong_again_is_taken_up_again() -> None:
    told = story(Kind.EXCHANGE).agent(Event.AGREE).agent(Event.SEND_GOODS, "YT9")
    assert may_revoke(told.case).rule is Rule.ON_ITS_WAY
    told.buyer(Event.REJECT_GOODS, "the same hole")
    assert told.case.state is State.WAIT_SELLER_AGREE
    assert told.case.due_at == told.now + 72 * HOUR


def test_an_exchange_that_can_not_be_sent_may_be_settled_by_an_offer_the_buyer_takes() -> None:
    told = story(Kind.EXCHANGE).agent(Event.AGREE).agent(Event.OFFER, amount=cny(3_000))
    assert told.paid_out.minor == NOTHING
    assert told.case.offer == cny(3_000)
    told.buyer(Event.ACCEPT_OFFER)
    assert (told.case.state, told.paid_out) == (State.SUCCESS, cny(3_000))


def test_nothing_can_be_taken_that_was_not_offered_and_no_offer_exceeds_what_was_paid() -> None:
    told = story(Kind.REFUND_ONLY)
    with pytest.raises(IllegalMove):
        told.buyer(Event.ACCEPT_OFFER)
    with pytest.raises(TooMuch):
        told.agent(Event.OFFER, amount=cny(10_001))


def test_an_offer_ends_with_the_next_decision() -> None:
    told = story(Kind.REFUND_ONLY).agent(Event.OFFER, amount=cny(500)).agent(Event.REFUSE, "worn")
    assert told.case.offer is None
    with pytest.raises(IllegalMove):
        told.buyer(Event.ACCEPT_OFFER)


@pytest.mark.parametrize("kind", [Kind.COMPENSATION, Kind.COUNTERFEIT])
def test_a_shop_silent_about_compensation_has_not_agreed_to_it(kind: Kind) -> None:
    told = story(kind).clock()
    assert (told.case.state, told.case.missed) == (State.WAIT_SELLER_AGREE, 1)
    assert told.paid_out.minor == NOTHING
    assert may_dispute(told.case).allowed


def test_tenfold_is_paid_only_where_the_shop_promised_it() -> None:
    case, book = fresh(Kind.COUNTERFEIT, reason=Reason.COUNTERFEIT), Book(order())
    plain = Story(with_promise(case, book, POLICY)).agent(Event.AGREE)
    assert plain.paid_out == cny(10_000)
    promising = replace(POLICY, promises=Promises(counterfeit_factor=10))
    told = Story(with_promise(case, book, promising), promising).agent(Event.AGREE)
    assert {(refund.purpose, refund.amount) for refund in told.refunds} == {
        (Purpose.PRICE, cny(10_000)),
        (Purpose.PROMISE, cny(100_000)),
    }


def promising_story() -> Story:
    policy = replace(POLICY, promises=Promises(counterfeit_factor=10))
    case = fresh(Kind.COUNTERFEIT, reason=Reason.COUNTERFEIT)
    return Story(with_promise(case, Book(order()), policy), policy)


def test_who_takes_an_offer_takes_it_in_place_of_the_tenfold() -> None:
    told = promising_story().agent(Event.OFFER, amount=cny(500)).buyer(Event.ACCEPT_OFFER)
    assert told.paid_out == cny(500)


def test_silence_about_a_fake_that_came_back_never_pays_the_tenfold() -> None:
    told = promising_story().agent(Event.AGREE_RETURN).buyer(Event.SHIP_BACK, "SF1").clock()
    assert (told.case.state, told.case.missed) == (State.WAIT_SELLER_CONFIRM_GOODS, 1)
    assert told.paid_out.minor == NOTHING
    assert may_dispute(told.case).allowed


def test_the_tenfold_counts_for_whoever_grants_it() -> None:
    limits = {Level.AGENT: Amounts({"CNY": cny(20_000)})}
    policy = replace(
        POLICY, promises=Promises(counterfeit_factor=10), authority=Authority(limits, Amounts({}))
    )
    case = with_promise(fresh(Kind.COUNTERFEIT, reason=Reason.COUNTERFEIT), Book(order()), policy)
    told = Story(case, policy)
    with pytest.raises(BeyondAuthority):
        told.agent(Event.AGREE, level=Level.AGENT)
    told.agent(Event.AGREE, level=Level.OWNER)
    assert told.paid_out == cny(110_000)


def test_a_compensation_whose_amount_nobody_knows_is_not_agreed_to_but_offered() -> None:
    told = Story(replace(fresh(Kind.COMPENSATION, reason=Reason.PRICE_DROP), amount=cny(0)))
    assert Event.AGREE not in possible(told.case, Role.AGENT)
    with pytest.raises(IllegalMove):
        told.agent(Event.AGREE)
    told.agent(Event.OFFER, amount=cny(900)).buyer(Event.ACCEPT_OFFER)
    assert told.paid_out == cny(900)


# -- postage and responsibility -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "laid_out", "repaid"),
    [
        (Reason.QUALITY, 1_200, 1_200),
        (Reason.QUALITY, 5_000, 2_000),  # no more than the policy repays
        (Reason.CHANGED_MIND, 1_200, 0),  # whoever is at fault pays
    ],
)
def test_return_postage_is_repaid_to_who_is_not_at_fault(reason: Reason, laid_out: int, repaid: int) -> None:
    policy = replace(POLICY, freight_most=Amounts({"CNY": cny(2_000)}))
    told = Story(fresh(reason=reason), policy).agent(Event.AGREE_RETURN)
    told.buyer(Event.SHIP_BACK, "SF1", amount=cny(laid_out)).agent(Event.GOODS_INTACT)
    freight = [refund.amount.minor for refund in told.refunds if refund.purpose is Purpose.FREIGHT]
    assert sum(freight) == repaid


def test_an_agent_may_judge_whose_fault_it_was_and_the_clock_runs_on() -> None:
    told = story(Kind.RETURN_REFUND)
    before = told.case.due_at
    told.after(hours=3).agent(Event.JUDGE, change=Change(responsibility=Responsibility.BUYER))
    assert (told.case.responsibility, told.case.due_at) == (Responsibility.BUYER, before)


# -- complaints and inquiries -------------------------------------------------------------------------------------


def test_a_complaint_covers_no_line_and_ends_with_an_answer() -> None:
    told = story(Kind.COMPLAINT, Reason.SERVICE)
    assert (told.case.state, told.case.lines) == (State.WAIT_SELLER_ANSWER, ())
    with pytest.raises(IllegalMove, match="reason"):
        told.agent(Event.ANSWER)
    told.agent(Event.ANSWER, "we have spoken with the colleague")
    assert (told.case.state, told.paid_out.minor) == (State.SUCCESS, NOTHING)


def test_a_complaint_nobody_answers_goes_up_and_waits_on() -> None:
    told = story(Kind.COMPLAINT, Reason.SERVICE).clock()
    assert (told.case.state, told.case.missed) == (State.WAIT_SELLER_ANSWER, 1)
    assert told.case.due_at is not None
    assert told.case.due_at > told.now


def test_the_carrier_is_asked_again_until_it_answers() -> None:
    told = story(Kind.PARCEL_INQUIRY, Reason.LOST)
    for _ in range(3):
        told.clock()
    assert {entry.end for entry in told.history} == {State.WAIT_CARRIER}
    told.carrier(Event.ANSWER, "delivered to the locker")
    assert told.case.state is State.SUCCESS


def test_a_carriers_silence_is_counted_and_is_no_reason_to_ask_the_platform() -> None:
    told = story(Kind.PARCEL_INQUIRY, Reason.LATE).clock().clock()
    assert told.case.missed == 2
    assert Event.INTERVENE not in possible(told.case, Role.BUYER)


def test_a_parcel_that_turns_up_ends_the_inquiry() -> None:
    told = story(Kind.PARCEL_INQUIRY, Reason.SIGNED_NOT_RECEIVED).buyer(Event.CONFIRM_RECEIPT)
    assert told.case.state is State.SUCCESS


# -- the return parcel ---------------------------------------------------------------------------------------------


def test_the_law_counts_from_the_day_the_return_is_signed_for() -> None:
    told = story(Kind.RETURN_REFUND).agent(Event.AGREE_RETURN).buyer(Event.SHIP_BACK, "SF1")
    told.after(days=2).carrier(Event.RETURN_SIGNED)
    assert told.case.due_at == told.now + 7 * DAY
    assert told.case.goods is Goods.RETURNED


def test_a_return_that_arrives_late_gives_the_shop_no_more_than_its_ten_days() -> None:
    told = story(Kind.RETURN_REFUND).agent(Event.AGREE_RETURN).buyer(Event.SHIP_BACK, "SF1")
    due = told.case.due_at
    told.after(days=5).carrier(Event.RETURN_SIGNED)
    assert told.case.due_at == due


def test_a_return_that_has_arrived_is_inspected_and_does_not_arrive_again() -> None:
    told = story(Kind.RETURN_REFUND).agent(Event.AGREE_RETURN).buyer(Event.SHIP_BACK, "SF1")
    told.agent(Event.RETURN_SIGNED)
    open_to = possible(told.case, Role.AGENT)
    assert open_to[:2] == (Event.GOODS_INTACT, Event.GOODS_REJECTED)
    assert not {Event.RETURN_SIGNED, Event.SHIP_BACK} & {*open_to}
    assert Event.RETURN_SIGNED not in possible(told.case, Role.CARRIER)


def test_goods_the_shop_sent_back_to_the_buyer_may_arrive_once_more() -> None:
    told = story(Kind.RETURN_REFUND).agent(Event.AGREE_RETURN).buyer(Event.SHIP_BACK, "SF1")
    told.agent(Event.RETURN_SIGNED).agent(Event.GOODS_REJECTED, "worn")
    told.buyer(Event.MODIFY, change=Change(reason=Reason.DAMAGED)).agent(Event.AGREE_RETURN)
    on_its_way = told.buyer(Event.SHIP_BACK, "SF2").case
    here = told.carrier(Event.RETURN_SIGNED).case
    assert (on_its_way.goods, here.goods) == (Goods.RECEIVED, Goods.RETURNED)


def test_a_waybill_with_a_slip_is_corrected_and_the_clock_runs_on() -> None:
    told = story(Kind.RETURN_REFUND).agent(Event.AGREE_RETURN).buyer(Event.SHIP_BACK, "SF1")
    due = told.case.due_at
    told.after(hours=5).buyer(Event.SHIP_BACK, "SF2")
    assert (told.case.waybill, told.case.due_at) == ("SF2", due)


# -- changing what was asked for -----------------------------------------------------------------------------------


def test_a_changed_application_gives_the_shop_its_time_anew() -> None:
    told = story(Kind.RETURN_REFUND).after(hours=50)
    told.buyer(Event.MODIFY, change=Change(reason=Reason.WRONG_ITEM, amount=cny(8_000)))
    assert (told.case.reason, told.case.amount) == (Reason.WRONG_ITEM, cny(8_000))
    assert told.case.due_at == told.now + 72 * HOUR


def test_a_refused_application_may_be_changed_and_waits_for_the_shop_again() -> None:
    told = story(Kind.RETURN_REFUND).agent(Event.REFUSE, "worn")
    told.buyer(Event.MODIFY, change=Change(amount=cny(5_000)))
    assert told.case.state is State.WAIT_SELLER_AGREE
    with pytest.raises(TooMuch):
        told.buyer(Event.MODIFY, change=Change(amount=cny(10_001)))


# -- disputes ------------------------------------------------------------------------------------------------------


def test_a_withdrawn_dispute_leaves_the_clock_what_it_had_left() -> None:
    told = story(Kind.RETURN_REFUND).after(hours=10).agent(Event.INTERVENE)
    assert told.case.clock is Event.EVIDENCE_TIMEOUT
    told.after(days=9).agent(Event.WITHDRAW)
    assert (told.case.clock, told.case.locked) == (Event.SELLER_TIMEOUT, False)
    assert told.case.due_at == told.now + 62 * HOUR


def test_both_sides_have_three_days_for_evidence_then_the_platform_seven_working_days() -> None:
    told = story(Kind.RETURN_REFUND).agent(Event.REFUSE, "worn").buyer(Event.INTERVENE)
    assert told.case.due_at == NOW + 3 * DAY
    told.clock()
    assert told.case.clock is Event.RULING_TIMEOUT
    assert told.case.due_at == POLICY.public.after_working_days(told.now, 7)
    told.clock()
    assert told.case.locked
    assert told.case.clock is Event.RULING_TIMEOUT


def test_a_split_ruling_pays_what_it_says() -> None:
    told = story(Kind.RETURN_REFUND).agent(Event.INTERVENE).agent(Event.RULE_SPLIT, amount=cny(2_500))
    assert (told.case.state, told.case.amount, told.paid_out) == (State.SUCCESS, cny(2_500), cny(2_500))


def test_a_ruling_for_the_buyer_of_an_exchange_makes_the_shop_send() -> None:
    told = story(Kind.EXCHANGE).agent(Event.INTERVENE).agent(Event.RULE_FOR_BUYER)
    assert (told.case.state, told.case.locked) == (State.WAIT_SELLER_SEND_GOODS, False)


def test_a_ruling_after_the_end_is_no_ruling() -> None:
    told = story(Kind.RETURN_REFUND).agent(Event.INTERVENE).agent(Event.RULE_FOR_SELLER)
    with pytest.raises(IllegalMove):
        told.agent(Event.RULE_FOR_BUYER)
    assert told.paid_out.minor == NOTHING


# -- who may grant how much ----------------------------------------------------------------------------------------

LIMITS = replace(
    POLICY,
    authority=Authority(
        {Level.AGENT: Amounts({"CNY": cny(5_000)}), Level.SENIOR: Amounts({"CNY": cny(20_000)})},
        two_people=Amounts({"CNY": cny(8_000)}),
    ),
)


def test_an_agent_can_not_grant_what_is_for_a_senior() -> None:
    told = Story(fresh(), LIMITS)
    with pytest.raises(BeyondAuthority, match="senior") as refused:
        told.agent(Event.AGREE, level=Level.AGENT)
    assert refused.value.lowest is Level.SENIOR
    assert told.agent(Event.AGREE, level=Level.SENIOR).paid_out == cny(10_000)


def test_a_currency_nobody_was_given_is_for_the_owner() -> None:
    nobody = replace(POLICY, authority=Authority())
    with pytest.raises(BeyondAuthority, match="owner"):
        Story(fresh(), nobody).agent(Event.AGREE, level=Level.SENIOR)
    assert Story(fresh(), nobody).agent(Event.AGREE, level=Level.OWNER).paid_out == cny(10_000)


def test_agreeing_to_a_return_grants_no_money_yet_but_taking_it_in_does() -> None:
    told = Story(fresh(), LIMITS).agent(Event.AGREE_RETURN, level=Level.AGENT)
    told.buyer(Event.SHIP_BACK, "SF1")
    with pytest.raises(BeyondAuthority):
        told.agent(Event.GOODS_INTACT, level=Level.AGENT)


def test_much_money_waits_for_a_second_person_and_little_does_not() -> None:
    much = Story(fresh(), LIMITS).agent(Event.AGREE, level=Level.SENIOR).refunds[0]
    assert (much.people, much.approved, much.released) == (2, ("Amy",), False)
    little = Story(fresh(minor=3_000), LIMITS).agent(Event.AGREE, level=Level.AGENT).refunds[0]
    assert little.released


def test_money_that_a_clock_grants_needs_both_people() -> None:
    told = Story(fresh(Kind.REFUND_ONLY), LIMITS).clock()
    assert (told.refunds[0].people, told.refunds[0].approved) == (2, ())


# -- reminders -----------------------------------------------------------------------------------------------------


def waits(told: Story) -> list[tuple[str, timedelta]]:
    assert told.case.due_at is not None
    return [(due.kind, told.case.due_at - due.at) for due in told.dues]


def test_the_shop_and_the_buyer_are_reminded_before_their_time_is_up() -> None:
    told = story(Kind.RETURN_REFUND).buyer(Event.MODIFY, change=Change(reason=Reason.DAMAGED))
    assert waits(told) == [("remind_seller", 6 * HOUR), ("seller_timeout", timedelta())]
    told.agent(Event.AGREE_RETURN)
    assert waits(told) == [("remind_buyer", DAY), ("buyer_timeout", timedelta())]


def test_in_a_dispute_both_are_reminded_of_evidence_and_nobody_of_the_ruling() -> None:
    told = story(Kind.RETURN_REFUND).agent(Event.REFUSE, "worn").buyer(Event.INTERVENE)
    assert waits(told) == [
        ("remind_buyer", DAY),
        ("remind_seller", 6 * HOUR),
        ("evidence_timeout", timedelta()),
    ]
    told.clock()
    assert waits(told) == [("ruling_timeout", timedelta())]
