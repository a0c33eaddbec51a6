"""Two shops on one port and in one database: to who works in one, what is the other's is what never was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.config import load
from bot.domain import engine
from bot.domain.authority import Level
from bot.domain.book import Book
from bot.domain.cases import Act, Case, Event, Role
from bot.domain.decision import MoveCase
from bot.domain.staff import StaffRole
from bot.pipeline.ports import Unit
from bot.pipeline.turns import Outturn
from bot.store.database import SqlDatabase
from tests.cli.test_several_shops import served, two
from tests.desk.agent import Agent
from tests.granted import apply_for
from tests.passwords import KEPT

__all__ = ["two"]

NOBODY = 999_999
NO_CASE = "R999999"


@dataclass(frozen=True)
class Standing:
    """What a shop has: a case in dispute, its conversation, somebody who works there."""

    case: str
    conversation: int
    staff: int


def stocked(unit: Unit, shop: str, number: str, order_number: str) -> Standing:
    """The shop with a buyer, a case before the platform, an owner, an agent and a mediator."""
    now = datetime.now(UTC)
    case = apply_for(unit, number, order_number, at=now)
    order, conversation = unit.order(order_number), unit.conversation(case.conversation_id)
    assert order
    assert conversation
    act = Act(Event.INTERVENE, Role.AGENT, now, who="Mia")
    locked = engine.carry_out(case, act, Book(order, (case,)), load(None, {}).policy(), Level.OWNER)
    unit.commit([Outturn((), conversation, conversation, (MoveCase(locked),))], now)
    roles = {"boss": StaffRole.OWNER, "mia": StaffRole.AGENT, "judge": StaffRole.MEDIATOR}
    made = {login: unit.add_staff(login, f"{login} of {shop}", role, now).id for login, role in roles.items()}
    for one in made.values():
        unit.set_password(one, KEPT)
    return Standing(number, case.conversation_id, made["mia"])


@pytest.fixture
async def shops(two: list[str]) -> AsyncIterator[dict[str, tuple[SqlDatabase, Standing]]]:
    """Both, with the database they share."""
    async with SqlDatabase(
        f"sqlite:///{Path(two[0]).parent / 'both.db'}", shop="tea", exclusive=False
    ) as tea:
        await tea.migrate()
        cups = tea.beside("cups")
        yield {
            "tea": (tea, await tea.write(lambda unit: stocked(unit, "tea", "R1", "A1"))),
            "cups": (cups, await cups.write(lambda unit: stocked(unit, "cups", "R2", "B2"))),
        }


@asynccontextmanager
async def working(address: str, login: str, page: str = "/desk") -> AsyncIterator[Agent]:
    """Somebody of the tea shop, signed in there."""
    somebody = Agent(address, login, page)
    somebody.client.headers["Host"] = "tea.localhost"
    async with somebody:
        assert somebody.proof
        yield somebody


async def acted(agent: Agent, act: str, conversation: int, **more: object) -> httpx.Response:
    origin = {"Origin": "http://tea.localhost"}
    body: dict[str, Any] = {"act": act, "conversation": conversation, **more}
    return await agent.post("/desk/acts", origin, id=f"{'0' * 8}-0000-4000-8000-{NEXT.pop():012}", **body)


NEXT = list(range(1000))
"""Ids of acts that nobody used yet."""


def alike(theirs: httpx.Response, never: httpx.Response) -> bool:
    """The same was answered, but for the case's number where that is told back."""
    return (theirs.status_code, theirs.text.replace("R2", NO_CASE)) == (never.status_code, never.text)


async def test_conversations_and_cases_of_another_shop_are_none_at_the_desk(
    two: list[str], shops: dict[str, tuple[SqlDatabase, Standing]]
) -> None:
    _, theirs = shops["cups"]
    async with served(two) as address, working(address, "mia") as mia:
        for act, more in (
            ("say", {"text": "hello"}),
            ("note", {"text": "hello"}),
            ("claim", {}),
            ("release", {}),
            ("refuse", {"case": theirs.case, "text": "no"}),
        ):
            answers = [await acted(mia, act, one, **more) for one in (theirs.conversation, NOBODY)]
            assert answers[0].status_code == 404, act
            assert alike(answers[0], answers[1]), act
        for path in ("/desk/macros?conversation={}", "/desk/search?words={}"):
            for one, never in ((theirs.conversation, NOBODY), (theirs.case, NO_CASE), ("B2", "B9")):
                answer, other = [await mia.client.get(path.format(asked)) for asked in (one, never)]
                assert alike(answer, other), (path, one)
        origin = {"Origin": "http://tea.localhost"}
        typing = [
            await mia.post("/desk/typing", origin, conversation=one, still=True)
            for one in (theirs.conversation, NOBODY)
        ]
        assert alike(typing[0], typing[1])
        dossiers = [await mia.client.get(f"/desk/cases/{one}/dossier") for one in (theirs.case, NO_CASE)]
        assert dossiers[0].status_code == 404
        assert alike(dossiers[0], dossiers[1])
        seen = [await _seen(mia, one) for one in (theirs.conversation, NOBODY)]
        assert seen[0] == seen[1]
        assert [name for name, _ in seen[0]].count("line") == 0
        assert "B2" not in str(seen)
    database, _ = shops["cups"]
    assert await database.read(lambda unit: unit.transcript(theirs.conversation)) == []


async def _seen(agent: Agent, conversation: int) -> list[tuple[str, Any]]:
    """All that the stream of a conversation tells at first, but for the list."""
    async with agent.stream(f"/desk/stream?conversation={conversation}") as stream:
        await stream.next("ready")
        return [(event.name, event.data) for event in stream.seen if event.name not in ("list", "ready")]


async def test_an_act_on_another_shops_case_from_a_conversation_of_ones_own_finds_no_such_case(
    two: list[str], shops: dict[str, tuple[SqlDatabase, Standing]]
) -> None:
    (_, ours), (cups, theirs) = shops["tea"], shops["cups"]
    before = await _cases(cups)
    path = f"/desk/stream?conversation={ours.conversation}"
    async with served(two) as address, working(address, "mia") as mia, mia.stream(path) as stream:
        await stream.next("ready")
        for number in (theirs.case, NO_CASE):
            for act in ("refuse", "withdraw", "goods_intact"):
                done = await acted(mia, act, ours.conversation, case=number, text="no", version=2)
                assert done.status_code == 202
        lines = [str((await stream.next("line")).data["body"]) for _ in range(6)]
    half = [line.replace(theirs.case, NO_CASE) for line in lines[:3]]
    assert half == lines[3:]
    assert all(NO_CASE in line for line in half)
    assert await _cases(cups) == before


async def _cases(database: SqlDatabase) -> list[Case]:
    return await database.read(lambda unit: unit.all_cases(ended=True))


async def test_people_of_another_shop_are_nobody_to_an_owner(
    two: list[str], shops: dict[str, tuple[SqlDatabase, Standing]]
) -> None:
    cups, theirs = shops["cups"]
    before = await cups.read(lambda unit: unit.people())
    async with served(two) as address, working(address, "boss", "/desk/people") as boss:
        for what, fields in (
            ("invite", {"sure": "yes"}),
            ("role", {"role": "owner"}),
            ("telegram", {"telegram": "4242"}),
            ("email", {"email": "eve@example.com"}),
            ("service", {"languages": "en", "capacity": "1"}),
            ("disable", {}),
            ("enable", {}),
        ):
            answer, other = [
                await boss.submit(f"/desk/people/{one}/{what}", **fields) for one in (theirs.staff, NOBODY)
            ]
            assert answer.status_code == 404, what
            assert alike(answer, other), what
        for page in (
            "/desk/people",
            "/desk/audit",
            f"/desk/audit?conversation={theirs.conversation}",
            f"/desk/audit?account=staff:{theirs.staff}",
            f"/desk/audit?subject={theirs.case}",
        ):
            assert "of cups" not in (await boss.client.get(page)).text, page
    assert await cups.read(lambda unit: unit.people()) == before


async def test_a_dispute_of_another_shop_is_none_to_a_mediator(
    two: list[str], shops: dict[str, tuple[SqlDatabase, Standing]]
) -> None:
    (_, ours), (cups, theirs) = shops["tea"], shops["cups"]
    before = await _cases(cups)
    async with served(two) as address, working(address, "judge", "/desk/disputes") as judge:
        page = (await judge.load()).text
        assert ours.case in page
        assert theirs.case not in page
        ruled, other = [
            await judge.submit(f"/desk/disputes/{one}", act="rule_for_buyer", version="2")
            for one in (theirs.case, NO_CASE)
        ]
        assert ruled.status_code == 404
        assert alike(ruled, other)
        got, none = [await judge.client.get(f"/desk/cases/{one}/dossier") for one in (theirs.case, NO_CASE)]
        assert got.status_code == 404
        assert alike(got, none)
    assert await _cases(cups) == before


async def test_a_session_of_one_shops_desk_opens_no_door_of_anothers(
    two: list[str], shops: dict[str, tuple[SqlDatabase, Standing]]
) -> None:
    async with served(two) as address, working(address, "boss") as boss:
        assert (await boss.client.get("/desk/people")).status_code == 200
        boss.client.headers["Host"] = "cups.localhost"
        page = await boss.client.get("/desk/people")
        assert 'name="login"' in page.text
        assert "of cups" not in page.text
        for path in ("/desk/stream", f"/desk/cases/{shops['cups'][1].case}/dossier", "/desk/search?words=B2"):
            assert (await boss.client.get(path)).status_code == 401, path
