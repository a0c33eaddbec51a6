"""Where updates belong; and that nothing, of whatever shape, raises."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.router import arrival
from tests.channels.telegram.support import STAFF_CHAT

BUYER = {"id": 42, "type": "private"}
STAFF = {"id": STAFF_CHAT, "type": "supergroup"}

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from([42, STAFF_CHAT, "private", "\ud800", "\x00", True, 2**31, 2**63]),
)
names = st.sampled_from(
    [
        "update_id",
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "message_reaction",
        "message_id",
        "chat",
        "id",
        "type",
        "message_thread_id",
        "is_topic_message",
        "media_group_id",
        "from",
        "data",
        "inline_message_id",
        "text",
        "photo",
    ]
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=6),
    max_leaves=25,
)


@given(anything)
def test_no_shape_raises(update: Any) -> None:
    made = arrival(update, STAFF_CHAT)
    assert made.channel == "telegram"
    assert made.origin
    assert isinstance(made.payload, dict)
    assert len(made.origin) <= 80
    assert len(made.address) <= 20
    assert len(made.album) <= 64
    assert len(made.staff_message) <= 20
    (made.origin + made.address + made.album).encode()
    assert made.staff_thread is None or 0 < made.staff_thread < 2**31
    json.dumps(dict(made.payload))


@given(anything, anything)
def test_the_same_update_has_the_same_origin_and_others_have_others(one: Any, two: Any) -> None:
    assert arrival(one).origin == arrival(json.loads(json.dumps(one))).origin
    ids = [update.get("update_id") if isinstance(update, dict) else None for update in (one, two)]
    if all(type(number) is int and abs(number) < 2**52 for number in ids):
        assert (arrival(one).origin == arrival(two).origin) == (ids[0] == ids[1])


@pytest.mark.parametrize("kind", ["message", "edited_message", "my_chat_member"])
def test_a_private_chat_is_an_address(kind: str) -> None:
    made = arrival({"update_id": 5, kind: {"chat": BUYER}})
    assert (made.origin, made.address, made.staff_thread) == ("update:5", "42", None)


def test_a_tap_belongs_to_the_chat_of_its_message_or_to_who_tapped() -> None:
    assert arrival({"callback_query": {"message": {"chat": BUYER}, "from": {"id": 1}}}).address == "42"
    assert arrival({"callback_query": {"from": {"id": 42}}}).address == "42"
    assert arrival({"callback_query": {"from": {"id": 42}, "inline_message_id": "x"}}).address == ""


def test_a_reaction_in_the_staff_group_is_known_by_its_message_and_a_buyers_by_their_chat() -> None:
    made = arrival({"message_reaction": {"chat": STAFF, "message_id": 9}}, STAFF_CHAT)
    assert (made.address, made.staff_thread, made.staff_message) == ("", None, "9")
    made = arrival({"message_reaction": {"chat": BUYER, "message_id": 9}}, STAFF_CHAT)
    assert (made.address, made.staff_message) == ("42", "")
    assert arrival({"message_reaction": {"chat": STAFF, "message_id": "9"}}, STAFF_CHAT).staff_message == ""


def test_a_topic_of_the_staff_group_is_a_thread_and_no_address() -> None:
    said = {"chat": STAFF, "message_thread_id": 9, "is_topic_message": True}
    for update in ({"message": said}, {"callback_query": {"message": said, "from": {"id": 1}}}):
        made = arrival(update, STAFF_CHAT)
        assert (made.address, made.staff_thread) == ("", 9)


@pytest.mark.parametrize(
    "update",
    [
        {"message": {"chat": STAFF}},
        {"message": {"chat": STAFF, "message_thread_id": 9}},
        {"message": {"chat": {"id": -5, "type": "group"}, "message_thread_id": 9, "is_topic_message": True}},
        {"channel_post": {"chat": {"id": -6, "type": "channel"}}},
        {"business_message": {"chat": BUYER}},
        {"poll": {"id": "1"}},
        {},
    ],
)
def test_anything_else_belongs_to_nobody(update: dict[str, Any]) -> None:
    made = arrival(update, STAFF_CHAT)
    assert (made.address, made.staff_thread) == ("", None)


def test_album_parts_share_their_album() -> None:
    assert arrival({"message": {"chat": BUYER, "media_group_id": "777"}}).album == "777"
