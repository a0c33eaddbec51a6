"""Each place that compares a secret or a signature leaves it to `hmac.compare_digest`, whose time tells nothing of either.

How long a comparison takes is not asserted; that nothing else decides is. The function is made to say no of what is right, and
yes of what is wrong: whoever compares by ``==`` would not heed it.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import httpx
import pyotp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import BaseRoute
from telegram import Bot

from bot.channels.health import Health
from bot.channels.payout.callback import PATH, Callback
from bot.channels.payout.signature import signed as signed_call
from bot.channels.telegram.settings import Settings
from bot.channels.telegram.webhook import DEFAULT_PATH, SECRET_HEADER, Webhook
from bot.channels.web.guard import Proofs, Refusal
from bot.desk.mini_app import signed_person
from bot.desk.second_factor import SecondFactor
from bot.desk.trip import Trip
from bot.shop.links import sign, verify
from tests.channels.web.browser import Browser
from tests.channels.web.house import House
from tests.desk.test_mini_app import signed as signed_by_telegram

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TOKEN = "123456:AAF-test"
RIGHT, WRONG = "a-right-secret-of-the-shop", "a-wrong-secret-of-nobodys!"
UNREAD = cast("Any", None)
"""What nothing comes to: who is let in is turned away for what they bring."""


async def _called(
    routes: Sequence[BaseRoute], path: str, headers: dict[str, str], body: bytes
) -> httpx.Response:
    transport = httpx.ASGITransport(Starlette(routes=routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.example") as client:
        return await client.post(path, headers=headers, content=body)


async def webhook(given: str) -> bool:
    """Telegram's own secret, with each update."""
    hook = Webhook(Bot(TOKEN), UNREAD, UNREAD, Settings(secret=RIGHT))
    answer = await _called(hook.routes(), DEFAULT_PATH, {SECRET_HEADER: given}, b"no JSON")
    assert answer.status_code in (403, 415)
    return answer.status_code == 415


async def payments(given: str) -> bool:
    """The signature of who pays."""
    secrets = {RIGHT: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", WRONG: "some other secret, long enough"}
    callback = Callback(UNREAD, UNREAD, secrets[RIGHT], lambda: NOW)
    headers = signed_call(secrets[given], "refund:R1#1", NOW, b"[]")
    answer = await _called(callback.routes(), PATH, headers, b"[]")
    assert answer.status_code in (400, 401)
    return answer.status_code == 400


async def metrics(given: str) -> bool:
    """The token Prometheus brings."""
    headers = [(b"authorization", f"Bearer {given}".encode())]
    health = Health(UNREAD, lambda: NOW, (), token=RIGHT)
    return health.turned_away(Request({"type": "http", "headers": headers})) is None


async def mini_app(given: str) -> bool:
    """What Telegram signed for the desk inside it."""
    return signed_person(signed_by_telegram(4242, NOW, f"1:{given}"), f"1:{RIGHT}", NOW) == 4242


async def second_factor(given: str) -> bool:
    """A code of an authenticator."""
    factor = SecondFactor(RIGHT)
    code = pyotp.TOTP(factor.key("nonce")).at(NOW)
    wrong = code.translate(str.maketrans("0123456789", "1234567890"))
    return factor.step("nonce", code if given == RIGHT else wrong, NOW) is not None


async def trip(given: str) -> bool:
    """Back from the company's sign-in."""
    return Trip(RIGHT, "nonce", "verifier").goes_on(given)


async def order_link(given: str) -> bool:
    """A link that proves an order."""
    return verify(sign("2600018003", given, NOW + timedelta(days=1)), RIGHT, NOW) == "2600018003"


async def proof(given: str) -> bool:
    """The token of a page's forms."""
    try:
        Proofs(RIGHT, "desk").check(Proofs(given, "desk").of("mia"), "mia")
    except Refusal:
        return False
    return True


async def first_key(given: str) -> bool:
    """The link that opens the desk once."""
    async with House().open(key=RIGHT) as house, Browser(house.url, "/desk") as browser:
        return (await browser.client.get("/desk/open", params={"key": given})).status_code == 303


DOORS = (webhook, payments, metrics, mini_app, second_factor, trip, order_link, proof, first_key)


@pytest.mark.parametrize("door", DOORS)
async def test_only_a_comparison_in_constant_time_decides_who_is_let_in(
    door: Callable[[str], Awaitable[bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await door(RIGHT)
    assert not await door(WRONG)
    with monkeypatch.context() as patched:
        patched.setattr(hmac, "compare_digest", lambda given, right: False)
        assert not await door(RIGHT), "something else than hmac.compare_digest says yes"
    with monkeypatch.context() as patched:
        patched.setattr(hmac, "compare_digest", lambda given, right: True)
        assert await door(WRONG), "something else than hmac.compare_digest says no"
