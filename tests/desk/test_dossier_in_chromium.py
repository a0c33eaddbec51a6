"""The dossier as a mediator opens it: unpacked, on a machine of their own, without us."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.async_api import Browser, expect

from bot.desk.dossier import write
from bot.store.database import SqlDatabase
from bot.store.files import FileStore
from tests.channels.web.chromium import pages
from tests.desk import dossier_samples
from tests.desk.dossier_samples import EVIL, labels, material_of, stocked
from tests.doubles.bot_api.media import TINY_PICTURE

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_it_shows_its_pictures_and_runs_nothing(
    browser_process: Browser, tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dossier_samples, "PICTURE", TINY_PICTURE)
    files = FileStore(tmp_path / "files")
    async with SqlDatabase(f"sqlite:///{tmp_path / 'shop.db'}") as database:
        await database.migrate()
        await stocked(database, files)
        await write(tmp_path / "d.zip", await material_of(database), files, labels("zh"))
    with ZipFile(tmp_path / "d.zip") as archive:
        archive.extractall(tmp_path / "d")
    async with pages(browser_process) as browser:
        page = await browser.open(f"file://{tmp_path}/d/index.html", width=1000)
        asked: list[str] = []
        page.on("dialog", lambda dialog: asked.append(dialog.message))
        await expect(page.get_by_role("heading", level=1)).to_have_text("售后材料 申请编号 R1")
        widths = await page.evaluate("[...document.images].map((image) => image.naturalWidth)")
        assert widths == [1, 1, 1, 1]
        assert EVIL in (await page.locator(".said").first.text_content() or "")
        await page.emulate_media(media="print")
        assert asked == []
