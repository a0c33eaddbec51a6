"""Money on the agents' page: what is offered about it, and how it reaches the inbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from bot.desk.panel import panel
from bot.domain.conversation import Conversation
from bot.domain.money import Money
from bot.domain.refunds import Purpose, Refund, RefundState
from bot.pipeline.looks import Past
from bot.pipeline.turns import Known
from tests.channels.web.browser import Browser
from tests.channels.web.house import House
from tests.passwords import PASSWORD

REFUND = Refund(
    "refund:R7", "R7", "A1", Purpose.PRICE, Money(12_900, "CNY"), datetime(2026, 11, 20, 9, tzinfo=UTC)
)


def offered(refund: Refund, *, on_its_way: bool = False) -> dict[str, str]:
    """Act to the words it asks for."""
    known = Known(refunds=(refund,), on_their_way=frozenset({refund.key} if on_its_way else ()))
    [shown] = panel(Conversation(1, "web", "x"), known, Past(), {}, lambda file: "/f", {})["refunds"]
    return {wish["act"]: wish["words"] for wish in shown["acts"]}


def test_what_waits_to_be_transferred_is_paid_failed_or_called_off() -> None:
    assert offered(REFUND) == {"succeed": "", "fail": "why", "cancel": "why"}


def test_what_may_be_with_the_payment_service_is_left_to_it() -> None:
    assert offered(REFUND, on_its_way=True) == {}


def test_above_the_limit_it_is_approved_first() -> None:
    assert offered(replace(REFUND, people=2)) == {"approve": "", "fail": "why", "cancel": "why"}


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        (RefundState.SENT, {"succeed": "", "fail": "why"}),
        (RefundState.FAILED, {"succeed": "", "retry": "", "cancel": "why"}),
        (RefundState.DONE, {}),
        (RefundState.CANCELLED, {}),
    ],
)
def test_what_is_offered_follows_from_how_far_the_money_is(state: RefundState, acts: dict[str, str]) -> None:
    assert offered(replace(REFUND, state=state)) == acts


async def test_an_act_on_a_refund_goes_into_the_inbox_with_the_version_that_was_seen() -> None:
    async with House().open() as house, Browser(house.url, "/desk") as browser:
        await browser.client.post("/desk/sign-in", data={"login": "mia", "password": PASSWORD})
        await browser.load()
        number = house.store.conversation_at("web", "x", datetime.now(UTC)).id

        async def post(**body: Any) -> int:
            answer = await browser.post("/desk/acts", id=str(uuid4()), conversation=number, **body)
            return answer.status_code

        assert await post(act="succeed", case=REFUND.key, version=3) == 202
        assert await post(act="cancel", case=REFUND.key, version=3) == 400, "without a reason"
        assert await post(act="cancel", case=REFUND.key, version=3, text="不退了") == 202
        assert await post(act="send", case=REFUND.key, version=3) == 400, "only whoever pays can say so"
        assert [dict(arrival.payload) for arrival in house.arrivals] == [
            {
                "act": "succeed",
                "agent": "Mia",
                "account": "staff:1",
                "case": REFUND.key,
                "version": 3,
                "text": "",
            },
            {
                "act": "cancel",
                "agent": "Mia",
                "account": "staff:1",
                "case": REFUND.key,
                "version": 3,
                "text": "不退了",
            },
        ]
