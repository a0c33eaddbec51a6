"""`shouhou backup`, `restore` and `move`: all a shop has, kept and put back."""

from __future__ import annotations

import gc
import json
import os
import sqlite3
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from bot.cli.context import Here
from bot.cli.secret import secret_key
from bot.store.lock import ProcessLock
from tests.cli.conftest import Call
from tests.granted import NOW, grant
from tests.stores import postgres_cluster

__all__ = ["postgres_cluster"]

PICTURE = b"\x89PNG\r\n" * 1_000


@pytest.fixture
def kept(call: Call, shop: Path, tmp_path: Path) -> Path:
    """A backup of a shop with a refund, a file and words of its own."""
    Here(str(shop)).with_database(grant)
    secret_key(Here(str(shop)).config, shop)
    people_sent(shop, PICTURE)
    (shop / "replies/en/macros/own.j2").write_text("Ours.\n", "utf-8")
    target = tmp_path / "kept/shop.zip"
    target.parent.mkdir()
    result = call("backup", str(target))
    assert result.exit_code == 0, result
    assert "1 files people sent" in result.output
    assert "read again and right" in result.output
    return target


def test_the_pictures_of_guides_are_not_taken_for_what_people_sent(
    call: Call, shop: Path, tmp_path: Path
) -> None:
    shown = sorted(shop.glob("replies/*/faq/*.png"))[:2]
    for picture in shown:
        people_sent(shop, picture.read_bytes())
    told = call("backup", str(tmp_path / "none.zip")).output
    assert "0 files people sent, 2 pictures of guides, settings" in told
    people_sent(shop, PICTURE)
    assert "1 files people sent, 2 pictures of guides" in call("backup", str(tmp_path / "one.zip")).output
    again = tmp_path / "again"
    again.mkdir()
    back = call("-C", str(again), "restore", str(tmp_path / "one.zip"))
    assert "1 files people sent, 2 pictures of guides" in back.output


def people_sent(shop: Path, content: bytes) -> Path:
    digest = sha256(content).hexdigest()
    path = shop / "data/files" / digest[:2] / digest
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def everything_in(folder: Path) -> dict[str, bytes]:
    """Every file but those SQLite and its lock leave beside the database."""
    paths = (
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith((".lock", "-wal", "-shm"))
    )
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def told(result: object) -> str:
    return str(getattr(result, "exception", ""))


def tampered(kept: Path, name: str, change: bytes) -> Path:
    """The same backup with another content of that member."""
    path = kept.with_name(f"tampered-{uuid4().hex}.zip")
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(path, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, change if info.filename == name else old.read(info.filename))
    return path


def with_manifest(kept: Path, **other: object) -> Path:
    with zipfile.ZipFile(kept) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    return tampered(kept, "manifest.json", json.dumps({**manifest, **other}).encode())


def test_a_backup_put_into_an_empty_folder_is_the_whole_shop(
    call: Call, shop: Path, kept: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    again.mkdir()
    result = call("-C", str(again), "restore", str(kept))
    assert result.exit_code == 0, result
    assert "moved aside" not in result.output
    here, there = everything_in(shop), everything_in(again)
    assert there.keys() == here.keys()
    assert {name for name in here if here[name] != there[name]} <= {"data/shouhou.db"}
    refunds = call("-C", str(again), "refunds", "list").output
    assert "59.90 CNY" in refunds
    assert kept.stat().st_mode & 0o077 == 0


def test_what_is_put_back_may_be_read_as_before_by_who_serves_the_shop(
    call: Call, kept: Path, tmp_path: Path
) -> None:
    laid_out, again = tmp_path / "laid_out", tmp_path / "again"
    before = os.umask(0o022)
    try:
        assert call("init", str(laid_out)).exit_code == 0
        again.mkdir()
        assert call("-C", str(again), "restore", str(kept)).exit_code == 0
    finally:
        os.umask(before)
    for name in ("config.yaml", "intents/en/thanks.yaml", "replies/en/thanks", "replies"):
        assert (again / name).stat().st_mode == (laid_out / name).stat().st_mode, name
    private = [path for path in (again / "data").rglob("*") if path.is_file()]
    assert {"secret.key", "shouhou.db", sha256(PICTURE).hexdigest()} <= {path.name for path in private}
    assert all(path.stat().st_mode & 0o077 == 0 for path in private if path.suffix != ".lock")


def test_what_stands_there_and_is_different_is_moved_aside(call: Call, shop: Path, kept: Path) -> None:
    Here(str(shop)).with_database(lambda unit: grant(unit, "R2", "A2"))
    (shop / "config.yaml").write_text((shop / "config.yaml").read_text("utf-8") + "# new\n", "utf-8")
    (shop / "replies/en/macros/later.j2").write_text("Later.\n", "utf-8")
    later = people_sent(shop, b"later")
    result = call("restore", str(kept))
    assert result.exit_code == 0, result
    assert "R2" not in call("refunds", "list").output
    assert not (shop / "replies/en/macros/later.j2").exists()
    assert later.exists()
    aside = [
        Path(line.removeprefix("moved aside: "))
        for line in result.output.splitlines()
        if "moved aside" in line
    ]
    assert {path.name for path in aside} == {"shouhou.db", "config.yaml", "replies"}
    by_name = {path.name: path for path in aside}
    assert by_name["config.yaml"].read_text("utf-8").endswith("# new\n")
    assert (by_name["replies"] / "en/macros/later.j2").is_file()
    with closing(sqlite3.connect(by_name["shouhou.db"])) as database:
        assert database.execute("SELECT count(*) FROM refunds").fetchone() == (2,)
    assert not list(shop.rglob("*.restoring"))


def test_what_people_sent_since_is_not_removed_at_once(call: Call, shop: Path, kept: Path) -> None:
    """Who put the wrong backup back still has it all."""
    since = people_sent(shop, b"sent since")
    os.utime(since, (0, 0))
    assert "nothing has referred to for 7 days: 1" in call("retention").output
    assert call("restore", str(kept)).exit_code == 0
    assert "nothing has referred to for 7 days: 0" in call("retention").output
    assert since.read_bytes() == b"sent since"


def test_a_backup_made_while_the_shop_writes_is_of_one_moment(call: Call, shop: Path, tmp_path: Path) -> None:
    with writing(shop / "data/shouhou.db"), ProcessLock(shop / "data/shouhou.db.lock"):
        for number in range(3):
            result = call("backup", str(tmp_path / f"{number}.zip"))
            assert result.exit_code == 0, result
    for number in range(3):
        with zipfile.ZipFile(tmp_path / f"{number}.zip") as archive:
            archive.extract("database/shouhou.db", tmp_path / str(number))
        with closing(sqlite3.connect(tmp_path / str(number) / "database/shouhou.db")) as database:
            counts = "SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM parcels)"
            orders, parcels = database.execute(counts).fetchone()
        assert orders == parcels > 0


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Somebody commits an order with its parcel, again and again."""
    begun, over = threading.Event(), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(path, timeout=10)) as database:
            number = 0
            while not over.is_set():
                number += 1
                with database:
                    database.execute(
                        "INSERT INTO orders (shop, number, currency, placed_at, lines) VALUES ('main', ?, 'CNY', '2026-01-01 00:00:00', '[]')",
                        (str(number),),
                    )
                    database.execute(
                        "INSERT INTO parcels (shop, number, order_number, carrier, state, events) VALUES ('main', ?, ?, 'sf', 'signed', '[]')",
                        (str(number), str(number)),
                    )
                begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert begun.wait(30)
    try:
        yield
    finally:
        over.set()
        writer.join()


def test_a_backup_that_fails_leaves_nothing_behind(
    call: Call, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop / "data/shouhou.db"
    path.write_bytes(path.read_bytes()[: 4096 * 20])
    (tmp_path / "kept").mkdir()
    late: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", late.append)
    assert "shouhou.db" in told(call("backup", str(tmp_path / "kept/shop.zip")))
    gc.collect()
    assert late == [], "nothing is said after the message"
    assert list((tmp_path / "kept").iterdir()) == []
    (tmp_path / "there.zip").write_bytes(b"mine")
    assert "is there already" in told(call("backup", str(tmp_path / "there.zip")))
    assert (tmp_path / "there.zip").read_bytes() == b"mine"
    assert "no backup was made" in told(call("backup", str(tmp_path / "there.zip/x.zip")))


def test_a_folder_that_is_not_there_may_be_a_disk_that_is_not_mounted(call: Call, tmp_path: Path) -> None:
    for place in ("disk/", "disk/shop.zip"):
        assert "is its disk mounted" in told(call("backup", str(tmp_path / place)))
    assert not (tmp_path / "disk").exists()


def test_without_a_place_it_is_kept_beside_the_database_by_name_and_time(call: Call, shop: Path) -> None:
    assert call("backup").exit_code == 0
    [path] = (shop / "data/backups").iterdir()
    assert path.name.startswith("main-2")
    assert path.suffix == ".zip"


def test_what_is_damaged_newer_or_not_ours_is_refused_before_anything_changes(
    call: Call, shop: Path, kept: Path
) -> None:
    (shop / "config.yaml").write_text((shop / "config.yaml").read_text("utf-8") + "# new\n", "utf-8")
    picture = f"files/{sha256(PICTURE).hexdigest()[:2]}/{sha256(PICTURE).hexdigest()}"
    cut = kept.with_name("cut.zip")
    cut.write_bytes(kept.read_bytes()[:-5_000])
    with zipfile.ZipFile(kept) as archive:
        members = json.loads(archive.read("manifest.json"))["members"]
    before = everything_in(shop)
    for backup, word in (
        (tampered(kept, picture, PICTURE[:-1] + b"x"), f"{picture} is not what it was"),
        (tampered(kept, "database/shouhou.db", b"x"), "database/shouhou.db is not what it was"),
        (cut, "is no backup, or not all of one"),
        (shop / "config.yaml", "is no backup, or not all of one"),
        (shop / "none.zip", "is not there"),
        (with_manifest(kept, schema="9999"), "made by a newer Shouhou"),
        (with_manifest(kept, rows={"orders": 5}), "does not hold the rows its manifest counts"),
        (with_manifest(kept, members={k: v for k, v in members.items() if k != picture}), "is not whole"),
        (tampered(kept, "manifest.json", b"[]"), "no manifest that can be read"),
    ):
        result = call("restore", str(backup))
        assert word in told(result), (backup, told(result))
        assert everything_in(shop) == before, word


def test_a_backup_that_would_write_elsewhere_is_refused(call: Call, shop: Path, kept: Path) -> None:
    with zipfile.ZipFile(kept) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    evil = "shop/../../evil"
    manifest["members"][evil] = {"size": 1, "sha256": sha256(b"x").hexdigest()}
    path = with_manifest(kept, members=manifest["members"])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(evil, "x")
    assert "would write to 'shop/../../evil'" in told(call("restore", str(path)))
    assert not (shop.parent / "evil").exists()


def test_nothing_is_put_back_while_the_shop_is_served(call: Call, shop: Path, kept: Path) -> None:
    before = everything_in(shop)
    with ProcessLock(shop / "data/shouhou.db.lock"):
        assert "already being served" in told(call("restore", str(kept)))
    assert everything_in(shop) == before


def test_a_restore_that_fails_half_way_leaves_all_as_it_was(
    call: Call, shop: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Here(str(shop)).with_database(lambda unit: unit.conversation_at("web", "bob", NOW))
    (shop / "config.yaml").write_text((shop / "config.yaml").read_text("utf-8") + "# new\n", "utf-8")
    before, rename = everything_in(shop), Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name == "config.yaml.restoring":
            raise OSError(5, "Input/output error", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    assert "nothing was changed" in told(call("restore", str(kept)))
    assert everything_in(shop) == before


def test_on_postgresql_files_are_kept_and_the_database_is_left_to_pg_dump(
    call: Call, shop: Path, kept: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SHOUHOU_STORAGE__URL", "postgresql+asyncpg://me:hush@db.example/shop?password=hush")
    assert "names PostgreSQL" in told(call("restore", str(kept)))
    result = call("backup", str(tmp_path / "pg.zip"))
    assert result.exit_code == 0, result
    assert "pg_dump --format=custom --file=shouhou.dump postgresql://me@db.example/shop" in result.output
    assert result.output.index("pg_dump") < result.output.index("read again and right")
    assert "hush" not in result.output
    again = tmp_path / "again"
    again.mkdir()
    assert "pg_restore" in call("-C", str(again), "restore", str(tmp_path / "pg.zip")).output
    assert (again / "replies/en/macros/own.j2").is_file()
    monkeypatch.delenv("SHOUHOU_STORAGE__URL")
    assert "names SQLite" in told(call("restore", str(tmp_path / "pg.zip")))


def test_a_shop_moves_with_one_command_and_is_told_what_to_change(
    call: Call, shop: Path, kept: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    assert "an address like postgresql+asyncpg" in call("move", "postgres://x").output
    cluster = request.getfixturevalue("postgres_cluster")
    name = cluster.create(migrated=False)
    try:
        target = cluster.address(name)
        moved = call("move", target)
        assert moved.exit_code == 0, moved
        assert f"SHOUHOU_STORAGE__URL={target}" in moved.output
        monkeypatch.setenv("SHOUHOU_STORAGE__URL", target)
        assert "It adds up (refunds: 1, lines: 1)" in call("ledger").output
        assert "only a shop on SQLite can be moved" in told(call("move", target))
    finally:
        cluster.drop(name)
