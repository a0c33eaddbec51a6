"""Who may pass which of the desk's doors: every route, every role, by page, by script and by forged form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.routing import Mount, Route

from bot.desk.doors import Door
from bot.desk.pages import routes
from bot.desk.provider import Provider
from bot.desk.settings import DeskSettings
from bot.domain.calendar import Calendar
from bot.domain.policy import Policy
from bot.domain.staff import RIGHTS, Right, Staff, StaffRole
from tests.channels.web.browser import Browser
from tests.channels.web.house import LANGUAGES, STAFF, House, words
from tests.desk.agent import Agent
from tests.desk.samples import case, flagged

OPEN = {
    *("/desk/sign-in", "/desk/code", "/desk/welcome", "/desk/open", "/desk/telegram"),
    *("/desk/oidc", "/desk/oidc/back"),
}
"""Where it is found out who somebody is."""
DOORS: dict[tuple[str, str], set[Right]] = {
    ("GET", "/desk"): {Right.SERVE},
    ("POST", "/desk/sign-out"): {Right.OWN},
    ("POST", "/desk/acts"): {Right.SERVE},
    ("POST", "/desk/duty"): {Right.SERVE},
    ("GET", "/desk/stream"): {Right.SERVE},
    ("GET", "/desk/search"): {Right.SERVE},
    ("GET", "/desk/macros"): {Right.SERVE},
    ("POST", "/desk/typing"): {Right.SERVE},
    ("GET", "/desk/files/{token}"): {Right.SERVE},
    ("GET", "/desk/cases/{number}/dossier"): {Right.SERVE, Right.RULE},
    ("GET", "/desk/account"): {Right.OWN},
    ("POST", "/desk/account/password"): {Right.OWN},
    ("POST", "/desk/account/second"): {Right.OWN},
    ("POST", "/desk/account/second/off"): {Right.OWN},
    ("POST", "/desk/account/sessions"): {Right.OWN},
    ("GET", "/desk/people"): {Right.PEOPLE},
    ("POST", "/desk/people"): {Right.PEOPLE},
    ("POST", "/desk/people/{number:int}/{what}"): {Right.PEOPLE},
    ("GET", "/desk/audit"): {Right.PEOPLE},
    ("GET", "/desk/disputes"): {Right.RULE},
    ("POST", "/desk/disputes/{number}"): {Right.RULE},
}
"""What each door asks for. A route that is added has to be added here, with whom it is for."""
FILLED = {"{token}": "x", "{number:int}": "1", "{number}": "R7", "{what}": "invite"}
LOGINS = {role: login for login, (_, role) in STAFF.items() if login[:4] != "xiao"}


def _routes() -> Sequence[Any]:
    house = House()
    settings = DeskSettings(
        database=house.database,
        take=house.take,
        hub=house.hub,
        files=house.files,
        words=words,
        languages=LANGUAGES,
        policy=lambda: Policy(Calendar(UTC), Calendar(UTC)),
        secret="a secret for tests",
        macros=house.contents.macros,
        render=house.contents.replies,
        clock=lambda: datetime.now(UTC),
        telegram_token="1:x",
        provider=Provider("https://accounts.example", "desk", "of the desk", house.clock),
    )
    return routes(settings)


def test_every_route_of_the_desk_asks_for_a_right_or_is_an_entrance() -> None:
    found: dict[tuple[str, str], set[Right]] = {}
    opened: set[str] = set()
    for route in _routes():
        if isinstance(route, Mount):
            assert route.path == "/static/desk"
        elif isinstance(route, Door):
            [method] = (route.methods or set()) - {"HEAD"}
            found[method, route.path] = set(route.rights)
        else:
            assert isinstance(route, Route)
            opened.add(route.path)
    assert (found, opened) == (DOORS, OPEN)


@pytest.mark.parametrize("role", list(StaffRole))
async def test_a_role_passes_its_own_doors_and_no_other(role: StaffRole) -> None:
    async with House().open() as house, Agent(house.url, LOGINS[role], "/desk/account") as somebody:
        flagged(house)
        for (method, path), rights in DOORS.items():
            address = path
            for name, value in FILLED.items():
                address = address.replace(name, value)
            if path in ("/desk/stream", "/desk/sign-out"):
                continue  # a stream does not end; the other is asked last
            given = {"csrf": somebody.proof, "role": "agent"}
            answer = await somebody.client.request(method, address, data=given if method == "POST" else None)
            allowed = bool(rights & RIGHTS[role])
            if method == "GET" and not allowed and answer.status_code == 303:
                home = {StaffRole.MEDIATOR: "/desk/disputes"}.get(role, "/desk")
                assert answer.headers["location"] == home, path
                continue
            assert (answer.status_code == 403) is not allowed or path.endswith(("/password", "/off")), path
        assert (await somebody.submit("/desk/sign-out")).status_code == 303


async def test_without_a_token_of_our_pages_nothing_is_changed() -> None:
    async with (
        House().open() as house,
        Agent(house.url, "boss", "/desk/people") as boss,
        Agent(house.url) as mia,
    ):
        before = house.store.accounts.people()
        for csrf in ("", "x", mia.proof):
            form = {"csrf": csrf, "role": "owner", "login": "eve", "name": "Eve"}
            for path in ("/desk/people", "/desk/people/1/role", "/desk/people/1/disable", "/desk/sign-out"):
                assert (await boss.client.post(path, data=form)).status_code == 403
        other = {"Origin": "https://evil.example"}
        mine = {"csrf": boss.proof, "role": "owner"}
        assert (await boss.client.post("/desk/people/1/role", data=mine, headers=other)).status_code == 403
        assert house.store.accounts.people() == before


async def test_who_is_not_signed_in_sees_the_way_in_and_nothing_else() -> None:
    async with House().open() as house, Browser(house.url, "/desk") as nobody:
        flagged(house)
        for method, path in DOORS:
            address = path
            for name, value in FILLED.items():
                address = address.replace(name, value)
            answer = await nobody.client.request(method, address)
            assert answer.status_code == 401 or 'name="login"' in answer.text, path
            assert "小林" not in answer.text


async def test_an_owner_lets_in_appoints_and_switches_off_but_never_the_last_owner() -> None:
    async with House().open() as house, Agent(house.url, "boss", "/desk/people") as boss:
        accounts = house.store.accounts

        def known(login: str) -> Staff:
            found = accounts.credentials(login)
            assert found is not None
            return found.staff

        mia, owner = known("mia"), known("boss")
        for path, fields, words_of, status in (
            ("/desk/people", {"login": "Mia", "name": "Mia 2", "role": "agent"}, "That login is taken", 400),
            ("/desk/people", {"login": "mia2", "name": "mia", "role": "agent"}, "That name is taken", 400),
            ("/desk/people", {"login": "m", "name": "M", "role": "agent"}, "2 to 32", 400),
            ("/desk/people", {"login": "max", "name": "Max", "role": "king"}, "", 400),
            (f"/desk/people/{mia.id}/telegram", {"telegram": "12a"}, "is a number", 400),
            (f"/desk/people/{mia.id}/telegram", {"telegram": "4242"}, "", 303),
            (f"/desk/people/{owner.id}/telegram", {"telegram": "4242"}, "colleague", 400),
            (f"/desk/people/{mia.id}/role", {"role": "senior"}, "", 303),
            (f"/desk/people/{mia.id}/service", {"languages": "zh, en", "capacity": "many"}, "0 to 100", 400),
            (f"/desk/people/{mia.id}/service", {"languages": "中文", "capacity": ""}, "codes", 400),
            (f"/desk/people/{mia.id}/service", {"languages": "ZH，en", "capacity": "3"}, "", 303),
            (f"/desk/people/{owner.id}/role", {"role": "agent"}, "only owner", 400),
            (f"/desk/people/{owner.id}/disable", {}, "only owner", 400),
            (f"/desk/people/{mia.id}/disable", {}, "", 303),
            ("/desk/people/999/disable", {}, "", 404),
            (f"/desk/people/{mia.id}/fire", {}, "", 404),
        ):
            answer = await boss.submit(path, **fields)
            assert (answer.status_code, words_of in answer.text) == (status, True), (path, fields)
        now = known("mia")
        assert (now.role, now.telegram, now.disabled) == (StaffRole.SENIOR, 4242, True)
        assert (now.languages, now.capacity) == (("zh", "en"), 3)
        assert known("boss") == owner
        page = (await boss.client.get("/desk/audit")).text
        assert "switched somebody off" in page
        assert "4242" in page


async def test_a_mediator_sees_disputes_alone_and_rules_on_them() -> None:
    async with House().open() as house, Agent(house.url, "judge", "/desk/disputes") as judge:
        conversation = flagged(house)
        assert "R7" not in (await judge.load()).text
        assert (await judge.client.get("/desk/cases/R7/dossier")).status_code == 404
        assert (await judge.submit("/desk/disputes/R7", act="rule_for_buyer", version="1")).status_code == 404
        house.store.their_cases[conversation] = [case(locked=True)]
        assert "R7" in (await judge.load()).text
        for fields, status in (
            ({"act": "agree", "version": "1"}, 400),
            ({"act": "rule_split", "version": "1", "text": "half"}, 400),
            ({"act": "rule_for_buyer", "version": "x"}, 400),
            ({"act": "rule_split", "version": "1", "text": "20.50 shared fault"}, 303),
        ):
            assert (await judge.submit("/desk/disputes/R7", **fields)).status_code == status, fields
        [ruling] = house.arrivals
        assert ruling.payload["account"].startswith("staff:")
        assert (ruling.conversation_id, ruling.payload["act"]) == (conversation, "rule_split")
        assert (await judge.act("claim", conversation)).status_code == 403


async def test_what_somebody_read_is_written_down_once_a_session() -> None:
    async with House().open() as house, Agent(house.url) as mia:
        conversation = flagged(house)
        for _ in range(2):
            async with mia.stream(f"/desk/stream?conversation={conversation}") as stream:
                await stream.next("panel")
        read = [deed for _, deed in house.store.accounts.deeds(conversation=conversation)]
        assert [(deed.name, deed.act) for deed in read] == [("Mia", "read")]


async def test_nobody_speaks_under_another_name_or_account() -> None:
    async with House().open() as house, Agent(house.url) as mia:
        conversation = flagged(house)
        forged = {"agent": "Boss", "account": "staff:4"}
        assert (await mia.act("claim", conversation, **forged)).status_code == 202
        [arrival] = house.arrivals
        known = house.store.accounts.credentials("mia")
        assert known is not None
        assert (arrival.payload["agent"], arrival.payload["account"]) == ("Mia", known.staff.account)


async def test_an_agent_is_there_while_the_page_is_open_and_away_when_they_say_so() -> None:
    async with House().open() as house, Agent(house.url) as mia:

        def stands() -> tuple[bool, bool]:
            found = next(one for one in house.store.accounts.colleagues() if one.staff.login == "mia")
            return found.seen_at is not None, found.away

        assert stands() == (False, False)
        async with mia.stream("/desk/stream") as stream:
            await stream.next("list")
        assert stands() == (True, False)
        assert (await mia.submit("/desk/duty", duty="out")).status_code == 400
        assert (await mia.submit("/desk/duty", duty="away")).status_code == 303
        assert stands() == (True, True)
        assert 'value="here"' in (await mia.load()).text
        await mia.submit("/desk/duty", duty="here")
        assert stands() == (True, False)
