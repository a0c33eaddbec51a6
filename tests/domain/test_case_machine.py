"""Whatever happens to a case, in whatever order, these things hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain.cases import ENDED, Case, Event, Goods, Kind, Role, State, move, possible
from bot.domain.messages import Attachment, Medium
from bot.domain.policy import may_apply, may_revoke, refund_limit
from bot.errors import IllegalMove, StaleVersion
from tests.domain.samples import NOW, TERMS, cny, fresh, order

RULINGS = {Event.RULE_FOR_BUYER, Event.RULE_FOR_SELLER}
PHOTO = Attachment(Medium.PHOTO, "file:1")


class Machine(RuleBasedStateMachine):
    """One case, moved by anybody in any way."""

    case: Case

    @initialize(kind=st.sampled_from(Kind), goods=st.sampled_from(Goods))
    def opened(self, kind: Kind, goods: Goods) -> None:
        self.case = fresh(kind, goods)
        self.now = NOW
        self.moves = 1

    @rule(
        event=st.sampled_from(Event),
        by=st.sampled_from(Role),
        why=st.sampled_from(["", " ", "worn", "SF1"]),
        minutes=st.integers(0, 60 * 24 * 12),
    )
    def anything(self, event: Event, by: Role, why: str, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        before = self.case
        try:
            after, entry = move(
                before, event, by, self.now, TERMS, seen=before.version, why=why, evidence=(PHOTO,)
            )
        except IllegalMove:
            assert event not in possible(before, by) or not why.strip()
            assert self.case is before
            return
        self.moves += 1
        assert event in possible(before, by)
        assert after.version == before.version + 1 == entry.version == self.moves
        assert (entry.start, entry.end, entry.at, entry.by) == (before.state, after.state, self.now, by)
        assert after.evidence == (*before.evidence, PHOTO)
        unmoved = {"number", "conversation_id", "order_number", "lines", "kind", "goods", "reason", "amount"}
        assert all(getattr(after, name) == getattr(before, name) for name in unmoved)
        if before.locked:
            assert event in RULINGS | {Event.ADD_EVIDENCE}
        else:
            assert event not in RULINGS
        self.case = after

    @rule(event=st.sampled_from(Event), by=st.sampled_from(Role), off=st.sampled_from([-1, 1, 7]))
    def anything_on_another_version(self, event: Event, by: Role, off: int) -> None:
        try:
            move(self.case, event, by, self.now, TERMS, seen=self.case.version + off, why="x")
        except StaleVersion:
            return
        raise AssertionError("a stale act was taken")

    @invariant()
    def possible_is_exactly_what_move_accepts(self) -> None:
        for by in Role:
            accepted = set()
            for event in Event:
                try:
                    move(self.case, event, by, self.now, TERMS, why="because")
                except IllegalMove:
                    continue
                accepted.add(event)
            assert accepted == set(possible(self.case, by))
            assert len(possible(self.case, by)) == len(accepted)

    @invariant()
    def a_clock_runs_exactly_while_somebody_must_act(self) -> None:
        ticking = self.case.open and not self.case.locked
        assert (self.case.clock is not None) is ticking
        assert (self.case.due_at is not None) is ticking
        if self.case.clock:
            assert possible(self.case, Role.CLOCK) == (self.case.clock,)

    @invariant()
    def the_end_is_the_end(self) -> None:
        if self.case.state in ENDED:
            assert not self.case.locked
            assert all(possible(self.case, by) == () for by in Role)

    @invariant()
    def a_revoke_is_offered_exactly_where_it_is_possible(self) -> None:
        assert may_revoke(self.case).allowed is (Event.REVOKE in possible(self.case, Role.BUYER))


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=40, stateful_step_count=30)


# -- money over any sequence of cases -----------------------------------------------------------------------------


def _end(case: Case, how: State) -> Case:
    return replace(case, state=how)


@given(
    paid=st.lists(st.integers(1, 10_000), min_size=1, max_size=4),
    tries=st.lists(
        st.tuples(
            st.sets(st.integers(1, 4), max_size=4),
            st.integers(1, 12_000),
            st.sampled_from([State.SUCCESS, State.CLOSED, State.WAIT_SELLER_AGREE]),
        ),
        max_size=12,
    ),
)
def test_refunds_over_any_sequence_of_cases_never_exceed_what_was_paid(
    paid: list[int], tries: list[tuple[set[int], int, State]]
) -> None:
    """Whole orders, single lines, overlapping ones, partial amounts; some paid, some closed, some still open."""
    bought = order(*paid)
    cases: list[Case] = []
    for number, (lines, wish, end) in enumerate(tries):
        chosen = tuple(line.number for line in bought.pick(tuple(lines)))
        if not chosen or may_apply(bought, chosen, cases) is not None:
            continue
        limit = refund_limit(bought, chosen, cases)
        amount = min(wish, limit.minor)
        cases.append(_end(fresh(Kind.REFUND_ONLY, number=f"R{number}", lines=chosen, minor=amount), end))
        standing = [case for case in cases if case.state is not State.CLOSED]
        assert sum(case.amount.minor for case in standing) <= sum(paid)
        for line in bought.lines:
            alone = [case for case in standing if case.lines == (line.number,)]
            assert sum(case.amount.minor for case in alone) <= line.paid.minor


def test_what_was_paid_back_and_what_is_asked_for_can_not_be_asked_for_again() -> None:
    bought = order(6_000, 4_000)
    assert refund_limit(bought, (), []) == cny(10_000)
    paid_back = _end(fresh(lines=(1,), minor=6_000), State.SUCCESS)
    assert refund_limit(bought, (1,), [paid_back]) == cny(0)
    assert refund_limit(bought, (), [paid_back]) == cny(4_000)
    asked = fresh(lines=(2,), minor=1_000, number="R2")
    assert refund_limit(bought, (2,), [paid_back, asked]) == cny(3_000)
    assert refund_limit(bought, (2,), [paid_back, _end(asked, State.CLOSED)]) == cny(4_000)


def test_a_case_of_another_order_takes_nothing_away() -> None:
    other = replace(_end(fresh(minor=10_000), State.SUCCESS), order_number="B2")
    assert refund_limit(order(10_000), (), [other]) == cny(10_000)
