"""A shop that moved to PostgreSQL in the middle of everything: talks, cases and clocks go on where they were."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.folder.shop_folder import Contents
from bot.store.database import SqlDatabase
from bot.store.moving import move
from tests.pipeline.rig import Rig, unshipped
from tests.stores import rows


async def test_a_talk_a_case_and_its_clock_go_on_after_the_move(
    sqlite_template: Path, tmp_path: Path, postgres_bare_address: str, contents: Contents
) -> None:
    path = tmp_path / "shop.db"
    shutil.copy(sqlite_template, path)
    async with SqlDatabase(f"sqlite:///{path}") as database:
        before = Rig(database, contents)
        await before.owns("ann", unshipped(), unshipped("2600018009"))
        await before.write("ann", "我要退款 2600018001")
        await before.work()
        await before.tap("ann", "|cancel|yes")
        await before.work()
        await before.write("ann", "2600018009 也要退款")
        await before.work()  # asks for the reason
        await before.write("ann", "不想要了")  # has come, and nobody has read it
        said = await before.heard("ann")
        [case] = await rows(database, "cases")
    await move(f"sqlite:///{path}", postgres_bare_address, "main", lambda *_: None)
    async with SqlDatabase(postgres_bare_address) as database:
        after = Rig(database, contents)
        after.clock.now = before.clock.now
        after.words.names = before.words.names
        assert await after.heard("ann") == said
        await after.work()
        assert len(await after.heard("ann")) > len(said)
        after.clock.now = case["due_at"]
        while await after.deadlines.step():
            await after.work()
        assert "case/auto_agreed" in await after.heard("ann")
        [refund] = await rows(database, "refunds")
        assert refund["case_number"] == case["number"]
        assert await after.shelf() == []
