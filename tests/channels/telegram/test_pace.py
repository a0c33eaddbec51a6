"""The pace: never faster than the messenger allows, never slower than it must be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.pace import MANY, MINUTE, Limits, Pace

GROUP = -100


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def most_within(times: list[float], seconds: float) -> int:
    return max((sum(begin <= time < begin + seconds for time in times) for begin in times), default=0)


steps = st.lists(st.tuples(st.sampled_from([1, 2, 3, GROUP]), st.floats(0, 5)), max_size=200)


@given(steps)
def test_no_limit_is_ever_passed(asked: list[tuple[int, float]]) -> None:
    clock = Clock()
    pace = Pace(Limits(per_second=4, chat_per_second=1, chat_burst=3, group_per_minute=5), clock)
    gone: dict[int, list[float]] = {}
    for chat, later in asked:
        clock.now += later
        if pace.ask(chat) == 0:
            gone.setdefault(chat, []).append(clock.now)
    assert most_within(gone.pop(GROUP, []), 60) <= 5
    assert all(most_within(times, 10) <= 3 + 10 for times in gone.values())
    everything = sorted(time for times in gone.values() for time in times)
    assert most_within(everything, 1) <= 4 + 4


@given(st.lists(st.sampled_from([1, 2, GROUP]), max_size=50))
def test_whoever_comes_back_when_told_may_go_if_nobody_came_between(chats: list[int]) -> None:
    clock = Clock()
    pace = Pace(Limits(per_second=2, chat_per_second=1, chat_burst=2, group_per_minute=3), clock)
    for chat in chats:
        wait = pace.ask(chat)
        for _ in range(3):
            clock.now += wait * (1 + 1e-9)
            wait = pace.ask(chat) if wait else 0
        assert wait == 0


def test_a_small_burst_then_one_a_second() -> None:
    clock = Clock()
    pace = Pace(Limits(), clock)
    assert [pace.ask(1) for _ in range(5)] == [0] * 5
    assert pace.ask(1) == 1
    assert pace.ask(2) == 0
    clock.now += 1
    assert pace.ask(1) == 0


def test_a_group_gets_twenty_a_minute() -> None:
    clock = Clock()
    pace = Pace(Limits(), clock)
    assert [pace.ask(GROUP) for _ in range(20)] == [0] * 20
    clock.now += 20
    assert pace.ask(GROUP) == 41
    clock.now += 41
    assert pace.ask(GROUP) == 0


def test_some_of_a_groups_minute_is_left_to_what_matters_more() -> None:
    clock = Clock()
    pace = Pace(Limits(), clock)
    assert [pace.ask(GROUP, keep=5) for _ in range(15)] == [0] * 15
    assert pace.ask(GROUP, keep=5) == 61
    assert [pace.ask(GROUP) for _ in range(5)] == [0] * 5
    assert pace.ask(GROUP) == 61
    clock.now += 61
    assert pace.ask(GROUP, keep=5) == 0


def test_being_turned_away_costs_nothing() -> None:
    clock = Clock()
    pace = Pace(Limits(chat_burst=1), clock)
    pace.ask(1)
    assert {pace.ask(1) for _ in range(100)} == {1.0}
    clock.now += 1
    assert pace.ask(1) == 0


def test_how_many_may_go_over_all_chats_is_told_and_when_some_more() -> None:
    clock = Clock()
    pace = Pace(Limits(per_second=10), clock)
    assert pace.free() == 10
    assert [pace.ask(chat) for chat in range(10)] == [0] * 10
    assert (pace.free(), pace.ask(10) > 0) == (0, True)
    clock.now += pace.pause()
    assert pace.free() >= 1


def test_after_more_than_there_was_room_for_it_takes_longer_until_there_is_some() -> None:
    clock = Clock()
    pace = Pace(Limits(per_second=10, group_per_minute=None), clock)
    assert pace.ask(GROUP, 25) == 0
    assert pace.pause() > 1.5
    clock.now += pace.pause()
    assert pace.free() >= 1


def test_more_than_the_burst_passes_when_nothing_was_sent_lately() -> None:
    clock = Clock()
    pace = Pace(Limits(per_second=None), clock)
    assert pace.ask(1, 12) == 0
    assert pace.ask(1) > 7
    assert pace.ask(GROUP, 25) == 0


def test_limits_can_be_switched_off() -> None:
    pace = Pace(Limits.off(), Clock())
    assert {pace.ask(chat) for chat in (1, GROUP) for _ in range(1000)} == {0.0}


def test_chats_that_fell_silent_are_forgotten() -> None:
    clock = Clock()
    pace = Pace(Limits(per_second=None), clock)
    for chat in range(1, MANY + 1):
        pace.ask(chat)
    clock.now += 60
    pace.ask(MANY + 1)
    assert len(pace._chats) == 1


def test_a_pause_telegram_asked_for_holds_for_all_of_that_chat_and_no_other() -> None:
    clock = Clock()
    pace = Pace(Limits.off(), clock)
    pace.bar(GROUP, 30)
    assert pace.ask(GROUP) == 30
    assert pace.ask(1) == 0
    clock.now += 30
    assert pace.ask(GROUP) == 0


@given(steps, st.integers(0, 199))
def test_whoever_goes_on_for_another_keeps_the_limits_with_it(
    asked: list[tuple[int, float]], taken_over_at: int
) -> None:
    clock = Clock()
    limits = Limits(per_second=4, chat_per_second=1, chat_burst=3, group_per_minute=5)
    alone, pace = Pace(limits, clock), Pace(limits, clock)
    gone: list[tuple[int, float]] = []
    for place, (chat, later) in enumerate(asked):
        clock.now += later
        if place == taken_over_at:
            pace = Pace(limits, clock)
            pace.ask(1)  # what it knew before is of no worth
            pace.recall((chat, clock.now - time, 1) for chat, time in gone if clock.now - time < MINUTE)
        wait = pace.ask(chat)
        assert (wait == 0) == (alone.ask(chat) == 0)
        if wait == 0:
            gone.append((chat, clock.now))


def test_one_of_several_messages_is_not_overtaken_for_ever_by_those_of_one() -> None:
    clock = Clock()
    pace = Pace(Limits(per_second=10, chat_per_second=None), clock)
    for chat in range(10):
        pace.ask(chat)
    album, wait = 99, pace.ask(99, 8)
    sent = False
    due = clock.now + wait
    for _ in range(100):
        clock.now += 0.1
        for chat in range(pace.free()):
            pace.ask(chat)
        if not sent and clock.now >= due:
            wait = pace.ask(album, 8)
            sent, due = wait == 0, clock.now + wait
    assert sent


def test_what_is_kept_for_one_of_several_stays_kept_when_one_alone_is_turned_away_too() -> None:
    clock = Clock()
    pace = Pace(Limits(per_second=10, chat_per_second=None), clock)
    assert [pace.ask(chat) for chat in range(10)] == [0] * 10
    assert pace.ask(99, 8) > 0
    assert pace.ask(98) > 0
    clock.now += 0.5
    assert pace.free() == 0
    clock.now += 0.5
    assert pace.ask(99, 8) == 0
