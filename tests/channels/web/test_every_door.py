"""Every route of a served shop, as everybody on the internet finds it: who may come in, what is refused, what is told."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from enum import Enum, auto
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from starlette.routing import Mount, Route

from bot.app import App
from bot.config.secrets import Secrets
from bot.folder.shop_folder import Contents, ShopFolder
from tests.channels.web.browser import Browser
from tests.play.stage import ROOT, SECRET, config_for
from tests.serving import online
from tests.stores import rows

TOKEN = "123456:AAF-not-a-real-token"
HOOK, PAYOUT = "a-hook-secret", "a payout secret of no worth"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


class Rule(Enum):
    """What a door asks for."""

    OPEN = auto()
    """Nothing, and it tells nothing of anybody."""
    COOKIE = auto()
    """The visitor's own cookie: what is behind it is theirs."""
    PROOF = auto()
    """The cookie, and the token of one of our pages: something is changed."""
    SIGNED = auto()
    """The other machine's secret."""


DOORS = {
    ("GET", "/"): Rule.OPEN,
    ("POST", "/chat/messages"): Rule.PROOF,
    ("POST", "/chat/taps"): Rule.PROOF,
    ("POST", "/chat/files"): Rule.PROOF,
    ("POST", "/chat/who"): Rule.PROOF,
    ("GET", "/chat/stream"): Rule.COOKIE,
    ("GET", "/chat/files/{token}"): Rule.COOKIE,
    ("GET", "/healthz"): Rule.OPEN,
    ("GET", "/readyz"): Rule.OPEN,
    ("GET", "/metrics"): Rule.OPEN,
    ("POST", "/telegram"): Rule.SIGNED,
    ("POST", "/payouts"): Rule.SIGNED,
}
"""A route that is added has to be added here, with what it asks for; the desk's stand in tests/desk/test_doors.py."""
CHANGING = [path for (_, path), rule in DOORS.items() if rule is Rule.PROOF]
JSON: Mapping[str, Any] = {"text": "hello", "data": "|start|human", "label": "x", "who": "-"}


@pytest.fixture
async def app(tmp_path: Path, contents: Contents) -> AsyncIterator[App]:
    """A shop with everything switched on that has a route."""
    plain = config_for(tmp_path)
    config = replace(
        plain,
        web=replace(plain.web, port=0),
        telegram=replace(plain.telegram, mode="webhook", webhook_url="https://shop.example/telegram"),
        secrets=Secrets(TOKEN, HOOK, secret_key=SECRET, payout_secret=PAYOUT),
    )
    folder = ShopFolder(ROOT, config.shop.languages, config.shop.timezone)
    async with App(config, folder, contents, SECRET) as app:
        yield app


def served(app: App) -> AbstractAsyncContextManager[str]:
    """Its server alone: nobody handles what comes in."""
    return online(app.pages.server())


def at(path: str) -> str:
    return path.replace("{token}", "x")


def test_every_route_has_its_rule(app: App) -> None:
    found, mounted = set(), set()
    for route in app.pages.routes():
        if isinstance(route, Mount):
            mounted.add(route.path)
            continue
        assert isinstance(route, Route)
        if not route.path.startswith("/desk"):
            found |= {(method, route.path) for method in (route.methods or set()) - {"HEAD"}}
    assert (found, mounted) == (set(DOORS), {"/static/chat", "/static/desk"})


async def test_the_chat_tells_times_as_the_shop_does(app: App) -> None:
    async with served(app) as url, httpx.AsyncClient(base_url=url) as nobody:
        page = await nobody.get("/")
    settings = json.loads(page.text.split('id="settings">')[1].split("</script>")[0])
    assert settings["timezone"] == app.config.shop.timezone.key


async def test_without_what_it_asks_for_a_door_stays_shut_and_nothing_is_kept(app: App) -> None:
    shut = {Rule.COOKIE: {401, 404}, Rule.PROOF: {401}, Rule.SIGNED: {401, 403}}
    async with served(app) as url, httpx.AsyncClient(base_url=url) as nobody:
        for (method, path), rule in DOORS.items():
            if rule is not Rule.OPEN:
                answer = await nobody.request(method, at(path), json=JSON if method == "POST" else None)
                assert answer.status_code in shut[rule], path
    assert await rows(app.database, "inbox") == []
    assert await rows(app.database, "conversations") == []


async def test_what_changes_something_comes_from_our_own_page_in_its_own_form(app: App) -> None:
    async with served(app) as url, Browser(url) as browser, Browser(url) as other:
        given = {"X-CSRF-Token": browser.proof}
        refused: list[tuple[dict[str, str], int]] = [
            ({}, 403),
            ({"X-CSRF-Token": ""}, 403),
            ({"X-CSRF-Token": other.proof}, 403),
            (given | {"Origin": "https://evil.example"}, 403),
            (given | {"Origin": "null"}, 403),
            (given | {"Origin": f"{url}.evil.example"}, 403),
            (given | {"Sec-Fetch-Site": "cross-site"}, 403),
            (given | {"Sec-Fetch-Site": "same-site"}, 403),
            (given | {"Content-Type": "text/plain"}, 415),
            (given | {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ]
        for path in CHANGING:
            for headers, status in refused:
                body = b'{"id": "%s", "text": "x"}' % str(uuid4()).encode()
                typed = {"Content-Type": "application/json"} | headers
                answer = await browser.client.post(path, content=body, headers=typed)
                assert answer.status_code == status, (path, headers)
    assert await rows(app.database, "inbox") == []


BODIES = (
    (b'{"text": "' + b"a" * 100_000 + b'"}', 413),
    (b"[" * 60_000, 400),
    (b'{"text":' * 5_000 + b"1" + b"}" * 5_000, 400),
    (b'{"text": "x", "id": ' + b"9" * 20_000 + b"}", 400),
    (b'{"text": "x", "id": {"a": [1]}}', 400),
    (b'{"text": ["x"], "data": {}, "who": []}', 400),
    (b"\xff\xfe{}", 400),
    (b"", 400),
    (b"null", 400),
    (b"NaN", 400),
)


async def test_no_body_does_more_than_be_refused(app: App) -> None:
    async with served(app) as url:
        for body, status in BODIES:
            async with Browser(url) as browser:
                given = {"X-CSRF-Token": browser.proof, "Content-Type": "application/json"}
                for path in CHANGING:
                    if path != "/chat/files":
                        answer = await browser.client.post(path, content=body, headers=given)
                        assert answer.status_code == status, (path, body[:40])
    assert await rows(app.database, "inbox") == []


async def test_every_answer_is_strict_and_tells_no_secret(app: App) -> None:
    """Also the wrong methods, errors, and what is not there; for people and for scripts."""
    async with served(app) as url, httpx.AsyncClient(base_url=url) as nobody:
        paths = sorted({at(path) for _, path in DOORS} - {"/chat/stream"})
        for path in (*paths, "/desk", "/nowhere", "/static/chat/chat.js", "/static/chat/../../server.py"):
            for method in METHODS:
                accepted = "text/html" if METHODS.index(method) % 2 else "*/*"
                answer = await nobody.request(method, path, headers={"Accept": accepted})
                told = answer.headers
                assert answer.status_code != 500, (method, path)
                assert "frame-ancestors" in told["content-security-policy"], (method, path)
                assert told["x-content-type-options"] == "nosniff"
                assert told["referrer-policy"] == "same-origin"
                assert not {"server", "x-powered-by", "access-control-allow-origin"} & set(told)
                for secret in (TOKEN, HOOK, PAYOUT, SECRET, "Traceback", str(ROOT)):
                    assert secret not in answer.text, (method, path)
                if (method, path) not in {(known, at(other)) for known, other in DOORS}:
                    assert answer.status_code >= 400 or path in ("/desk", "/static/chat/chat.js")


async def test_the_chat_runs_no_foreign_script_and_stands_in_nobodys_frame(app: App) -> None:
    async with served(app) as url, httpx.AsyncClient(base_url=url) as nobody:
        page = await nobody.get("/")
        policy = dict(
            part.strip().partition(" ")[::2] for part in page.headers["content-security-policy"].split(";")
        )
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert page.headers["x-frame-options"] == "DENY"
        assert "<script>" not in page.text
        assert " on" not in page.text.partition("<body")[2].partition(">")[0]


async def test_cookies_are_kept_from_scripts_and_other_sites(app: App) -> None:
    seen = set()
    async with served(app) as url, httpx.AsyncClient(base_url=url) as nobody:
        for forwarded in ("http", "https"):
            for path in ("/", "/?language=en", "/desk?language=en"):
                answer = await nobody.get(path, headers={"X-Forwarded-Proto": forwarded})
                for cookie in answer.headers.get_list("set-cookie"):
                    seen.add(cookie.partition("=")[0])
                    flags = {part.strip().lower() for part in cookie.split(";")}
                    assert "httponly" in flags
                    assert flags & {"samesite=lax", "samesite=strict"}
                    assert not any(flag.startswith("domain=") for flag in flags)
                    assert ("secure" in flags) == (forwarded == "https"), (path, cookie)
                nobody.cookies.clear()
    assert seen == {"shouhou_language", "shouhou_visitor"}


async def test_a_session_made_up_by_another_is_nobodys(app: App) -> None:
    """The cookie somebody plants before a sign-in or a first visit is not the one that is used afterwards."""
    async with served(app) as url, httpx.AsyncClient(base_url=url) as nobody:
        planted = {"Cookie": "shouhou_visitor=planted; shouhou_desk=planted"}
        page = await nobody.get("/", headers=planted)
        assert "planted" not in page.headers["set-cookie"]
        assert (await nobody.get("/chat/stream", headers=planted)).status_code == 401
        assert (await nobody.get("/desk/search?q=x", headers=planted)).status_code == 401


ELSEWHERE = (
    "/?language=en&next=https://evil.example",
    "//evil.example/?language=en",
    "/%2F/evil.example?language=en",
    "/\\evil.example?language=en",
    "/desk?next=//evil.example&language=en",
    "/desk/?language=en",
    "/desk/sign-in?next=https://evil.example",
    "/desk/open?next=https://evil.example",
    "/static/chat//evil.example/..",
)


async def test_nobody_is_sent_elsewhere(app: App) -> None:
    sent_on = set()
    async with served(app) as url, httpx.AsyncClient() as nobody:
        for path in ELSEWHERE:
            for method in ("GET", "POST"):
                request = httpx.Request(method, url, headers={"Host": httpx.URL(url).netloc.decode()})
                request.url = request.url.copy_with(raw_path=path.encode())
                if target := (await nobody.send(request)).headers.get("location"):
                    assert httpx.URL(url).join(target).host == "127.0.0.1", (path, target)
                    sent_on.add(path)
    assert {"/?language=en&next=https://evil.example", "/desk/?language=en"} <= sent_on


async def test_a_file_leads_nowhere_but_to_its_visitor(app: App) -> None:
    """Neither what is signed for another door nor a path of the disk is a file's token."""
    async with served(app) as url, Browser(url) as browser:
        cookie = browser.client.cookies["shouhou_visitor"]
        for token in (cookie, browser.proof, "..%2f..%2fsecret.key", "%2fetc%2fpasswd", "a" * 5000, "%00"):
            assert (await browser.client.get(f"/chat/files/{token}")).status_code == 404


async def test_calls_that_are_forged_are_turned_away_before_they_are_read(app: App) -> None:
    secret = {"X-Telegram-Bot-Api-Secret-Token": HOOK}
    async with served(app) as url, httpx.AsyncClient(base_url=url) as nobody:
        for wrong in ("", HOOK[:-1], HOOK + "x", HOOK.upper(), "é", "\x7f"):
            header = {b"X-Telegram-Bot-Api-Secret-Token": wrong.encode()}
            answer = await nobody.post("/telegram", content=b"[" * 2_000_000, headers=header)
            assert answer.status_code == 403, wrong
        assert (await nobody.post("/telegram?secret_token=" + HOOK, json={})).status_code == 403
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert (await nobody.post("/telegram", content=b"{}", headers=secret | form)).status_code == 415
        assert await rows(app.database, "inbox") == []
        assert (await nobody.post("/telegram", json={"update_id": 1}, headers=secret)).status_code == 200
        assert len(await rows(app.database, "inbox")) == 1
