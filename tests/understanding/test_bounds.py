"""No text takes long: what a message may cost is bounded, and the bounds lie beyond what buyers write."""

from __future__ import annotations

import random
import string
from datetime import date
from time import process_time

import pytest

from bot.understanding import repair
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.recognise import Thresholds
from bot.understanding.repair import Repair
from bot.understanding.slots import Context
from bot.understanding.understand import understand

GOAL = 0.020
"""Seconds of processor time."""
SLACK = 4
"""Times so long a test may take beside others on a slow machine."""
DICE = random.Random(7)
OWN = tuple(str(2600018000 + at) for at in range(20))


def jumble(least: int, most: int) -> str:
    """A word that is none."""
    return "".join(DICE.choices(string.ascii_lowercase, k=DICE.randint(least, most)))


def rare() -> str:
    """A Chinese character nobody writes."""
    return chr(DICE.randint(0x4E00, 0x9FA5))


NASTY = {
    "words that are none": " ".join(jumble(3, 7) for _ in range(170)),
    "the same in clauses": ", ".join(" ".join(jumble(3, 7) for _ in range(8)) for _ in range(22)),
    "two letters": " ".join(jumble(2, 3) for _ in range(280)),
    "one word": jumble(1000, 1000),
    "characters at random": "".join(rare() for _ in range(1000)),
    "characters in clauses": "，".join("".join(rare() for _ in range(48)) for _ in range(20)),
    "characters and letters": " ".join(f"{rare()} {jumble(4, 6)}" for _ in range(120)),
    "a million": "退款" * 500_000,
    "only emoji": "😡🙏👨‍👩‍👧‍👦" * 140,
    "zalgo": "r\u0301\u0302\u0335e\u0489\u0337f\u0300u\u0316n\u0316d\u0316" * 90,
    "numbers": " ".join(str(DICE.randint(10**7, 10**20)) for _ in range(60)),
    "dates and amounts": " ".join(["3月5号", "11/3", "三天前", "20元", "$3,000.50", "八折", "第2个"] * 25),
    "refusals": "不要取消退款不用不是没有 dont not cancel no refund " * 25,
    "order numbers in pieces": " ".join(" ".join(number) for number in OWN) * 3,
}
TITLES = tuple(
    f"{''.join(rare() for _ in range(20))} {' '.join(jumble(4, 8) for _ in range(20))} 退款 快递" for _ in OWN
)


@pytest.mark.parametrize("text", NASTY.values(), ids=list(NASTY))
def test_no_text_takes_long(text: str, book: Phrasebook) -> None:
    context = Context(today=date(2026, 11, 20), orders=OWN, parcels=OWN, lines=TITLES)
    for typed in (text, text[:158]):
        assert min(taken(typed, book, context) for _ in range(3)) < GOAL * SLACK


def taken(text: str, book: Phrasebook, context: Context) -> float:
    """Seconds of processor time until a message is understood."""
    begun = process_time()
    understand(text, book, Thresholds(), context)
    return process_time() - begun


def test_only_so_many_words_of_a_text_are_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repair, "_MOST_MENDED", 2)
    mend = Repair(["refund the parcel"], lambda _: False)
    assert mend("refnd refnd my parcle refudn") == "refund refund my parcle refudn"


def test_what_is_wanted_is_heard_at_both_ends_of_a_long_message(book: Phrasebook) -> None:
    story = "it was for my nephew who turned seven and he was so looking forward to it all week. " * 9
    for text in (f"where is my parcel? {story}", f"{story} where is my parcel?"):
        intents = [guess.intent for guess in understand(text, book, Thresholds(), Context()).candidates]
        assert "track_parcel" in intents
