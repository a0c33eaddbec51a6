"""Cases as they are lived through. Each test names an outcome in words; none reads the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.cases import Act, Case, Event, Goods, Kind, Role, State
from bot.domain.machine import apply, move, possible
from bot.domain.messages import Attachment, Medium
from bot.domain.verdicts import Rule, may_revoke
from bot.errors import IllegalMove, StaleVersion
from tests.domain.samples import DAY, HOUR, NOW, TERMS, Story, fresh

PHOTO = Attachment(Medium.PHOTO, "file:1")
NOTHING = 0
ALL = 10_000


def returning() -> Story:
    """The shop agreed, the goods are to come back."""
    return Story(fresh()).agent(Event.AGREE_RETURN)


def on_the_way_back() -> Story:
    return returning().after(days=2).agent(Event.SHIP_BACK, "SF123")


def refused() -> Story:
    return Story(fresh()).agent(Event.REFUSE, "worn")


def disputed() -> Story:
    return refused().agent(Event.INTERVENE)


# -- section 4 ----------------------------------------------------------------------------------------------------


def test_an_application_waits_for_the_shop() -> None:
    case, entry = apply(fresh(), TERMS)
    assert case.state is State.WAIT_SELLER_AGREE
    assert (entry.act.event, entry.act.by, entry.start, entry.end) == (
        Event.APPLY,
        Role.BUYER,
        None,
        State.WAIT_SELLER_AGREE,
    )
    assert entry.version == case.version == 1


def test_the_shop_has_72_hours_or_48_while_nothing_is_shipped() -> None:
    assert fresh(Kind.REFUND_ONLY, Goods.NOT_RECEIVED).due_at == NOW + 72 * HOUR
    assert fresh(Kind.RETURN_REFUND, Goods.RECEIVED).due_at == NOW + 72 * HOUR
    assert fresh(Kind.REFUND_ONLY, Goods.NOT_SHIPPED).due_at == NOW + 48 * HOUR


def test_a_silent_shop_has_agreed_and_the_money_leaves_when_nothing_comes_back() -> None:
    story = Story(fresh(Kind.REFUND_ONLY)).clock()
    assert story.case.state is State.SUCCESS
    assert story.now == NOW + 72 * HOUR


def test_a_silent_shop_has_agreed_to_a_return_but_no_money_leaves_yet() -> None:
    story = Story(fresh(Kind.RETURN_REFUND)).clock()
    assert story.case.state is State.WAIT_BUYER_RETURN_GOODS
    assert story.paid_out.minor == NOTHING


def test_the_shop_agrees_and_the_buyer_is_paid() -> None:
    story = Story(fresh(Kind.REFUND_ONLY)).agent(Event.AGREE)
    assert story.case.state is State.SUCCESS
    assert story.paid_out.minor == ALL


def test_money_of_a_return_leaves_only_after_the_goods_arrive() -> None:
    story = Story(fresh())
    steps: list[Callable[[], Story]] = [
        lambda: story.agent(Event.AGREE_RETURN),
        lambda: story.after(days=2).agent(Event.SHIP_BACK, "SF123"),
    ]
    for step in steps:
        step()
        assert story.paid_out.minor == NOTHING
    story.after(days=2).agent(Event.GOODS_INTACT)
    assert story.paid_out.minor == ALL


def test_a_refund_without_goods_never_asks_for_a_return() -> None:
    with pytest.raises(IllegalMove):
        Story(fresh(Kind.REFUND_ONLY)).agent(Event.AGREE_RETURN)


def test_a_buyer_who_does_not_send_the_goods_in_seven_days_gets_nothing() -> None:
    story = returning()
    assert story.case.due_at == NOW + 7 * DAY
    story.clock()
    assert story.case.state is State.CLOSED
    assert story.paid_out.minor == NOTHING


def test_a_waybill_starts_the_shops_ten_days_and_is_kept() -> None:
    story = on_the_way_back()
    assert story.case.state is State.WAIT_SELLER_CONFIRM_GOODS
    assert story.case.waybill == "SF123"
    assert story.case.due_at == story.now + 10 * DAY


def test_a_shop_that_does_not_look_at_the_goods_in_ten_days_pays() -> None:
    story = on_the_way_back().clock()
    assert story.case.state is State.SUCCESS
    assert story.paid_out.minor == ALL


def test_goods_that_come_back_not_as_agreed_are_refused_with_a_reason() -> None:
    with pytest.raises(IllegalMove, match="reason"):
        on_the_way_back().agent(Event.GOODS_REJECTED)
    story = on_the_way_back().agent(Event.GOODS_REJECTED, "the sole is cut")
    assert story.case.state is State.SELLER_REFUSE_BUYER
    assert story.history[-1].act.why == "the sole is cut"
    assert story.paid_out.minor == NOTHING


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_no_refusal_goes_without_a_reason_and_no_return_without_a_waybill(blank: str) -> None:
    for story, event in (
        (Story(fresh()), Event.REFUSE),
        (returning(), Event.REFUSE),
        (returning(), Event.SHIP_BACK),
        (on_the_way_back(), Event.REFUSE),
        (on_the_way_back(), Event.GOODS_REJECTED),
    ):
        before = story.case
        with pytest.raises(IllegalMove, match=r"reason|waybill"):
            story.agent(event, blank)
        assert story.case is before


def test_a_refused_buyer_has_five_days_and_then_it_is_over() -> None:
    story = refused()
    assert story.case.state is State.SELLER_REFUSE_BUYER
    assert story.case.due_at == NOW + 5 * DAY
    assert story.clock().case.state is State.CLOSED


def test_goods_that_arrived_can_not_be_refused_any_more_once_paid() -> None:
    story = on_the_way_back().agent(Event.GOODS_INTACT)
    with pytest.raises(IllegalMove):
        story.agent(Event.GOODS_REJECTED, "on second thoughts")


OPEN = pytest.mark.parametrize(
    "begin",
    [
        lambda: Story(fresh()),
        lambda: Story(fresh(Kind.REFUND_ONLY)),
        refused,
        lambda: Story(fresh(Kind.REFUND_ONLY)).agent(Event.REFUSE, "sent already"),
        returning,
        on_the_way_back,
    ],
    ids=["new return", "new refund", "refused return", "refused refund", "to be sent", "on the way"],
)
"""Wherever a case can stand before it is over."""


@OPEN
def test_an_intervention_stops_both_sides_clocks_and_only_a_ruling_ends_it(
    begin: Callable[[], Story],
) -> None:
    story = begin().agent(Event.INTERVENE)
    assert story.case.locked
    assert possible(story.case, Role.BUYER) == (Event.ADD_EVIDENCE,)
    assert set(possible(story.case, Role.AGENT)) == {
        Event.ADD_EVIDENCE,
        Event.JUDGE,
        Event.WITHDRAW,
        Event.RULE_FOR_BUYER,
        Event.RULE_FOR_SELLER,
        Event.RULE_SPLIT,
    }


@OPEN
def test_a_ruling_for_the_buyer_pays_and_one_for_the_shop_does_not(begin: Callable[[], Story]) -> None:
    won = begin().agent(Event.INTERVENE).agent(Event.RULE_FOR_BUYER)
    lost = begin().agent(Event.INTERVENE).agent(Event.RULE_FOR_SELLER)
    assert (won.case.state, won.paid_out.minor) == (State.SUCCESS, ALL)
    assert (lost.case.state, lost.paid_out.minor) == (State.CLOSED, NOTHING)
    assert not won.case.locked
    assert not lost.case.locked


def test_nobody_rules_where_nobody_intervened() -> None:
    with pytest.raises(IllegalMove):
        refused().agent(Event.RULE_FOR_BUYER)


@OPEN
def test_the_buyer_may_add_evidence_at_any_time_and_nothing_else_changes(begin: Callable[[], Story]) -> None:
    for story in (begin(), begin().agent(Event.INTERVENE)):
        before = story.case
        after = story.after(hours=5).buyer(Event.ADD_EVIDENCE, evidence=(PHOTO,)).case
        assert after == replace(before, version=before.version + 1, evidence=(PHOTO,))


def test_a_shop_that_wants_nothing_back_may_pay_a_return_at_once_but_no_clock_does() -> None:
    assert Story(fresh(Kind.RETURN_REFUND)).agent(Event.AGREE).paid_out.minor == ALL
    assert Story(fresh(Kind.RETURN_REFUND)).clock().paid_out.minor == NOTHING


def test_a_buyer_can_not_agree_to_their_own_refund() -> None:
    for event in (
        Event.AGREE,
        Event.AGREE_RETURN,
        Event.GOODS_INTACT,
        Event.RULE_FOR_BUYER,
        Event.SELLER_TIMEOUT,
    ):
        with pytest.raises(IllegalMove):
            Story(fresh()).buyer(event)


def test_a_decision_on_what_one_saw_before_it_changed_is_refused() -> None:
    seen = fresh()
    changed, _ = move(seen, Act(Event.ADD_EVIDENCE, Role.BUYER, NOW, evidence=(PHOTO,)), TERMS)
    with pytest.raises(StaleVersion):
        move(changed, Act(Event.AGREE, Role.AGENT, NOW, seen=seen.version), TERMS)


def test_the_history_tells_who_did_what_when_and_why() -> None:
    story = (
        returning().after(days=2).agent(Event.SHIP_BACK, " SF123 ").after(days=3).agent(Event.GOODS_INTACT)
    )
    assert [
        (entry.version, entry.act.event, entry.start, entry.end, entry.act.at - NOW)
        for entry in story.history
    ] == [
        (2, Event.AGREE_RETURN, State.WAIT_SELLER_AGREE, State.WAIT_BUYER_RETURN_GOODS, timedelta()),
        (3, Event.SHIP_BACK, State.WAIT_BUYER_RETURN_GOODS, State.WAIT_SELLER_CONFIRM_GOODS, 2 * DAY),
        (4, Event.GOODS_INTACT, State.WAIT_SELLER_CONFIRM_GOODS, State.SUCCESS, 5 * DAY),
    ]
    assert story.history[1].act.waybill.strip() == "SF123"


# -- section 5 ----------------------------------------------------------------------------------------------------


def test_before_the_shop_answers_and_after_it_refused_the_buyer_may_revoke() -> None:
    for story in (Story(fresh()), refused()):
        assert may_revoke(story.case).allowed
        assert story.buyer(Event.REVOKE).case.state is State.CLOSED
        assert story.paid_out.minor == NOTHING


@pytest.mark.parametrize("begin", [returning, on_the_way_back], ids=["to be sent", "on the way"])
def test_while_goods_go_back_the_buyer_may_revoke_only_after_the_shop_refused(
    begin: Callable[[], Story],
) -> None:
    story = begin()
    assert may_revoke(story.case).rule is Rule.ASK_SELLER_FIRST
    with pytest.raises(IllegalMove):
        story.buyer(Event.REVOKE)
    story.agent(Event.REFUSE, "the buyer asked to keep it")
    assert may_revoke(story.case).allowed
    assert story.buyer(Event.REVOKE).case.state is State.CLOSED


def test_a_dispute_can_not_be_revoked() -> None:
    story = disputed()
    assert may_revoke(story.case).rule is Rule.LOCKED
    with pytest.raises(IllegalMove):
        story.buyer(Event.REVOKE)


@pytest.mark.parametrize(
    "ended",
    [
        lambda: Story(fresh(Kind.REFUND_ONLY)).agent(Event.AGREE).case,
        lambda: refused().buyer(Event.REVOKE).case,
        lambda: disputed().agent(Event.RULE_FOR_SELLER).case,
    ],
    ids=["paid", "revoked", "ruled"],
)
def test_what_is_over_can_neither_be_revoked_nor_moved(ended: Callable[[], Case]) -> None:
    case = ended()
    assert may_revoke(case).rule is Rule.ENDED
    for role in Role:
        assert possible(case, role) == ()
        for event in Event:
            with pytest.raises(IllegalMove):
                move(case, Act(event, role, NOW, why="because", waybill="SF1", evidence=(PHOTO,)), TERMS)


def test_a_locked_case_says_locked_before_it_says_where_it_stands() -> None:
    assert may_revoke(on_the_way_back().agent(Event.INTERVENE).case).rule is Rule.LOCKED
