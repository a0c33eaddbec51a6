"""Settings, secrets, folders: what can be told without asking anybody."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from bot.config import load
from bot.doctor import Finding, settings
from bot.doctor.machine import check_machine
from bot.doctor.settings import check_settings
from tests.doctor.graded import CONSIDER, OK, WRONG, grades

MADE = "vY3n0m8Qw-2kXr7bT1dLz5sHcJ9fGaPe"


def look(tmp_path: Path, **environ: str) -> list[Finding]:
    return [*check_settings(load(None, environ), tmp_path / "secret.key")]


def test_the_sample_shop_is_for_trying_only(tmp_path: Path) -> None:
    assert grades(look(tmp_path))["web.demo"] is OK
    for real in ({"TELEGRAM_BOT_TOKEN": "1:a"}, {"SHOUHOU_WEB__PUBLIC_URL": "https://chat.shop.example"}):
        assert grades(look(tmp_path, **real))["web.demo"] is WRONG
        assert grades(look(tmp_path, **real, SHOUHOU_WEB__DEMO="false"))["web.demo"] is OK


@pytest.mark.parametrize(
    ("secret", "grade"),
    [
        (MADE, OK),
        ("0f3b9a7c5d1e8264af09c3b7d5e1f826", OK),
        ("xK9#mQ2$vB7!nR4&", CONSIDER),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", WRONG),
        ("my-Password-for-the-shop-2026-xyz", WRONG),
        ("changeme-changeme-changeme-changeme", WRONG),
    ],
)
def test_how_hard_a_secret_is_to_guess(tmp_path: Path, secret: str, grade: object) -> None:
    found = look(tmp_path, SHOUHOU_SECRET_KEY=secret)
    assert grades(found)["SHOUHOU_SECRET_KEY"] is grade
    assert secret not in str(found)


def test_a_key_that_was_made_is_for_its_owner_only(tmp_path: Path) -> None:
    key = tmp_path / "secret.key"
    assert grades(look(tmp_path))["SHOUHOU_SECRET_KEY"] is OK
    assert not key.exists()
    key.write_text(MADE)
    key.chmod(0o600)
    assert grades(look(tmp_path))["SHOUHOU_SECRET_KEY"] is OK
    key.chmod(0o644)
    assert grades(look(tmp_path))["SHOUHOU_SECRET_KEY"] is WRONG


def test_on_windows_a_files_mode_tells_nothing_of_who_may_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "secret.key"
    key.write_text(MADE)
    key.chmod(0o666)  # what every file there has
    monkeypatch.setattr(settings, "os", SimpleNamespace(name="nt"))
    assert grades(look(tmp_path))["SHOUHOU_SECRET_KEY"] is OK


def test_a_public_shop_without_a_token_for_its_metrics(tmp_path: Path) -> None:
    public = {"SHOUHOU_WEB__PUBLIC_URL": "https://chat.shop.example"}
    assert grades(look(tmp_path, **public))["SHOUHOU_METRICS_TOKEN"] is CONSIDER
    assert grades(look(tmp_path, **public, SHOUHOU_METRICS_TOKEN=MADE))["SHOUHOU_METRICS_TOKEN"] is OK


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(("free", "grade"), [(5_000, OK), (900, CONSIDER), (50, WRONG)])
def test_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, grade: object) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, free * 2**20))
    assert grades(check_machine(load(None, {})))["disk"] is grade
    assert [*tmp_path.iterdir()] == [], "looking makes no folder"


def test_a_folder_that_can_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.access", lambda path, _: Path(path) != tmp_path)
    found = grades(check_machine(load(None, {})))
    assert {found["folder of files"], found["folder of data"], found["folder of database"]} == {WRONG}
