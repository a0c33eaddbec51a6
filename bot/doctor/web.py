"""The shop as others reach it, and others as the shop reaches them."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from bot.config import Config
from bot.doctor.asking import Answer, ask, certificate_until
from bot.doctor.finding import Area, Finding
from bot.errors import LookupUnavailable

_WEB, _PAYOUTS, _OIDC = Area("web"), Area("payouts"), Area("OIDC")
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_SOON = timedelta(days=14)
_NOBODY_BEHIND = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)


async def check_web(config: Config, now: datetime) -> list[Finding]:
    """The public address: encrypted, reached, and without the metrics."""
    address = config.web.public_url.rstrip("/")
    if not config.web.enabled:
        return [_WEB.ok("web.enabled", "false: no pages are served")]
    if not address:
        return [_local(config)]
    found = [_encrypted("web.public_url", address, _WEB)]
    try:
        found += _reached(await ask("GET", f"{address}/"))
        found += _certificate(await certificate_until(address), now)
        found.append(_metrics(await ask("GET", f"{address}/metrics")))
    except LookupUnavailable as error:
        mend = "look at DNS, the firewall and the proxy; from inside some networks a public address can't be reached"
        found.append(_WEB.wrong("public address", str(error), mend))
    return found


def _local(config: Config) -> Finding:
    if config.web.host in _HERE:
        return _WEB.ok("web.public_url", f"not set: pages are for this machine, {config.web.host}")
    return _WEB.consider(
        "web.public_url",
        f"not set, and pages are served to everybody who reaches {config.web.host}",
        "put a proxy with TLS in front, set web.host: 127.0.0.1 and web.public_url",
    )


def _encrypted(what: str, address: str, area: Area) -> Finding:
    parts = urlsplit(address)
    if parts.scheme == "https" or parts.hostname in _HERE:
        return area.ok(what, f"{parts.scheme}://{parts.hostname}")
    return area.wrong(what, "is http: what is said can be read on the way", "use https")


def _reached(answer: Answer) -> Iterator[Finding]:
    if answer.status in _NOBODY_BEHIND:
        yield _WEB.consider(
            "public address",
            f"the proxy answers with {answer.status}: nobody is behind it",
            "start the shop; where it is served, see that proxy_pass names web.port",
        )
    elif answer.status >= HTTPStatus.BAD_REQUEST:
        yield _WEB.wrong(
            "public address",
            f"answers with {answer.status} where the chat should be",
            "see that the proxy passes / on to the shop",
        )
    else:
        yield _WEB.ok("public address", "reached")


def _certificate(until: datetime | None, now: datetime) -> Iterator[Finding]:
    if until and until - now < _SOON:
        mend = "renew it, and see why that does not happen by itself"
        yield _WEB.consider("certificate", f"good until {until:%Y-%m-%d} only", mend)
    elif until:
        yield _WEB.ok("certificate", f"good until {until:%Y-%m-%d}")


def _metrics(answer: Answer) -> Finding:
    if answer.status == HTTPStatus.OK and b"shouhou_" in answer.body:
        return _WEB.wrong(
            "/metrics", "is public", "set SHOUHOU_METRICS_TOKEN, and have the proxy pass X-Forwarded-For on"
        )
    return _WEB.ok("/metrics", "not public")


async def check_payouts(config: Config) -> list[Finding]:
    """Whether the payment service is there. It is not told anything: an order to pay is not a thing to try with."""
    url = config.payouts.url
    if config.payouts.method != "webhook" or not url:
        return []
    found = [_encrypted("payouts.url", url, _PAYOUTS)]
    try:
        answer = await ask("HEAD", url)
    except LookupUnavailable as error:
        return [
            *found,
            _PAYOUTS.wrong("payment service", str(error), "look whether it runs, and at payouts.url"),
        ]
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        told = f"answers with {answer.status}"
        return [*found, _PAYOUTS.consider("payment service", told, "look at its own log")]
    return [*found, _PAYOUTS.ok("payment service", "reached")]


async def check_oidc(config: Config, clock: Callable[[], datetime]) -> list[Finding]:
    """Whether people can be sent to the provider."""
    if not config.oidc.issuer:
        return []
    if importlib.util.find_spec("joserfc") is None:
        mend = "pip install './shouhou-….whl[oidc]'"
        return [_OIDC.wrong("package", "what signing in there needs is not installed", mend)]
    from bot.desk.provider import Provider  # noqa: PLC0415 -- the library it needs is an extra
    from bot.desk.trip import Trip  # noqa: PLC0415 -- the same

    settings = config.oidc
    provider = Provider(settings.issuer, settings.client_id, config.secrets.oidc_secret, clock)
    try:
        await provider.address(Trip.begin(), f"{config.web.public_url}/desk/oidc/back")
    except LookupUnavailable as error:
        mend = "set oidc.issuer letter by letter as its /.well-known/openid-configuration names it, and see that it runs"
        return [_OIDC.wrong("provider", str(error), mend)]
    found = [_OIDC.ok("provider", "publishes where people sign in")]
    if not config.web.public_url:
        told = "not set: where people are sent back to is told by their browser"
        found.append(_OIDC.consider("web.public_url", told, "set it"))
    return found
