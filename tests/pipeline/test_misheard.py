"""Which messages were not understood, read off what was said."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from bot.domain.explanation import Explanation
from bot.domain.meaning import Sureness
from bot.domain.messages import Speaker
from bot.pipeline.misheard import misheard
from bot.pipeline.turns import Line
from bot.understanding.teaching import Misheard

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SORRY = "talk/fallback"
GUESS = "talk/guess"
OTHER = "thanks/welcome"
UNSURE = Explanation("en", Sureness.UNKNOWN)
BUTTONS = (("Track", "|start|track_parcel order=7"), ("Refund", "|start|request_refund"), ("Yes", "9|ok|yes"))


def buyer(text: str) -> Line:
    return Line(Speaker.BUYER, text, NOW, meaning=UNSURE)


def tap(label: str) -> Line:
    return Line(Speaker.BUYER, label, NOW)


def bot(reply: str, *buttons: tuple[str, str]) -> Line:
    return Line(Speaker.BOT, "…", NOW, buttons=buttons, reply=reply)


def heard(*said: Line) -> list[Misheard]:
    return list(misheard(said))


def test_a_message_the_bot_had_no_answer_to_is_misheard_and_others_are_not() -> None:
    assert heard(buyer("zorg"), bot(SORRY), buyer("thanks"), bot(OTHER)) == [Misheard("zorg")]


def test_the_button_tapped_then_tells_what_was_meant() -> None:
    said = (buyer("zorg"), bot(GUESS, *BUTTONS), tap("Track"), bot("track_parcel/where"))
    assert heard(*said) == [Misheard("zorg", "track_parcel")]


def test_what_is_said_in_between_is_no_tap() -> None:
    said = (buyer("zorg"), bot(GUESS, *BUTTONS), buyer("hm"), bot(OTHER), tap("Refund"))
    assert heard(*said) == [Misheard("zorg", "request_refund")]


def test_an_answer_to_a_question_is_no_intent() -> None:
    assert heard(buyer("zorg"), bot(GUESS, *BUTTONS), tap("Yes")) == [Misheard("zorg")]


def test_taps_and_commands_are_not_misheard() -> None:
    said = (buyer("hi"), bot("greeting/hello", *BUTTONS), tap("Track"), bot(SORRY), tap("/nope"), bot(SORRY))
    assert heard(*said) == []


def test_a_question_asked_once_more_shows_that_its_answer_was_not_understood() -> None:
    assert heard(buyer("zorg"), bot("talk/not_understood"), bot("order/which", *BUTTONS)) == [
        Misheard("zorg")
    ]


def test_lines_of_before_replies_names_were_kept_tell_nothing() -> None:
    assert heard(tap("zorg"), bot(""), buyer("zorg"), bot("")) == []


def test_what_is_said_to_a_person_is_not_misheard() -> None:
    assert heard(buyer("zorg"), Line(Speaker.AGENT, "…", NOW, reply=SORRY)) == []


def test_a_long_conversation_takes_no_more_for_each_message_than_a_short_one() -> None:
    said = [line for turn in range(8_000) for line in (buyer(f"zorg {turn}"), bot(SORRY, *BUTTONS))]
    begun = time.process_time()
    assert len(heard(*said)) == 8_000
    assert time.process_time() - begun < 2
