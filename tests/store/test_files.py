"""Files people send are kept by their content."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.messages import Medium
from bot.store.files import FileStore

NOW = datetime.now(UTC)


async def test_a_file_is_kept_and_found_again(tmp_path: Path) -> None:
    files = FileStore(tmp_path / "files")
    kept = await files.save(b"jpeg", "箱子.jpg", "image/jpeg")
    assert (kept.medium, kept.name, kept.size) == (Medium.PHOTO, "箱子.jpg", 4)
    assert await files.load(kept.ref) == b"jpeg"
    path, name = files.find(kept.ref)
    assert path.read_bytes() == b"jpeg"
    assert name == kept.ref.removeprefix("file:")[:12]


async def test_the_same_picture_twice_is_one_file(tmp_path: Path) -> None:
    files = FileStore(tmp_path)
    first, second = (
        await files.save(b"x", "a.png", "image/png"),
        await files.save(b"x", "b.pdf", "application/pdf"),
    )
    assert first.ref == second.ref
    assert second.medium is Medium.DOCUMENT
    assert sum(len(names) for _, _, names in os.walk(tmp_path)) == 1


@pytest.mark.parametrize("ref", ["", "file:", "file:" + "0" * 64, "file:../../etc/passwd", "telegram:1"])
async def test_what_is_not_kept_here_is_not_found(tmp_path: Path, ref: str) -> None:
    files = FileStore(tmp_path)
    assert await files.load(ref) is None
    with pytest.raises(LookupError):
        files.find(ref)


async def test_the_same_picture_many_times_at_once_is_one_file_and_leaves_nothing_else(
    tmp_path: Path,
) -> None:
    files = FileStore(tmp_path)
    kept = await asyncio.gather(*(files.save(b"x" * 100_000, "a.png", "image/png") for _ in range(16)))
    assert len({one.ref for one in kept}) == 1
    assert [name for _, _, names in os.walk(tmp_path) for name in names] == [
        kept[0].ref.removeprefix("file:")
    ]


async def test_a_disk_that_is_full_keeps_no_half_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    files = FileStore(tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        await files.save(b"x", "a.png", "image/png")
    assert sum(len(names) for _, _, names in os.walk(tmp_path)) == 0
    monkeypatch.undo()
    assert await files.load((await files.save(b"x", "a.png", "image/png")).ref) == b"x"


async def test_a_file_goes_from_the_disk_unless_it_was_sent_again_since(tmp_path: Path) -> None:
    files = FileStore(tmp_path)
    digest = (await files.save(b"x", "a.png", "image/png")).ref.removeprefix("file:")
    path = tmp_path / digest[:2] / digest
    long_ago, since = NOW - timedelta(days=9), NOW - timedelta(days=1)
    os.utime(path, (long_ago.timestamp(), long_ago.timestamp()))
    assert await files.older(since) == [digest]
    await files.save(b"x", "b.png", "image/png")
    assert await files.older(since) == []
    assert not await files.remove(digest, since)
    assert await files.load(f"file:{digest}") == b"x"
    assert await files.remove(digest, datetime.now(UTC) + timedelta(days=1))
    assert await files.load(f"file:{digest}") is None
    assert not await files.remove(digest, NOW)
    assert sum(len(names) for _, _, names in os.walk(tmp_path)) == 0


async def test_a_file_whose_removal_was_interrupted_is_removed_by_the_next(tmp_path: Path) -> None:
    files = FileStore(tmp_path)
    digest = (await files.save(b"x", "a.png", "image/png")).ref.removeprefix("file:")
    path = tmp_path / digest[:2] / digest
    path.rename(path.with_suffix(".part"))
    assert await files.remove(digest, datetime.now(UTC) + timedelta(days=1))
    assert sum(len(names) for _, _, names in os.walk(tmp_path)) == 0


async def test_what_a_killed_process_left_half_written_goes(tmp_path: Path) -> None:
    files = FileStore(tmp_path)
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "half.part").write_bytes(b"x")
    assert await files.older(NOW - timedelta(days=999)) == []
    assert (tmp_path / "ab" / "half.part").exists()
    assert await files.older(datetime.now(UTC) + timedelta(days=1)) == []
    assert not (tmp_path / "ab" / "half.part").exists()
