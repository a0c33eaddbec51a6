"""The dialogue files leave nothing out."""

from __future__ import annotations

import pytest

from bot.config import load
from bot.flows import REPLIES
from tests.play.script import scenes

UNSAID = {"case/evidence_reminder"}
"""Worded, and said by nobody before the clock for reminders is there; then a scene takes its place."""


@pytest.mark.parametrize("language", load(None, {}).shop.languages)
def test_every_reply_is_heard_in_some_scene(language: str) -> None:
    """Scenes name the replies that must come (`says`, `posts`), and fail when others come instead."""
    heard = {name for scene in scenes() for spoken, name in scene.lived_through() if spoken == language}
    said = {
        name for name in REPLIES if not name.endswith("/name")
    }  # those word an intent inside other replies
    assert sorted(said - heard - UNSAID) == []
    assert not UNSAID & heard
    assert sorted(heard - said) == []
