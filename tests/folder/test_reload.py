"""An owner edits the shop's files while it is open."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.config import load
from bot.flows.small_talk import WELCOME
from bot.folder.shop_folder import Contents, ShopFolder
from tests.copies import copied
from tests.folder.conftest import EDITED
from tests.play.stage import ROOT

SHOP = load(None, {}).shop


@pytest.fixture
def folder(tmp_path: Path, replies: Path) -> ShopFolder:
    """A shop that understands little, so that it is learned at once."""
    for language in ("en", "zh"):
        (tmp_path / "intents" / language).mkdir(parents=True)
        for name in ("escalate.yaml", "thanks.yaml"):
            shutil.copy(ROOT / "intents" / language / name, tmp_path / "intents" / language)
    copied(replies, tmp_path / "replies", EDITED)
    return ShopFolder(tmp_path, SHOP.languages, SHOP.timezone)


def welcome(contents: Contents) -> str:
    """What the bot says to thanks, in English."""
    return contents.replies(WELCOME(), "en").text


def test_an_edited_reply_is_said_from_then_on(folder: ShopFolder) -> None:
    before = folder.read()
    (folder.path / "replies/en/thanks/welcome.j2").write_text("Any time.", "utf-8")
    assert welcome(folder.read(before)).strip() == "Any time."


def test_a_broken_edit_keeps_the_last_good_reply_and_names_file_and_line(folder: ShopFolder) -> None:
    before = folder.read()
    (folder.path / "replies/en/thanks/welcome.j2").write_text("Any time.\n{{ order.number }}", "utf-8")
    after = folder.read(before)
    assert welcome(after) == welcome(before)
    assert "replies/en/thanks/welcome.j2:2" in str(after.problems[0])


def test_a_broken_phrase_file_keeps_the_last_good_phrases(folder: ShopFolder) -> None:
    before = folder.read()
    path = folder.path / "intents/zh/escalate.yaml"
    path.write_text("phrases: [转人工", "utf-8")
    after = folder.read(before)
    assert after.phrasebook.wordings == before.phrasebook.wordings
    assert "intents/zh/escalate.yaml" in str(after.problems[0])


def test_mending_the_file_mends_the_shop(folder: ShopFolder) -> None:
    before = folder.read()
    path = folder.path / "intents/zh/escalate.yaml"
    good = path.read_text("utf-8")
    path.write_text("phrases: [转人工", "utf-8")
    broken = folder.read(before)
    path.write_text(good, "utf-8")
    assert folder.read(broken).problems == ()


async def test_a_change_on_disk_is_noticed(folder: ShopFolder, watched: asyncio.Event) -> None:
    noticed = asyncio.ensure_future(anext(folder.changes()))
    async with asyncio.timeout(20):
        await watched.wait()
        (folder.path / "replies/en/thanks/welcome.j2").write_text("Any time.", "utf-8")
        await noticed
