"""The desk inside Telegram: only what Telegram signed for this bot, just now, signs anybody in."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import httpx
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.mini_app import signed_person
from tests.channels.web.browser import Browser
from tests.channels.web.house import House

TOKEN = "123456:AAF-test"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def signed(person: int, at: datetime, token: str = TOKEN, **more: str) -> str:
    """What Telegram gives the page, made by the recipe of its documentation."""
    fields = {
        "query_id": "AAH",
        "user": json.dumps({"id": person, "first_name": "小禾", "language_code": "zh-hans"}),
        "auth_date": str(int(at.timestamp())),
        "signature": "unused",
        **more,
    }
    text = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return urlencode({**fields, "hash": hmac.new(key, text.encode(), hashlib.sha256).hexdigest()})


def test_only_what_telegram_signed_just_now_tells_who_somebody_is() -> None:
    good = signed(4242, NOW)
    assert signed_person(good, TOKEN, NOW + timedelta(minutes=9)) == 4242
    for data, token, at in (
        (good, TOKEN, NOW + timedelta(minutes=11)),
        (good, TOKEN, NOW - timedelta(minutes=2)),
        (good, "123456:other", NOW),
        (good.replace("4242", "4243"), TOKEN, NOW),
        (good + "&admin=1", TOKEN, NOW),
        (good.replace("hash=", "has="), TOKEN, NOW),
        (signed(4242, NOW, user="[]"), TOKEN, NOW),
        (signed(4242, NOW, user='{"id": "4242"}'), TOKEN, NOW),
        (signed(4242, NOW, auth_date="soon"), TOKEN, NOW),
        ("", TOKEN, NOW),
    ):
        assert signed_person(data, token, at) is None, data


@given(st.text())
def test_whatever_a_page_sends_is_only_refused(data: str) -> None:
    assert signed_person(data, TOKEN, NOW) is None


async def test_who_has_an_account_with_their_telegram_id_is_signed_in() -> None:
    async with House().open(token=TOKEN) as house, Browser(house.url, "/desk") as browser:
        mia = house.store.accounts.credentials("mia")
        assert mia is not None
        house.store.accounts.set_telegram(mia.staff.id, 4242)

        async def opens(data: object) -> httpx.Response:
            return await browser.client.post("/desk/telegram", json={"data": data})

        stranger = await opens(signed(99, datetime.now(UTC)))
        assert (stranger.status_code, "99" in stranger.json()["message"]) == (403, True)
        assert (await opens(signed(4242, datetime.now(UTC), token="1:x"))).status_code == 403
        assert (await opens(7)).status_code == 403
        assert (await opens(signed(4242, datetime.now(UTC)))).status_code == 200
        page = await browser.load()
        assert "Mia" in page.text
        policy = page.headers["content-security-policy"]
        assert "frame-ancestors 'self' https://web.telegram.org" in policy


async def test_what_signed_somebody_in_signs_nobody_in_again() -> None:
    async with (
        House().open(token=TOKEN) as house,
        Browser(house.url, "/desk") as mine,
        Browser(house.url, "/desk") as thief,
    ):
        mia = house.store.accounts.credentials("mia")
        assert mia is not None
        house.store.accounts.set_telegram(mia.staff.id, 4242)
        data = signed(4242, datetime.now(UTC))
        assert (await mine.client.post("/desk/telegram", json={"data": data})).status_code == 200
        for again in (data, data.replace("AAH", "%41AH"), data + "&"):
            assert (await thief.client.post("/desk/telegram", json={"data": again})).status_code == 403
        assert "set-cookie" not in (await thief.client.get("/desk")).headers
        anew = signed(4242, datetime.now(UTC), query_id="AAI")
        assert (await mine.client.post("/desk/telegram", json={"data": anew})).status_code == 200


async def test_without_a_bot_nothing_opens_from_there_and_nobody_frames_the_desk() -> None:
    async with House().open() as house, Browser(house.url, "/desk") as browser:
        data = {"data": signed(4242, datetime.now(UTC), token="")}
        assert (await browser.client.post("/desk/telegram", json=data)).status_code == 404
        page = await browser.load()
        assert page.headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
