"""What the payment service calls back: only what it signed, only about what was ordered, stored before it is acknowledged."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.payout.callback import LARGEST_BODY
from tests.doubles.payment_service import PaymentService, sign
from tests.pipeline.paying import Paying
from tests.pipeline.rig import Rig
from tests.stores import rows


@pytest.fixture
async def paying(rig: Rig) -> AsyncIterator[Paying]:
    async with Paying.open(rig) as opened:
        yield opened


async def heard(paying: Paying) -> list[dict[str, Any]]:
    """What stands in the inbox of it."""
    return [row["payload"] for row in await rows(paying.rig.database, "inbox") if row["channel"] == "payout"]


async def test_a_call_is_stored_before_it_is_acknowledged_and_once(
    paying: Paying, service: PaymentService
) -> None:
    key = await paying.owed()
    assert await service.call_back(key, "failed", reason="account\x00closed") == 202
    assert await service.call_back(key, "failed", reason="told anew") == 202
    assert await heard(paying) == [
        {
            "key": key,
            "event": "fail",
            "attempt": 1,
            "reference": f"P-{key}-1",
            "why": "account closed",
        }
    ]
    await paying.rig.work()
    assert (await paying.refund(key)).problem == "account closed"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"key": "refund:R9"}, 404),
        ({"attempt": 2}, 404),
        ({"attempt": 0}, 404),
        ({"attempt": True}, 400),
        ({"attempt": "1"}, 400),
        ({"event": "accepted"}, 400),
        ({"event": ["succeeded"]}, 400),
        ({"event": None}, 400),
        ({"key": 7}, 400),
        ({"key": ""}, 400),
        ({"key": "refund:R1#2"}, 400),
        ({"key": "refund:\ud800"}, 400),
        ({"key": "k" * 61}, 400),
        ({"reference": 7}, 400),
        ({"reference": "x" * 121}, 400),
        ({"reason": "x" * 501}, 400),
        ({"amount": "1.00"}, 400),
    ],
)
async def test_what_is_not_as_documented_is_refused_and_changes_nothing(
    paying: Paying, service: PaymentService, change: dict[str, Any], status: int
) -> None:
    key = await paying.owed()
    told = {"key": key, "event": "succeeded", "attempt": 1} | change
    assert await service.post(json.dumps(told).encode()) == status
    assert await heard(paying) == []


@pytest.mark.parametrize("missing", ["key", "event", "attempt"])
async def test_a_field_that_is_missing_is_refused(
    paying: Paying, service: PaymentService, missing: str
) -> None:
    told = {"key": await paying.owed(), "event": "succeeded", "attempt": 1}
    del told[missing]
    assert await service.post(json.dumps(told).encode()) == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 9_000, b"\xff\xfe", b"null", b"[]", b'"paid"'])
async def test_what_is_no_json_object_is_refused(service: PaymentService, body: bytes) -> None:
    assert await service.post(body) == 400


async def test_what_is_too_long_is_refused(service: PaymentService) -> None:
    assert await service.post(b" " * (LARGEST_BODY + 1)) == 413


async def test_without_a_right_signature_nobody_learns_which_orders_there_are(
    paying: Paying, service: PaymentService
) -> None:
    known = {"key": await paying.owed(), "event": "succeeded", "attempt": 1}
    for told in (known, known | {"key": "refund:R9"}, known | {"event": "?"}):
        body = json.dumps(told).encode()
        now = str(int(paying.rig.clock().timestamp()))
        wrong = {"webhook-id": "m", "webhook-timestamp": now, "webhook-signature": "v1,AAAA"}
        assert await service.post(body, wrong) == 401
        assert await service.post(body, {"webhook-id": "m"}) == 401
    assert await heard(paying) == []


async def test_a_call_that_was_overheard_is_of_no_use_later(paying: Paying, service: PaymentService) -> None:
    body = json.dumps({"key": await paying.owed(), "event": "succeeded", "attempt": 1}).encode()
    timestamp = str(int(paying.rig.clock().timestamp()))
    overheard = {
        "webhook-id": "m",
        "webhook-timestamp": timestamp,
        "webhook-signature": sign("m", timestamp, body),
    }
    paying.rig.clock.advance(minutes=6)
    assert await service.post(body, overheard) == 401
    assert await heard(paying) == []


async def test_an_order_to_pay_thrown_back_at_us_is_no_news(paying: Paying, service: PaymentService) -> None:
    key = await paying.owed()
    await paying.send()
    assert await service.post(service.orders[key]) == 400


async def test_who_calls_too_often_is_asked_to_wait(service: PaymentService) -> None:
    found = {await service.post(b"{}", {"webhook-id": "m"}) for _ in range(120)}
    assert found == {401, 429}


async def test_what_can_not_be_stored_is_not_acknowledged(
    paying: Paying, service: PaymentService, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = await paying.owed()

    async def broken(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(paying.rig.database, "write", broken)
        assert await service.call_back(key, "succeeded") == 503
    assert await service.call_back(key, "succeeded") == 202
    await paying.rig.work()
    assert await paying.state(key) == "done"
