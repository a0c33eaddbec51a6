"""The key that signs cookies and links: made once, whole, and the same for all processes of a folder."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.cli import secret
from bot.cli.secret import FILE, secret_key
from bot.config import load
from bot.errors import ConfigError

CONFIG = load(None, {})


def test_a_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    made = secret_key(CONFIG, tmp_path)
    assert len(made) >= 32
    assert secret_key(CONFIG, tmp_path) == made
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / FILE).parent.iterdir()] == [FILE.name]


def test_of_two_processes_that_start_at_once_both_have_the_key_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another_is_quicker(folder: Path) -> None:
        folder.mkdir()
        (tmp_path / FILE).write_text("the key of the quicker one")

    monkeypatch.setattr(secret, "private_folder", another_is_quicker)
    assert secret_key(CONFIG, tmp_path) == "the key of the quicker one"
    assert [path.name for path in (tmp_path / FILE).parent.iterdir()] == [FILE.name]


@contextmanager
def no_room() -> Iterator[None]:
    """No file can be written to."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_where_there_is_no_room_for_it_no_empty_key_is_left(tmp_path: Path) -> None:
    with no_room(), pytest.raises(ConfigError, match=r"secret\.key can't be read or written: File too large"):
        secret_key(CONFIG, tmp_path)
    assert list((tmp_path / FILE).parent.iterdir()) == []
    assert len(secret_key(CONFIG, tmp_path)) >= 32


def test_an_empty_key_signs_nothing(tmp_path: Path) -> None:
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_text("\n")
    with pytest.raises(ConfigError, match=r"secret\.key is empty"):
        secret_key(CONFIG, tmp_path)
