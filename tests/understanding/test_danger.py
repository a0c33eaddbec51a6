"""Who may hurt themselves is heard in whatever common words; what only sounds like it is not."""

from __future__ import annotations

import pytest

from bot.understanding.phrasebook import Phrasebook
from bot.understanding.recognise import Thresholds
from bot.understanding.slots import Context
from bot.understanding.understand import understand


def _in_danger(text: str, book: Phrasebook) -> bool:
    return understand(text, book, Thresholds(), Context()).slots.get("self_harm") == "yes"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "再不退钱我就不活了",
            "不退钱我就跳楼",
            "我不想活了",
            "我不想再活了",
            "活着没劲",
            "活著好累",
            "没有活下去的勇气",
        ),
        *(
            "不如死了算了",
            "不退钱我就死给你们看",
            "我要死在你们店门口",
            "我想一死了之",
            "逼我去死是吧",
            "我不退款就從樓上跳下去",
        ),
        *(
            "我要上吊",
            "再不退钱我去跳海",
            "遗书都写好了",
            "想离开这个世界",
            "痛苦得想死",
            "zi sha",
            "wo bu xiang huo le",
        ),
        *(
            "refund me or i'll jump",
            "I might as well die",
            "life is not worth living",
            "im done with life",
            "i wanna kms",
        ),
        *(
            "I'd rather be dead",
            "no point in living",
            "i'll overdose",
            "I don't want to be here anymore",
            "goodbye cruel world",
        ),
    ],
)
def test_danger_is_heard(text: str, book: Phrasebook) -> None:
    assert _in_danger(text, book)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "笑死我了",
            "累死了",
            "急死我了",
            "等得我想死",
            "跳楼价买的",
            "我的耳机死了",
            "花买来就不活了",
            "鱼养不活了",
        ),
        *(
            "不想活动了",
            "轻生活的杯子到哪了",
            "我想上吊灯",
            "我不会自杀的",
            "猫从阳台跳下去把它摔了",
            "你们要逼死我",
        ),
        *(
            "this is killing me",
            "my phone died",
            "shoes to die for",
            "I died laughing",
            "5 kms away",
            "I'll jump on a call",
        ),
        *("I hurt myself when the chair broke", "I could have hurt myself", "rather die than buy here again"),
    ],
)
def test_what_only_sounds_like_it_is_none(text: str, book: Phrasebook) -> None:
    assert not _in_danger(text, book)


@pytest.mark.parametrize(
    "text", ["笑死我了,可是我真的不想活了", "跳楼价买的,不退我就跳楼", "I died laughing but I want to die"]
)
def test_what_sounds_like_it_takes_back_nothing_said_beside_it(text: str, book: Phrasebook) -> None:
    assert _in_danger(text, book)
