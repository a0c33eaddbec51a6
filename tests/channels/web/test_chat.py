"""The chat over real HTTP."""

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from bot.channels.web import chat, reader
from bot.channels.web.bucket import Rate
from bot.channels.web.chat import Limits
from bot.domain.files import Filed, FileState
from bot.domain.messages import Attachment, Choice, Medium, Speaker
from tests.channels.web.browser import PDF, PNG, Browser
from tests.channels.web.house import SAMPLES, House, ago

STATIC = Path(chat.__file__).parent / "static"


async def test_the_page_is_whole_strict_and_kept_by_nobody() -> None:
    async with House().open() as house, httpx.AsyncClient(base_url=house.url) as client:
        page = await client.get("/", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"})
        assert page.status_code == 200
        assert '<html lang="zh">' in page.text
        assert page.headers["cache-control"] == "no-store"
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["x-content-type-options"] == "nosniff"
        cookie = page.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert not re.search(r"<script(?![^>]*(type=\"module\" src=|application/json))", page.text)
        assert not re.search(r"\s(on\w+|style)=", page.text)
        for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text):
            assert (await client.get(path)).status_code == 200


async def test_a_buyers_page_has_the_words_it_says_and_none_of_the_desks() -> None:
    async with House().open() as house, httpx.AsyncClient(base_url=house.url) as client:
        page = await client.get("/", headers={"Accept-Language": "zh"})
    told = json.loads(re.findall(r'id="words">(.*?)</script>', page.text)[0])
    scripts = "".join(path.read_text("utf-8") for path in STATIC.glob("*.js"))
    said = set(re.findall(r'say\("(\w+)"', scripts)) | set(re.findall(r'[?:] "(stream_\w+)"', scripts))
    assert said - told.keys() == {"taken_back"}  # what agents alone are shown
    begun = re.findall(r"say\(`(\w+)_\$", scripts)
    known = {key for key in told if key in said or key.startswith(tuple(f"{one}_" for one in begun))}
    assert told.keys() == known
    assert all(told[key] != key for key in told)


async def test_the_language_is_the_chosen_one_then_the_browsers_then_the_shops() -> None:
    async with House().open() as house, httpx.AsyncClient(base_url=house.url) as client:

        async def language(accept: str) -> str:
            page = await client.get("/", headers={"Accept-Language": accept})
            return page.text.split('lang="')[1][:2]

        assert await language("fr, en;q=0.4, zh;q=0.2") == "en"
        assert await language("fr") == "zh"
        assert await language("en;q=nonsense") == "zh"
        switched = await client.get("/?language=en")
        assert (switched.status_code, switched.headers["location"]) == (303, "/")
        assert await language("zh") == "en"


async def test_a_message_is_stored_once_however_often_it_is_sent() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        key = str(uuid4())
        for _ in range(3):
            assert (await browser.write("我要退款\x00", key)).status_code == 202
        [arrival] = house.arrivals
        assert (arrival.channel, arrival.origin) == ("web", f"web:{key}")
        assert len(arrival.address) >= 20
        assert reader.read(arrival.payload).text == "我要退款"


async def test_a_tap_is_stored_as_a_choice() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        answer = await browser.post("/chat/taps", id=str(uuid4()), data="12|reason|quality", label="Quality")
        assert answer.status_code == 202
        assert reader.read(house.arrivals[0].payload).choice == Choice("12", "reason", "quality")


async def test_two_browsers_are_two_buyers() -> None:
    async with House().open() as house, Browser(house.url) as one, Browser(house.url) as two:
        await one.write("a")
        await two.write("b")
        assert len({arrival.address for arrival in house.arrivals}) == 2


async def test_what_does_not_come_from_our_page_is_turned_away() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        key = str(uuid4())
        other_site = await browser.post(
            "/chat/messages", {"Origin": "https://evil.example"}, id=key, text="x"
        )
        fetched = await browser.post("/chat/messages", {"Sec-Fetch-Site": "cross-site"}, id=key, text="x")
        garbled = await browser.post("/chat/messages", {"Origin": "https://[evil"}, id=key, text="x")
        no_token = await browser.post("/chat/messages", {"X-CSRF-Token": ""}, id=key, text="x")
        plain = await browser.client.post(
            "/chat/messages",
            content='{"id":"x"}',
            headers={"X-CSRF-Token": browser.proof, "Content-Type": "text/plain"},
        )
        browser.client.cookies.clear()
        nobody = await browser.post("/chat/messages", id=key, text="x")
        assert [r.status_code for r in (other_site, fetched, garbled, no_token, plain, nobody)] == [
            403,
            403,
            403,
            403,
            415,
            401,
        ]
        assert house.arrivals == []


async def test_a_forged_cookie_is_nobody() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        browser.client.cookies.set("shouhou_visitor", "WyJhIiwiIl0.forged")
        assert (await browser.write("x")).status_code == 401
        async with browser.client.stream("GET", "/chat/stream") as stream:
            assert stream.status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"id": "not-a-uuid", "text": "x"}', 400),
        (b'{"id": "7d0b1a52-0000-4000-8000-000000000000", "text": "  "}', 400),
        (b'{"id": "7d0b1a52-0000-4000-8000-000000000000", "text": 5}', 400),
        (b'{"id": ["a"], "text": "x"}', 400),
        (b"[1]", 400),
        (b"{", 400),
        (b"[" * 60_000, 400),
        (b'"' + b"x" * 70_000 + b'"', 413),
        (b"\xff\xfe", 400),
    ],
)
async def test_odd_bodies_get_a_clear_no(body: bytes, status: int) -> None:
    async with House().open() as house, Browser(house.url) as browser:
        headers = {"X-CSRF-Token": browser.proof, "Content-Type": "application/json"}
        answer = await browser.client.post("/chat/messages", content=body, headers=headers)
        assert answer.status_code == status
        assert answer.json()["message"]
        assert house.arrivals == []


async def test_who_writes_too_fast_is_told_when_to_go_on() -> None:
    limits = Limits(messages=Rate(burst=2, per_second=0.5))
    async with (
        House().open(limits=limits) as house,
        Browser(house.url) as browser,
        Browser(house.url) as other,
    ):
        answers = [await browser.write(str(number)) for number in range(3)]
        assert [answer.status_code for answer in answers] == [202, 202, 429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 2
        assert (await other.write("me too")).status_code == 202


async def test_new_cookies_do_not_lift_the_limit_of_one_address() -> None:
    async with House().open(limits=Limits(callers=Rate(burst=2, per_second=0.1))) as house:
        statuses = []
        for _ in range(3):
            async with Browser(house.url) as browser:
                statuses.append((await browser.write("x")).status_code)
        assert statuses == [202, 202, 429]


# -- files


async def test_files_come_as_one_message_and_go_back_to_their_sender_only() -> None:
    async with House().open() as house, Browser(house.url) as browser, Browser(house.url) as stranger:
        answer = await browser.send_files(("box.jpg", PNG), ("发票.pdf", PDF), text="看图")
        assert answer.status_code == 202
        incoming = reader.read(house.arrivals[0].payload)
        assert [file.medium for file in incoming.attachments] == [Medium.PHOTO, Medium.DOCUMENT]
        assert [file.name for file in incoming.attachments] == ["box.png", "发票.pdf"]
        conversation = house.of(house.arrivals[0])
        house.say(conversation, Speaker.BUYER, incoming.text, attachments=incoming.attachments)
        async with browser.stream() as stream:
            shown = (await stream.next("line")).data["files"]
        picture, paper = [await browser.client.get(file["url"]) for file in shown]
        assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
        assert picture.headers["content-disposition"].startswith("inline")
        assert paper.headers["content-disposition"].startswith("attachment")
        assert "%E5%8F%91%E7%A5%A8.pdf" in paper.headers["content-disposition"]
        for response in (picture, paper):
            assert response.headers["x-content-type-options"] == "nosniff"
            assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert (await stranger.client.get(shown[0]["url"])).status_code == 404
        assert (await browser.client.get("/chat/files/made-up")).status_code == 404


async def test_what_is_in_a_file_decides_not_its_name() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        answer = await browser.send_files(("cute.png", b"<html><script>alert(1)</script>"))
        assert (answer.status_code, answer.json()["error"]) == (415, "error_file_type")
        assert (house.arrivals, house.files.kept) == ([], {})


async def test_what_an_agent_sent_from_telegram_reaches_the_web_buyer_and_nobody_else() -> None:
    photo = Attachment(Medium.PHOTO, "telegram:AgACAgIA1")
    sha256 = hashlib.sha256(PNG).hexdigest()
    async with House().open() as house, Browser(house.url) as browser, Browser(house.url) as stranger:
        async with browser.stream() as stream:
            await stream.next("ready")
            conversation = next(iter(house.store.conversations))
            waiting = Filed(conversation, photo.ref, Medium.PHOTO, FileState.WAITING, ago())
            house.store.files[conversation] = {photo.ref: waiting}
            house.say(conversation, Speaker.AGENT, "这样装", name="Mia", attachments=(photo,))
            [shown] = (await stream.next("line")).data["files"]
            assert (shown["url"], shown["state"]) == ("", "waiting")
            kept = replace(waiting, state=FileState.KEPT, sha256=sha256, mime="image/png", size=len(PNG))
            house.files.kept[f"file:{sha256}"] = PNG
            house.store.files[conversation] = {photo.ref: kept}
            house.hub.publish(conversation)
            come = (await stream.next("file")).data
            assert (come["key"], come["image"]) == (shown["key"], True)
        assert (await browser.client.get(come["url"])).content == PNG
        assert (await stranger.client.get(come["url"])).status_code == 404


async def test_files_sent_in_one_go_are_an_album() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        await browser.send_files(("a.png", PNG), ("b.png", PNG))
        await browser.send_files(("c.png", PNG))
        together, alone = [reader.read(arrival.payload).attachments for arrival in house.arrivals]
        assert len({file.album for file in together}) == 1
        assert together[0].album
        assert alone[0].album == ""


async def test_files_are_bounded_in_size_and_number() -> None:
    limits = Limits(file_bytes=1000, files=2)
    async with House().open(limits=limits) as house, Browser(house.url) as browser:
        big = await browser.send_files(("a.png", PNG + b"x" * 1000))
        many = await browser.send_files(*[("a.png", PNG)] * 3)
        flood = await browser.send_files(("a.png", PNG + b"x" * 500_000))
        assert [r.status_code for r in (big, many, flood)] == [413, 413, 413]
        assert "2" in many.json()["message"]
        assert house.arrivals == []


async def test_sending_files_needs_the_token_too() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        browser.proof = "no"
        assert (await browser.send_files(("a.png", PNG))).status_code == 403
        assert house.files.kept == {}


# -- the demo


async def test_in_the_demo_one_chooses_who_to_be() -> None:
    async with House().open(samples=SAMPLES) as house, Browser(house.url) as browser:
        assert (await browser.post("/chat/who", who="lin")).status_code == 200
        page = await browser.load()
        assert "小林" in page.text
        await browser.write("hello")
        [conversation] = house.store.conversations.values()
        assert (conversation.name, conversation.address) == ("小林", house.arrivals[0].address)
        assert house.store.links == [(number, conversation.id, "demo") for number in SAMPLES[0].orders]
        assert reader.read(house.arrivals[0].payload).name == "小林"


async def test_each_choice_begins_a_conversation_of_its_own() -> None:
    async with House().open(samples=SAMPLES) as house, Browser(house.url) as one, Browser(house.url) as two:
        for browser in (one, two):
            await browser.post("/chat/who", who="emma")
        await one.load()
        await one.post("/chat/who", who="-")
        assert len({c.address for c in house.store.conversations.values()}) == 2
        assert len(house.store.links) == 2 * len(SAMPLES[1].orders)


@pytest.mark.parametrize("who", ["nobody", "", None, ["lin"]])
async def test_one_can_only_be_who_is_offered(who: object) -> None:
    async with House().open(samples=SAMPLES) as house, Browser(house.url) as browser:
        assert (await browser.post("/chat/who", who=who)).status_code == 400


async def test_outside_the_demo_nobody_can_take_a_buyers_orders() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        assert (await browser.post("/chat/who", who="lin")).status_code == 400
        assert house.store.links == []
