"""What agents are told of a meaning, on the shop's own phrases and words."""

from __future__ import annotations

import pytest

from bot.desk.understood import signals, understood
from bot.domain.explanation import explain
from bot.domain.meaning import Candidate, Meaning
from bot.flows import INTENTS
from bot.flows.flow import UNASKED
from bot.folder.shop_folder import Contents
from bot.understanding.recognise import Thresholds
from bot.understanding.slots import Context
from bot.understanding.understand import understand

SAID = (
    "我的快递到哪了",
    "tuikuan",
    "不退了",
    "I don't want a refund, just send it",
    "where has my parcel gone, and also money back please",
    "衣服起球 订单2600018003 退20块 13800138000 蓝色的 XL码 第二个",
    "SF1234567890123 顺丰 昨天到的 两件",
    "it came broken, refund half",
    "yes",
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_that_is_told_is_worded(contents: Contents, language: str) -> None:
    words = contents.replies.words(language, "page")
    told = [understood(explain(_meaning(contents, text)).in_short()) for text in SAID]
    keys = {f"slot_{name}" for one in told if one for name, _ in one["slots"]}
    keys |= {f"slot_{word.slot}" for word in contents.phrasebook.slot_words}
    keys |= {f"signal_{word}" for one in told if one for guess in one["guesses"] for word, _ in guess["by"]}
    keys |= {f"understood_{one['sureness']}" for one in told if one}
    assert {"slot_reason", "signal_sound", "signal_meaning", "understood_act"} <= keys
    assert sorted(keys - words.keys()) == []
    assert contents.replies.words(language, "intent").keys() == INTENTS - {"none"} | UNASKED


def test_each_signal_is_told_apart_with_its_number() -> None:
    carried = Candidate("x", 0.5, "y", "clause: same words, turned round, odds ×0.25")
    assert signals(carried) == [["clause", ""], ["same_words", ""], ["turned_round", ""], ["odds", "0.25"]]
    assert signals(Candidate("x", 0.5, "y", "message: ")) == [["message", ""]]


def _meaning(contents: Contents, text: str) -> Meaning:
    return understand(text, contents.phrasebook, Thresholds(), Context(odds={"request_refund": 2.0}))
