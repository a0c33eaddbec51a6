"""What is over its time goes by itself, and what an erasure left to be done is done by whoever comes next."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.messages import Attachment
from bot.pipeline.keeping import Rule
from bot.pipeline.retention import GRACE, Retention
from bot.store.database import SqlDatabase
from bot.store.files import FileStore
from tests.serving import at_work
from tests.store.samples import NOW, talk
from tests.stores import put, rows

DAY = timedelta(days=1)
FOREVER = dict.fromkeys(Rule, 0)


def retention(
    database: SqlDatabase,
    files: FileStore,
    days: Mapping[Rule, int] = FOREVER,
    pictures: tuple[str, ...] = (),
) -> Retention:
    return Retention(database, files, lambda: NOW, days, lambda: pictures)


def age(folder: Path) -> None:
    """All there is was sent long ago."""
    old = (NOW - GRACE - 2000 * DAY).timestamp()
    for path in folder.glob("??/*"):
        os.utime(path, (old, old))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("??/*")}


async def sent(files: FileStore, folder: Path, *contents: bytes) -> list[str]:
    """Files kept a long time ago; their SHA-256."""
    kept = [await files.save(content, "", "image/png") for content in contents]
    age(folder)
    return [one.ref.removeprefix("file:") for one in kept]


async def shown(database: SqlDatabase, sha256: str) -> None:
    """A line that shows it."""
    here = (await talk(database)).id
    photo = {"medium": "photo", "ref": f"file:{sha256}", "name": "", "size": 1, "album": ""}
    await put(
        database,
        "lines",
        conversation_id=here,
        who="buyer",
        text="",
        attachments=[photo],
        buttons=[],
        at=NOW - 9 * DAY,
    )


async def test_files_that_nothing_refers_to_go_after_a_grace(database: SqlDatabase, tmp_path: Path) -> None:
    files = FileStore(tmp_path)
    loose, held, picture = await sent(files, tmp_path, b"loose", b"held", b"picture")
    await shown(database, held)
    fresh: Attachment = await files.save(b"fresh", "", "image/png")
    keeper = retention(database, files, pictures=(picture,))
    assert await keeper.loose_files() == [loose]
    assert await keeper.clear_files() == 1
    assert names(tmp_path) == {held, picture, fresh.ref.removeprefix("file:")}


async def test_files_go_with_the_last_line_that_shows_them(database: SqlDatabase, tmp_path: Path) -> None:
    files = FileStore(tmp_path)
    [only] = await sent(files, tmp_path, b"only")
    await shown(database, only)
    await retention(database, files, {**FOREVER, Rule.LINES: 10}).sweep()
    assert await files.load(f"file:{only}") == b"only"
    gone = await retention(database, files, {**FOREVER, Rule.LINES: 5}).sweep()
    assert gone[Rule.LINES] == 1
    assert await files.load(f"file:{only}") is None


async def test_what_is_kept_for_ever_is_not_even_looked_for(database: SqlDatabase, tmp_path: Path) -> None:
    await put(
        database,
        "inbox",
        channel="web",
        origin="1",
        payload={"x": 1},
        state="done",
        received_at=NOW,
        due_at=NOW,
    )
    keeper = retention(database, FileStore(tmp_path))
    assert await keeper.over() == {}
    assert set((await keeper.sweep()).values()) == {0}
    assert [row["payload"] for row in await rows(database, "inbox")] == [{"x": 1}]


async def test_while_the_clock_is_doubted_nothing_goes(database: SqlDatabase, tmp_path: Path) -> None:
    """Else a machine that is wrong by years for a moment would have the shop forget everything."""
    files = FileStore(tmp_path)
    [loose] = await sent(files, tmp_path, b"loose")
    old = {"received_at": NOW - 9 * DAY, "due_at": NOW}
    await put(database, "inbox", channel="web", origin="1", payload={"x": 1}, state="done", **old)
    doubts = [True]
    days = {**FOREVER, Rule.RAW: 3}
    keeper = Retention(database, files, lambda: NOW, days, tuple, doubtful=lambda: doubts[0])
    assert (await keeper.sweep())[Rule.RAW] == 0
    assert names(tmp_path) == {loose}
    doubts[0] = False
    assert (await keeper.sweep())[Rule.RAW] == 1
    assert names(tmp_path) == set()


async def test_many_rows_go_in_many_transactions(
    database: SqlDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.pipeline.retention.STRETCH", 3)
    monkeypatch.setattr("bot.pipeline.retention.BATCH", 2)
    monkeypatch.setattr("bot.pipeline.retention._PAUSE", 0)
    for number in range(5):
        old = {"received_at": NOW - 9 * DAY, "due_at": NOW}
        await put(database, "inbox", channel="web", origin=str(number), payload={"x": 1}, state="done", **old)
    keeper = retention(database, FileStore(tmp_path), {**FOREVER, Rule.RAW: 3})
    assert (await keeper.over())[Rule.RAW].rows == 5
    assert (await keeper.sweep())[Rule.RAW] == 5
    assert (await keeper.over())[Rule.RAW].rows == 0


async def test_files_of_who_was_erased_go_at_the_next_start_if_the_command_was_killed(
    database: SqlDatabase, tmp_path: Path
) -> None:
    files = FileStore(tmp_path)
    hers, both = await sent(files, tmp_path, b"hers", b"both")
    await shown(database, both)
    for sha256 in (hers, both):
        await put(database, "discarded", sha256=sha256, at=NOW)
    async with at_work(retention(database, files).run()), asyncio.timeout(10):
        while await database.read(lambda unit: unit.discarded()):  # noqa: ASYNC110 -- it tells nobody
            await asyncio.sleep(0.01)
    assert await files.load(f"file:{hers}") is None
    assert await files.load(f"file:{both}") == b"both"


async def test_a_file_that_is_sent_anew_while_it_goes_stays(database: SqlDatabase, tmp_path: Path) -> None:
    """What somebody sends now is known to the database only later."""
    files = FileStore(tmp_path)
    [same] = await sent(files, tmp_path, b"same")
    await put(database, "discarded", sha256=same, at=NOW - 5000 * DAY)
    await files.save(b"same", "", "image/png")
    assert await retention(database, files).finish_erasing() == 0
    assert await files.load(f"file:{same}") == b"same"
    assert await database.read(lambda unit: unit.discarded()) == {}
