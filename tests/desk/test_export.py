"""What a buyer is handed out: that each thing in it is said to be whose it is."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.export.holdings import Holdings, Matter, Talk
from bot.domain.cases import Role
from bot.domain.conversation import Conversation
from bot.domain.messages import Attachment, Medium, Speaker
from bot.pipeline.buyers import Stored
from tests.store.samples import HOUR, NOW, opened

PHOTO = Attachment(Medium.PHOTO, f"file:{'a' * 64}")
RECEIPT = Attachment(Medium.PHOTO, f"file:{'b' * 64}")


def test_a_file_the_shop_handed_in_is_the_shops_and_of_its_own_hour() -> None:
    outcome = opened(7).outcome
    hers = replace(outcome.entry, act=replace(outcome.entry.act, evidence=(PHOTO,)))
    shops = replace(hers, act=replace(hers.act, by=Role.AGENT, at=NOW + HOUR, evidence=(RECEIPT,)))
    case = replace(outcome.case, evidence=(PHOTO, RECEIPT))
    talk = Talk(Conversation(7, "web", "her-browser"), (), {}, Stored(), ())
    held = Holdings(NOW, (talk,), (), (), (Matter(case, (hers, shops), (), (), None),))
    assert [(file, who, at) for file, who, at, _ in held.sent()] == [
        (PHOTO, Speaker.BUYER, NOW),
        (RECEIPT, Speaker.AGENT, NOW + HOUR),
    ]
