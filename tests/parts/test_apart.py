"""The parts of a shop apart: what is written at one web process is handled elsewhere, and seen at all of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from bot.app import App
from bot.domain.staff import StaffRole
from bot.folder.shop_folder import Contents
from bot.pipeline.roles import Role
from bot.store.database import SqlDatabase
from tests.channels.web.browser import Browser
from tests.channels.web.house import KEPT
from tests.desk.agent import Agent
from tests.play.clock import OPENING
from tests.play.stage import ROOT, SECRET, StillFolder, config_for

STAFF = {"mia": "Mia", "xiaozhou": "小周"}


@contextlib.asynccontextmanager
async def part(role: Role, address: str, folder: Path, contents: Contents) -> AsyncIterator[str]:
    """A process of its own, but for the process; yields where it can be visited."""
    config = config_for(folder)
    config = replace(
        config, storage=replace(config.storage, url=address), web=replace(config.web, port=0)
    )
    still = StillFolder(ROOT, config.shop.languages, config.shop.timezone)
    async with App(config, still, contents, SECRET) as app:
        server = app.server(roles={role})
        serving = asyncio.create_task(app.run(server, {role}))
        try:
            yield server.address
        finally:
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving


@contextlib.asynccontextmanager
async def shop(address: str, folder: Path, contents: Contents) -> AsyncIterator[tuple[str, str]]:
    """Two web processes, a worker and a sender; yields where the web processes are."""
    async with contextlib.AsyncExitStack() as stack:
        web, other, *_ = [
            await stack.enter_async_context(part(role, address, folder, contents))
            for role in (Role.WEB, Role.WEB, Role.WORKER, Role.SENDER)
        ]
        yield web, other


async def hire(address: str) -> None:
    async with SqlDatabase(address) as database:
        for login, name in STAFF.items():
            someone = await database.write(
                lambda unit, login=login, name=name: unit.add_staff(login, name, StaffRole.AGENT, OPENING)
            )
            await database.write(lambda unit, number=someone.id: unit.set_password(number, KEPT))


@pytest.fixture(autouse=True)
def quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))


async def test_words_and_people_are_seen_wherever_one_looks(
    postgres_address: str, tmp_path: Path, contents: Contents
) -> None:
    await hire(postgres_address)
    async with shop(postgres_address, tmp_path, contents) as (web, other):
        async with Browser(web) as buyer, Browser(other) as phone:
            await buyer.write("人工")
            phone.client.cookies = buyer.client.cookies
            async with phone.stream() as stream:
                while "人工" not in stream.texts() or len(stream.texts()) < 2:
                    await stream.next("line")
                await buyer.write("有人吗")
                while stream.texts()[-1] != "有人吗":
                    await stream.next("line")
            conversation = 1
            async with Agent(web) as mia, Agent(other, "xiaozhou") as zhou:
                async with (
                    mia.stream(f"/desk/stream?conversation={conversation}") as hers,
                    zhou.stream(f"/desk/stream?conversation={conversation}") as his,
                ):
                    while (await hers.next("others")).data != [{"agent": "小周", "typing": False}]:
                        pass
                    await mia.post("/desk/typing", conversation=conversation, still=True)
                    while (await his.next("others")).data != [{"agent": "Mia", "typing": True}]:
                        pass
                    await mia.act("say", conversation, text="我在")
                    while his.texts()[-1:] != ["我在"]:
                        await his.next("line")
                async with zhou.stream(f"/desk/stream?conversation={conversation}") as his:
                    assert (await his.next("others")).data == []
