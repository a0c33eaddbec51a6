"""A refund's life: whatever happens in whatever order, money leaves at most once, and the ledger alone tells it all."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ledger import problems, rebuilt, running, sums_of
from bot.domain.money import Money
from bot.domain.refunds import (
    LedgerLine,
    Purpose,
    Refund,
    RefundAct,
    RefundEvent,
    RefundState,
    created,
    move,
    possible,
)
from bot.errors import CaseError, IllegalMove, StaleVersion

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DUE = Refund("refund:R1", "R1", "A1", Purpose.PRICE, Money(5_990, "CNY"), NOW)
FOR_TWO = replace(DUE, people=2, approved=("web:小周",))
PEOPLE = ("web:小周", "web:老板", "telegram:1", "")

acts = st.lists(
    st.builds(
        RefundAct,
        st.sampled_from(RefundEvent),
        st.just(NOW),
        who=st.sampled_from(PEOPLE),
        reference=st.sampled_from(("", "P1")),
        why=st.sampled_from(("", "account closed")),
        seen=st.one_of(st.none(), st.integers(1, 6)),
    ),
    max_size=25,
)
refunds = st.builds(
    lambda people, approved, minor: replace(
        DUE, people=people, approved=approved[:people], amount=Money(minor, "CNY")
    ),
    st.integers(0, 3),
    st.permutations(PEOPLE[:3]).map(tuple),
    st.integers(1, 10_000_000),
)


def lived(refund: Refund, happened: list[RefundAct]) -> tuple[Refund, list[LedgerLine]]:
    """The refund after all that could happen of it, with its lines; what could not has changed nothing."""
    lines = [created(refund)]
    for act in happened:
        try:
            refund, line = move(refund, act)
        except CaseError:
            continue
        lines.append(line)
    return refund, lines


def after(refund: Refund, *events: RefundEvent, who: str = "") -> Refund:
    for event in events:
        refund, _ = move(refund, RefundAct(event, NOW, who=who))
    return refund


# -- whatever happens


@given(refunds, acts)
def test_money_leaves_at_most_once(refund: Refund, happened: list[RefundAct]) -> None:
    _, lines = lived(refund, happened)
    assert sum(line.end is RefundState.DONE for line in lines) <= 1


@given(refunds, acts)
def test_each_order_to_pay_goes_out_at_most_once_and_has_a_key_of_its_own(
    refund: Refund, happened: list[RefundAct]
) -> None:
    sent: Counter[str] = Counter()
    for act in happened:
        try:
            after, _ = move(refund, act)
        except CaseError:
            continue
        sent[refund.order_to_pay] += act.event is RefundEvent.SEND
        assert (after.order_to_pay != refund.order_to_pay) == (act.event is RefundEvent.RETRY)
        refund = after
    assert max(sent.values(), default=0) <= 1


@given(refunds, acts)
def test_nothing_leaves_what_was_called_off_or_is_done(refund: Refund, happened: list[RefundAct]) -> None:
    end, _ = lived(refund, happened)
    if end.state in (RefundState.CANCELLED, RefundState.DONE):
        assert possible(end) == ()


@given(refunds, acts)
def test_it_leaves_only_when_enough_different_people_have_approved(
    refund: Refund, happened: list[RefundAct]
) -> None:
    end, lines = lived(refund, happened)
    assert len(set(end.approved)) == len(end.approved)
    if any(line.end in (RefundState.SENT, RefundState.DONE) for line in lines):
        assert len(end.approved) >= refund.people


@given(refunds, acts)
def test_the_ledger_alone_rebuilds_the_refund(refund: Refund, happened: list[RefundAct]) -> None:
    end, lines = lived(refund, happened)
    assert rebuilt(end, lines) == end
    assert [line.version for line in lines] == list(range(1, end.version + 1))
    assert list(problems([end], lines, {"A1": refund.amount})) == []


@given(st.lists(st.tuples(refunds, acts), max_size=6))
def test_the_running_totals_end_as_the_refunds_stand(many: list[tuple[Refund, list[RefundAct]]]) -> None:
    stands, lines = [], []
    for number, (refund, happened) in enumerate(many):
        end, told = lived(replace(refund, key=f"refund:R{number}", order_number=f"A{number}"), happened)
        stands.append(end)
        lines += told
    ends = [one.sums for one in running(lines)][-1:]
    nonzero = {state: money for state, money in (ends[0] if ends else {}).items() if money}
    assert nonzero == sums_of(stands).get("CNY", {})
    assert list(problems(stands, lines, {one.order_number: one.amount for one in stands})) == []


@given(refunds, acts, st.sampled_from(RefundEvent))
def test_what_is_not_offered_is_refused_and_changes_nothing(
    refund: Refund, happened: list[RefundAct], event: RefundEvent
) -> None:
    end, _ = lived(refund, happened)
    act = RefundAct(event, NOW, who="telegram:2")
    if event in possible(end):
        assert move(end, act)[0].version == end.version + 1
    else:
        with pytest.raises(IllegalMove):
            move(end, act)


# -- in words


def test_what_may_be_on_its_way_is_not_called_off() -> None:
    with pytest.raises(IllegalMove):
        after(DUE, RefundEvent.SEND, RefundEvent.CANCEL)


def test_what_failed_is_tried_again_under_another_key_or_called_off() -> None:
    failed = after(DUE, RefundEvent.SEND, RefundEvent.FAIL)
    assert after(failed, RefundEvent.RETRY).order_to_pay == "refund:R1#2"
    assert after(failed, RefundEvent.CANCEL).state is RefundState.CANCELLED


def test_what_was_said_to_have_failed_and_was_paid_after_all_is_done() -> None:
    assert after(DUE, RefundEvent.SEND, RefundEvent.FAIL, RefundEvent.SUCCEED).state is RefundState.DONE


def test_confirmed_twice_it_is_done_once() -> None:
    done = after(DUE, RefundEvent.SUCCEED)
    with pytest.raises(IllegalMove):
        after(done, RefundEvent.SUCCEED)


def test_two_people_are_two_people() -> None:
    with pytest.raises(IllegalMove):
        after(FOR_TWO, RefundEvent.APPROVE, who="web:小周")
    with pytest.raises(IllegalMove):
        after(FOR_TWO, RefundEvent.SEND)
    assert (
        after(after(FOR_TWO, RefundEvent.APPROVE, who="web:老板"), RefundEvent.SEND).state is RefundState.SENT
    )


def test_who_looked_at_an_older_version_is_refused() -> None:
    sent = after(DUE, RefundEvent.SEND)
    with pytest.raises(StaleVersion):
        move(sent, RefundAct(RefundEvent.SUCCEED, NOW, seen=1))


# -- a ledger that does not add up is found

PAID = {"A1": DUE.amount}


def told(refund: Refund, *events: RefundEvent) -> tuple[Refund, list[LedgerLine]]:
    return lived(refund, [RefundAct(event, NOW + timedelta(hours=n)) for n, event in enumerate(events)])


def test_a_ledger_that_adds_up_has_no_problems() -> None:
    done, lines = told(DUE, RefundEvent.SEND, RefundEvent.SUCCEED)
    assert list(problems([done], lines, PAID)) == []


def test_money_that_left_twice_is_found() -> None:
    done, lines = told(DUE, RefundEvent.SUCCEED)
    twice = [*lines, replace(lines[-1], version=3)]
    assert "refund:R1: left 2 times" in list(problems([done], twice, PAID))


def test_a_state_its_lines_do_not_tell_of_is_found() -> None:
    done, lines = told(DUE, RefundEvent.SEND, RefundEvent.SUCCEED)
    found = list(problems([done], lines[:-1], PAID))
    assert "refund:R1: lines are missing" in found
    assert "done: the lines come to 0.00 CNY, the refunds to 59.90 CNY" in found


def test_an_amount_that_was_changed_is_found() -> None:
    done, lines = told(DUE, RefundEvent.SUCCEED)
    more = replace(done, amount=Money(99_900, "CNY"))
    assert "refund:R1: its lines are of another amount" in list(problems([more], lines, {"A1": more.amount}))


def test_more_than_was_paid_is_found() -> None:
    done, lines = told(DUE, RefundEvent.SUCCEED)
    found = list(problems([done], lines, {"A1": Money(5_000, "CNY")}))
    assert found == ["order A1: 59.90 CNY of the price is refunded, 50.00 CNY was paid"]


def test_what_was_called_off_and_freight_do_not_count_against_the_price() -> None:
    off, lines = told(DUE, RefundEvent.CANCEL)
    freight, more = told(replace(DUE, key="freight:R1", purpose=Purpose.FREIGHT), RefundEvent.SUCCEED)
    assert list(problems([off, freight], [*lines, *more], {"A1": Money(0, "CNY")})) == []


def test_lines_of_no_refund_are_found() -> None:
    _, lines = told(DUE)
    assert "refund:R1: the ledger has lines of a refund there is none of" in list(problems([], lines, {}))
