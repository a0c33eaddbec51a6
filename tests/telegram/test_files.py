"""Files buyers send over Telegram: each is fetched and kept, or it is written down why not."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from bot.channels.telegram.fetching import TelegramFiles
from bot.desk.dossier import Labels, gather, write
from bot.domain.messages import Attachment
from bot.folder.shop_folder import Contents
from bot.shop.links import sign
from bot.store.files import FileStore
from bot.store.tables import files, lines
from tests.doubles.bot_api import Fault
from tests.doubles.bot_api.files import DOWNLOAD_LIMIT
from tests.doubles.bot_api.media import TINY_PICTURE
from tests.play.clock import StageClock
from tests.play.stage import SECRET
from tests.play.telegram import TelegramBuyer, TelegramStage, on_telegram
from tests.telegram.looking import rows

MP4 = b"\x00\x00\x00\x18ftypmp42rest of the film"
BOMB = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + b"\x00\x00\xff\xff" * 2
"""A picture of 65,535 by 65,535 pixels, as far as its header goes: no browser is made to unpack it."""
LONG = timedelta(minutes=11)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def filed(stage: TelegramStage, *, tried: int = 0) -> Sequence[Any]:
    """The rows of files, once each has been tried so often, or needs no try any more."""
    async with asyncio.timeout(10):
        while True:
            await stage.quiet()
            found = await rows(stage, select(files).order_by(files.c.id))
            open_ = [row for row in found if row["state"] == "waiting"]
            # its error says how the last try ended; while one is under way there is none
            if all(tried and row["attempts"] >= tried and row["error"] for row in open_):
                return found
            stage.app.look()
            await asyncio.sleep(0.005)


def names_below(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


async def content(stage: TelegramStage, row: Any) -> bytes | None:
    return await stage.app.files.load(f"file:{row['sha256']}")


async def test_an_album_of_eight_is_kept_whole_and_together(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    pictures = [TINY_PICTURE + bytes([number]) for number in range(8)]
    await buyer.user.sends_album(8, contents=pictures)
    found = await filed(stage)
    assert [(row["state"], row["mime"], row["sha256"]) for row in found] == [
        ("kept", "image/png", sha(picture)) for picture in pictures
    ]
    assert len({row["album"] for row in found} - {""}) == 1
    assert [await content(stage, row) for row in found] == pictures
    [line] = await rows(stage, select(lines).where(lines.c.who == "buyer"))
    assert [file["ref"] for file in line["attachments"]] == [row["ref"] for row in found]
    assert {file["album"] for file in line["attachments"]} == {found[0]["album"]}


async def test_a_document_is_what_it_contains_not_what_it_is_called(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    await buyer.user.sends_document("photo.jpg", content=b"MZ\x90 a program", mime="image/jpeg")
    await buyer.user.sends_document("list.exe", content=b"%PDF-1.7", mime="application/x-dosexec")
    await buyer.user.sends_document("bomb.png", content=BOMB, mime="image/png")
    await buyer.user.sends_video(content=MP4)
    await buyer.user.sends_voice(content=b"OggS voice")
    assert [(row["name"], row["mime"]) for row in await filed(stage)] == [
        ("photo.jpg", "application/octet-stream"),
        ("list.exe", "application/pdf"),
        ("bomb.png", "application/octet-stream"),
        ("", "video/mp4"),
        ("", "audio/ogg"),
    ]


async def test_a_file_telegram_gives_to_no_bot_is_written_down_as_too_big(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    await buyer.user.sends_video(content=bytes(DOWNLOAD_LIMIT + 1))
    [row] = await filed(stage)
    assert (row["state"], row["sha256"]) == ("too_big", "")
    assert row["error"]
    assert not stage.api.log.of("getFile", "download"), "its size is known before anybody asks for it"


async def test_a_file_larger_than_it_was_said_to_be_is_not_kept(
    tmp_path: Path, contents: Contents, template: Path
) -> None:
    environ = {"SHOUHOU_STORAGE__LARGEST_FILE_MB": "1"}
    async with on_telegram(tmp_path, StageClock(), contents, template=template, environ=environ) as stage:
        buyer = TelegramBuyer.who_speaks(stage, "zh")
        message = await buyer.user.sends_video(content=b"small")
        stored = stage.api.world.files.by_id[message.raw["video"]["file_id"]]
        stage.api.world.files.by_id[stored.id] = replace(stored, content=bytes(2**20 + 1))
        [row] = await filed(stage)
        assert row["state"] == "too_big"


@pytest.mark.parametrize(
    "fault",
    [
        Fault.expired(),
        Fault.cut_off(),
        Fault.server_error(),
        Fault.bad_gateway(),
        Fault.too_many(3),
    ],
    ids=lambda fault: fault.name,
)
async def test_a_download_that_fails_is_begun_anew_with_a_new_link(
    fault: Fault, stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    stage.api.faults.next("download", fault)
    await buyer.user.sends_photo()
    [row] = await filed(stage, tried=1)
    assert row["state"] == "waiting"
    assert stage.api.token not in row["error"]
    await stage.later(LONG)
    [row] = await filed(stage)
    assert (row["state"], row["sha256"], row["error"]) == ("kept", sha(TINY_PICTURE), "")
    assert len(stage.api.log.of("getFile")) == 2


@pytest.mark.parametrize(
    "fault",
    [Fault.server_error(), Fault.bad_gateway(), Fault.dropped(), Fault.garbage(), Fault.too_many(3)],
    ids=lambda fault: fault.name,
)
async def test_asking_for_a_file_is_tried_again(
    fault: Fault, stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    stage.api.faults.next("getFile", fault)
    await buyer.user.sends_photo()
    assert [row["state"] for row in await filed(stage, tried=1)] == ["waiting"]
    await stage.later(LONG)
    assert [row["state"] for row in await filed(stage)] == ["kept"]


async def test_a_file_telegram_has_no_more_is_given_up_after_five_looks(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    message = await buyer.user.sends_photo()
    stage.api.world.files.lose(message.raw["photo"][-1]["file_id"])
    for tried in range(1, 5):
        assert [row["state"] for row in await filed(stage, tried=tried)] == ["waiting"]
        await stage.later(LONG)
    [row] = await filed(stage)
    assert (row["state"], row["missed"]) == ("gone", 5)
    assert "unavailable" in row["error"]


async def test_trouble_is_waited_out_longer_each_time_and_no_file_is_given_up_for_it(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    stage.api.faults.next("getFile", *[Fault.server_error()] * 7)
    await buyer.user.sends_photo()
    pauses = []
    for tried in range(1, 8):
        [row] = await filed(stage, tried=tried)
        pauses.append(round((row["due_at"] - stage.clock()).total_seconds()))
        await stage.later(LONG)
    assert [row["state"] for row in await filed(stage)] == ["kept"]
    assert pauses == sorted(pauses)
    assert pauses[0] < 30
    assert pauses[-1] > 500


async def test_what_is_missing_after_long_trouble_is_looked_for_five_times_all_the_same(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    stage.api.faults.next("getFile", *[Fault.server_error()] * 5)
    message = await buyer.user.sends_photo()
    stage.api.world.files.lose(message.raw["photo"][-1]["file_id"])
    for tried in range(1, 10):
        assert [row["state"] for row in await filed(stage, tried=tried)] == ["waiting"]
        await stage.later(LONG)
    [row] = await filed(stage)
    assert (row["state"], row["missed"]) == ("gone", 5)


async def test_a_full_disk_keeps_files_waiting_not_messages(
    stage: TelegramStage, buyer: TelegramBuyer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileStore, "_write", full)
    await buyer.user.sends_photo()
    assert [row["state"] for row in await filed(stage, tried=1)] == ["waiting"]
    assert (await buyer.hears()).text
    monkeypatch.undo()
    await stage.later(LONG)
    assert [row["state"] for row in await filed(stage)] == ["kept"]


async def test_who_blocks_the_bot_has_sent_the_file_all_the_same(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    stage.api.faults.next("download", Fault.server_error())
    await buyer.user.sends_photo()
    await filed(stage, tried=1)
    await buyer.user.blocks_bot()
    await stage.later(LONG)
    assert [row["state"] for row in await filed(stage)] == ["kept"]


async def test_killed_between_keeping_and_marking_the_file_is_there_once(
    stage: TelegramStage, buyer: TelegramBuyer, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, killed_now = FileStore.save, asyncio.Event()

    async def killed(store: FileStore, data: bytes, name: str, mime: str) -> Attachment:
        await save(store, data, name, mime)
        monkeypatch.undo()
        killed_now.set()
        raise asyncio.CancelledError

    monkeypatch.setattr(FileStore, "save", killed)
    await buyer.user.sends_photo()
    await asyncio.wait_for(killed_now.wait(), 10)
    [row] = await rows(stage, select(files))
    assert (row["state"], row["attempts"]) == ("waiting", 1)
    await stage.later(LONG)
    [row] = await filed(stage)
    assert (row["state"], row["attempts"], await content(stage, row)) == ("kept", 2, TINY_PICTURE)
    kept = names_below(stage.app.config.storage.files)
    assert kept.count(row["sha256"]) == 1
    assert all(re.fullmatch("[0-9a-f]{64}", name) for name in kept), "a part of a file was left behind"


async def test_a_shop_that_was_killed_while_it_fetched_goes_on_when_it_is_served_again(
    tmp_path: Path, contents: Contents, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, begun = StageClock(), asyncio.Event()

    async def for_ever(*_: object) -> bytes:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(TelegramFiles, "fetch", for_ever)
    async with on_telegram(tmp_path, clock, contents, template=template) as stage:
        await TelegramBuyer.who_speaks(stage, "zh").user.sends_photo()
        await asyncio.wait_for(begun.wait(), 10)

    async def another(*_: object) -> bytes:
        return TINY_PICTURE

    monkeypatch.setattr(TelegramFiles, "fetch", another)
    async with on_telegram(tmp_path, clock, contents) as stage:
        assert [row["state"] for row in await filed(stage)] == ["kept"]


async def test_the_same_file_in_two_conversations_is_kept_once_and_known_in_both(
    stage: TelegramStage, buyer: TelegramBuyer
) -> None:
    other = TelegramBuyer.who_speaks(stage, "en", "Emma", 43)
    await buyer.user.sends_photo()
    await other.user.sends_photo()
    found = await filed(stage)
    assert len({row["conversation_id"] for row in found}) == 2
    assert {row["sha256"] for row in found} == {sha(TINY_PICTURE)}


async def test_what_has_no_file_is_not_asked_for(stage: TelegramStage, buyer: TelegramBuyer) -> None:
    await buyer.user.sends_location()
    await buyer.says("你好")
    assert await filed(stage) == []


async def test_an_album_sent_as_evidence_is_in_the_dossier_of_its_case(
    stage: TelegramStage, buyer: TelegramBuyer, tmp_path: Path
) -> None:
    """From the first word over Telegram to the ZIP a mediator opens."""
    pictures = [TINY_PICTURE + bytes([number]) for number in range(3)]
    await buyer.says(f"/start {sign('2600018006', SECRET, stage.clock() + timedelta(days=1))}")
    await buyer.says("发错货了,直接退款")
    await buyer.hears()
    await buyer.says("一半吧")
    await buyer.hears()
    await buyer.user.sends_album(3, contents=pictures)
    await buyer.hears()
    await buyer.taps("发完了")
    await buyer.hears()
    await buyer.taps("确认提交")
    await filed(stage)
    number = (await buyer.conversation()).id
    [case] = await stage.database.read(lambda unit: unit.cases(number))
    policy, words = stage.app.config.policy(), stage.app.contents.replies.words
    material = await stage.database.read(lambda unit: gather(unit, case.number, policy))
    assert material
    labels = Labels("zh", words, stage.app.config.shop.timezone)
    await write(tmp_path / "dossier.zip", material, stage.app.files, labels)
    with ZipFile(tmp_path / "dossier.zip") as archive:
        facts = json.loads(archive.read("case.json"))
        shown = [one for one in facts["exhibits"] if one["evidence"]]
        assert [archive.read(one["path"]) for one in shown] == pictures
    assert len({one["album"] for one in shown} - {""}) == 1
    assert facts["case"]["evidence"] == facts["history"][0]["evidence"] == [1, 2, 3]
    assert {line["delivery"] for line in facts["transcript"] if line["who"] == "bot"} == {"sent"}
