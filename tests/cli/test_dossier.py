"""`shouhou dossier`: one ZIP for a mediator, with its own hash to be quoted."""

from __future__ import annotations

import asyncio
import hashlib
import re
import sqlite3
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.store.database import SqlDatabase
from bot.store.files import FileStore
from tests.cli.conftest import Call
from tests.desk.dossier_samples import stocked


async def fill(shop: Path) -> None:
    async with SqlDatabase(f"sqlite:///{shop / 'data/shouhou.db'}") as database:
        await database.migrate()
        await stocked(database, FileStore(shop / "data/files"))


@pytest.fixture
def stocked_shop(shop: Path) -> Path:
    asyncio.run(fill(shop))
    return shop


def test_it_is_written_where_asked_and_its_hash_is_told(
    call: Call, stocked_shop: Path, tmp_path: Path
) -> None:
    out = tmp_path / "for-the-platform.zip"
    said = call("dossier", "R1", "--lang", "en", "--out", str(out))
    assert said.exit_code == 0, said.output
    assert str(out) in said.output
    assert hashlib.sha256(out.read_bytes()).hexdigest() in said.output
    with ZipFile(out) as archive:
        assert 'lang="en"' in archive.read("index.html").decode()
        assert len([name for name in archive.namelist() if name.startswith("files/")]) == 5
    again = call("dossier", "R1", "--lang", "en", "--out", str(out))
    assert again.output == said.output, "the same case makes the same bytes"


def test_without_more_it_is_in_the_shops_first_language_and_stands_in_its_folder(
    call: Call, stocked_shop: Path
) -> None:
    assert call("dossier", "R1").exit_code == 0
    with ZipFile(stocked_shop / "dossier-R1-zh.zip") as archive:
        assert "会话记录" in archive.read("index.html").decode()


def test_a_case_nobody_has_and_a_language_nobody_speaks_are_named(call: Call, stocked_shop: Path) -> None:
    assert "there is no case 'R9'" in str(call("dossier", "R9").exception)
    assert "only in zh, en" in call("dossier", "R1", "--lang", "fr").output
    assert not list(stocked_shop.glob("*.zip"))


@pytest.mark.parametrize("number", ["../../evil", "/tmp/evil", "R1/../../x", "..\\x", "R1\0", "", "."])
def test_a_number_that_is_a_path_writes_nothing_anywhere(
    call: Call, stocked_shop: Path, tmp_path: Path, number: str
) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert call("dossier", number).exit_code != 0
    assert sorted(tmp_path.rglob("*")) == before


def test_what_files_are_called_is_no_path_in_the_zip(call: Call, stocked_shop: Path) -> None:
    with sqlite3.connect(stocked_shop / "data/shouhou.db") as database:
        database.execute("UPDATE files SET name = '../../../evil.sh'")
        database.execute(
            """UPDATE lines SET attachments = replace(attachments, '"name":"', '"name":"/etc/../')"""
        )
    assert call("dossier", "R1").exit_code == 0
    with ZipFile(stocked_shop / "dossier-R1-zh.zip") as archive:
        for entry in archive.infolist():
            assert re.fullmatch(r"index\.html|case\.json|SHA256SUMS|files/[\w.-]+", entry.filename), (
                entry.filename
            )
            assert entry.external_attr >> 16 == 0o644
