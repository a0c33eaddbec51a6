"""Who gets a conversation that waits: only who is there, has room and did not let it lapse; in turn."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversation import Conversation, Holder
from bot.domain.routing import Colleague, given_in_turn, left_by, next_one
from bot.domain.staff import Staff, StaffRole
from bot.domain.watch import Attendance, Routing, Watch

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
WISHED = Attendance(capacity=3, away_minutes=30, routing=Routing.ROUND_ROBIN)


def one(number: int, **more: Any) -> Colleague:
    staff: dict[str, Any] = {
        name: more.pop(name) for name in ("role", "languages", "capacity", "disabled") if name in more
    }
    known = replace(Staff(number, f"login{number}", f"N{number}"), **staff)
    return replace(Colleague(known, seen_at=NOW), **more)


def chosen(
    *colleagues: Colleague,
    language: str = "zh",
    lapsed: str = "",
    meant_for: str = "",
    wished: Attendance = WISHED,
) -> int | None:
    watch = Watch(lapsed=lapsed, meant_for=meant_for)
    found = next_one(colleagues, language, watch, NOW, wished)
    return found.id if found else None


def test_who_has_had_none_for_longest_is_next() -> None:
    early, late = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
    assert chosen(one(1, given_at=late), one(2, given_at=early), one(3, given_at=late)) == 2
    assert chosen(one(1, given_at=early), one(2)) == 2
    assert chosen(one(1, holds=2), one(2, holds=1)) == 2


def test_nobody_gets_it_who_is_away_full_switched_off_or_no_agent() -> None:
    gone = NOW - timedelta(minutes=31)
    for nobody in (
        one(1, away=True),
        one(1, seen_at=None),
        one(1, seen_at=gone),
        one(1, holds=3),
        one(1, holds=0, capacity=0),
        one(1, disabled=True),
        one(1, role=StaffRole.MEDIATOR),
    ):
        assert chosen(nobody) is None
        assert chosen(nobody, one(2)) == 2
    assert chosen(one(1, holds=3, capacity=4)) == 1


def test_the_buyers_language_goes_before_the_turn_but_waits_for_who_speaks_it() -> None:
    assert chosen(one(1, languages=("en",)), one(2, given_at=NOW, languages=("zh",))) == 2
    assert chosen(one(1, languages=("en",)), one(2, holds=3, languages=("zh",))) is None
    assert chosen(one(1, languages=("en",))) == 1, "better somebody than nobody"


def test_who_let_it_lapse_is_not_asked_again() -> None:
    assert chosen(one(1), one(2, given_at=NOW), lapsed="N1") == 2
    assert chosen(one(1), lapsed="N1") is None


@given(st.integers(1, 6), st.integers(1, 30))
def test_everybody_gets_as_many_give_or_take_one_until_all_are_full(people: int, conversations: int) -> None:
    team = {number: one(number) for number in range(1, people + 1)}
    got: Counter[int] = Counter()
    for count in range(conversations):
        number = chosen(*team.values())
        if number is None:
            assert sum(got.values()) == 3 * people
            break
        got[number] += 1
        before = team[number]
        team[number] = replace(before, holds=before.holds + 1, given_at=NOW + timedelta(seconds=count))
    assert max(got.values()) - min(got[number] for number in team) <= 1
    assert max(got.values()) <= 3


def test_it_is_theirs_to_whom_it_was_passed_on_while_they_are_there() -> None:
    queue = replace(WISHED, routing=Routing.QUEUE)
    assert chosen(one(1), one(2, holds=9), meant_for="N2") == 2
    assert chosen(one(1), one(2), meant_for="N2", wished=queue) == 2
    assert chosen(one(1), one(2, away=True), meant_for="N2") == 1
    assert chosen(one(1), one(2, away=True), meant_for="N2", wished=queue) is None
    assert chosen(one(1), wished=queue) is None


def waits(number: int, **more: Any) -> Conversation:
    return Conversation(number, "web", str(number), holder=Holder.QUEUED, language="zh", watch=Watch(**more))


def test_nobody_waits_behind_one_whom_nobody_can_take() -> None:
    line = [waits(1, lapsed="N1"), waits(2), waits(3)]
    found = given_in_turn(line, [one(1, capacity=1)], NOW, WISHED)
    assert {number: staff.id for number, staff in found.items()} == {2: 1}


@given(st.lists(st.sampled_from(["", "N1", "N2"]), max_size=8), st.integers(0, 3), st.integers(0, 3))
def test_whoever_somebody_could_take_is_given_unless_all_who_could_are_full(
    lapses: list[str], first: int, second: int
) -> None:
    team = [one(1, capacity=first), one(2, capacity=second)]
    line = [waits(number, lapsed=lapsed) for number, lapsed in enumerate(lapses, 1)]
    found = given_in_turn(line, team, NOW, WISHED)
    got = Counter(staff.id for staff in found.values())
    for conversation in line:
        if conversation.id not in found:
            assert all(
                got[each.staff.id] == each.staff.capacity
                for each in team
                if each.staff.name != conversation.watch.lapsed
            )


def test_what_is_put_aside_stays_with_who_is_away_and_not_with_who_is_gone() -> None:
    held = replace(waits(1), holder=Holder.AGENT, agent="N1")
    aside = replace(held, watch=Watch(snoozed_until=NOW + timedelta(days=3)))
    for conversation, colleague, left in (
        (held, one(1), False),
        (held, one(1, away=True), True),
        (held, one(2, away=True), False),
        (aside, one(1, away=True), False),
        (aside, one(1, disabled=True), True),
        (aside, one(1, role=StaffRole.MEDIATOR), True),
    ):
        assert left_by(conversation, [colleague], NOW, WISHED) is left
