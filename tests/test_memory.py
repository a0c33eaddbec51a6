"""Temporary files stand in memory only where nobody wants them elsewhere and there is room."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests import memory


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """What stands for the machine's memory; no place is named yet."""
    monkeypatch.setenv("TMPDIR", "")  # so that it is as it was afterwards
    monkeypatch.delenv("TMPDIR")
    monkeypatch.setattr(tempfile, "tempdir", "/as/before")
    monkeypatch.setattr(memory, "_MEMORY", tmp_path)
    return tmp_path


def room(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(free, 0, free))


def test_with_room_they_stand_in_memory(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room(monkeypatch, memory._ROOM)
    memory.in_memory()
    assert os.environ["TMPDIR"] == tempfile.gettempdir() == str(elsewhere)


def test_with_too_little_room_they_stand_where_they_did(monkeypatch: pytest.MonkeyPatch) -> None:
    room(monkeypatch, memory._ROOM - 1)
    memory.in_memory()
    assert "TMPDIR" not in os.environ
    assert tempfile.gettempdir() == "/as/before"


def test_a_place_that_is_named_is_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    room(monkeypatch, memory._ROOM)
    monkeypatch.setenv("TMPDIR", "/as/named")
    memory.in_memory()
    assert os.environ["TMPDIR"] == "/as/named"
    assert tempfile.gettempdir() == "/as/before"


def test_a_machine_without_such_a_place_has_them_where_they_were(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "_MEMORY", elsewhere / "none")
    memory.in_memory()
    assert tempfile.gettempdir() == "/as/before"
