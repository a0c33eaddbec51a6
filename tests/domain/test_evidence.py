"""Which evidence a reason calls for, and when a buyer is asked for it again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cases import FAULT, Case, Event, Reason, Role
from bot.domain.evidence import WANTED, Proof, missing, wanted
from bot.domain.messages import Attachment, Medium
from bot.flows.evidence import reminder
from tests.store.samples import NOW, moved, opened

CASE = replace(opened(1).outcome.case, reason=Reason.DAMAGED)


def with_files(*media: Medium, reason: Reason = Reason.DAMAGED) -> Case:
    files = tuple(Attachment(medium, f"file:{number}") for number, medium in enumerate(media))
    return replace(CASE, reason=reason, evidence=files)


def test_damage_is_shown_by_the_box_the_label_and_the_goods() -> None:
    assert wanted(Reason.DAMAGED) == (Proof.OUTER_BOX, Proof.LABEL, Proof.DAMAGE)


def test_what_is_missing_is_shown_by_all_that_came_and_the_packing() -> None:
    assert wanted(Reason.MISSING_ITEM) == (Proof.ALL_THAT_CAME, Proof.PACKING)


def test_that_goods_are_not_genuine_is_shown_by_a_test_report() -> None:
    assert WANTED[Reason.COUNTERFEIT][0] is Proof.TEST_REPORT


def test_every_fault_calls_for_something_and_nothing_is_called_for_by_nobody() -> None:
    assert WANTED.keys() == FAULT | {Reason.COUNTERFEIT}
    assert {proof for row in WANTED.values() for proof in row} == set(Proof)


@pytest.mark.parametrize("reason", list(Reason))
def test_whatever_reason_a_shop_asks_photos_for_it_can_say_of_what(reason: Reason) -> None:
    assert wanted(reason)


def test_all_of_it_is_asked_for_again_until_as_many_files_came() -> None:
    photo, row = Medium.PHOTO, WANTED[Reason.DAMAGED]
    assert [missing(with_files(*[photo] * count)) for count in range(5)] == [row, row, row, (), ()]


def test_a_video_and_a_paper_count_a_sticker_and_a_voice_note_do_not() -> None:
    assert missing(with_files(Medium.VIDEO, Medium.DOCUMENT, Medium.PHOTO)) == ()
    assert missing(with_files(Medium.PHOTO, Medium.STICKER, Medium.VOICE, Medium.LOCATION))


def test_nobody_is_reminded_of_evidence_that_no_reason_calls_for() -> None:
    assert missing(with_files(reason=Reason.CHANGED_MIND)) == ()
    assert reminder(with_files(reason=Reason.LATE), NOW) is None


def test_the_reminder_says_what_for_and_how_much_came() -> None:
    said = reminder(with_files(Medium.PHOTO), NOW)
    assert said
    assert said.reply == "case/evidence_reminder"
    assert (said.values["sent"], said.values["missing"]) == (1, WANTED[Reason.DAMAGED])


def test_nobody_is_reminded_once_all_came_or_the_case_has_ended() -> None:
    assert reminder(with_files(*[Medium.PHOTO] * 3), NOW) is None
    assert reminder(moved(CASE, Event.REVOKE, Role.BUYER).outcome.case, NOW) is None
