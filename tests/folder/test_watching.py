"""While the shop is served, its folder is watched: nothing in it ends the serving, and the log tells what became of an edit."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot import app as served
from bot.app import App
from bot.folder import rereading
from bot.folder.kept import Kept
from bot.folder.shop_folder import ShopFolder
from tests.copies import copied
from tests.folder.conftest import EDITED
from tests.play.stage import ROOT, SECRET, config_for
from tests.serving import at_work

PHRASES = "intents/en/thanks.yaml"


@dataclass
class Serving:
    """A shop that is being served, and what it logs."""

    app: App
    path: Path
    logs: list[Any]
    task: asyncio.Task[None]

    async def says(self, event: str, **more: str) -> None:
        """Until this was logged."""
        async with asyncio.timeout(20):
            while not any(event in line["event"] and more.items() <= line.items() for line in self.logs):
                assert not self.task.done(), self.task
                await asyncio.sleep(0.02)

    async def rewritten(self, name: str, text: str) -> None:
        """An owner saves a file."""
        self.logs.clear()
        (self.path / name).write_text(text, "utf-8")


@pytest.fixture
async def serving(
    tmp_path: Path, kept: Kept, replies: Path, watched: asyncio.Event
) -> AsyncIterator[Serving]:
    """A shop that understands little is served."""
    for language in ("en", "zh"):
        target = tmp_path / "shop/intents" / language / "thanks.yaml"
        target.parent.mkdir(parents=True)
        shutil.copy(ROOT / "intents" / language / "thanks.yaml", target)
    copied(replies, tmp_path / "shop/replies", EDITED)
    config = config_for(tmp_path)
    folder = ShopFolder(tmp_path / "shop", config.shop.languages, config.shop.timezone, kept=kept)
    with structlog.testing.capture_logs() as logs:
        async with App(config, folder, folder.read(), SECRET) as app, at_work(app.run()) as task:
            async with asyncio.timeout(20):
                await watched.wait()
            yield Serving(app, folder.path, logs, task)


async def test_a_broken_file_and_its_mend_are_both_told(serving: Serving) -> None:
    good = (serving.path / PHRASES).read_text("utf-8")
    await serving.rewritten(PHRASES, "phrases: [ta")
    await serving.says("can't be used; its last good version stays")
    await serving.rewritten(PHRASES, good)
    await serving.says("that could not be used is mended", file=PHRASES)
    await serving.says("were read again")
    assert serving.app.contents.problems == ()


async def test_an_edit_is_confirmed(serving: Serving) -> None:
    await serving.rewritten(PHRASES, "phrases:\n  - bless you\n")
    await serving.says("were read again")
    assert serving.app.contents.phrase_files[PHRASES].phrases == ("bless you",)


@pytest.mark.parametrize(
    "leave",
    [
        lambda path: (path / "intents/en/.#thanks.yaml").symlink_to("me@here.1:2"),
        lambda path: (path / "intents/en/x.yaml").mkdir(),
        lambda path: (path / "intents/en/x.yaml").write_text("- " * 60_000),
    ],
    ids=["an editor's lock", "a folder", "a deep nest"],
)
async def test_what_is_left_in_the_folder_ends_nothing(
    serving: Serving, leave: Callable[[Path], object]
) -> None:
    leave(serving.path)
    await serving.rewritten(PHRASES, "phrases:\n  - bless you\n")
    await serving.says("were read again")
    assert not serving.task.done()


async def test_trouble_with_reading_and_watching_is_logged_and_tried_again(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no more of this")

    with monkeypatch.context() as patch:
        patch.setattr(ShopFolder, "read", fail)
        await serving.rewritten(PHRASES, "phrases: [bless you]\n")
        await serving.says("reading the shop's folder again failed")
    await serving.rewritten(PHRASES, "phrases: [so kind]\n")
    await serving.says("were read again")


async def test_a_folder_that_can_not_be_watched_is_read_again_now_and_then(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rereading, "_AGAIN", 0.01)

    def fail(_: ShopFolder) -> AsyncIterator[None]:
        raise OSError("too many files are watched")

    monkeypatch.setattr(ShopFolder, "changes", fail)
    watching = asyncio.create_task(serving.app._reading.run())
    await serving.says("can't be watched; it is tried again")
    await serving.says("were read again")
    watching.cancel()


async def test_tables_that_can_not_be_read_ahead_end_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(served, "read_ahead", fail)
    with structlog.testing.capture_logs() as logs:
        await served._read_ahead()
    assert "can't be read ahead" in logs[0]["event"]
