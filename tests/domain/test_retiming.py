"""A moved holiday or an edited policy: which open deadlines would be others, and which stay as they were set."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.cases import Event, Kind
from bot.domain.orders import Order
from bot.domain.policy import Policy
from bot.domain.retiming import Retimed, retimed
from bot.domain.terms import Span, Term, Unit
from tests.domain.samples import DAY, HOUR, NOW, POLICY, Story, fresh, order


def with_term(term: Term, count: int, unit: Unit = Unit.HOURS) -> Policy:
    return replace(POLICY, spans={**POLICY.spans, term: Span(count, unit)})


def moved(told: Story, bought: Order, policy: Policy) -> Retimed | None:
    """Looked at when the story has come to its end."""
    return retimed(told.case, told.history, bought, policy, told.now)


def changed_agree_return() -> Story:
    return Story(fresh()).agent(Event.AGREE_RETURN)


def test_nothing_would_move_by_the_policy_that_set_it() -> None:
    told = changed_agree_return()
    assert moved(told, order(), POLICY) is None


def test_a_longer_term_counts_from_when_the_clock_began_whatever_evidence_came_since() -> None:
    told = changed_agree_return().after(days=1)
    longer = with_term(Term.BUYER_RETURN, 10, Unit.DAYS)
    found = moved(told, order(), longer)
    assert found
    assert (found.since, found.due_at) == (NOW, NOW + 10 * DAY)


def test_a_shorter_term_leaves_whoever_must_act_a_day_and_never_more_than_they_had() -> None:
    shorter = with_term(Term.BUYER_RETURN, 3, Unit.DAYS)
    early, late = changed_agree_return().after(days=1), changed_agree_return().after(days=4)
    assert [
        found and found.due_at for found in (moved(early, order(), shorter), moved(late, order(), shorter))
    ] == [
        NOW + 3 * DAY,
        NOW + 5 * DAY,
    ]
    assert moved(changed_agree_return().after(days=6, hours=5), order(), shorter) is None


def test_a_holiday_moves_only_what_is_counted_in_working_time() -> None:
    told = Story(fresh()).agent(Event.INTERVENE).clock()
    assert told.case.clock is Event.RULING_TIMEOUT
    holiday = replace(
        POLICY.public, holidays=frozenset({(told.now + 2 * DAY).date(), (told.now + DAY).date()})
    )
    found = moved(told, order(), replace(POLICY, public=holiday))
    assert found
    assert found.due_at > (told.case.due_at or NOW)
    plain = changed_agree_return()
    assert moved(plain, order(), replace(POLICY, public=holiday)) is None


def test_what_was_set_by_the_day_the_goods_came_or_by_hand_stays() -> None:
    longer = with_term(Term.SELLER_CONFIRM, 20, Unit.DAYS)
    told = changed_agree_return().buyer(Event.SHIP_BACK, "SF1")
    assert moved(told, order(), longer)
    told.carrier(Event.RETURN_SIGNED)
    assert moved(told, order(), longer) is None


def test_an_order_judged_by_an_earlier_policy_keeps_its_terms() -> None:
    until = (NOW - DAY).date()
    now_longer = with_term(Term.BUYER_RETURN, 10, Unit.DAYS).since((until, POLICY))
    told = changed_agree_return()
    bought_before = replace(order(), placed_at=NOW - 3 * DAY)
    assert moved(told, bought_before, now_longer) is None
    bought_after = replace(order(), placed_at=NOW)
    assert moved(told, bought_after, now_longer)


def test_what_is_over_has_no_deadline_to_move() -> None:
    told = Story(fresh(Kind.REFUND_ONLY)).agent(Event.AGREE)
    assert moved(told, order(), with_term(Term.SELLER, 1)) is None


def test_a_case_is_judged_by_the_policy_of_its_orders_day() -> None:
    old, older = replace(POLICY, no_reason_days=15), replace(POLICY, no_reason_days=30)
    dated = POLICY.since(((NOW - 10 * DAY).date(), old), ((NOW - 40 * DAY).date(), older))

    def days(ago: timedelta) -> int:
        return dated.of(replace(order(), placed_at=NOW - ago)).no_reason_days

    assert (days(HOUR), days(9 * DAY), days(10 * DAY), days(40 * DAY), days(400 * DAY)) == (7, 7, 15, 30, 30)
