"""The shipped replies folder, read once."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.replies import Replies, compile_replies

ROOT = Path(__file__).parents[2]
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="session")
def files() -> dict[str, str]:
    """Path to content of everything in ``replies/``."""
    found = (path for path in (ROOT / "replies").rglob("*") if path.is_file() and path.parent.name != "faq")
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in found}


@pytest.fixture(scope="session")
def shipped(files: dict[str, str]) -> Replies:
    """The shipped replies, compiled."""
    made, errors = compile_replies(files, languages=("zh", "en"), timezone=SHANGHAI)
    assert errors == ()
    return made
