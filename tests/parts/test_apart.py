"""The parts of a shop apart: what is written at one web process is handled elsewhere, and seen at all of them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from bot.app import App
from bot.domain.staff import StaffRole
from bot.folder.shop_folder import Contents
from bot.pipeline.roles import Role
from bot.store.database import SqlDatabase
from bot.store.unit import SqlUnit
from tests.channels.web.browser import Browser
from tests.desk.agent import Agent
from tests.passwords import KEPT
from tests.play.clock import OPENING
from tests.play.stage import ROOT, SECRET, StillFolder, config_for
from tests.serving import at_work

HERE = "/desk/stream?conversation=1"
STAFF = {"mia": "Mia", "xiaozhou": "小周"}


@contextlib.asynccontextmanager
async def part(role: Role, address: str, folder: Path, contents: Contents) -> AsyncIterator[str]:
    """A process of its own, but for the process; yields where it can be visited."""
    config = config_for(folder)
    config = replace(config, storage=replace(config.storage, url=address), web=replace(config.web, port=0))
    still = StillFolder(ROOT, config.shop.languages, config.shop.timezone)
    async with App(config, still, contents, SECRET) as app:
        server = app.pages.server(roles={role})
        async with at_work(app.run(server, {role})):
            yield server.address


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
    def job(unit: SqlUnit) -> None:
        for login, name in STAFF.items():
            unit.set_password(unit.add_staff(login, name, StaffRole.AGENT, OPENING).id, KEPT)

    async with SqlDatabase(address) as database:
        await database.write(job)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


async def test_what_is_written_at_one_web_process_is_answered_elsewhere_and_read_at_another(
    postgres_address: str, tmp_path: Path, contents: Contents
) -> None:
    async with (
        shop(postgres_address, tmp_path, contents) as (web, other),
        Browser(web) as desktop,
        Browser(other) as phone,
    ):
        await desktop.write("人工")
        phone.client.cookies = desktop.client.cookies
        async with phone.stream() as stream:
            while len(stream.texts()) < 2:
                await stream.next("line")
            await desktop.write("有人吗")
            while stream.texts()[-1] != "有人吗":
                await stream.next("line")


async def test_agents_at_two_web_processes_see_each_other_and_what_each_says(
    postgres_address: str, tmp_path: Path, contents: Contents
) -> None:
    await hire(postgres_address)
    async with (
        shop(postgres_address, tmp_path, contents) as (web, other),
        Browser(web) as buyer,
        Agent(web) as mia,
        Agent(other, "xiaozhou") as zhou,
    ):
        await buyer.write("人工")
        async with buyer.stream() as stream:
            while len(stream.texts()) < 2:
                await stream.next("line")
        async with zhou.stream(HERE) as his:
            async with mia.stream(HERE) as hers:
                while (await hers.next("others")).data != [{"agent": "小周", "typing": False}]:
                    pass
                await mia.post("/desk/typing", conversation=1, still=True)
                while (await his.next("others")).data != [{"agent": "Mia", "typing": True}]:
                    pass
                assert (await mia.act("say", 1, text="我在")).status_code == 202
                while not his.texts()[-1].endswith("我在"):
                    await his.next("line")
            while (await his.next("others")).data:
                pass
