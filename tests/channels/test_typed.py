"""What agents type, on whichever desk."""

from itertools import product

import pytest

from bot.channels.typed import UNKNOWN, holds_command, typed
from bot.domain.messages import AgentAct
from bot.flows.desk import STAFF_COMMANDS
from bot.understanding.waybills import holds_waybill


@pytest.mark.parametrize("name", STAFF_COMMANDS)
def test_no_line_that_begins_with_a_command_is_said_to_the_buyer(name: str) -> None:
    slashes = ("/", "／", "、", " /", "\u200b/", "\n\n/")
    rests = ("", " R1 SF1234567890 破损", "\nR1", "：R1", "。", "@another_bot R1")
    for slash, rest in product(slashes, rests):
        for text in (slash + name + rest, slash + name.upper() + rest, f"您好\n{slash}{name}{rest}"):
            act = typed(text, "Amy")
            assert act is not None, text
            assert act.act != "say", text
            assert holds_command(text), text


@pytest.mark.parametrize(
    "text", ["/", "/say hello", "/note x", "/agree_return R1", "/拒绝 R1", "/ refuse R1", "／5", "/" * 9000]
)
def test_what_begins_with_a_slash_is_never_said_either(text: str) -> None:
    act = typed(text, "Amy")
    assert act is not None
    assert act.act in (UNKNOWN, "note")


@pytest.mark.parametrize(
    "text",
    ["您好", "1/2", "、好的", "see https://example.org/claim", "refuse R1", "、claimed", "退款/return 都行"],
)
def test_everything_else_is_said_as_it_stands(text: str) -> None:
    assert typed(text, "Amy") == AgentAct("say", "Amy", text=text)


@pytest.mark.parametrize(
    "text",
    ["你好 /release", "好的，/refuse R1 破损", "sorry, one moment /refuse R1 worn", "see below: ／agree R7"],
)
def test_a_command_in_the_middle_of_a_line_is_not_said_to_the_buyer(text: str) -> None:
    act = typed(text, "Amy")
    assert act
    assert act.act == UNKNOWN
    assert holds_command(text)


def test_a_case_may_be_parted_from_the_reason_in_any_way() -> None:
    for gap in ("  ", "\n", "\u3000"):
        assert typed(f"/refuse{gap}r7{gap}照片看不清", "Amy") == AgentAct(
            "refuse", "Amy", "R7", text="照片看不清"
        )


def test_a_reason_that_holds_a_command_is_none() -> None:
    act = typed("/refuse R7 破损\n/release", "Amy")
    assert act
    assert act.act == UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "SF2000011112222", "顺丰 SF2000011112222", "圆通YT2000011112222", "中通 73100099988877", "sf 2000 0111 12222",
        "FedEx 7700 9988 7766", "UPS 1Z12345E0205271688", "RR123456785CN", "JDX012345678901-1-1-", "单号：78123456789，已寄出",
        "1Z 123 45E 02 0527 1688",
    ],
)  # fmt: skip
def test_waybills_look_like_one(text: str) -> None:
    assert holds_waybill(text)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "寄了", "顺丰", "1234567", "SF123", "ABCDEFGHIJ", "already sent back", "12 34", "no2 no3", "1" * 41, "-" * 9000],
)  # fmt: skip
def test_what_looks_like_no_waybill_is_none(text: str) -> None:
    assert not holds_waybill(text)
