"""Personal data in words is made unreadable, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.understanding.personal import HIDDEN, masked


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("电话13912345678", "电话139****5678"),
        ("+86 139 1234 5678 找我", "861****5678 找我"),
        ("call (415) 555-0132", "call 415****0132"),
        ("call +44 20 7946 0958", "call 442****0958"),
        ("call 12025550143", "call 120****0143"),
        ("My mobile: 07700 900123", "My mobile: 077****0123"),
        ("0049 170 1234567 is my number", "004****4567 is my number"),
        ("110101199003078515 是我的身份证", "110****15 是我的身份证"),
        ("mail me: emma.b+x@mail.example.co.uk", "mail me: e****@mail.example.co.uk"),
        ("寄到浙江省杭州市余杭区文一西路969号3幢201室，谢谢", "寄到浙江省杭州市余杭区****，谢谢"),
        ("上海市徐汇区漕溪北路88号", "上海市徐汇区****"),
        ("I moved to 221B Baker Street, Apt 4", "I moved to ****"),
        ("收件人林小满", "收件人林****"),
    ],
)
def test_personal_data(said: str, left: str) -> None:
    assert masked(said, ["林小满"]) == left


@pytest.mark.parametrize(
    "said",
    [
        "订单 2600018002 要退款 ¥329.00",
        "运单 SF1234567890123 和 YT8800112233445",
        "R2611200003 · 申请成功 · 11月20日 10:00",
        "退货区在哪里，快递单号是多少",
        "等了 30 分钟，第 2 次问了",
        "It broke after 3 days. Drive me mad!",
        "尺码 165 110斤，颜色要蓝的",
    ],
)
def test_what_is_none_stays(said: str) -> None:
    assert masked(said, [" ", "R"]) == said


@pytest.mark.parametrize(
    ("public", "left"),
    [
        ("林小满", "林小满 给林小满 下单，叫小满"),
        ("林小满 给", "林小满 给林**** 下单，叫小满"),
        ("小满", "林**** 给林**** 下单，叫小满"),
        ("林", "林**** 给林**** 下单，叫小满"),
        ("", "林**** 给林**** 下单，叫小满"),
    ],
)
def test_a_public_name_is_left_and_does_not_uncover_another(public: str, left: str) -> None:
    assert masked("林小满 给林小满 下单，叫小满", ["林小满"], public) == left


@given(some.text(), some.from_regex(r"1[3-9]\d{9}", fullmatch=True), some.text())
def test_a_phone_number_by_itself_never_passes(before: str, number: str, after: str) -> None:
    said = f"{before} {number} {after}"
    assert f" {number} " not in masked(said)


@given(some.text())
def test_masking_again_changes_nothing_more(said: str) -> None:
    once = masked(said)
    assert masked(once) == once or HIDDEN in once
