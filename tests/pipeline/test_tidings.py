"""What processes tell each other fits on the way, and is never taken for less than it may be."""

from __future__ import annotations

import json

from bot.pipeline.tidings import Bell, Tidings

LARGEST = 8_000
"""Bytes PostgreSQL takes with a NOTIFY, less one."""


def arrived(tidings: Tidings) -> list[Tidings]:
    payloads = list(tidings.payloads("a"))
    assert all(len(payload.encode()) < LARGEST for payload in payloads)
    return [Tidings.read(payload) for payload in payloads]


def test_nothing_is_told_where_there_is_nothing_to_tell() -> None:
    assert arrived(Tidings()) == []


def test_what_was_told_arrives_in_one_piece() -> None:
    told = Tidings({Bell.INBOX, Bell.OUTBOX}, {1, 2**40}, asks=True)
    assert arrived(told) == [Tidings({Bell.INBOX, Bell.OUTBOX}, {1, 2**40}, asks=True, sender="a")]


def test_of_too_many_conversations_it_is_said_that_any_may_be_meant() -> None:
    assert arrived(Tidings(conversations=set(range(10**12, 10**12 + 500))))[0].conversations
    assert arrived(Tidings(conversations=set(range(501)))) == [Tidings(all=True, sender="a")]


def test_a_crowded_desk_is_told_in_pieces() -> None:
    crowd = {f"{'客' * 30} {number}": True for number in range(50)}
    desk = dict.fromkeys(range(30), crowd)
    found = arrived(Tidings(desk=dict(desk)))
    assert len(found) > 1
    assert {number for told in found for number in told.desk} == set(range(30))
    assert all(told.desk[number] for told in found for number in told.desk)


def test_words_of_another_version_are_passed_over_and_what_can_not_be_read_may_be_anything() -> None:
    later = json.dumps({"from": "b", "bells": ["inbox", "doors"], "weather": "fine"})
    assert Tidings.read(later) == Tidings({Bell.INBOX}, sender="b")
    for broken in ("", "[]", '{"conversations": 7}', '{"desk": {"x": 1}}'):
        assert Tidings.read(broken).all
        assert Tidings.read(broken).bells == set(Bell)
