"""Whole messages, as they come."""

from __future__ import annotations

import pytest

from bot.domain.meaning import Meaning
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.recognise import Thresholds
from bot.understanding.slots import Context
from bot.understanding.understand import understand


def read(text: str, book: Phrasebook) -> Meaning:
    return understand(text, book, Thresholds(), Context())


@pytest.mark.parametrize("text", ["我要打12315投诉你们", "再不处理我就打12315了", "I will call 12315 on you"])
def test_12315_is_heard_in_a_sentence(text: str, book: Phrasebook) -> None:
    assert read(text, book).intent == "platform_intervention"
