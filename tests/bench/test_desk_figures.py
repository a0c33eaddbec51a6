"""What is made of the times at which messages were shown."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta

import pytest

from bot.bench.desk import report
from bot.bench.desk.buyers import Message, Sent
from bot.bench.desk.cores import bound, cores
from bot.bench.desk.marks import mark, mark_in, marked
from bot.bench.desk.screens import Screen, placed
from bot.bench.desk.trial import Delays, Load, outcome

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
LOAD = Load(0.5, None, 0.1, 2000.0)


def test_every_message_is_known_again_by_letters_of_its_own() -> None:
    marks = [mark(number) for number in range(2000)]
    assert len(set(marks)) == 2000
    assert all(mark_in(marked("在吗 [x]", number)) == known for number, known in enumerate(marks))
    assert mark_in("在吗") == ""


def test_screens_have_all_conversations_open_alike_and_some_only_the_list() -> None:
    screens = placed(500, range(1, 101))
    opened = [screen.conversation for screen in screens if screen.conversation]
    assert (len(opened), opened.count(1), opened.count(2)) == (450, 5, 5)
    assert sum(screen.reads_list for screen in screens) == 50
    assert [(screen.conversation, screen.reads_list) for screen in placed(1, [7])] == [(7, True)]


def test_a_message_that_one_of_its_screens_never_showed_is_lost_and_delays_count_from_when_it_was_due() -> (
    None
):
    sent = Sent({"a": Message(1, 10.0), "b": Message(1, 11.0), "c": Message(2, 12.0)}, refused=1)
    first, second = Screen(1, reads_list=True), Screen(1, reads_list=False)
    first.lines.update(a=10.1, b=11.3)
    second.lines.update(a=10.2)
    first.rows[1] += [(10.05, AT - timedelta(seconds=1)), (10.4, AT), (11.5, AT + timedelta(seconds=1))]
    found = outcome([first, second], sent, {"a": AT, "b": AT + timedelta(seconds=1), "c": AT}, LOAD)
    assert (found.sent, found.refused, found.watched, found.lost) == (3, 1, 2, 1)
    assert (found.line.samples, round(found.line.p50), round(found.line.worst)) == (3, 200, 300)
    assert (found.row.samples, round(found.row.p50), round(found.row.worst)) == (2, 400, 500)
    table = {row[0]: row[1:] for row in report.table(found, found)}
    assert table["to the open conversation, p99, ms"] == ("300", "300", "1.0")
    assert table["lost by one of them or more"] == ("1", "1", "")
    assert table["it waited for the core, of the time"] == ("-", "-", "")


def test_a_stream_is_read_whatever_the_pieces_it_comes_in() -> None:
    screen = Screen(1, reads_list=True)
    stream = (
        b'retry: 2000\n\nevent: list\ndata: [{"id": 1, "lastAt": "2026-11-02T09:00:00+00:00"}]\n\n'
        b'id: 3\nevent: line\ndata: {"body": ["hi [a] \xe3\x80\x94ab\xe3\x80\x95", {"t": "b"}]}\n\n: \n\n'
        b'event: changed\ndata: {"order": [1], "rows": []}\n\nevent: ready\ndata: {}\n\n'
    )
    for number in range(len(stream)):
        screen.take(stream[number : number + 1], now=float(number))
    assert list(screen.lines) == ["ab"]
    assert [newest for _, newest in screen.rows[1]] == [AT]
    assert screen.ready.is_set()
    assert screen.size == len(stream)


def test_nothing_shown_is_nought() -> None:
    assert Delays.of([]).each == (0, 0, 0, 0)


@pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2,
    reason="needs Linux and two cores to choose from",
)
def test_a_process_keeps_to_its_core_only_while_it_is_measured() -> None:
    before, pair = os.sched_getaffinity(0), cores()
    assert pair is not None
    with bound(pair[1]):
        assert os.sched_getaffinity(0) == {pair[1]}
    assert os.sched_getaffinity(0) == before
