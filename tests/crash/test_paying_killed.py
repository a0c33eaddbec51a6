"""The shop's process is killed while it has refunds paid: each is paid once, and the ledger adds up."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.decision import PayOut
from bot.domain.ledger import problems
from bot.domain.refunds import Refund, RefundState
from bot.pipeline.payouts import order_to_pay
from bot.pipeline.ports import Unit
from bot.pipeline.turns import Outturn
from bot.store.database import SqlDatabase
from tests.crash.place import storage
from tests.crash.shop import ROOT, Shop
from tests.doubles.payment_service import PaymentService, Reply
from tests.granted import NOW, grant

REFUNDS = 4
PATIENCE = 60.0
"""Seconds for a start, and for the last process to have everything paid."""


def order_all(unit: Unit) -> None:
    """Refunds that an agent granted, and their orders to pay."""
    for number in range(REFUNDS):
        refund = grant(unit, f"R{number}", f"A{number}")
        conversation = unit.conversation_at("web", f"buyer of A{number}", NOW)
        draft = order_to_pay(PayOut(refund, NOW))
        unit.commit([Outturn((), conversation, conversation, drafts=(draft,))], NOW)


@asynccontextmanager
async def served(shop: Shop, service: PaymentService) -> AsyncIterator[asyncio.subprocess.Process]:
    """`shouhou run`, killed in the end; the service knows where to call."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("SHOUHOU_", "TELEGRAM_"))
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "-C", str(shop.folder), "run"),
        cwd=ROOT,
        env=clean
        | {
            "PYTHONUNBUFFERED": "1",
            "SHOUHOU_STORAGE__URL": shop.url,
            "SHOUHOU_WEB__PORT": "0",
            "SHOUHOU_WEB__DEMO": "false",
            "SHOUHOU_SECRET_KEY": "a secret for crashes, of no worth",
            "SHOUHOU_PAYOUTS__METHOD": "webhook",
            "SHOUHOU_PAYOUTS__URL": service.url,
            "SHOUHOU_PAYOUT_SECRET": service.secret,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            service.callback_url = f"{await address_of(process)}/payouts"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def address_of(process: asyncio.subprocess.Process) -> str:
    """Where it says it serves."""
    assert process.stdout
    async for line in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line.decode()):
            return found[0]
    raise AssertionError("it ended without saying where it serves")


async def until(url: str, state: RefundState) -> list[Refund]:
    """All refunds, once they have come so far."""
    async with SqlDatabase(url, exclusive=False) as database, asyncio.timeout(PATIENCE):
        while True:
            found = await database.read(lambda unit: unit.refunds())
            if all(refund.state is state for refund in found):
                return found
            await asyncio.sleep(0.1)


async def test_killed_thrice_while_it_has_refunds_paid(tmp_path: Path) -> None:
    with storage("sqlite", tmp_path) as place:
        url = place.url
        shop = Shop.lay_out(tmp_path, url, 1)
        await shop.open()
        async with SqlDatabase(url) as database:
            await database.write_alone(order_all)
        async with PaymentService(lambda: datetime.now(UTC)) as service:
            for _ in range(3):
                service.next = [Reply(), Reply(waits=True), Reply(code=500)]
                async with served(shop, service), asyncio.timeout(PATIENCE):
                    await service.holding.wait()
                service.go_on()
            service.next = []
            async with served(shop, service) as process:
                for refund in await until(url, RefundState.SENT):
                    assert await service.call_back(refund.key, "succeeded") == 202
                    assert await service.call_back(refund.key, "succeeded") == 202
                refunds = await until(url, RefundState.DONE)
                process.terminate()
                await process.wait()
        assert service.violations == []
        assert sorted(order["key"] for order in service.payments) == sorted(one.key for one in refunds)
        async with SqlDatabase(url) as database:
            lines = await database.read(lambda unit: unit.ledger())
            paid = await database.read(lambda unit: unit.paid([one.order_number for one in refunds]))
        assert list(problems(refunds, lines, paid)) == []
        assert len(lines) == 3 * REFUNDS
