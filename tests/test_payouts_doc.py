"""The example in docs/payouts.md works: it believes what the shop posts, and the shop believes what it calls back."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from urllib.error import HTTPError

import pytest

from bot.channels.payout.callback import Callback
from bot.channels.payout.signature import signed
from bot.channels.web.hub import Hub
from bot.channels.web.server import WebServer, build
from bot.domain.decision import PayOut
from bot.domain.money import Money
from bot.domain.refunds import Purpose, Refund
from bot.pipeline.arrivals import Arrival
from bot.pipeline.payouts import order_to_pay
from bot.pipeline.ports import Database, Unit
from tests.doubles.payment_service import FIELDS, SECRET
from tests.serving import online

DOC = (Path(__file__).parents[1] / "docs" / "payouts.md").read_text(encoding="utf-8")
REFUND = Refund(
    "refund:R2611200001",
    "R2611200001",
    "2600018001",
    Purpose.PRICE,
    Money(32_900, "CNY"),
    datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC),
)


@pytest.fixture
def example() -> dict[str, Any]:
    """What the page's Python defines."""
    [code] = re.findall(r"^```python\n(.*?)^```$", DOC, re.MULTILINE | re.DOTALL)
    defined: dict[str, Any] = {}
    exec(compile(code, "docs/payouts.md", "exec"), defined)  # noqa: S102 -- our own page
    return defined


def test_the_order_shown_is_the_order_posted() -> None:
    shown = re.findall(r'^\{"amount".*$', DOC, re.MULTILINE)
    assert shown == [order_to_pay(PayOut(REFUND, REFUND.created_at)).text]


def test_every_field_posted_is_explained() -> None:
    table = DOC.split("## What is posted")[1].split("## ")[0]
    cells = re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE)
    assert {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} == FIELDS


def test_the_example_believes_what_the_shop_posts_and_nothing_else(example: dict[str, Any]) -> None:
    body = order_to_pay(PayOut(REFUND, REFUND.created_at)).text.encode()
    headers = signed(SECRET, REFUND.order_to_pay, datetime.now(UTC), body)
    assert example["is_genuine"](SECRET, headers, body)
    assert not example["is_genuine"](SECRET, headers, body + b" ")
    assert not example["is_genuine"](SECRET, signed(SECRET, "m", REFUND.created_at, body), body)


async def test_the_shop_believes_what_the_example_calls_back(example: dict[str, Any]) -> None:
    async with shop() as (url, taken):
        told = {"key": REFUND.key, "event": "succeeded", "attempt": 1, "reference": "RF-889"}
        assert await asyncio.to_thread(example["call_back"], url, SECRET, "call-1", told) == 202
        [arrival] = taken
        assert (arrival.origin, arrival.payload["reference"]) == ("refund:R2611200001:succeed", "RF-889")
        with pytest.raises(HTTPError, match="401"):
            await asyncio.to_thread(example["call_back"], url, "whsec_" + "A" * 32, "call-2", told)


async def test_the_call_shown_is_one_the_shop_takes(example: dict[str, Any]) -> None:
    [shown] = re.findall(r'^\{"key".*$', DOC, re.MULTILINE)
    async with shop() as (url, taken):
        assert await asyncio.to_thread(example["call_back"], url, SECRET, "call-1", json.loads(shown)) == 202
        assert len(taken) == 1


@asynccontextmanager
async def shop() -> AsyncIterator[tuple[str, list[Arrival]]]:
    """The callback's route on a real port, with one refund; where it is, and what it took."""
    taken: list[Arrival] = []

    async def take(arrivals: Sequence[Arrival]) -> None:
        taken.extend(arrivals)

    class OneRefund:
        async def read(self, job: Callable[[Unit], Any]) -> Any:
            return job(cast(Unit, self))

        def ordered(self, order: str) -> int | None:
            return 7 if order == REFUND.order_to_pay else None

    callback = Callback(cast(Database, OneRefund()), take, SECRET, lambda: datetime.now(UTC))
    server = WebServer(build(callback.routes(), lambda *_: {}, ("en",)), (Hub(),), "127.0.0.1", 0)
    async with online(server) as address:
        yield f"{address}/payouts", taken
