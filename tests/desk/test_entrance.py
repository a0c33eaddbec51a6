"""Signing in at the desk, over real HTTP: by password, with a second step, by invitation, by the link of the first start."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta

import httpx
import pyotp
from prometheus_client import REGISTRY

from bot.channels.web.bucket import Rate
from bot.desk.hiring import Hiring
from bot.desk.settings import DeskLimits
from bot.domain.staff import StaffRole
from tests.channels.web.browser import Browser
from tests.channels.web.house import House, words
from tests.desk.agent import Agent, sign_in
from tests.passwords import PASSWORD

NEW = "seven green tea pots"


def acts(house: House) -> list[tuple[str, str, str]]:
    """What was written down of accounts: who, what, how it ended; oldest first."""
    return [(deed.name, deed.act, deed.outcome.value) for _, deed in reversed(house.store.accounts.deeds())]


def cookies(answer: httpx.Response, name: str) -> list[str]:
    """What is said of them, in lower case."""
    return [one.lower() for one in answer.headers.get_list("set-cookie") if one.startswith(f"{name}=")]


async def test_the_door_opens_by_login_and_password_and_tells_nothing_else() -> None:
    async with House().open() as house, Browser(house.url, "/desk") as browser:
        wrong, stranger = await sign_in(browser, "guess"), await sign_in(browser, login="nobody")
        assert (wrong.status_code, stranger.status_code) == (403, 403)
        assert wrong.text.replace("mia", "") == stranger.text.replace("nobody", "")
        assert "set-cookie" not in wrong.headers
        right = await sign_in(browser, login=" Mia ")
        [cookie] = cookies(right, "shouhou_desk")
        assert right.status_code == 303
        assert {"httponly", "samesite=lax", "max-age=43200"} <= {part.strip() for part in cookie.split(";")}
        assert "Mia" in (await browser.load()).text
        assert acts(house) == [
            ("Mia", "sign_in", "refused"),
            ("", "sign_in", "refused"),
            ("Mia", "sign_in", "done"),
        ]


async def test_what_a_browser_keeps_is_not_what_the_database_keeps() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        token = agent.client.cookies["shouhou_desk"]
        kept = house.store.accounts._connection.exec_driver_sql("SELECT token FROM sessions").scalar_one()
        assert (token != kept, len(kept)) == (True, 64)
        agent.client.cookies.set("shouhou_desk", kept, path="/desk")
        assert (await agent.client.get("/desk/stream")).status_code == 401


async def test_guessing_is_slowed_down_by_address_and_by_login() -> None:
    limits = DeskLimits(sign_ins=Rate(burst=3, per_second=0.01))
    async with House().open(desk_limits=limits) as house, Browser(house.url, "/desk") as browser:
        statuses = [(await sign_in(browser, f"guess {n}")).status_code for n in range(4)]
        assert statuses == [403, 403, 403, 429]
        assert (await sign_in(browser)).status_code == 429
    many = DeskLimits(sign_ins=Rate(burst=1000, per_second=1))
    async with House().open(desk_limits=many) as house, Browser(house.url, "/desk") as browser:
        statuses = [(await sign_in(browser, f"guess {n}")).status_code for n in range(11)]
        assert statuses == [403] * 10 + [429]
        assert (await sign_in(browser, login="sam")).status_code == 303


async def test_strangers_who_guess_do_not_hold_up_who_has_signed_in_at_this_browser_before() -> None:
    async with House().open() as house, Agent(house.url) as mia, Browser(house.url, "/desk") as stranger:
        await mia.submit("/desk/sign-out")
        assert [(await sign_in(stranger, f"guess {n}")).status_code for n in range(5)] == [403] * 4 + [429]
        assert (await sign_in(mia)).status_code == 303, "the same address, and the same login"
        await mia.submit("/desk/sign-out")
        mia.client.cookies.delete("shouhou_known")
        assert (await sign_in(mia)).status_code == 429
        assert (await sign_in(stranger)).status_code == 429


async def test_a_known_browser_has_few_tries_too_and_is_known_for_its_own_logins_alone() -> None:
    many = DeskLimits(sign_ins=Rate(burst=10, per_second=0.01))
    async with House().open(desk_limits=many) as house, Agent(house.url) as mia:
        assert [(await sign_in(mia, f"guess {n}")).status_code for n in range(11)] == [403] * 10 + [429]
        others = [(await sign_in(mia, f"guess {n}", "sam")).status_code for n in range(10)]
        assert others == [403] * 9 + [429], "for another login it is a stranger's"
        async with Browser(house.url, "/desk") as forger:
            forger.client.cookies.set("shouhou_known", "WyJ4IiwibWlhIl0.aaaaaa.bbbb", path="/desk")
            assert (await sign_in(forger)).status_code == 429


async def test_a_browser_that_several_sign_in_at_is_known_for_each_of_them() -> None:
    async with House().open() as house, Agent(house.url) as mia:
        await mia.submit("/desk/sign-out")
        [kept] = cookies(await sign_in(mia, login="sam"), "shouhou_known")
        parts = {part.strip() for part in kept.split(";")}
        assert {"httponly", "samesite=strict", "path=/desk", f"max-age={180 * 86400}"} <= parts
        async with Browser(house.url, "/desk") as stranger:
            assert [(await sign_in(stranger, f"guess {n}")).status_code for n in range(6)][-1] == 429
        assert (await sign_in(mia)).status_code == 303


async def test_signing_out_ends_the_session_for_good() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        token = agent.client.cookies["shouhou_desk"]
        assert (await agent.submit("/desk/sign-out")).status_code == 303
        agent.client.cookies.set("shouhou_desk", token, path="/desk")
        assert (await agent.client.get("/desk/stream")).status_code == 401


async def test_a_session_is_over_after_a_working_day() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        house.ahead = timedelta(hours=11)
        assert (await agent.client.get("/desk/account")).text.count('name="old"') == 1
        house.ahead = timedelta(hours=13)
        assert 'name="login"' in (await agent.client.get("/desk/account")).text


async def test_who_is_switched_off_sees_no_more_and_does_no_more() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        async with agent.stream("/desk/stream") as stream:
            await stream.next("list")
            mia = house.store.accounts.credentials("mia")
            assert mia is not None
            house.store.accounts.disable(mia.staff.id, datetime.now(UTC))
            house.ahead = timedelta(seconds=10)
            house.hub.publish(1)
            await stream.next("over")
            await stream.ended()
        assert (await agent.act("claim", 1)).status_code == 401
        assert (await sign_in(agent)).status_code == 403


def _offered(page: httpx.Response) -> tuple[str, str]:
    """The key that a page shows, and what its form brings back."""
    key = re.search(r"<code>([A-Z2-7]{32})</code>", page.text)
    offer = re.search(r'name="offer" value="([^"]+)"', page.text)
    assert key
    assert offer
    return key[1], offer[1]


async def test_a_second_step_is_turned_on_asked_for_and_no_code_is_taken_twice() -> None:
    async with House().open() as house, Agent(house.url, page="/desk/account") as agent:
        page = await agent.load()
        assert "<svg" in page.text
        key, offer = _offered(page)
        codes = pyotp.TOTP(key)
        wrong = await agent.submit("/desk/account/second", offer=offer, code="000000")
        assert (wrong.status_code, _offered(wrong)[0]) == (403, key)
        first = codes.at(datetime.now(UTC))
        assert (await agent.submit("/desk/account/second", offer=offer, code=first)).status_code == 303
        async with Browser(house.url, "/desk") as other:
            asked = await sign_in(other)
            half = re.search(r'name="half" value="([^"]+)"', asked.text)
            assert (asked.status_code, bool(half)) == (200, True)
            assert half
            assert "set-cookie" not in asked.headers
            again = await other.client.post("/desk/code", data={"half": half[1], "code": first})
            assert again.status_code == 403
            house.ahead = timedelta(minutes=1)
            fresh = codes.at(datetime.now(UTC) + house.ahead)
            given = await other.client.post("/desk/code", data={"half": half[1], "code": fresh})
            assert given.status_code == 303
            assert (await other.client.get("/desk/account")).text.count("/desk/account/second/off") == 1
        assert "second_on" in [act for _, act, _ in acts(house)]
        assert (await agent.submit("/desk/account/second/off", old="guess")).status_code == 403
        assert (await agent.submit("/desk/account/second/off", old=PASSWORD)).status_code == 303


async def test_a_key_offered_to_one_is_no_key_for_another() -> None:
    async with (
        House().open() as house,
        Agent(house.url, page="/desk/account") as mia,
        Agent(house.url, "sam", "/desk/account") as sam,
    ):
        key, offer = _offered(await mia.load())
        code = pyotp.TOTP(key).at(datetime.now(UTC))
        assert (await sam.submit("/desk/account/second", offer=offer, code=code)).status_code == 400


async def test_another_password_signs_out_everywhere_else() -> None:
    async with (
        House().open() as house,
        Agent(house.url, page="/desk/account") as here,
        Agent(house.url) as there,
    ):
        for old, new, status in (
            ("guess", NEW, 403),
            (PASSWORD, "short", 400),
            (PASSWORD, "aaaaaaaaaaaa", 400),
            (PASSWORD, NEW, 303),
        ):
            assert (await here.submit("/desk/account/password", old=old, new=new)).status_code == status
        assert (await here.client.get("/desk/account")).status_code == 200
        assert (await there.client.get("/desk/stream")).status_code == 401
        assert (await sign_in(there)).status_code == 403
        assert (await sign_in(there, NEW)).status_code == 303


async def test_somebody_signs_out_at_another_browser() -> None:
    async with (
        House().open() as house,
        Agent(house.url, page="/desk/account") as here,
        Agent(house.url) as there,
        Agent(house.url, "sam") as colleague,
    ):
        theirs = re.findall(r'name="session" value="(\d+)"', (await here.load()).text)
        assert len(theirs) == 1
        sam = house.store.accounts.credentials("sam")
        assert sam is not None
        [sams] = house.store.accounts.sessions_of(sam.staff.id, datetime.now(UTC))
        await here.submit("/desk/account/sessions", session=str(sams.id))
        assert (
            await colleague.act("claim", 1)
        ).status_code == 404  # a colleague's session is not theirs to end
        await here.submit("/desk/account/sessions", session=theirs[0])
        assert (await there.client.get("/desk/stream")).status_code == 401
        assert (await here.client.get("/desk/account")).status_code == 200


async def test_an_invitation_opens_once_and_not_for_ever() -> None:
    async with House().open() as house, Agent(house.url, "boss", "/desk/people") as boss:
        hired = await boss.submit("/desk/people", login="Lan", name="小兰", role="agent")
        found = re.search(r"/desk/welcome\?invitation=([\w-]+)", hired.text)
        assert found
        async with Browser(house.url, f"/desk/welcome?invitation={found[1]}") as lan:
            assert "小兰" in (await lan.load()).text
            house.ahead = timedelta(days=4)
            assert (await lan.load()).status_code == 403
            house.ahead = timedelta(days=2)
            weak = await lan.client.post("/desk/welcome", data={"invitation": found[1], "password": "lan"})
            assert weak.status_code == 400
            chosen = await lan.client.post("/desk/welcome", data={"invitation": found[1], "password": NEW})
            assert (chosen.status_code, chosen.headers["location"]) == (303, "/desk")
            again = await lan.client.post("/desk/welcome", data={"invitation": found[1], "password": NEW})
            assert again.status_code == 403
        async with Browser(house.url, "/desk") as elsewhere:
            assert (await sign_in(elsewhere, NEW, "lan")).status_code == 303


async def test_who_invites_themselves_is_told_what_will_happen_and_asked_once() -> None:
    async with House().open() as house, Agent(house.url, "boss", "/desk/people") as boss:
        boss.client.headers["Accept-Language"] = "en"
        own = re.search(
            r"/desk/people/\d+/invite", (await boss.load()).text.split("<strong>Boss</strong>")[1]
        )
        assert own
        asked = await boss.submit(own[0])
        assert words("en", "page")["invite_oneself_text"] in asked.text
        assert "invitation=" not in asked.text
        assert (await boss.client.get("/desk/people")).status_code == 200, "nothing has happened yet"
        done = await boss.submit(own[0], sure="yes")
        link = re.search(r'href="([^"]+/desk/welcome\?invitation=[\w-]+)"', done.text)
        assert link
        assert words("en", "page")["invited_oneself"] in done.text
        assert 'name="password"' in (await boss.client.get("/desk/people")).text
        invitation = link[1].rpartition("=")[2]
        assert "Boss" in (await boss.client.get(link[1])).text
        chosen = await boss.client.post("/desk/welcome", data={"invitation": invitation, "password": NEW})
        assert chosen.status_code == 303


async def test_the_link_of_the_first_start_opens_once_for_the_owner() -> None:
    async with House().open(key="one-time") as house:
        async with Browser(house.url, "/desk") as browser:
            assert (await browser.client.get("/desk/open?key=wrong")).status_code == 403
            ahead = {"Sec-Purpose": "prefetch"}
            assert (await browser.client.get("/desk/open?key=one-time", headers=ahead)).status_code == 403
            opened = await browser.client.get("/desk/open?key=one-time")
            assert (opened.status_code, opened.headers["location"]) == (303, "/desk")
            page = (await browser.load()).text
            assert words("en", "page")["people"] in page
        async with Browser(house.url, "/desk") as late:
            assert (await late.client.get("/desk/open?key=one-time")).status_code == 403
        assert ("Boss", "sign_in", "done") in acts(house), "there is an owner already"


async def test_two_who_use_one_invitation_at_once_are_one() -> None:
    async with House().open() as house, Agent(house.url, "boss", "/desk/people") as boss:
        hired = await boss.submit("/desk/people", login="lan", name="小兰", role="agent")
        found = re.search(r"invitation=([\w-]+)", hired.text)
        assert found
        async with Browser(house.url, "/desk") as browser:
            posts = (
                browser.client.post("/desk/welcome", data={"invitation": found[1], "password": f"{NEW} {n}"})
                for n in range(2)
            )
            answers = await asyncio.gather(*posts)
            assert sorted(answer.status_code for answer in answers) == [303, 403]


async def test_a_second_step_is_not_replaced_by_an_older_offer() -> None:
    async with House().open() as house, Agent(house.url, page="/desk/account") as agent:
        (first, offer), (second, later) = _offered(await agent.load()), _offered(await agent.load())
        assert first != second
        for key, given, status in ((first, offer, 303), (second, later, 400)):
            code = pyotp.TOTP(key).at(datetime.now(UTC))
            answer = await agent.submit("/desk/account/second", offer=given, code=code)
            assert answer.status_code == status


async def test_who_may_less_from_now_on_or_lost_their_telegram_is_signed_out() -> None:
    async with House().open() as house, Agent(house.url) as mia:
        hiring = Hiring(house.store.accounts, "staff:4", "Boss", datetime.now(UTC))
        known = house.store.accounts.credentials("mia")
        assert known is not None
        hiring.appoint(known.staff, StaffRole.SENIOR)
        assert (await mia.act("claim", 1)).status_code == 404
        hiring.appoint(known.staff, StaffRole.MEDIATOR)
        assert (await mia.act("claim", 1)).status_code == 401
        number = house.store.accounts.open_session(
            "t", known.staff.id, "telegram", "", datetime.now(UTC), datetime.now(UTC) + timedelta(hours=1)
        )
        hiring.on_telegram(known.staff, "4242")
        assert not house.store.accounts.sessions_open([number], datetime.now(UTC))


async def test_who_was_not_let_in_is_counted_by_the_way_they_tried() -> None:
    def failures() -> dict[str, float]:
        found = {
            way: REGISTRY.get_sample_value("shouhou_sign_in_failures_total", {"way": way})
            for way in ("password", "key")
        }
        return {way: value or 0.0 for way, value in found.items()}

    before = failures()
    async with House().open() as house, Browser(house.url, "/desk") as browser:
        await sign_in(browser, "a wrong one")
        await browser.client.get("/desk/open?key=guess")
    assert failures() == {way: count + 1 for way, count in before.items()}
