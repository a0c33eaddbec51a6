"""The public address, the payment service and the OIDC provider, over HTTP."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bot.config import Config, load
from bot.doctor.web import check_oidc, check_payouts, check_web
from tests.doctor.graded import CONSIDER, OK, WRONG, finding, grades
from tests.doubles.oidc import OidcProvider
from tests.doubles.site import Answers, site

NOW = datetime(2026, 11, 20, tzinfo=UTC)


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


async def test_metrics_that_come_in_pieces_are_read_to_their_end() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path != "/metrics":
            return web.Response()
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"python_info 1\n")
        for _ in range(100):
            await asyncio.sleep(0)  # who asks has its turns, and the first piece with them
        await response.write(b"shouhou_turns_total 7\n")
        return response

    async with site(answer) as url:
        assert grades(await check_web(config(web__public_url=url), NOW))["/metrics"] is WRONG


async def test_an_address_without_encryption_or_without_anybody_is_wrong() -> None:
    found = grades(await check_web(config(web__public_url="http://chat.shop.invalid"), NOW))
    assert found == {"web.public_url": WRONG, "public address": WRONG}


@pytest.mark.parametrize(("days", "grade"), [(60, OK), (5, CONSIDER)])
async def test_how_long_the_certificate_is_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, grade: object
) -> None:
    made, trusted = certified(tmp_path, days)
    monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", trusted)  # made when that was imported
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "both.pem"))
    async with site(with_status(200), made) as url:
        found = grades(await check_web(config(web__public_url=url), datetime.now(UTC)))
    assert found == {"web.public_url": OK, "public address": OK, "certificate": grade, "/metrics": OK}


async def test_a_certificate_nobody_trusts(tmp_path: Path) -> None:
    made, _ = certified(tmp_path, 60)
    async with site(with_status(200), made) as url:
        found = await check_web(config(web__public_url=url), datetime.now(UTC))
    assert "certificate can't be trusted" in finding(found, "public address").told


def certified(folder: Path, days: int) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's side with a certificate good for so long, and the side of who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=30))
        .not_valid_after(today + timedelta(days=days))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    pem = folder / "both.pem"
    pem.write_bytes(
        made.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


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
