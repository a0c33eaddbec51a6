"""Whatever happens to many cases of one order, in whatever order, these things hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.domain.authority import Amounts, Authority, Level
from bot.domain.book import Book
from bot.domain.cases import (
    TALK,
    Act,
    Case,
    Change,
    Entry,
    Event,
    Goods,
    Kind,
    Reason,
    Responsibility,
    Role,
    State,
)
from bot.domain.dues import Due
from bot.domain.engine import carry_out, open_case
from bot.domain.machine import move, needs, possible, rebuilt
from bot.domain.messages import Attachment, Medium
from bot.domain.refunds import Purpose, Refund
from bot.domain.terms import clock_of
from bot.domain.transitions import Needs
from bot.domain.verdicts import may_apply, may_change, may_dispute, may_revoke
from bot.errors import BeyondAuthority, CaseError, IllegalMove, StaleVersion, TooMuch
from tests.domain.samples import NOW, POLICY, TERMS, cny, fresh, order

PHOTO = Attachment(Medium.PHOTO, "file:1")
RULINGS = {Event.RULE_FOR_BUYER, Event.RULE_FOR_SELLER, Event.RULE_SPLIT}
UNDER_LOCK = {
    Event.ADD_EVIDENCE,
    Event.JUDGE,
    Event.RETIME,
    Event.WITHDRAW,
    Event.EVIDENCE_TIMEOUT,
    Event.RULING_TIMEOUT,
}
SHOP = replace(
    POLICY,
    authority=Authority({Level.BOT: Amounts({"CNY": cny(1_000)}), Level.AGENT: Amounts({"CNY": cny(9_000)})}),
    freight_most=Amounts({"CNY": cny(1_500)}),
)

acts = st.builds(
    Act,
    event=st.sampled_from(Event),
    by=st.sampled_from(Role),
    at=st.just(NOW),
    who=st.sampled_from(["", "Amy", "Bo"]),
    why=st.sampled_from(["", " ", "worn"]),
    waybill=st.sampled_from(["", "  ", "SF1"]),
    amount=st.one_of(st.none(), st.integers(-5, 15_000).map(cny)),
    change=st.builds(
        Change,
        kind=st.sampled_from([None, *Kind]),
        reason=st.sampled_from([None, Reason.DAMAGED]),
        amount=st.one_of(st.none(), st.integers(0, 15_000).map(cny)),
        responsibility=st.sampled_from([None, Responsibility.SELLER, Responsibility.BUYER]),
    ),
    due_at=st.sampled_from([None, NOW + timedelta(days=40)]),
    evidence=st.sampled_from([(), (PHOTO,)]),
)
"""Anything anybody could try, sense or not."""


class Cases(RuleBasedStateMachine):
    """Many cases over one order of three lines; anybody tries anything with any of them."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.order = order(10_000, 4_000, 2_500)
        self.cases: dict[str, Case] = {}
        self.histories: dict[str, list[Entry]] = {}
        self.dues: dict[str, tuple[Due, ...]] = {}
        self.refunds: list[Refund] = []

    @property
    def book(self) -> Book:
        return Book(self.order, tuple(self.cases.values()), tuple(self.refunds))

    @rule(
        kind=st.sampled_from(Kind),
        goods=st.sampled_from(Goods),
        lines=st.sets(st.integers(1, 3), min_size=1),
        asked=st.integers(0, 17_000),
    )
    def apply_for(self, kind: Kind, goods: Goods, lines: set[int], asked: int) -> None:
        chosen = tuple(sorted(lines))
        if kind not in TALK and may_apply(self.book, chosen) is not None:
            return
        number = f"R{len(self.cases)}"
        case = replace(fresh(kind, goods, lines=chosen, number=number, minor=asked), opened_at=self.now)
        before = self.book
        try:
            outcome = open_case(case, before, SHOP)
        except TooMuch:
            assert case.amount > before.left(case.lines)
            return
        self.cases[number] = outcome.case
        self.histories[number] = [outcome.entry]
        self.dues[number] = outcome.dues

    @rule(
        act=acts,
        which=st.integers(0, 20),
        hours=st.integers(0, 24 * 12),
        level=st.sampled_from(Level),
        stale=st.sampled_from([0, 0, 0, 1, -1]),
    )
    def try_anything(self, act: Act, which: int, hours: int, level: Level, stale: int) -> None:
        if not self.cases:
            return
        number = f"R{which % len(self.cases)}"
        case = self.cases[number]
        self.now += timedelta(hours=hours)
        self._carry_out(case, replace(act, at=self.now, seen=case.version + stale), level, stale)

    @rule(which=st.integers(0, 20))
    def let_the_clock_run_out(self, which: int) -> None:
        if not self.cases:
            return
        case = self.cases[f"R{which % len(self.cases)}"]
        if case.clock is None or case.due_at is None:
            return
        self.now = max(self.now, case.due_at)
        version = case.version
        self._carry_out(case, Act(case.clock, Role.CLOCK, self.now), Level.AGENT, 0)
        assert self.cases[case.number].version == version + 1, "a clock that ran out was skipped"

    def _carry_out(self, case: Case, act: Act, level: Level, stale: int) -> None:
        before = self.book
        try:
            outcome = carry_out(case, act, before, SHOP, level)
        except CaseError as error:
            self._refused(case, act, level, stale, error)
            assert self.book == before
            return
        after, entry = outcome.case, outcome.entry
        assert not stale
        assert act.event in possible(case, act.by)
        assert after.version == case.version + 1 == entry.version
        assert (entry.start, entry.end, entry.act.at) == (case.state, after.state, self.now)
        if case.locked:
            assert act.event in RULINGS | UNDER_LOCK
        else:
            assert act.event not in RULINGS
        assert not outcome.refunds or after.state is State.SUCCESS
        if act.event not in (Event.MODIFY, Event.JUDGE):
            assert (after.kind, after.reason) == (case.kind, case.reason)
        self.cases[case.number] = after
        self.histories[case.number].append(entry)
        self.dues[case.number] = outcome.dues
        self.refunds += [refund for refund, _ in outcome.refunds]

    def _refused(self, case: Case, act: Act, level: Level, stale: int, error: CaseError) -> None:
        """Each refusal has its ground."""
        if isinstance(error, StaleVersion):
            assert stale
        elif isinstance(error, BeyondAuthority):
            assert act.by in (Role.AGENT, Role.BOT)
            assert level is not Level.OWNER or act.by is Role.BOT
        elif isinstance(error, TooMuch):
            assert act.by is not Role.CLOCK
        elif act.event in possible(case, act.by):
            lacking = needs(case, act.event, act.by) - _brought(act)
            assert lacking or _changes_too_much(act) or _odd(act)

    @invariant()
    def never_more_leaves_than_was_paid(self) -> None:
        price = [refund for refund in self.refunds if refund.purpose is Purpose.PRICE]
        assert sum(refund.amount.minor for refund in price) <= self.order.paid.minor
        for case in self.cases.values():
            own = [refund for refund in price if refund.case == case.number]
            assert len(own) <= 1
            covered = sum(line.paid.minor for line in self.order.pick(case.lines))
            assert sum(refund.amount.minor for refund in own) <= covered
        assert len({refund.key for refund in self.refunds}) == len(self.refunds)

    @invariant()
    def postage_is_bounded_and_promises_that_were_not_made_pay_nothing(self) -> None:
        for refund in self.refunds:
            assert refund.purpose is not Purpose.PROMISE
            assert refund.purpose is not Purpose.FREIGHT or refund.amount <= cny(1_500)

    @invariant()
    def what_is_open_asks_for_no_more_than_there_is(self) -> None:
        asked = sum(case.amount.minor for case in self.cases.values() if case.open)
        left = sum(refund.amount.minor for refund in self.refunds if refund.purpose is Purpose.PRICE)
        assert asked + left <= self.order.paid.minor

    @invariant()
    def every_open_case_has_a_way_on_and_a_clock_that_brings_it_there(self) -> None:
        for case in self.cases.values():
            found = clock_of(case)
            assert (found is not None) is case.open
            if not case.open:
                assert (case.clock, case.due_at) == (None, None)
                assert all(possible(case, by) == () for by in Role)
                continue
            assert case.clock is not None
            assert case.due_at is not None
            assert possible(case, Role.CLOCK) == (case.clock,)
            waiting = [due for due in self.dues[case.number] if due.kind == case.clock]
            assert [(due.at, due.version) for due in waiting] == [(case.due_at, case.version)]
            assert set(possible(case, Role.AGENT)) - {Event.ADD_EVIDENCE, Event.JUDGE}

    @invariant()
    def the_history_alone_rebuilds_each_case(self) -> None:
        for number, case in self.cases.items():
            assert rebuilt(self.histories[number]) == case

    @invariant()
    def what_the_rules_say_is_what_the_table_allows(self) -> None:
        for case in self.cases.values():
            allowed = possible(case, Role.BUYER)
            assert may_revoke(case).allowed is (Event.REVOKE in allowed)
            assert may_change(case).allowed is (Event.MODIFY in allowed)
            assert may_dispute(case).allowed is (Event.INTERVENE in allowed)


TestCases = Cases.TestCase
TestCases.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def _brought(act: Act) -> set[Needs]:
    brought = {
        Needs.WHY: bool(act.why.strip()),
        Needs.WAYBILL: bool(act.waybill.strip()),
        Needs.AMOUNT: act.amount is not None and act.amount.minor > 0,
        Needs.CHANGE: act.change != Change(),
        Needs.EVIDENCE: bool(act.evidence),
        Needs.DUE: act.due_at is not None,
    }
    return {need for need, there in brought.items() if there}


def _changes_too_much(act: Act) -> bool:
    """A buyer who judges, a judge who changes what is asked for, or another matter altogether."""
    change = act.change
    if act.event is Event.JUDGE:
        return bool(change.kind or change.reason or change.amount is not None)
    return change.responsibility is not None or change.kind in TALK


def _odd(act: Act) -> bool:
    """An amount below nothing."""
    return any(money is not None and money.minor < 0 for money in (act.amount, act.change.amount))


@given(kind=st.sampled_from(Kind), act=acts)
def test_possible_is_exactly_what_move_accepts_when_it_is_given_all_it_needs(kind: Kind, act: Act) -> None:
    case = fresh(kind)
    judged = Change(responsibility=Responsibility.SELLER)
    change = judged if act.event is Event.JUDGE else Change(reason=Reason.DAMAGED)
    whole = replace(
        act, why="because", waybill="SF1", amount=cny(1), change=change, due_at=NOW, evidence=(PHOTO,)
    )
    try:
        move(case, whole, TERMS)
    except IllegalMove:
        assert whole.event not in possible(case, whole.by)
    else:
        assert whole.event in possible(case, whole.by)


def test_a_history_that_was_cut_or_changed_is_not_taken_for_the_case() -> None:
    case = fresh(Kind.REFUND_ONLY)
    _, first = open_entry(case)
    refused, second = move(case, Act(Event.REFUSE, Role.AGENT, NOW, why="worn"), TERMS)
    _, third = move(refused, Act(Event.REVOKE, Role.BUYER, NOW), TERMS)
    for history in ([first, third], [second, third], [first, third, second]):
        try:
            rebuilt(history)
        except IllegalMove:
            continue
        raise AssertionError("a broken history was taken")


def open_entry(case: Case) -> tuple[Case, Entry]:
    outcome = open_case(case, Book(order()), POLICY)
    return outcome.case, outcome.entry


# -- money over any sequence of cases -----------------------------------------------------------------------------


def _end(case: Case, how: State) -> Case:
    return replace(case, state=how)


def test_what_was_paid_back_and_what_is_asked_for_can_not_be_asked_for_again() -> None:
    bought = order(6_000, 4_000)
    assert Book(bought).left() == cny(10_000)
    paid_back = _end(fresh(lines=(1,), minor=6_000), State.SUCCESS)
    assert Book(bought, (paid_back,)).left((1,)) == cny(0)
    assert Book(bought, (paid_back,)).left() == cny(4_000)
    asked = fresh(lines=(2,), minor=1_000, number="R2")
    assert Book(bought, (paid_back, asked)).left((2,)) == cny(3_000)
    assert Book(bought, (paid_back, asked)).left((2,), besides="R2") == cny(4_000)
    assert Book(bought, (paid_back, _end(asked, State.CLOSED))).left((2,)) == cny(4_000)


def test_a_case_of_another_order_takes_nothing_away() -> None:
    other = replace(_end(fresh(minor=10_000), State.SUCCESS), order_number="B2")
    assert Book.of(order(10_000), (other,)).left() == cny(10_000)


def test_a_refund_that_was_called_off_can_be_asked_for_again() -> None:
    bought, case = order(10_000), _end(fresh(minor=10_000), State.SUCCESS)
    refund = Refund("refund:R1", "R1", "A1", Purpose.PRICE, cny(10_000), NOW)
    assert Book(bought, (case,), (refund,)).left() == cny(0)
    called_off = replace(refund, state=type(refund.state).CANCELLED)
    assert Book(bought, (case,), (called_off,)).left() == cny(10_000)
