"""Signing in at an OIDC provider, over real HTTP against a strict double: who is let in, who is not, and what they read."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web

from bot.app import App
from bot.channels.web.bucket import Rate
from bot.config.sections import Oidc
from bot.desk.hiring import Hiring
from bot.desk.provider import Provider
from bot.desk.settings import DeskLimits
from bot.domain.staff import StaffRole
from bot.folder.shop_folder import Contents, ShopFolder
from bot.pipeline.accounts import Credentials
from bot.pipeline.ports import Unit
from tests.channels.web.browser import Browser
from tests.channels.web.house import House, words
from tests.desk.agent import Agent
from tests.doubles.oidc import Account, OidcProvider, token
from tests.play.stage import ROOT, SECRET, config_for
from tests.serving import at_work

MIA = Account("248289761001", "mia@shop.example")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DISCOVERY = "/.well-known/openid-configuration"
PLENTY = DeskLimits(sign_ins=Rate(burst=1000, per_second=1))


@asynccontextmanager
async def served(
    *, limits: DeskLimits = PLENTY, name: str = "Feishu", patience: float = 5
) -> AsyncIterator[tuple[House, OidcProvider]]:
    """A house beside its provider, in which Mia is known by her address."""
    async with OidcProvider() as idp:
        house = House()
        provider = Provider(idp.url, idp.client, idp.secret, house.clock, name=name, patience=patience)
        house.store.accounts.set_email(mia_of(house).staff.id, MIA.email)
        async with house.open(provider=provider, desk_limits=limits):
            idp.clock = lambda: house.clock().timestamp()
            idp.redirects.add(f"{house.url}/desk/oidc/back")
            yield house, idp


def mia_of(house: House) -> Credentials:
    known = house.store.accounts.credentials("mia")
    assert known is not None
    return known


async def leave(browser: Browser) -> str:
    """Where the provider sends the browser back to."""
    gone = await browser.client.get("/desk/oidc")
    assert gone.status_code == 303, gone.text
    there = await browser.client.get(gone.headers["location"])
    assert there.status_code == 302, there.text
    return there.headers["location"]


async def go_round(browser: Browser) -> httpx.Response:
    """To the provider and back."""
    return await browser.client.get(await leave(browser))


def told(answer: httpx.Response) -> str:
    """What is wrong, as the page says it."""
    assert "shouhou_desk" not in answer.headers.get("set-cookie", "")
    found = re.search(r'<p id="trouble"[^>]*>([^<]+)</p>', answer.text)
    assert found, answer.text
    return found[1]


def said(key: str, **values: str) -> str:
    text = words("en", "page")[key]
    for name, value in {"name": "Feishu", **values}.items():
        text = text.replace(f"{{{name}}}", value)
    return text.replace("'", "&#39;")


async def test_the_first_time_counts_the_address_and_from_then_on_who_it_was() -> None:
    async with served() as (house, idp), Browser(house.url, "/desk") as browser:
        assert "Sign in with Feishu" in (await browser.load()).text
        house.store.accounts.set_second(
            mia_of(house).staff.id, "nonce"
        )  # the provider's own is asked for, not ours
        idp.person = Account(MIA.sub, "MIA@Shop.Example")
        answer = await go_round(browser)
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
        assert {"HttpOnly", "SameSite=lax"} <= set(answer.headers["set-cookie"].split("; "))
        assert "Mia" in (await browser.load()).text
        assert "shouhou_trip" not in browser.client.cookies
        idp.person = Account(MIA.sub, "mia.lin@elsewhere.example", verified=False)
        async with Browser(house.url, "/desk") as later:
            assert (await go_round(later)).status_code == 303
        [session, _] = house.store.accounts.sessions_of(mia_of(house).staff.id, house.clock())
        assert session.how == "oidc"
        acts = [deed.act for _, deed in house.store.accounts.deeds()]
        assert acts == ["sign_in", "sign_in", "oidc_link"]
        assert (idp.violations, idp.asked[DISCOVERY], idp.asked["/jwks"]) == ([], 1, 1)


async def test_who_has_no_account_reads_what_to_ask_for_and_gets_none_by_coming() -> None:
    async with served() as (house, idp), Browser(house.url, "/desk") as browser:
        before = house.store.accounts.people()
        for person, trouble in (
            (Account("2", "eve@shop.example"), said("oidc_stranger", email="eve@shop.example")),
            (Account("2", "<b>@shop.example"), said("oidc_stranger", email="&lt;b&gt;@shop.example")),
            (Account("2", MIA.email, verified=False), said("oidc_unverified")),
            (Account("2", MIA.email, verified="true"), said("oidc_unverified")),
            (Account("2", "\u212aim@shop.example"), said("oidc_unverified")),  # a Kelvin sign is no k
            (Account("2"), said("oidc_unverified")),
        ):
            idp.person = person
            answer = await go_round(browser)
            assert (answer.status_code, told(answer)) == (403, trouble), person
        assert house.store.accounts.people() == before
        assert house.store.accounts.deeds() == []


async def test_an_address_that_passed_to_somebody_else_opens_nothing_until_the_owner_says_so() -> None:
    async with served() as (house, idp), Browser(house.url, "/desk") as browser:
        assert (await go_round(browser)).status_code == 303
        idp.person = Account("another", MIA.email)
        async with Browser(house.url, "/desk") as other:
            assert told(await go_round(other)) == said("oidc_other", email=MIA.email)
            async with Agent(house.url, "boss", "/desk/people") as boss:
                path = f"/desk/people/{mia_of(house).staff.id}/email"
                assert "· signs in with Feishu" in (await boss.load()).text
                assert (await boss.submit(path, email=MIA.email)).status_code == 303
                assert "· signs in with Feishu" not in (await boss.load()).text
            assert (await go_round(other)).status_code == 303
        idp.person = MIA
        async with Browser(house.url, "/desk") as former:
            assert told(await go_round(former)) == said("oidc_other", email=MIA.email)
        house.store.accounts.disable(mia_of(house).staff.id, house.clock())
        idp.person = Account("another", MIA.email)
        async with Browser(house.url, "/desk") as off:
            assert told(await go_round(off)) == said("oidc_stranger", email=MIA.email)
        refused = [deed for _, deed in house.store.accounts.deeds() if deed.outcome.value == "refused"]
        assert [(deed.name, deed.act) for deed in refused] == [("Mia", "sign_in")] * 3


async def test_the_owner_enters_addresses_where_there_is_a_provider_alone() -> None:
    async with served(name="") as (house, _), Agent(house.url, "boss", "/desk/people") as boss:
        assert "signs in with your company account" in (await boss.load()).text
        sam = house.store.accounts.credentials("sam")
        assert sam is not None
        for email, trouble in (
            ("sam", "email_odd"),
            ("s am@x", "email_odd"),
            ("MIA@shop.example", "email_taken"),
        ):
            answer = await boss.submit(f"/desk/people/{sam.staff.id}/email", email=email)
            assert (answer.status_code, said(trouble) in answer.text) == (400, True), email
        new = {"login": "lan", "name": "小兰", "role": "agent", "email": " Lan@Shop.example "}
        assert (await boss.submit("/desk/people", **new)).status_code == 200
        assert [one.email for one in house.store.accounts.people()][-1] == "lan@shop.example"
        assert "set an e-mail address" in (await boss.client.get("/desk/audit")).text
    async with House().open() as house, Agent(house.url, "boss", "/desk/people") as boss:
        assert 'name="email"' not in (await boss.load()).text
        assert (await boss.client.get("/desk/oidc")).status_code == 404


async def test_a_token_that_is_not_all_it_should_be_lets_nobody_in() -> None:
    def forged(claims: dict[str, Any], kid: str) -> str:
        return token(claims, kid, signed_with="a forger's")

    async with served() as (house, idp), Browser(house.url, "/desk") as browser:
        now = int(house.clock().timestamp())
        lies: tuple[dict[str, Any], ...] = (
            {"nonce": "another"},
            {"nonce": None},
            {"aud": "another"},
            {"aud": None},
            {"aud": []},
            {"aud": [idp.client, "another"]},
            {"aud": [idp.client, "another"], "azp": "another"},
            {"azp": "another"},
            {"exp": now - 120},
            {"exp": None},
            {"exp": "tomorrow"},
            {"iat": now + 600},
            {"iat": None},
            {"nbf": now + 600},
            {"iss": "https://another.example"},
            {"iss": f"{idp.url}/"},
            {"iss": None},
            {"sub": None},
            {"sub": ""},
            {"sub": 248289761001},
            {"sub": "x" * 256},
        )
        for claims in lies:
            idp.claims = claims
            answer = await go_round(browser)
            assert (answer.status_code, told(answer)) == (403, said("oidc_failed")), claims
        idp.claims = {}
        for sign in (
            partial(token, alg="none"),
            partial(token, alg="HS256"),
            forged,
            lambda claims, kid: token(claims, kid)[:-8] + "AAAAAAAA",
            lambda claims, _: token(claims, "unknown"),
            lambda *_: "no.token.at-all",
            lambda *_: "",
        ):
            idp.sign = sign
            answer = await go_round(browser)
            assert (answer.status_code, told(answer)) == (403, said("oidc_failed"))
        assert house.store.accounts.deeds() == []
        idp.sign, idp.claims = token, {"aud": [idp.client, "another"], "azp": idp.client}
        assert (await go_round(browser)).status_code == 303
        assert idp.violations == []


async def test_new_keys_of_the_provider_are_fetched_once_when_the_old_ones_do_not_fit() -> None:
    async with served() as (house, idp), Browser(house.url, "/desk") as browser:
        for kid, fetched in (("first", 1), ("first", 1), ("second", 2), ("second", 2)):
            idp.rotate(kid)
            assert (await go_round(browser)).status_code == 303
            assert idp.asked["/jwks"] == fetched
        idp.sign = partial(token, signed_with="a forger's")
        assert (await go_round(browser)).status_code == 403
        assert idp.asked["/jwks"] == 3
        idp.sign = token
        house.ahead = timedelta(hours=2)
        assert (await go_round(browser)).status_code == 303
        assert idp.asked[DISCOVERY] == 2


async def test_a_provider_that_is_down_slow_or_odd_is_told_apart_from_people_and_forgotten_at_once() -> None:
    garbage = web.Response(text="<html>")
    async with served(patience=0.3) as (house, idp), Browser(house.url, "/desk") as browser:
        for answers in (
            web.Response(status=503),
            web.Response(status=404, text="{}"),
            web.Response(status=302, headers={"Location": "https://elsewhere.example"}),
            web.Response(text="[]"),
            web.Response(text=" " * 300_000),
            garbage,
            None,
        ):
            idp.replies = {DISCOVERY: answers}
            answer = await browser.client.get("/desk/oidc")
            assert (answer.status_code, told(answer)) == (503, said("oidc_down"))
        idp.replies = {}
        for published in (
            {"issuer": "https://another.example"},
            {"token_endpoint": "ftp://localhost/token"},
            {"jwks_uri": None},
        ):
            idp.said = published
            assert (await browser.client.get("/desk/oidc")).status_code == 503, published
        idp.said = {}
        for path, answers, status in (
            ("/token", web.Response(status=500), 503),
            ("/token", garbage, 503),
            ("/token", None, 503),
            ("/token", web.Response(status=401, text='{"error": "invalid_client"}'), 403),
            ("/jwks", web.Response(status=500), 503),
            ("/jwks", web.Response(text='{"keys": []}'), 403),
            ("/jwks", web.Response(text='{"keys": [{"kty": "RSA", "n": 1}]}'), 403),
            ("/jwks", web.Response(text='{"keys": 7}'), 403),
            ("/token", web.Response(text="{}"), 403),
        ):
            idp.replies = {path: answers}
            answer = await go_round(browser)
            assert (answer.status_code, bool(told(answer))) == (status, True), path
        idp.replies = {}
        for excuse, trouble in (("access_denied", "oidc_denied"), ("server_error", "oidc_failed")):
            idp.sends_back = {"error": excuse}
            assert told(await go_round(browser)) == said(trouble)
        idp.sends_back = {}
        assert (await go_round(browser)).status_code == 303


async def test_only_the_browser_that_left_comes_in_once_and_within_ten_minutes() -> None:
    async with served() as (house, idp), Browser(house.url, "/desk") as mine:
        async with Browser(house.url, "/desk") as other:
            back = await leave(mine)
            assert told(await other.client.get(back)) == said("oidc_again")
            await leave(other)
            assert told(await other.client.get(back)) == said("oidc_again")
        assert told(await mine.client.get(f"{back}&iss=https://another.example")) == said("oidc_failed")
        house.ahead = timedelta(minutes=11)
        for address in (await leave(mine), "/desk/oidc/back", "/desk/oidc/back?state=%ED%A0%80"):
            late = address != "/desk/oidc/back"
            house.ahead += timedelta(minutes=11 if late else 0)
            assert told(await mine.client.get(address)) == said("oidc_again")
        back = await leave(mine)
        assert "HttpOnly" in (await mine.client.get("/desk/oidc")).headers["set-cookie"]
        assert told(await mine.client.get(back)) == said("oidc_again")  # it left anew since
        back = await leave(mine)
        kept = mine.client.cookies["shouhou_trip"]
        assert (await mine.client.get(back)).status_code == 303
        mine.client.cookies.set("shouhou_trip", kept, path="/desk/oidc")
        assert told(await mine.client.get(back)) == said("oidc_failed")
        assert idp.violations == ["token: the code was used"]
        mine.client.cookies.set("shouhou_trip", f"{kept}x", path="/desk/oidc")
        assert told(await mine.client.get(back)) == said("oidc_again")


async def test_who_comes_too_often_is_slowed_down_both_ways() -> None:
    limits = DeskLimits(sign_ins=Rate(burst=2, per_second=0.01))
    async with served(limits=limits) as (house, idp), Browser(house.url, "/desk") as browser:
        for path in ("/desk/oidc", "/desk/oidc/back?code=guess&state=guess"):
            statuses = [(await browser.client.get(path)).status_code for _ in range(3)]
            assert statuses[-1] == 429
            assert 429 not in statuses[:-1]
        assert idp.asked["/token"] == 0


async def test_the_client_shows_its_secret_as_the_provider_wants_it_and_asks_further_where_tokens_are_short() -> (
    None
):
    async with served() as (house, idp), Browser(house.url, "/desk") as browser:
        idp.ways, idp.short = ["private_key_jwt", "client_secret_post"], True
        for answers in (
            web.Response(status=500),
            web.Response(text='{"sub": "another", "email": "mia@shop.example", "email_verified": true}'),
        ):
            idp.replies = {"/userinfo": answers}
            assert told(await go_round(browser)) == said("oidc_unverified")
        idp.replies = {}
        assert (await go_round(browser)).status_code == 303
        idp.replies = {"/userinfo": web.Response(status=500)}  # known by now, without an address
        assert (await go_round(browser)).status_code == 303
        assert idp.violations == []


async def test_a_shop_as_it_is_served_sends_people_back_to_its_public_address(
    contents: Contents, tmp_path: Path
) -> None:
    def hire(unit: Unit) -> None:
        Hiring(unit, "console:boss", "boss", NOW).hire("mia", "Mia", StaffRole.AGENT, email=MIA.email)

    async with OidcProvider() as idp:
        public = "https://desk.shop.example"
        idp.redirects.add(f"{public}/desk/oidc/back")
        plain = config_for(tmp_path)
        config = replace(
            plain,
            web=replace(plain.web, port=0, public_url=f"{public}/"),
            oidc=Oidc(idp.url, idp.client, "飞书"),
            secrets=replace(plain.secrets, oidc_secret=idp.secret),
        )
        folder = ShopFolder(ROOT, config.shop.languages, config.shop.timezone)
        async with App(config, folder, contents, SECRET) as app, httpx.AsyncClient() as client:
            await app.database.write_alone(hire)
            server = app.pages.server()
            async with at_work(app.run(server)):
                gone = await client.get(f"{server.address}/desk/oidc")
                kept = gone.headers["set-cookie"].split("; ")
                assert {"HttpOnly", "Secure", "Max-Age=600", "Path=/desk/oidc", "SameSite=lax"} <= set(kept)
                back = (await client.get(gone.headers["location"])).headers["location"]
                came = await client.get(back.replace(public, server.address), headers={"Cookie": kept[0]})
                assert (came.status_code, came.headers["location"]) == (303, "/desk")
                assert "Secure" in came.headers["set-cookie"]
        assert idp.violations == []
