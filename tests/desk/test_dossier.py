"""The dossier of a case: whole, checkable, the same each time, and safe to open whatever people wrote and sent."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from bot.desk.dossier import gather, write
from bot.domain.messages import Speaker
from bot.pipeline.turns import Line, Outturn
from bot.store.database import SqlDatabase
from bot.store.files import FileStore
from tests.channels.web.house import words
from tests.desk.dossier_samples import EVIL, PICTURE, POLICY, SECRET, labels, material_of, stocked
from tests.store.samples import NOW

LANGUAGES = ("zh", "en")


class Reader(HTMLParser):
    """What a browser would make of the page: its elements, its words, what it would load."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


async def dossier(database: SqlDatabase, files: FileStore, path: Path, language: str = "en") -> ZipFile:
    await write(path, await material_of(database), files, labels(language))
    return ZipFile(path)


def told(archive: ZipFile) -> Any:
    return json.loads(archive.read("case.json"))


def page(archive: ZipFile) -> Reader:
    return Reader(archive.read("index.html").decode())


async def test_every_file_in_it_is_listed_with_its_hash(
    database: SqlDatabase, files: FileStore, tmp_path: Path
) -> None:
    await stocked(database, files)
    with await dossier(database, files, tmp_path / "d.zip") as archive:
        listed = [line.split("  ") for line in archive.read("SHA256SUMS").decode().splitlines()]
        assert sorted(name for _, name in listed) == sorted({*archive.namelist()} - {"SHA256SUMS"})
        for digest, name in listed:
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
        for one in told(archive)["exhibits"]:
            if one["path"]:
                content = archive.read(one["path"])
                assert (one["sha256"], one["size"]) == (hashlib.sha256(content).hexdigest(), len(content))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_same_case_makes_the_same_bytes(
    language: str, database: SqlDatabase, files: FileStore, tmp_path: Path
) -> None:
    await stocked(database, files)
    material = await material_of(database)
    first = await write(tmp_path / "1.zip", material, files, labels(language))
    second = await write(tmp_path / "2.zip", await material_of(database), files, labels(language))
    assert first == second == hashlib.sha256((tmp_path / "1.zip").read_bytes()).hexdigest()
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
    assert not (tmp_path / "1.zip.part").exists()


async def test_nothing_anybody_wrote_or_sent_becomes_part_of_the_page(
    database: SqlDatabase, files: FileStore, tmp_path: Path
) -> None:
    await stocked(database, files)
    with await dossier(database, files, tmp_path / "d.zip") as archive:
        names, read = archive.namelist(), page(archive)
    assert "script" not in read.tags
    assert not [name for name, _ in read.attributes if name.startswith("on")]
    assert read.words.count(EVIL) == 5, "the words themselves are all there"
    loaded = [value for name, value in read.attributes if name in ("src", "href") and value[0] != "#"]
    assert set(loaded) <= set(names)
    assert all(name == Path(name).as_posix() and ".." not in name and name.isascii() for name in names)


async def test_only_what_is_a_picture_by_content_is_shown_as_one(
    database: SqlDatabase, files: FileStore, tmp_path: Path
) -> None:
    await stocked(database, files)
    with await dossier(database, files, tmp_path / "d.zip") as archive:
        shown = {value for name, value in page(archive).attributes if name == "src"}
        exhibits = told(archive)["exhibits"]
    assert shown == {one["path"] for one in exhibits if one["type"] == "image/png"}
    [lying] = [one for one in exhibits if one["called"].endswith(".jpg")]
    assert lying["path"].endswith(".bin")


async def test_it_holds_the_case_the_order_its_scans_the_files_and_all_that_was_said(
    database: SqlDatabase, files: FileStore, tmp_path: Path
) -> None:
    await stocked(database, files)
    with await dossier(database, files, tmp_path / "d.zip") as archive:
        facts, read = told(archive), page(archive)
    assert facts["case"]["number"] == "R1"
    assert [(entry["event"], entry["from"], entry["to"]) for entry in facts["history"]] == [
        ("apply", None, "WAIT_SELLER_AGREE"),
        ("refuse", "WAIT_SELLER_AGREE", "SELLER_REFUSE_BUYER"),
    ]
    assert facts["case"]["evidence"] == facts["history"][0]["evidence"] == [1, 2, 3]
    assert [one["rule"] for one in facts["verdicts"]] == ["not_received"]
    assert facts["order"]["parcels"][0]["events"] == [
        {"at": NOW.isoformat(), "place": "杭州", "text": "已揽收"}
    ]
    assert [(line["who"], line["exhibits"], line["delivery"]) for line in facts["transcript"]] == [
        ("buyer", [1, 2, 3], ""),
        ("bot", [], "queued"),
        ("agent", [], ""),
        ("buyer", [4, 5, 6], ""),
        ("buyer", [], ""),
    ]
    assert facts["transcript"][1]["text"] == "收到，谢谢 <3"
    assert facts["transcript"][4]["places"] == [f"31.23,121.47 {EVIL}"]
    assert {one["album"] for one in facts["exhibits"][:3]} == {"album-7"}
    assert [one["evidence"] for one in facts["exhibits"]] == [True] * 3 + [False] * 3
    assert [one["missing"] for one in facts["exhibits"]] == [None] * 4 + ["too_big", None]
    for text in ("2026-11-25 14:30:00 +08:00", "袜子 1", "SF1", "已揽收", "收到，谢谢 <3"):
        assert text in read.words


async def test_agents_notes_other_buyers_and_what_proves_an_order_stay_out(
    database: SqlDatabase, files: FileStore, tmp_path: Path
) -> None:
    await stocked(database, files)
    with await dossier(database, files, tmp_path / "d.zip") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    everything += json.dumps(everything)
    for secret in ("内部备注", SECRET, json.dumps(SECRET)[1:-1], "R2", "B2", "YT9", "BOB", "13800001234"):
        assert secret not in everything


async def test_both_languages_word_all_of_it(database: SqlDatabase, files: FileStore, tmp_path: Path) -> None:
    await stocked(database, files)
    read = {}
    for language in LANGUAGES:
        with await dossier(database, files, tmp_path / f"{language}.zip", language) as archive:
            read[language] = page(archive)
        assert ("lang", language) in read[language].attributes
        for key in ("title", "verdicts", "files_about", "transcript_about", "trouble_too_big", "about_text"):
            assert words(language, "dossier")[key] in read[language].words
    assert read["zh"].tags == read["en"].tags


async def test_a_file_that_was_changed_or_lost_on_the_disk_is_said_to_be(
    database: SqlDatabase, files: FileStore, tmp_path: Path
) -> None:
    await stocked(database, files)
    for number in range(2):
        path, _ = files.find(f"file:{hashlib.sha256(PICTURE + bytes([number])).hexdigest()}")
        path.unlink() if number else path.write_bytes(b"another picture")
    with await dossier(database, files, tmp_path / "d.zip") as archive:
        assert [one["missing"] for one in told(archive)["exhibits"][:3]] == ["altered", "lost", None]
        assert words("en", "dossier")["trouble_altered"] in page(archive).words


async def test_what_is_still_being_fetched_is_said_to_be(
    database: SqlDatabase, files: FileStore, tmp_path: Path
) -> None:
    await stocked(database, files)
    material = replace(await material_of(database), filed={})
    await write(tmp_path / "d.zip", material, files, labels("zh"))
    with ZipFile(tmp_path / "d.zip") as archive:
        assert {one["missing"] for one in told(archive)["exhibits"]} == {"waiting", None}


async def test_a_long_conversation_is_there_from_its_first_word(
    database: SqlDatabase, files: FileStore
) -> None:
    ann = await stocked(database, files)
    more = tuple(Line(Speaker.BUYER, f"第 {n} 句", NOW + timedelta(minutes=9)) for n in range(450))
    turn = Outturn((), ann, ann, lines=more)
    await database.write_alone(lambda unit: unit.commit([turn], NOW))
    material = await material_of(database)
    assert len(material.lines) == 5 + 450
    assert material.lines[0].text.startswith("我要退款")


async def test_there_is_none_of_a_case_nobody_has(database: SqlDatabase) -> None:
    assert await database.read(lambda unit: gather(unit, "R9", POLICY)) is None
