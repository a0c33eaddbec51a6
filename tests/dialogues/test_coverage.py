"""The dialogue files leave nothing out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.config import load
from bot.flows import REPLIES, on_page
from tests.play.script import scenes

ROOT = Path(__file__).parents[2]
HEARD_ELSEWHERE: Mapping[str, str] = {
    "case/retimed": "tests/pipeline/test_retimed.py",
    "case/payment_called_off": "tests/pipeline/test_paying_people.py",
    "desk/agent_corrects": "tests/telegram/test_crossing.py",
    "desk/agent_said": "tests/telegram/test_crossing.py",
    "desk/bell": "tests/telegram/test_card.py",
    "desk/elsewhere": "tests/pipeline/test_deadlines.py",
    "desk/not_delivered": "tests/telegram/test_crossing.py",
    "desk/not_yours": "tests/telegram/test_crossing.py",
    "desk/payment_in_doubt": "tests/pipeline/test_paying.py",
    "desk/payment_unexpected": "tests/pipeline/test_paying.py",
    "desk/refund_on_its_way": "tests/pipeline/test_paying_people.py",
    "desk/too_old": "tests/telegram/test_crossing.py",
    "desk/topic": "tests/telegram/test_card.py",
    "desk/no_account": "tests/telegram/test_staff_accounts.py",
    "desk/name_taken": "tests/telegram/test_staff_accounts.py",
    "desk/note": "tests/telegram/test_staff.py",
    "talk/all_right": "tests/dialogues/zh/arrived.yaml",  # in English the exchange's own flow hears "got it" first
}
"""What nobody in a conversation brings about: the owner's command line, a payment service, the staff group. The test that hears
it."""


@pytest.mark.parametrize("language", load(None, {}).shop.languages)
def test_every_reply_is_heard_in_some_scene(language: str) -> None:
    """Scenes name the replies that must come (`says`, `posts`), and fail when others come instead."""
    heard = {name for scene in scenes() for spoken, name in scene.lived_through() if spoken == language}
    pages = {reply.name for reply in on_page.REPLIES}  # heard as what the group reads in its place
    said = {
        name for name in REPLIES.keys() - pages if not name.endswith("/name")
    }  # those word an intent inside other replies
    assert sorted(said - heard - HEARD_ELSEWHERE.keys()) == []
    assert sorted(name for name in heard - said if not name.startswith("macros/")) == []  # the owner's own


@pytest.mark.parametrize(("reply", "test"), HEARD_ELSEWHERE.items())
def test_what_no_scene_can_bring_about_is_heard_where_it_is_said_to_be(reply: str, test: str) -> None:
    assert f'"{reply}"' in (ROOT / test).read_text("utf-8")
