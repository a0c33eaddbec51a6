"""The public address, the payment service and the OIDC provider, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from bot.config import Config, load
from bot.doctor.web import check_oidc, check_payouts, check_web
from tests.doctor.graded import CONSIDER, OK, WRONG, finding, grades
from tests.doubles.oidc import OidcProvider

NOW = datetime(2026, 11, 20, tzinfo=UTC)
Answers = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def site(answers: Answers) -> AsyncIterator[str]:
    """Something that answers over HTTP."""
    runner = web.ServerRunner(web.Server(answers))  # type: ignore[arg-type]
    await runner.setup()
    there = web.TCPSite(runner, "127.0.0.1", 0)
    await there.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def config(**settings: str) -> Config:
    return load(None, {f"SHOUHOU_{name.upper()}": value for name, value in settings.items()})


def with_status(status: int, metrics: str = "") -> Answers:
    async def answer(request: web.BaseRequest) -> web.Response:
        if request.path == "/metrics":
            return web.Response(text=metrics) if metrics else web.Response(status=404)
        return web.Response(status=status)

    return answer


async def test_a_shop_for_this_machine_alone_needs_no_public_address() -> None:
    assert grades(await check_web(config(), NOW)) == {"web.public_url": OK}
    assert grades(await check_web(config(web__host="0.0.0.0"), NOW)) == {"web.public_url": CONSIDER}  # noqa: S104 -- that is what is found


@pytest.mark.parametrize(("status", "grade"), [(200, OK), (303, OK), (502, CONSIDER), (404, WRONG)])
async def test_what_is_behind_the_public_address(status: int, grade: object) -> None:
    async with site(with_status(status)) as url:
        found = grades(await check_web(config(web__public_url=url), NOW))
    assert found == {"web.public_url": OK, "public address": grade, "/metrics": OK}


async def test_metrics_that_everybody_reads_are_wrong() -> None:
    async with site(with_status(200, "shouhou_turns_total 7")) as url:
        assert grades(await check_web(config(web__public_url=url), NOW))["/metrics"] is WRONG


async def test_an_address_without_encryption_or_without_anybody_is_wrong() -> None:
    found = grades(await check_web(config(web__public_url="http://chat.shop.invalid"), NOW))
    assert found == {"web.public_url": WRONG, "public address": WRONG}


async def test_the_payment_service_is_greeted_and_told_nothing() -> None:
    came: list[tuple[str, bytes]] = []

    async def answer(request: web.BaseRequest) -> web.Response:
        came.append((request.method, await request.read()))
        return web.Response(status=405)

    async with site(answer) as url:
        found = await check_payouts(paying(f"{url}/pay?key=s3cret-word"))
    assert grades(found) == {"payouts.url": OK, "payment service": OK}
    assert came == [("HEAD", b"")]
    assert "s3cret-word" not in str(found)


async def test_a_payment_service_that_is_away_or_in_trouble() -> None:
    async with site(with_status(500)) as url:
        assert grades(await check_payouts(paying(url)))["payment service"] is CONSIDER
    assert grades(await check_payouts(paying(url)))["payment service"] is WRONG
    assert grades(await check_payouts(paying("http://pay.shop.invalid/")))["payouts.url"] is WRONG
    assert await check_payouts(config()) == []


def paying(url: str) -> Config:
    return config(payouts__method="webhook", payouts__url=url, payout_secret="a secret of both")


async def test_a_provider_that_says_who_it_is_and_one_that_says_otherwise() -> None:
    async with OidcProvider() as idp:
        settings = {"oidc__client_id": idp.client, "oidc_secret": idp.secret}
        good: dict[str, Any] = {**settings, "oidc__issuer": idp.url}
        assert grades(await check_oidc(config(**good), lambda: NOW))["provider"] is OK
        slip = config(**settings, oidc__issuer=f"{idp.url}/")
        found = await check_oidc(slip, lambda: NOW)
        assert finding(found, "provider").grade is WRONG
        assert "letter by letter" in finding(found, "provider").mend
    assert finding(await check_oidc(config(**good), lambda: NOW), "provider").grade is WRONG
    assert await check_oidc(config(), lambda: NOW) == []
