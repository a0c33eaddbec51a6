"""What the staff group's buttons say they do: a tap there is taken at once, without another question."""

from __future__ import annotations

import pytest

from bot.domain.cases import BACK, MONEY, Kind
from bot.flows.handoff import new_case
from bot.replies import Replies
from tests.desk.samples import case


@pytest.mark.parametrize(
    ("language", "back", "paid", "sent"),
    [
        ("zh", "同意，先退回 R7", "同意打款（不用退回） R7", "同意寄出（不用退回） R7"),
        ("en", "Approve, return first R7", "Approve, pay, no return R7", "Approve, send, no return R7"),
    ],
)
def test_who_taps_knows_whether_the_goods_come_back(
    shipped: Replies, language: str, back: str, paid: str, sent: str
) -> None:
    for kind in BACK:
        labels = [label for label, _ in shipped(new_case(case(kind=kind)), language).buttons]
        assert labels == [back, paid if kind in MONEY else sent], kind
    plain = [label for label, _ in shipped(new_case(case(kind=Kind.REFUND_ONLY)), language).buttons]
    assert plain == ["同意打款 R7" if language == "zh" else "Approve, pay R7"]
