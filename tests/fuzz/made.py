"""Things at random that look a little like what each door expects."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from tests.channels.telegram.support import STAFF_CHAT
from tests.channels.telegram.test_reader import BUYER, FILE, LONG, LOOK, PERSON, PLACE, message

ODD_TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            *("", " ", "\0", "\ud83d", "\u202e", "9" * 5000, "-1", "1e400", "NaN", "{{ 7 }}", "<b>", "'; --"),
            *("我要退款", "/start x", "|start|human", "2600018001", "👨‍👩‍👧‍👦", "a" * 300, "a\u0301" * 50),
        ]
    ),
)
NUMBERS = st.one_of(
    st.integers(-10, 10), st.integers(), st.floats(), st.sampled_from([2**31, 2**52, 2**63, -(2**63), 10**30])
)
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, ODD_TEXT)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(ODD_TEXT, inner, max_size=4)),
    max_leaves=8,
)


def _places(of: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Each place in a JSON value, by the keys that lead there."""
    inside = of.items() if isinstance(of, dict) else enumerate(of) if isinstance(of, list) else ()
    return [at, *(place for key, value in inside for place in _places(value, (*at, key)))]


def _with(of: Any, at: tuple[Any, ...], value: Any) -> Any:
    if not at:
        return value
    copy = dict(of) if isinstance(of, dict) else list(of)
    copy[at[0]] = _with(of[at[0]], at[1:], value)
    return copy


@st.composite
def damaged(draw: st.DrawFn, whole: Any) -> Any:
    """The value with up to three of its parts exchanged for something else, taken out, or one more put in."""
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.sampled_from(_places(whole)))
        whole = _with(whole, place, draw(ANYTHING))
        if isinstance(whole, dict) and draw(st.booleans()):
            whole = {**whole, draw(ODD_TEXT): draw(ANYTHING)}
    return whole


_STAFF = {"id": STAFF_CHAT, "type": "supergroup", "title": "staff", "is_forum": True}
_TAP = {
    "id": "1",
    "from": PERSON,
    "chat_instance": "1",
    "data": "a|start|human",
    "message": message(text="?"),
}
_REACTION = {
    "chat": BUYER,
    "message_id": 1,
    "date": 1,
    "user": PERSON,
    "old_reaction": [],
    "new_reaction": [{"type": "emoji", "emoji": "👍"}],
}
_MEMBER = {"user": PERSON, "status": "member"}
UPDATES: list[dict[str, Any]] = [
    {
        "update_id": 1,
        "message": message(text="我要退款", entities=[{"type": "bold", "offset": 0, "length": 2}]),
    },
    {"update_id": 2, "message": message(caption="坏了", photo=[{**FILE, **LOOK}], media_group_id="7")},
    {"update_id": 3, "message": message(document={**FILE, "file_name": "a.pdf", "mime_type": "a/b"})},
    {"update_id": 4, "message": message(voice=LONG)},
    {
        "update_id": 5,
        "message": message(
            sticker={**FILE, **LOOK, "type": "regular", "is_animated": False, "is_video": False}
        ),
    },
    {
        "update_id": 6,
        "message": message(venue={"location": PLACE, "title": "a", "address": "b"}, location=PLACE),
    },
    {"update_id": 7, "message": message(contact={"phone_number": "+86", "first_name": "a", "user_id": 42})},
    {"update_id": 8, "edited_message": message(text="改了", edit_date=2, reply_to_message=message(text="x"))},
    {"update_id": 9, "callback_query": _TAP},
    {"update_id": 10, "message_reaction": _REACTION},
    {
        "update_id": 11,
        "my_chat_member": {
            "chat": BUYER,
            "from": PERSON,
            "date": 1,
            "old_chat_member": _MEMBER,
            "new_chat_member": _MEMBER,
        },
    },
    {
        "update_id": 12,
        "message": message(text="/claim", chat=_STAFF, message_thread_id=5, is_topic_message=True),
    },
    {"update_id": 13, "callback_query": {**_TAP, "message": {**message(text="?"), "chat": _STAFF}}},
]
UPDATE = st.one_of(ANYTHING, *(damaged(one) for one in UPDATES))
NESTED = st.builds(
    lambda opening, deep, closing: opening * deep + "1" + closing * deep,
    st.sampled_from(["[", '{"a":', '{"message":', '{"update_id":']),
    st.integers(0, 3000),
    st.sampled_from(["]", "}", ""]),
)
BODY = st.one_of(
    st.binary(max_size=60),
    NESTED.map(str.encode),
    UPDATE.map(lambda value: json.dumps(value).encode()),
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")),
)
"""What may be posted as JSON."""

SAID = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(
                    "我要退款",
                    "不",
                    "没有",
                    "订单",
                    "2600018001",
                    "尾号1234",
                    "第二个",
                    "3月5号",
                    "20%",
                    "¥20.5",
                    "SF1234567890123",
                ),
                *(
                    "I want a refund",
                    "don't",
                    "order",
                    "tomorrow",
                    "two hundred",
                    "XL",
                    "红色",
                    "，",
                    ". ",
                    "\n",
                    "？",
                    "退宽",
                    "tuikuan",
                ),
            ]
        ),
        ODD_TEXT,
    ),
    max_size=12,
).map("".join)
"""What a buyer may write."""

PIECES = [
    *(
        "{{ ",
        " }}",
        "{% if parcels %}",
        "{% endif %}",
        "{% for p in parcels %}",
        "{% endfor %}",
        "{% else %}",
        "{% set a = ",
    ),
    *(
        " %}",
        "{# ",
        " #}",
        "order",
        ".title",
        ".lines",
        "[0]",
        "|money",
        "|short(9)",
        "|count",
        "|link('x')",
        "'a'",
        "9",
    ),
    *(
        "<b>",
        "</b>",
        '<a href="https://x.example">',
        "</a>",
        "&amp;",
        "<",
        "\n---\n",
        "human: x\n",
        "another: ",
        "parcels",
    ),
    *(
        " and ",
        " not ",
        " == ",
        "(",
        ")",
        "{%- ",
        " -%}",
        "{% raw %}",
        "{% endraw %}",
        "range(9**9)",
        " ~ ",
        ".__class__",
    ),
]
TEMPLATE = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from(PIECES) | ODD_TEXT, max_size=25).map("".join)
)
PHRASES = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                *(
                    "phrases:\n",
                    "slots:\n",
                    "words:\n",
                    "  - ",
                    "\n",
                    "退款",
                    "refund (now|please)",
                    "[a|b]",
                    "(a|",
                    "|",
                    ")",
                    "]",
                ),
                *(
                    "{order}",
                    "<x>",
                    "&a ",
                    "*a",
                    "? ",
                    "- - ",
                    "!!python/object:os.system ",
                    '"',
                    "'",
                    ": ",
                    "#",
                    "---\n",
                    "reason:",
                ),
                *("(a|b)" * 6, "[x]" * 12, "{" * 60, "[" * 60, "~", "2026-13-45", "1e999", "yes", "<<: "),
            ]
        )
        | ODD_TEXT,
        max_size=25,
    ).map("".join),
    st.lists(ODD_TEXT, min_size=1, max_size=6).map(
        lambda words: json.dumps({"phrases": words}, ensure_ascii=False)
    ),
)
HEADS = (
    "order_number,placed_at,title,paid,quantity,phone,currency,paid_at,signed_at,category,sku,line",
    "订单编号,订单创建时间,宝贝标题,实付,数量,收货人",
    "tracking_number,order_number,carrier,state,event_at,event_text",
    "运单号,订单编号,快递公司,物流状态,轨迹时间",
)
CELL = st.one_of(
    ODD_TEXT,
    NUMBERS.map(str),
    st.sampled_from(
        [
            "2600018001",
            '="2600018001"',
            "2026-11-20 10:00",
            "2026/13/45",
            "¥399.00",
            "1,000",
            "1.000,5",
            "-5",
            "=1+1",
        ]
    ),
)
TABLE = st.one_of(
    st.text(max_size=80),
    st.builds(
        lambda head, rows, parted: "\n".join(
            [head.replace(",", parted), *(parted.join(row) for row in rows)]
        ),
        st.sampled_from(HEADS),
        st.lists(st.lists(CELL, max_size=12), max_size=6),
        st.sampled_from([",", ";", "\t"]),
    ),
)
TAPPED = st.one_of(
    ODD_TEXT,
    st.lists(
        st.sampled_from(
            [
                "|",
                "start",
                "human",
                "bot",
                "order",
                "cancel",
                "yes",
                "act",
                "claim",
                "agree:R1:1",
                ":",
                " ",
                "=",
            ]
        )
        | ODD_TEXT,
        max_size=8,
    ).map("".join),
    st.builds(
        lambda token, slot, value: f"{token}|{slot}|{value}",
        st.integers(0, 30).map(str),
        st.sampled_from(["start", "order", "reason", "cancel", "amount", "revoke", "act", "guide", "score"]),
        st.sampled_from(
            ["revoke_refund case=R1", "request_refund order=x", "partial_refund accept=yes case=", "bot", "5"]
        )
        | ODD_TEXT,
    ),
)
"""What a button may carry, and what none does."""
QUERY = damaged({"query_id": "AAF", "user": '{"id": 900}', "auth_date": "1763625600", "hash": "0" * 64}).map(
    lambda fields: (
        "&".join(f"{name}={value}" for name, value in fields.items())
        if isinstance(fields, dict)
        else str(fields)
    )
)
"""What a Mini App hands on as signed, which it is not."""
